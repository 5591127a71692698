"""What people said of services: this hall's own survey and published imports, by half-year, month, service.

Only months that are over are counted, so that nobody learns one answer by looking before and after it.
Nothing is told under a name (an agency's service, a month) that fewer than five stand behind, nor what
subtracting would tell (``suppression``; casework does the same with its own before it hands them out).
The index needs all nine elements, as its formula does; answers without all of them are counted and left out,
so what a name's figures may tell is decided by its complete answers. Months of one source (this hall, an
import) count in lots of at least five complete answers, since each changes the sum for all to see.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import override
from uuid import UUID

from django.db.models import Count

from pendopo.agencies import api as agencies
from pendopo.casework import api as casework
from pendopo.foundation.actor import Actor
from pendopo.foundation.clock import today
from pendopo.foundation.formats import zone
from pendopo.maturity import library, skm
from pendopo.maturity.actions.results import require
from pendopo.maturity.models import SurveyAnswer, SurveyImport
from pendopo.maturity.published import ImportState
from pendopo.maturity.skm import Answer, Satisfaction, Survey
from pendopo.maturity.suppression import LEAST, kept

PAGE = 30
OLDEST = 2018


@dataclass(frozen=True, slots=True)
class Reply:
    """What one person said, under names that may be told (empty where not)."""

    month: dt.date
    agency: str
    service: str
    elements: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Group:
    """Answers under one name: how many, how many complete, and what they say where they may be told."""

    name: str
    answers: int
    complete: int
    said: Satisfaction | None


@dataclass(frozen=True, slots=True, order=True)
class HalfYear:
    """January to June (1) or July to December (2)."""

    year: int
    half: int

    @property
    def first(self) -> dt.date:
        """The first day."""
        return dt.date(self.year, 1 if self.half == 1 else 7, 1)

    @property
    def last(self) -> dt.date:
        """The last day."""
        return dt.date(self.year, 6, 30) if self.half == 1 else dt.date(self.year, 12, 31)

    @override
    def __str__(self) -> str:
        """Write it as addresses do: ``2026-1``."""
        return f"{self.year}-{self.half}"


@dataclass(frozen=True, slots=True)
class Answers:
    """A half-year up to its last month that is over (``until``).

    What a group says is indicative while it has fewer than ``needed`` complete answers.
    """

    survey: Survey
    period: HalfYear
    periods: tuple[HalfYear, ...]
    until: dt.date
    whole: Group
    months: tuple[Group, ...]
    services: tuple[Group, ...]
    needed: int


@dataclass(frozen=True, slots=True)
class SurveyLine:
    """One import of answers in the list of a body."""

    id: UUID
    agency: str
    source: str
    state: ImportState
    at: dt.datetime
    answers: int


def periods() -> tuple[HalfYear, ...]:
    """Return the half-years that can be asked for, first the one of the last month that is over."""
    over = _last_day_over()
    newest = HalfYear(over.year, 1 if over.month < 7 else 2)  # noqa: PLR2004  # July begins the second half
    every = (HalfYear(year, half) for year in range(over.year, OLDEST - 1, -1) for half in (2, 1))
    return tuple(one for one in every if one <= newest)


def answers(period: HalfYear | None = None) -> Answers:
    """Return a half-year, the newest unless another is named."""
    known = periods()
    chosen = period if period in known else known[0]
    survey = library.survey()
    until = min(chosen.last, _last_day_over())
    own = list(_own(survey, chosen.first, until))
    replies = [*_lots(survey, own), *_imported(survey, chosen.first, until)]
    return Answers(
        survey=survey,
        period=chosen,
        periods=known,
        until=until,
        whole=_group(survey, "", replies),
        months=_groups(survey, replies, lambda one: one.month.isoformat()),
        services=_groups(survey, replies, _service),
        needed=survey.sample.needed(None),
    )


def _service(one: Reply) -> str:
    """Return a service with its agency, empty where it may not be named."""
    return " · ".join(part for part in (one.service, one.agency) if part) if one.service else ""


def _last_day_over() -> dt.date:
    return today(zone()).replace(day=1) - dt.timedelta(days=1)


def _groups(survey: Survey, replies: Sequence[Reply], name_of: Callable[[Reply], str]) -> tuple[Group, ...]:
    """Return the names that may be told, each with figures where its complete answers may be told, too."""
    by: dict[str, list[Reply]] = {}
    for one in replies:
        by.setdefault(name_of(one), []).append(one)
    named = kept({name: len(rows) for name, rows in by.items()})
    figured = kept({name: len(_complete(survey, rows)) for name, rows in by.items()})
    return tuple(
        _group(survey, name, by[name]) if name in figured else Group(name, len(by[name]), 0, None)
        for name in sorted(named)
        if name
    )


def _complete(survey: Survey, replies: Iterable[Reply]) -> list[Answer]:
    keys = {one.key for one in survey.elements}
    return [one.elements for one in replies if keys <= set(one.elements)]


def _group(survey: Survey, name: str, replies: Sequence[Reply]) -> Group:
    complete = _complete(survey, replies)
    if len(complete) < LEAST:
        return Group(name, len(replies) if len(replies) >= LEAST else 0, 0, None)
    lenient = replace(survey, sample=replace(survey.sample, least=LEAST))
    return Group(name, len(replies), len(complete), skm.compute(lenient, complete))


def _own(survey: Survey, since: dt.date, until: dt.date) -> Iterable[Reply]:
    """Yield this hall's answers month by month: casework leaves out names by what it hands out at once."""
    keys = dict(zip(casework.SURVEY_ELEMENTS, (one.key for one in survey.elements), strict=True))
    names = {one.code: one.name_id for one in agencies.bodies()}
    for number in range(since.month, until.month + 1):
        month = since.replace(month=number)
        for one in casework.survey_answers(since=month, until=month):
            elements = {keys[name]: grade for name, grade in one.elements.items()}
            yield Reply(month, names.get(one.agency, one.agency), one.service, elements)


def _imported(survey: Survey, since: dt.date, until: dt.date) -> Iterator[Reply]:
    rows = SurveyAnswer.objects.filter(
        survey__state=ImportState.PUBLISHED, month__gte=since, month__lte=until
    ).order_by("survey_id", "month")
    told = rows.values_list("survey_id", "month", "survey__agency", "service", "elements")
    for _, of_import in groupby(told, key=lambda row: row[0]):
        yield from _lots(survey, [Reply(*row[1:]) for row in of_import])


def _lots(survey: Survey, replies: Sequence[Reply]) -> Iterator[Reply]:
    """Yield whole months of one source, oldest first, as soon as five complete answers came together."""
    lot: list[Reply] = []
    for _, of_month in groupby(replies, key=lambda one: one.month):
        lot += of_month
        if len(_complete(survey, lot)) >= LEAST:
            yield from lot
            lot = []


def imports(actor: Actor) -> tuple[SurveyLine, ...]:
    """Return the newest imports of the actor's body."""
    require(actor)
    rows = SurveyImport.objects.filter(body_id=actor.body_id).annotate(count=Count("answers"))
    return tuple(
        SurveyLine(row.id, row.agency, row.source, ImportState(row.state), row.created_at, row.count)
        for row in rows.order_by("-created_at")[:PAGE]
    )
