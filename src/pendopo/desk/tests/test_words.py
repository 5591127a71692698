"""Deadlines in words, and the picture of the load."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from pendopo.casework.api import DayLoad
from pendopo.desk.chart import load_chart
from pendopo.desk.due import due, working_span

ZONE = ZoneInfo("Asia/Jakarta")
NOW = dt.datetime(2026, 11, 23, 9, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("moment", "text", "late"),
    [
        (dt.datetime(2026, 11, 23, 12, 30, tzinfo=ZONE), "3 jam lagi", False),
        (dt.datetime(2026, 11, 23, 9, 20, tzinfo=ZONE), "20 menit lagi", False),
        (dt.datetime(2026, 11, 24, 11, tzinfo=ZONE), "besok 11.00", False),
        (dt.datetime(2026, 11, 26, 9, tzinfo=ZONE), "Kamis 09.00", False),
        (dt.datetime(2026, 12, 14, 9, tzinfo=ZONE), "14 Des 2026", False),
        (dt.datetime(2026, 11, 23, 7, 59, tzinfo=ZONE), "lewat 1 jam", True),
        (dt.datetime(2026, 11, 20, 9, tzinfo=ZONE), "lewat 3 hari", True),
    ],
)
def test_a_deadline_is_told_as_people_tell_it(moment: dt.datetime, text: str, late: bool) -> None:
    """Near ones by distance, tomorrow by hour, this week by day, later by date; passed ones by how much."""
    found = due(moment, NOW, "id")
    assert found is not None
    assert (found.text, found.late) == (text, late)


def test_a_clock_that_stands_still_has_no_words() -> None:
    """The page says so itself."""
    assert due(None, NOW, "id") is None


def test_working_time_is_told_in_hours() -> None:
    """A working day is not a day of 24 hours."""
    assert working_span(dt.timedelta(hours=37, minutes=50), "en") == "37 hours"


def test_the_picture_has_a_bar_a_day_and_survives_an_empty_week() -> None:
    """No division by zero, and its label is escaped."""
    days = [DayLoad(dt.date(2026, 11, day), 0, 0) for day in range(16, 23)]
    picture = load_chart(days, 'a "label" <b>')
    assert picture.count("<rect") == 7
    assert "<b>" not in picture
