"""Work without end: what applicants replaced before sending is erased."""

from pendopo.casework.actions import forget
from pendopo.foundation.jobs import loop


@loop("casework.erase-replaced", seconds=600)
def erase_replaced() -> int:
    """Erase replaced files after their day of grace."""
    return forget.erase_replaced()
