"""The dashboard of an assessment: what counts now, what it is made of, where it came from, what shows it."""

from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from statistics import median
from uuid import UUID

from pendopo.foundation.actor import Actor
from pendopo.foundation.clock import now
from pendopo.maturity import library, pinned, visibility
from pendopo.maturity.final import interim, levels_of
from pendopo.maturity.index import Levels, Outcome, exact_text, half_up
from pendopo.maturity.instruments import Instrument
from pendopo.maturity.judging import Judgement
from pendopo.maturity.models import Assessment, Evidence, PublishedResult
from pendopo.maturity.published import key_of, kind_of
from pendopo.maturity.queries import evidence as wall
from pendopo.maturity.queries.assessments import lines_of
from pendopo.maturity.queries.comparing import year_of
from pendopo.maturity.queries.heads import head_of
from pendopo.maturity.queries.naming import Names, bodies
from pendopo.maturity.records.assessment import Line
from pendopo.maturity.records.dashboard import (
    AspectLine,
    Dashboard,
    Part,
    Peers,
    TimePoint,
    UnitRow,
    Wall,
)
from pendopo.maturity.records.results import Cell
from pendopo.maturity.refusals import NoSuchCycle
from pendopo.maturity.values import EvidenceKind

POINTS = 4


def dashboard(actor: Actor, assessment_id: UUID, language: str) -> Dashboard:
    """Return the dashboard for whoever sees the whole assessment; raise ``NoSuchCycle``."""
    row = visibility.assessment(actor, assessment_id)
    if not visibility.sees_whole(actor, row):
        raise NoSuchCycle
    instrument, names, year = pinned.of(row.cycle), bodies(language), row.cycle.year
    lines = lines_of(actor, row, instrument, names, language)
    outcome, missing = _outcome(instrument, lines, year, lambda one: one.current)
    judged = [line.judgement for line in lines]
    has_both = any(one.assessed for one in judged) and any(one.proposed is not None for one in judged)
    own = _outcome(instrument, lines, year, lambda one: one.proposed)[0] if has_both else None
    agency = names[row.agency_id]
    return Dashboard(
        head=head_of(row, names),
        at=now(),
        outcome=outcome,
        missing=missing,
        own=own.index if own else None,
        levels=_levels(instrument, lines),
        aspects=tuple(
            AspectLine(
                one,
                _cell(instrument, outcome.aspects[one.key].exact),
                own.aspects[one.key].value if own else None,
            )
            for one in instrument.aspects
        ),
        domains=tuple(_cell(instrument, outcome.domains[one.key].exact) for one in instrument.domains),
        parts=_parts(lines, outcome),
        units=_units(instrument, lines),
        times=_times(actor, row, agency, instrument, outcome),
        carried_from=instrument.carried_from,
        walls=_walls(row, lines, names, language),
        peers=_peers(instrument, agency, outcome),
        flags=Counter(flag.value for line in lines for flag in line.judgement.flags),
    )


def _values(
    lines: Sequence[Line], value: Callable[[Judgement], Decimal | None]
) -> dict[tuple[str, int], Decimal | None]:
    return {(line.indicator.number, line.row or 1): value(line.judgement) for line in lines}


def _outcome(
    instrument: Instrument, lines: Sequence[Line], year: int, value: Callable[[Judgement], Decimal | None]
) -> tuple[Outcome, int]:
    return interim(instrument, _values(lines, value), year)


def _levels(instrument: Instrument, lines: Sequence[Line]) -> Levels:
    """Return what counts now, the lowest level where nothing does."""
    levels, gone = levels_of(instrument, _values(lines, lambda one: one.current))
    low = instrument.scale.low
    assumed = {
        one.number: (low,) * one.rows if one.rows > 1 else low
        for one in instrument.indicators
        if one.number in gone
    }
    return dict(levels) | assumed


def _cell(instrument: Instrument, exact: Fraction) -> Cell:
    return Cell(half_up(exact, instrument.places), instrument.bands.index(instrument.band(exact)))


def _parts(lines: Sequence[Line], outcome: Outcome) -> tuple[Part, ...]:
    """Return what each indicator adds, the most room first; one with several rows has their mean."""
    first = {line.indicator.number: line for line in reversed(lines)}
    known = {line.indicator.number for line in lines if line.judgement.current is not None}
    found = [
        Part(
            item_id=first[one.number].item_id,
            indicator=first[one.number].indicator,
            level=_plain(one.level) if one.number in known else None,
            points=half_up(one.points, POINTS),
            possible=half_up(one.possible, POINTS),
            room=half_up(one.room, POINTS),
            answerer=first[one.number].answerer,
        )
        for one in outcome.contributions
        if one.number in first
    ]
    return tuple(sorted(found, key=lambda one: -one.room))


def _plain(level: Fraction) -> Decimal:
    """Return a level as it is given: whole where it is whole, else to two places."""
    return half_up(level, 0 if level.denominator == 1 else 2)


def _units(instrument: Instrument, lines: Sequence[Line]) -> tuple[UnitRow, ...]:
    rows = []
    for name in dict.fromkeys(line.answerer for line in lines):
        own = [line for line in lines if line.answerer == name]
        cells = []
        for aspect in instrument.aspects:
            numbers = {one.number for one in aspect.indicators}
            levels = [
                Fraction(line.judgement.current)
                for line in own
                if line.indicator.number in numbers and line.judgement.current is not None
            ]
            mean = sum(levels, Fraction()) / len(levels) if levels else None
            cells.append(Cell(None, None) if mean is None else _cell(instrument, mean))
        rows.append(UnitRow(name, len(own), tuple(cells)))
    return tuple(rows)


def _times(
    actor: Actor, row: Assessment, agency: str, instrument: Instrument, outcome: Outcome
) -> tuple[TimePoint, ...]:
    """Return the agency's years: what was published, what was closed here, and this assessment."""
    found = {}
    for one in PublishedResult.objects.filter(agency_key=key_of(agency), index__isnull=False):
        index = one.index if one.index is not None else Decimal()
        place = half_up(Fraction(index), library.instrument(one.instrument_id).places)
        key = one.instrument_id, one.year
        found[key] = TimePoint(
            one.year, key[0], place, one.exact, one.predicate, is_final=True, result_id=one.id
        )
    closed = visibility.assessments(actor).filter(agency_id=row.agency_id, result__isnull=False)
    for each in closed.exclude(id=row.id):
        if visibility.sees_whole(actor, each):
            told = year_of(each)
            found[told.instrument.id, told.year] = TimePoint(
                told.year,
                told.instrument.id,
                told.index,
                told.exact,
                told.predicate,
                told.is_final,
                assessment_id=each.id,
            )
    found[instrument.id, row.cycle.year] = TimePoint(
        row.cycle.year,
        instrument.id,
        outcome.index,
        exact_text(outcome.exact),
        outcome.predicate.key,
        row.result is not None,
        assessment_id=row.id,
    )
    return tuple(sorted(found.values(), key=lambda one: (one.year, one.instrument)))


def _walls(row: Assessment, lines: Sequence[Line], names: dict[UUID, str], language: str) -> tuple[Wall, ...]:
    rows = list(
        Evidence.objects.filter(item__assessment=row, kind=EvidenceKind.LIVE, removed_at=None)
        .select_related("reading")
        .order_by("item__order", "level", "created_at")
    )
    by = Names([one.by_post_id for one in rows], language)
    last = wall.tries(rows, language)
    walls = []
    for line in lines:
        own = [one for one in rows if one.item_id == line.item_id]
        if own:
            views = wall.views(own, line.indicator, by, names, language, last=last)
            walls.append(Wall(line.item_id, line.number, line.indicator.name.of(language), tuple(views)))
    return tuple(walls)


def _peers(instrument: Instrument, agency: str, outcome: Outcome) -> Peers | None:
    kind = kind_of(agency)
    rows = PublishedResult.objects.filter(instrument_id=instrument.id, kind=kind.value, index__isnull=False)
    newest = rows.order_by("-year").values_list("year", flat=True).first()
    if newest is None:
        return None
    others = rows.filter(year=newest).exclude(agency_key=key_of(agency)).values_list("index", flat=True)
    indices = [Fraction(one) for one in others if one is not None]
    if not indices:
        return None
    return Peers(
        year=newest,
        kind=kind.value,
        count=len(indices),
        below=sum(half_up(one, instrument.places) < outcome.index for one in indices),
        median=half_up(median(indices), instrument.places),
        best=half_up(max(indices), instrument.places),
    )
