"""The load of the last days as a picture: bars for what came in, a mark for what was closed.

The picture is decoration for who can see it; the page carries the same numbers in a table behind it.
"""

from collections.abc import Sequence

from markupsafe import Markup

from pendopo.casework.api import DayLoad
from pendopo.ui.charts import Bar, bars


def load_chart(days: Sequence[DayLoad], label: str) -> Markup:
    """Draw one bar a day, the last one in the accent colour, with a thin mark at what was closed."""
    return bars([Bar(day.submitted, day.closed) for day in days], label)
