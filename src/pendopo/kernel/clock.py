"""The present, as something that is passed in.

Rules and calendars never read a clock: they take the moment as an argument. Only the edge holds a Clock.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Anything that tells the time."""

    def now(self) -> dt.datetime:
        """Return the present as an aware UTC datetime."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> dt.datetime:
        """Return the present as an aware UTC datetime."""
        return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands still, for replays and tests."""

    moment: dt.datetime

    def __post_init__(self) -> None:
        """Refuse a moment without a zone."""
        require_aware(self.moment)

    def now(self) -> dt.datetime:
        """Return the fixed moment in UTC."""
        return self.moment.astimezone(dt.UTC)


def require_aware(moment: dt.datetime) -> dt.datetime:
    """Return ``moment``; raise ValueError when it has no time zone."""
    if moment.utcoffset() is None:
        message = "a moment needs a time zone"
        raise ValueError(message)
    return moment


def date_in(moment: dt.datetime, zone: ZoneInfo) -> dt.date:
    """Return the calendar date of ``moment`` in ``zone``: the ``today`` of a rule."""
    return require_aware(moment).astimezone(zone).date()


def age_on(born: dt.date, day: dt.date) -> int:
    """Return completed years on ``day``; who was born on 29 February turns on 1 March in common years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
