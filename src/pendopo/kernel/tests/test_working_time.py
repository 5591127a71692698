"""Working hours and days, around nights, Fridays, holidays and changes of the table."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pendopo.kernel.working_time import CalendarError, Interval, WeeklyHours, WorkingCalendar

WIB = ZoneInfo("Asia/Jakarta")
DAY = (Interval(dt.time(7, 30), dt.time(16)),)
FRIDAY = (Interval(dt.time(7, 30), dt.time(11, 30)), Interval(dt.time(13), dt.time(16, 30)))
WEEK = (DAY, DAY, DAY, DAY, FRIDAY, (), ())
CALENDAR = WorkingCalendar(
    WIB, (WeeklyHours(dt.date(2020, 1, 1), WEEK),), frozenset([dt.date(2026, 12, 25), dt.date(2026, 8, 17)])
)


def wib(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=WIB)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-11-23T08:00", 1, "2026-11-23T09:00"),
        ("2026-11-23T15:30", 1, "2026-11-24T08:00"),
        ("2026-11-20T15:30", 2, "2026-11-23T08:30"),
        ("2026-11-20T11:00", 1, "2026-11-20T13:30"),
        ("2026-11-21T10:00", 1, "2026-11-23T08:30"),
        ("2026-11-23T05:00", 1, "2026-11-23T08:30"),
        ("2026-11-23T07:30", 24, "2026-11-25T14:30"),
        ("2026-12-24T15:30", 1, "2026-12-28T08:00"),
        ("2026-11-21T10:00", 0, "2026-11-23T07:30"),
    ],
)
def test_adding_working_hours(start: str, hours: int, due: str) -> None:
    assert CALENDAR.add_working_hours(wib(start), hours) == wib(due)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-11-23T08:00", 0, "2026-11-23T16:00"),
        ("2026-11-21T08:00", 0, "2026-11-23T16:00"),
        ("2026-11-23T08:00", 1, "2026-11-24T16:00"),
        ("2026-11-20T08:00", 1, "2026-11-23T16:00"),
        ("2026-11-21T08:00", 1, "2026-11-23T16:00"),
        ("2026-12-23T08:00", 2, "2026-12-28T16:00"),
        ("2026-11-19T22:00", 1, "2026-11-20T16:30"),
    ],
)
def test_adding_working_days(start: str, days: int, due: str) -> None:
    assert CALENDAR.add_working_days(wib(start), days) == wib(due)


def test_a_new_table_of_hours_applies_from_its_day() -> None:
    short = (Interval(dt.time(8), dt.time(14)),)
    ramadan = WeeklyHours(dt.date(2026, 2, 18), (short,) * 5 + ((), ()))
    calendar = WorkingCalendar(WIB, (WeeklyHours(dt.date(2020, 1, 1), WEEK), ramadan))
    assert calendar.add_working_hours(wib("2026-02-17T15:00"), 7) == wib("2026-02-18T14:00")


moments = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 6, 1)).map(  # noqa: DTZ001 - the missing zone is the point
    lambda m: m.replace(tzinfo=dt.UTC)
)


@given(moments, st.integers(0, 400))
def test_adding_and_measuring_agree(start: dt.datetime, minutes: int) -> None:
    span = dt.timedelta(minutes=minutes)
    assert CALENDAR.working_time_between(start, CALENDAR.add_working_time(start, span)) == span


@given(moments, moments, moments)
def test_measuring_is_additive(one: dt.datetime, two: dt.datetime, three: dt.datetime) -> None:
    first, middle, last = sorted([one, two, three])
    whole = CALENDAR.working_time_between(first, last)
    assert whole == CALENDAR.working_time_between(first, middle) + CALENDAR.working_time_between(middle, last)
    assert CALENDAR.working_time_between(last, first) == dt.timedelta()


def test_what_the_calendar_refuses() -> None:
    closed = WorkingCalendar(WIB, (WeeklyHours(dt.date(2020, 1, 1), ((),) * 7),))
    with pytest.raises(CalendarError, match="ten years"):
        closed.add_working_hours(wib("2026-01-01T08:00"), 1)
    with pytest.raises(CalendarError, match="ten years"):
        closed.add_working_days(wib("2026-01-01T08:00"), 1)
    with pytest.raises(CalendarError, match="no opening hours"):
        CALENDAR.intervals(dt.date(2019, 12, 31))
    with pytest.raises(CalendarError, match="forward"):
        CALENDAR.add_working_hours(wib("2026-01-01T08:00"), -1)
    with pytest.raises(CalendarError, match="seven"):
        WeeklyHours(dt.date(2020, 1, 1), (DAY,))
    with pytest.raises(CalendarError, match="overlap"):
        WeeklyHours(dt.date(2020, 1, 1), ((*DAY, *DAY),) * 7)
    with pytest.raises(CalendarError, match="ordered"):
        WorkingCalendar(WIB, (WeeklyHours(dt.date(2021, 1, 1), WEEK), WeeklyHours(dt.date(2020, 1, 1), WEEK)))
    with pytest.raises(ValueError, match="time zone"):
        CALENDAR.add_working_hours(dt.datetime(2026, 1, 1), 1)  # noqa: DTZ001 - the missing zone is the point
