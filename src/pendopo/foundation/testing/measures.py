"""Reading measures as whoever judges them does."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

from pendopo.foundation import measures
from pendopo.foundation.clock import today
from pendopo.foundation.measures import Reading, Scope


def measured(key: str, *, days: int = 30, agency: UUID | None = None) -> Reading | None:
    """Read a measure over the last ``days`` days, today included."""
    return measures.read(key, Scope(today() - dt.timedelta(days=days - 1), today(), agency))


def value_of(key: str, *, days: int = 30, agency: UUID | None = None) -> Decimal | None:
    """Return only its value; None while there is nothing to count."""
    found = measured(key, days=days, agency=agency)
    return None if found is None else found.value
