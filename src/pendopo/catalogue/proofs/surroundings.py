"""What a definition is proved against: registers, purposes, life events, opening hours."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import Field

from pendopo.catalogue.definition import yaml_lines
from pendopo.catalogue.definition.base import Strict
from pendopo.catalogue.definition.load import load_registers, validate
from pendopo.catalogue.definition.registers import Register
from pendopo.catalogue.errors import DefinitionInvalid
from pendopo.catalogue.life_events import read_life_events
from pendopo.exchange import api as exchange
from pendopo.foundation.settings import current
from pendopo.kernel.working_time import Interval, WeeklyHours, WorkingCalendar

type _Span = tuple[dt.time, dt.time]


class _Week(Strict):
    valid_from: dt.date
    monday: tuple[_Span, ...] = ()
    tuesday: tuple[_Span, ...] = ()
    wednesday: tuple[_Span, ...] = ()
    thursday: tuple[_Span, ...] = ()
    friday: tuple[_Span, ...] = ()
    saturday: tuple[_Span, ...] = ()
    sunday: tuple[_Span, ...] = ()


class _WorkingTime(Strict):
    hours: tuple[_Week, ...] = Field(min_length=1)
    closed: tuple[object, ...] = ()
    open: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Registers by id, purposes with the person fields that each allows, codes of life events, opening hours.

    ``hours`` are the weekly hours alone: a scenario of clocks names its own holidays, so that it means the
    same in every year.
    """

    registers: Mapping[str, Register]
    purposes: Mapping[str, frozenset[str]]
    life_events: frozenset[str]
    hours: tuple[WeeklyHours, ...]
    zone: ZoneInfo

    def calendar(self, holidays: frozenset[dt.date]) -> WorkingCalendar:
        """Return the working calendar with these days off."""
        return WorkingCalendar(self.zone, self.hours, holidays)


def read_surroundings(definitions: Path) -> Surroundings:
    """Read them from a definitions folder; purposes are the exchange's. Raises DefinitionInvalid."""
    return Surroundings(
        registers=load_registers(definitions),
        purposes={
            item.code: frozenset(str(field) for field in item.person_fields) for item in exchange.purposes()
        },
        life_events=frozenset(event.code for event in read_life_events(definitions)),
        hours=_hours(definitions / "working-time.yaml"),
        zone=ZoneInfo(current().time_zone),
    )


def _hours(path: Path) -> tuple[WeeklyHours, ...]:
    document = yaml_lines.read(path.name, path.read_text("utf-8"))
    found, faults = validate(document, _WorkingTime)
    if found is None or document.faults:
        raise DefinitionInvalid((*document.faults, *faults))
    return tuple(_week(week) for week in found.hours)


def _week(week: _Week) -> WeeklyHours:
    spans = (
        week.monday,
        week.tuesday,
        week.wednesday,
        week.thursday,
        week.friday,
        week.saturday,
        week.sunday,
    )
    return WeeklyHours(
        week.valid_from, tuple(tuple(Interval(start, end) for start, end in day) for day in spans)
    )
