"""Work without end: erase what applicants replaced before sending, ask how it was, stir the answers."""

from pendopo.casework.actions import ask, forget, stir
from pendopo.foundation.jobs import loop


@loop("casework.erase-replaced", seconds=600)
def erase_replaced() -> int:
    """Erase replaced files after their day of grace."""
    return forget.erase_replaced()


@loop("casework.ask-rating", seconds=300)
def ask_how_it_was() -> int:
    """Ask applicants whose cases closed an hour ago."""
    return ask.ask_closed()


@loop("casework.stir-survey", seconds=3600)
def stir_survey() -> int:
    """Let no row of the survey tell by its place when it was written."""
    return stir.stir()
