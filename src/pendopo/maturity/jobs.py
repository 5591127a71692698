"""Work without end: live evidence is read again."""

from pendopo.foundation.jobs import loop
from pendopo.maturity.actions import refresh


@loop("maturity.refresh-readings", seconds=600)
def refresh_readings() -> int:
    """Read again what is a day old or failed an hour ago; levels that fall are flagged, never changed."""
    return refresh.refresh_due()
