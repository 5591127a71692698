"""The form of a session's plan: what was typed, what is wrong with it, and the plan that it makes."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from django.http import QueryDict

from pendopo.cabinet import errors
from pendopo.cabinet.actions.sessions import LONGEST_MINUTES, Plan
from pendopo.cabinet.pages.forms import YEARS, whole
from pendopo.cabinet.records.planning import Desk, Rules
from pendopo.cabinet.values import Classification, SessionKind
from pendopo.foundation.clock import now
from pendopo.foundation.formats import zone
from pendopo.foundation.text import t

W = "cabinet.prepare.wrong."
LONGEST = 200
HOURS, MINUTES = 24, 60


@dataclass(frozen=True, slots=True)
class Moment:
    """A day and an hour as typed, in the zone of the hall."""

    day: str = ""
    month: str = ""
    year: str = ""
    hour: str = ""
    minute: str = ""

    @classmethod
    def read(cls, fields: QueryDict, name: str, time: str) -> Self:
        """Read the fields of a date input and a time input."""
        days = [str(fields.get(f"{name}-{part}") or "").strip() for part in ("day", "month", "year")]
        hours = [str(fields.get(f"{time}-{part}") or "").strip() for part in ("hour", "minute")]
        return cls(*days, *hours)

    @classmethod
    def of(cls, moment: dt.datetime) -> Self:
        """Write a moment as the fields show it."""
        local = moment.astimezone(zone())
        return cls(
            str(local.day), str(local.month), str(local.year), f"{local.hour:02d}", f"{local.minute:02d}"
        )

    def day_of(self) -> dt.date | None:
        """Return the day, None when there is no such day."""
        try:
            day = dt.date(int(self.year), int(self.month), int(self.day))
        except (ValueError, OverflowError):
            return None
        return day if day.year in YEARS else None

    def time_of(self) -> dt.time | None:
        """Return the hour, None when there is no such hour; an empty minute is the full hour."""
        hours, minutes = whole(self.hour), whole(self.minute or "0")
        return dt.time(hours, minutes) if 0 <= hours < HOURS and 0 <= minutes < MINUTES else None

    def moment(self) -> dt.datetime | None:
        """Return the moment, None when day or hour do not exist."""
        day, time = self.day_of(), self.time_of()
        return dt.datetime.combine(day, time, zone()) if day and time is not None else None


@dataclass(frozen=True, slots=True)
class PlanForm:
    """Everything as it stands in the fields."""

    body: str = ""
    title_id: str = ""
    title_en: str = ""
    kind: str = SessionKind.ORDINARY.value
    start: Moment = Moment(hour="10", minute="00")
    minutes: str = "120"
    place: str = ""
    remote: bool = True
    ceiling: str = ""
    edition: str = ""

    @classmethod
    def read(cls, fields: QueryDict) -> Self:
        """Read what was sent; anything that is missing is empty."""

        def of(name: str) -> str:
            return str(fields.get(name) or "").strip()

        return cls(
            body=of("body"),
            title_id=of("title_id"),
            title_en=of("title_en"),
            kind=of("kind"),
            start=Moment.read(fields, "day", "time"),
            minutes=of("minutes"),
            place=of("place"),
            remote=of("remote") == "yes",
            ceiling=of("ceiling"),
            edition=of("edition"),
        )

    @classmethod
    def of(cls, desk: Desk) -> Self:
        """Fill the form with a session as it is planned."""
        return cls(
            body=desk.rules.body_code,
            title_id=desk.title_id,
            title_en=desk.title_en,
            kind=desk.kind.value,
            start=Moment.of(desk.session.planned_start),
            minutes=str(desk.minutes),
            place=desk.session.place,
            remote=desk.session.remote,
            ceiling=str(desk.session.room_ceiling.value),
            edition=desk.edition,
        )

    def wrong(self, rules: Rules, language: str) -> dict[str, str]:
        """Return everything that is wrong, by field, in the order of the form."""
        found: dict[str, str] = {}
        for field in ("title_id", "title_en"):
            typed = str(getattr(self, field))
            if not 0 < len(typed) <= LONGEST:
                found[field] = t(W + field, language, n=LONGEST)
        if self.kind not in {one.value for one in SessionKind}:
            found["kind"] = t(W + "session_kind", language)
        day, time = self.start.day_of(), self.start.time_of()
        if day is None:
            found["day"] = t(W + "day", language)
        if time is None:
            found["time"] = t(W + "time", language)
        start = self.start.moment()
        if start is not None and start <= now():
            found["day"] = t(W + "past", language)
        if not 0 < whole(self.minutes) <= LONGEST_MINUTES:
            found["minutes"] = t(W + "minutes", language, n=LONGEST_MINUTES)
        if not 0 < len(self.place) <= LONGEST:
            found["place"] = t(W + "place", language, n=LONGEST)
        level = self._ceiling()
        if self.ceiling and (level is None or level > rules.ceiling):
            found["ceiling"] = t(W + "room", language)
        return found

    def plan(self) -> Plan:
        """Return the plan; raise ``DoesNotFit`` for what :meth:`wrong` would have told."""
        start = self.start.moment()
        if start is None:
            raise errors.DoesNotFit(field="planned_start")
        return Plan(
            title_id=self.title_id,
            title_en=self.title_en,
            place=self.place,
            planned_start=start,
            remote_allowed=self.remote,
            room_ceiling=self._ceiling(),
            kind=SessionKind(self.kind),
            minutes=int(self.minutes),
        )

    def _ceiling(self) -> Classification | None:
        try:
            return Classification(int(self.ceiling))
        except ValueError:
            return None


def errors_of(wrong: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the summary's lines: each leads to the first control of its field."""
    return [(_CONTROLS.get(field, field), sentence) for field, sentence in wrong.items()]


_CONTROLS = {"day": "day-day", "time": "time-hour"}
