"""Working time of this hall: opening hours from its configuration file, holidays from decree tables.

Opening hours are data (``definitions/working-time.yaml``), dated, because decrees change them. Holidays are
the public ones of the ``holidays`` package; joint leave (*cuti bersama*) counts as days off too, because
offices are closed then.
"""

import datetime as dt
from functools import cache
from pathlib import Path

import holidays
import yaml
from pydantic import BaseModel, ConfigDict

from pendopo.foundation.formats import zone
from pendopo.foundation.settings import current
from pendopo.kernel.working_time import Interval, WeeklyHours, WorkingCalendar

FIRST_YEAR, LAST_YEAR = 2020, 2040
FILE = "working-time.yaml"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Hours(_Strict):
    valid_from: dt.date
    monday: list[tuple[dt.time, dt.time]] = []
    tuesday: list[tuple[dt.time, dt.time]] = []
    wednesday: list[tuple[dt.time, dt.time]] = []
    thursday: list[tuple[dt.time, dt.time]] = []
    friday: list[tuple[dt.time, dt.time]] = []
    saturday: list[tuple[dt.time, dt.time]] = []
    sunday: list[tuple[dt.time, dt.time]] = []

    def weekly(self) -> WeeklyHours:
        """Return the kernel's form."""
        week = [
            self.monday, self.tuesday, self.wednesday, self.thursday, self.friday, self.saturday, self.sunday,
        ]  # fmt: skip
        return WeeklyHours(self.valid_from, tuple(tuple(Interval(*pair) for pair in day) for day in week))


class _Table(_Strict):
    hours: list[_Hours]
    closed: list[dt.date] = []  # days off by decree that the calendar package does not know
    open: list[dt.date] = []  # days that a decree turned back into working days


@cache
def calendar() -> WorkingCalendar:
    """Return the working calendar of this deployment."""
    return read_calendar(current().definitions_dir / FILE)


def read_calendar(path: Path) -> WorkingCalendar:
    """Read opening hours and decree days from ``path`` and join the known Indonesian holidays."""
    table = _Table.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    days = holidays.country_holidays(
        "ID", years=range(FIRST_YEAR, LAST_YEAR + 1), categories=("public", "government")
    )
    off = (frozenset(days) | frozenset(table.closed)) - frozenset(table.open)
    return WorkingCalendar(zone(), tuple(entry.weekly() for entry in table.hours), off)
