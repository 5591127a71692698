"""An assessment as a list of indicators, and who answers for them."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from uuid import UUID

from pendopo.agencies import api as agencies
from pendopo.foundation.actor import Actor
from pendopo.foundation.clock import now
from pendopo.maturity import judging, pinned, visibility
from pendopo.maturity.actions.giving import Place, may_give
from pendopo.maturity.actions.holding import reach
from pendopo.maturity.final import interim
from pendopo.maturity.instruments import Instrument
from pendopo.maturity.judging import Judgement
from pendopo.maturity.models import Assessment, Item
from pendopo.maturity.queries.heads import head_of
from pendopo.maturity.queries.naming import bodies
from pendopo.maturity.records.assessment import (
    AssessmentView,
    Block,
    GivingLine,
    GivingView,
    Index,
    Line,
)
from pendopo.maturity.refusals import NoSuchCycle
from pendopo.maturity.values import CycleState

VIEWS: dict[str, Callable[[Line], bool]] = {
    "all": lambda _: True,
    "mine": lambda line: line.is_mine,
    "unclaimed": lambda line: line.judgement.own is None,
    "unassessed": lambda line: line.judgement.assessed is None,
    "flagged": lambda line: bool(line.judgement.flags),
}


def assessment(actor: Actor, assessment_id: UUID, language: str, view: str) -> AssessmentView:
    """Return the indicators that the officer sees, those of a view; raise ``NoSuchCycle``."""
    row = visibility.assessment(actor, assessment_id)
    instrument = pinned.of(row.cycle)
    names = bodies(language)
    lines = lines_of(actor, row, instrument, names, language)
    shown = [line for line in lines if VIEWS.get(view, VIEWS["all"])(line)]
    whole = visibility.sees_whole(actor, row)
    is_open = row.cycle.state != CycleState.CLOSED
    return AssessmentView(
        head=head_of(row, names),
        blocks=_blocks(instrument, shown),
        counts={name: sum(map(test, lines)) for name, test in VIEWS.items()},
        own=_index(instrument, lines, row.cycle.year, _own) if whole else None,
        assessed=_index(instrument, lines, row.cycle.year, _assessed) if whole else None,
        may_give=is_open and may_give(actor, row),
        may_read=is_open and any(line.is_mine and line.indicator.evidence for line in lines),
    )


def lines_of(
    actor: Actor, row: Assessment, instrument: Instrument, names: dict[UUID, str], language: str
) -> list[Line]:
    """Return the indicators of an assessment that the officer sees, in the instrument's order."""
    found = visibility.items(actor, row).prefetch_related("answers", "evidence__reading")
    units = units_of({one.body_id for one in found if one.unit_id}, language)
    moment, is_mine = now(), reach(actor)
    lines = []
    for item in found:
        item.assessment = row
        evidence = [one for one in item.evidence.all() if one.removed_at is None]
        judgement = judging.judge(instrument, item.answers.all(), evidence, moment)
        lines.append(
            line_of(item, instrument, judgement, len(evidence), names | units, is_mine=is_mine(item))
        )
    return lines


def line_of(
    item: Item,
    instrument: Instrument,
    judgement: Judgement,
    evidence: int,
    names: dict[UUID, str],
    *,
    is_mine: bool,
) -> Line:
    """Return one indicator as a line; the item has its assessment, ``names`` are of bodies and units."""
    indicator = instrument.indicator(item.number)
    if indicator is None:
        raise LookupError(item.number)
    return Line(
        item_id=item.id,
        indicator=indicator,
        row=item.row if indicator.rows > 1 else 0,
        judgement=judgement,
        answerer=names[item.unit_id or item.body_id or item.assessment.agency_id],
        is_mine=is_mine,
        evidence=evidence,
    )


def giving(actor: Actor, assessment_id: UUID, language: str) -> GivingView:
    """Return who answers for what; raise ``NoSuchCycle`` for all but those who may change it."""
    row = visibility.assessment(actor, assessment_id)
    if not may_give(actor, row):
        raise NoSuchCycle
    instrument, names = pinned.of(row.cycle), bodies(language)
    lines = []
    for item in visibility.items(actor, row):
        indicator = instrument.indicator(item.number)
        if indicator is not None:
            number = f"{item.number}-{item.row}" if indicator.rows > 1 else item.number
            place = (item.body_id, item.unit_id) if item.body_id else None
            lines.append(GivingLine(item.id, number, indicator.name.of(language), place))
    return GivingView(head_of(row, names), tuple(lines), _places(names, language))


def _places(names: dict[UUID, str], language: str) -> tuple[tuple[Place, str], ...]:
    found: list[tuple[Place, str]] = []
    for body_id, name in names.items():
        found.append(((body_id, None), name))
        found += [
            ((body_id, unit.id), f"{name}: {unit.name(language)}") for unit in agencies.units_of(body_id)
        ]
    return tuple(found)


def units_of(body_ids: set[UUID | None], language: str) -> dict[UUID, str]:
    """Return the units of these bodies by name."""
    return {
        unit.id: unit.name(language)
        for body_id in body_ids
        if body_id is not None
        for unit in agencies.units_of(body_id)
    }


def _blocks(instrument: Instrument, lines: Sequence[Line]) -> tuple[Block, ...]:
    blocks = []
    for aspect in instrument.aspects:
        numbers = {one.number for one in aspect.indicators}
        inside = tuple(line for line in lines if line.indicator.number in numbers)
        if inside:
            blocks.append(Block(aspect, inside))
    return tuple(blocks)


def _own(judgement: Judgement) -> Decimal | None:
    return judgement.proposed


def _assessed(judgement: Judgement) -> Decimal | None:
    return judgement.assessed.level if judgement.assessed else None


def _index(
    instrument: Instrument, lines: Sequence[Line], year: int, value: Callable[[Judgement], Decimal | None]
) -> Index | None:
    values = {(line.indicator.number, line.row or 1): value(line.judgement) for line in lines}
    if all(one is None for one in values.values()):
        return None
    outcome, missing = interim(instrument, values, year)
    return Index(outcome, missing)
