"""Working hours and days: the clocks in which the law and the service standard speak.

Pure: opening hours and holidays are passed in, as dated data, because decrees change both. Presidential
Regulation 21/2023 art. 4 (37.5 working hours a week; the split over the days is set by each agency) is the
usual ground of the hours; it is data of the deployment, not of this module, and nobody verified it here.
All results are aware UTC datetimes; days are counted in the calendar's own zone.
"""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pendopo.kernel.clock import require_aware

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

DAYS_OF_WEEK: Final = 7
_HORIZON_DAYS: Final = 3660
"""How far a clock may run before we say that the calendar is wrong: ten years."""


class CalendarError(ValueError):
    """The calendar cannot answer: no hours in force, a wrong interval, no working time in ten years."""


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Opening hours within one day, in local time; ``end`` is not included."""

    start: dt.time
    end: dt.time

    def __post_init__(self) -> None:
        """Refuse an interval that ends before it starts."""
        if self.start >= self.end:
            message = f"opening hours end at {self.end} but start at {self.start}"
            raise CalendarError(message)


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """The opening hours of a week, in force from ``valid_from`` until the next entry.

    ``days`` has seven tuples, Monday first; an empty tuple is a day off.
    """

    valid_from: dt.date
    days: tuple[tuple[Interval, ...], ...]

    def __post_init__(self) -> None:
        """Refuse anything but seven days of ordered, separate intervals."""
        if len(self.days) != DAYS_OF_WEEK:
            message = "opening hours need seven days"
            raise CalendarError(message)
        for intervals in self.days:
            for earlier, later in itertools.pairwise(intervals):
                if later.start < earlier.end:
                    message = "opening hours of one day overlap"
                    raise CalendarError(message)


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Working time in one zone.

    ``hours`` are ordered by ``valid_from``; ``holidays`` are days off whatever the week says.
    """

    zone: ZoneInfo
    hours: tuple[WeeklyHours, ...]
    holidays: frozenset[dt.date] = frozenset()

    def __post_init__(self) -> None:
        """Refuse an empty or unordered table of hours."""
        if not self.hours:
            message = "a calendar needs opening hours"
            raise CalendarError(message)
        starts = [entry.valid_from for entry in self.hours]
        if starts != sorted(set(starts)):
            message = "opening hours must be ordered by the day they start to apply, once each"
            raise CalendarError(message)

    def intervals(self, day: dt.date) -> tuple[Interval, ...]:
        """Return the opening hours of ``day``; empty on days off. Before the first entry: CalendarError."""
        in_force = [entry for entry in self.hours if entry.valid_from <= day]
        if not in_force:
            message = f"no opening hours are known for {day}"
            raise CalendarError(message)
        if day in self.holidays:
            return ()
        return in_force[-1].days[day.weekday()]

    def is_working_day(self, day: dt.date) -> bool:
        """Whether the office opens on ``day``."""
        return bool(self.intervals(day))

    def add_working_time(self, start: dt.datetime, duration: dt.timedelta) -> dt.datetime:
        """Return the moment at which ``duration`` of working time has passed since ``start``.

        A duration of zero gives the first working moment at or after ``start``.
        """
        if duration < dt.timedelta():
            message = "working time runs forward only"
            raise CalendarError(message)
        left = duration
        for opened, closed in self._open_spans(start):
            if closed - opened >= left:
                return (opened + left).astimezone(dt.UTC)
            left -= closed - opened
        message = "no working time is left within ten years"
        raise CalendarError(message)

    def add_working_hours(self, start: dt.datetime, hours: int) -> dt.datetime:
        """Return the moment ``hours`` working hours after ``start``."""
        return self.add_working_time(start, dt.timedelta(hours=hours))

    def add_working_days(self, start: dt.datetime, days: int) -> dt.datetime:
        """Return the close of business of the ``days``-th working day after the day of ``start``.

        The day of ``start`` itself does not count (the usual reading of "n working days from"); 0 gives the
        close of that day, or of the next working day when it is a day off.
        """
        if days < 0:
            message = "working time runs forward only"
            raise CalendarError(message)
        first = require_aware(start).astimezone(self.zone).date()
        left = days
        for offset in range(_HORIZON_DAYS):
            day = first + dt.timedelta(days=offset)
            intervals = self.intervals(day)
            if not intervals:
                continue
            if offset > 0 and days > 0:
                left -= 1
            if left <= 0:
                return self._moment(day, intervals[-1].end).astimezone(dt.UTC)
        message = "no working day is left within ten years"
        raise CalendarError(message)

    def working_time_between(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """Return the working time from ``start`` to ``end``; zero when ``end`` is not after ``start``."""
        require_aware(end)
        total = dt.timedelta()
        for opened, closed in self._open_spans(start):
            if opened >= end:
                break
            total += min(closed, end) - opened
        return total

    def _open_spans(self, start: dt.datetime) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """Yield the spans of working time at or after ``start``, as aware UTC datetimes, for ten years."""
        require_aware(start)
        first = start.astimezone(self.zone).date()
        for offset in range(_HORIZON_DAYS):
            day = first + dt.timedelta(days=offset)
            for interval in self.intervals(day):
                opened = max(self._moment(day, interval.start), start).astimezone(dt.UTC)
                closed = self._moment(day, interval.end).astimezone(dt.UTC)
                if opened < closed:
                    yield opened, closed

    def _moment(self, day: dt.date, time: dt.time) -> dt.datetime:
        return dt.datetime.combine(day, time, tzinfo=self.zone)
