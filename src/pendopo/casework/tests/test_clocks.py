"""Clocks in working time: hours, days, pauses, weekends, holidays."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from pendopo.casework.clocks import Limit, Stretch, Unit, due_at, remaining
from pendopo.kernel.working_time import Interval, WeeklyHours, WorkingCalendar

ZONE = ZoneInfo("Asia/Jakarta")
DAY = (Interval(dt.time(8), dt.time(12)), Interval(dt.time(13), dt.time(16)))
CALENDAR = WorkingCalendar(
    ZONE,
    (WeeklyHours(dt.date(2020, 1, 1), (DAY, DAY, DAY, DAY, DAY, (), ())),),
    frozenset({dt.date(2026, 11, 25)}),
)
HOURS = Limit(10, Unit.WORKING_HOURS)
DAYS = Limit(3, Unit.WORKING_DAYS)


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """Return a moment of November 2026 in Jakarta; the 23rd is a Monday, the 25th a holiday."""
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


def test_a_running_clock_is_due_after_working_hours_only() -> None:
    """Seven hours a day: ten hours from Friday noon end on the next Monday, past the weekend."""
    assert due_at([Stretch(at(20, 13), None, running=True)], HOURS, CALENDAR) == at(23, 16)


def test_a_holiday_does_not_count() -> None:
    """Tuesday 15.00 leaves one hour; Wednesday is a holiday; the rest falls on Thursday and Friday."""
    assert due_at([Stretch(at(24, 15), None, running=True)], HOURS, CALENDAR) == at(27, 10)


def test_days_end_at_the_close_of_business() -> None:
    """Three working days from Monday, with Wednesday off, end on Friday at 16.00."""
    assert due_at([Stretch(at(23, 9), None, running=True)], DAYS, CALENDAR) == at(27, 16)


def test_a_paused_clock_has_no_due_moment_and_keeps_what_is_left() -> None:
    """Four hours were used before the pause; six remain, however long the pause lasts."""
    history = [
        Stretch(at(23, 8), at(23, 12), running=True),
        Stretch(at(23, 12), None, running=False, reason="x"),
    ]
    assert due_at(history, HOURS, CALENDAR) is None
    assert remaining(history, HOURS, CALENDAR, at(27, 16)) == dt.timedelta(hours=6)


def test_a_resumed_clock_counts_on_from_where_it_stood() -> None:
    """Four hours used, then a pause over two days: six hours from Thursday 08.00 end at 15.00."""
    history = [
        Stretch(at(23, 8), at(23, 12), running=True),
        Stretch(at(23, 12), at(26, 8), running=False, reason="x"),
        Stretch(at(26, 8), None, running=True),
    ]
    assert due_at(history, HOURS, CALENDAR) == at(26, 15)


def test_days_used_before_a_pause_are_not_given_again() -> None:
    """Monday to Tuesday used one day; two are left from Thursday: the end of Monday the 30th."""
    history = [
        Stretch(at(23, 9), at(24, 9), running=True),
        Stretch(at(24, 9), at(26, 9), running=False, reason="x"),
        Stretch(at(26, 9), None, running=True),
    ]
    assert due_at(history, DAYS, CALENDAR) == at(30, 16)


def test_what_is_left_turns_negative_when_the_limit_is_passed() -> None:
    """Due Monday 16.00; on Tuesday at 10.00 two working hours are over."""
    history = [Stretch(at(20, 13), None, running=True)]
    assert remaining(history, HOURS, CALENDAR, at(24, 10)) == dt.timedelta(hours=-2)


@pytest.mark.parametrize("history", [[], [Stretch(at(23, 8), at(23, 9), running=True)]])
def test_a_clock_that_never_ran_or_has_stopped_is_not_due(history: list[Stretch]) -> None:
    """Nothing is due when nothing runs."""
    assert due_at(history, HOURS, CALENDAR) is None
