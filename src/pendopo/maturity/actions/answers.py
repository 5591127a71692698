"""Give a level: by the unit, the internal assessor, the assessors, and in objections."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from pendopo.foundation.actor import Actor
from pendopo.foundation.audit import audit
from pendopo.kernel.ids import uuid7
from pendopo.maturity import errors, events, judging, levels, pinned, texts, visibility
from pendopo.maturity.actions.holding import answers_for, held_item, held_items, of_agency
from pendopo.maturity.instruments import Indicator, Instrument
from pendopo.maturity.judging import Given
from pendopo.maturity.models import Answer, Item
from pendopo.maturity.refusals import (
    AnsweredMeanwhile,
    EvidenceMissing,
    GateClosed,
    LevelBeyondAccepted,
    LevelMissing,
    NoObjection,
    NothingToObject,
    NotYourPart,
    ObjectionThere,
    OwnAnswer,
    StageNotNow,
)
from pendopo.maturity.values import ASSESSED, STAGES, CycleState, EvidenceKind, Stage

FINEST = Decimal("0.01")
"""What a level is kept to; one that is finer is refused, since rounding could lift it over a gate."""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody gives: a level as it was typed, why, and for an assessor the levels that were accepted.

    ``revision`` is the one they had before them; none: they did not look.
    """

    level: str
    reason: str
    accepted: frozenset[int] = frozenset()
    revision: int | None = None


def give(actor: Actor, item_id: UUID, stage: Stage, said: Said) -> int:
    """Give a level in a stage and return the indicator's new revision.

    Raises ``NotYourPart``, ``OwnAnswer``, ``CycleClosed``, ``StageNotNow``, ``AnsweredMeanwhile``, what the
    scale refuses (``maturity.errors``), ``ReasonMissing``, ``EvidenceMissing``, ``GateClosed`` and
    ``LevelBeyondAccepted``.
    """
    with transaction.atomic(durable=True):
        row, state = held_item(actor, item_id)
        made = _answer(actor, row, state, stage, said)
        row.save(update_fields=["revision"])
        made.save(force_insert=True)
        _told(actor, made)
    return row.revision


def give_all(actor: Actor, assessment_id: UUID, stage: Stage, said: Mapping[UUID, Said]) -> None:
    """Give levels on many indicators of an assessment at once: all, or none, raising as :func:`give`."""
    with transaction.atomic(durable=True):
        rows, state = held_items(actor, assessment_id, said)
        made = [_answer(actor, row, state, stage, said[row.id]) for row in rows]
        Item.objects.bulk_update(rows, ["revision"])
        Answer.objects.bulk_create(made)
        for one in made:
            _told(actor, one)


def _answer(actor: Actor, row: Item, state: CycleState, stage: Stage, said: Said) -> Answer:
    """Return the answer that follows, not yet written, and count the revision; the indicator is held."""
    given = sorted((judging.given_of(one) for one in row.answers.all()), key=lambda one: one.revision)
    _require_part(actor, row, stage, given)
    if stage not in STAGES[state]:
        raise StageNotNow(state=state.value)
    instrument, indicator = pinned.indicator_of(row)
    level = _level(instrument, indicator, said.level)
    _require_unchanged(row, given, said, level)
    reason = texts.reason(said.reason)
    _CHECKS[stage](_Asked(row, instrument, indicator, level, said, given))
    row.revision += 1
    return Answer(
        id=uuid7(),
        item=row,
        revision=row.revision,
        stage=stage,
        level=level,
        accepted=_highest(instrument, said) if stage in ASSESSED else None,
        reason=reason,
        by_subject_id=actor.subject_id,
        by_post_id=actor.post_id,
    )


def _told(actor: Actor, made: Answer) -> None:
    detail = {"stage": str(made.stage), "number": made.item.number, "level": f"{made.level:f}"}
    audit(events.ANSWERED, actor=actor, object_id=made.item_id, detail=detail)


def _require_part(actor: Actor, row: Item, stage: Stage, given: list[Given]) -> None:
    """Raise unless the post gives levels in this stage; whoever spoke for the agency judges nothing.

    Bringing evidence is speaking for it; a reading speaks for itself.
    """
    leads = actor.body_id == row.assessment.cycle.body_id and actor.can(visibility.ASSESS)
    allowed = {
        Stage.SELF: answers_for(actor, row),
        Stage.INTERNAL: of_agency(actor, row) and actor.can(visibility.CHECK),
        Stage.OBJECTION: of_agency(actor, row) and actor.can(visibility.OBJECT),
    }.get(stage, leads)
    if not allowed:
        raise NotYourPart
    spoke = {one.by_subject_id for one in given if one.stage not in ASSESSED}
    if stage is Stage.INTERNAL:
        spoke = {one.by_subject_id for one in given if one.stage is Stage.SELF}
    if stage in ASSESSED:
        spoke |= {one.by_subject_id for one in row.evidence.all() if one.kind != EvidenceKind.LIVE}
    if stage not in {Stage.SELF, Stage.OBJECTION} and actor.subject_id in spoke:
        raise OwnAnswer


def open_stages(actor: Actor, row: Item, state: CycleState, given: list[Given]) -> tuple[Stage, ...]:
    """Return the stages in which the officer may give a level now, for the page to offer."""
    return tuple(stage for stage in STAGES[state] if _is_open(actor, row, stage, given))


def _is_open(actor: Actor, row: Item, stage: Stage, given: list[Given]) -> bool:
    waiting = judging.open_objection(given) is not None
    if stage is Stage.OBJECTION and (waiting or judging.highest(given, ASSESSED) is None):
        return False
    if stage is Stage.FINAL and not waiting:
        return False
    try:
        _require_part(actor, row, stage, given)
    except (NotYourPart, OwnAnswer):
        return False
    return True


def _level(instrument: Instrument, indicator: Indicator, text: str) -> Decimal:
    if not text.strip():
        raise LevelMissing(field="level")
    scale = instrument.scale
    level = levels.decimal(text)
    if level is None:
        raise errors.LevelNotANumber(number=indicator.number, example=f"{scale.high:f}", field="level")
    if not scale.low <= level <= scale.high:
        raise errors.LevelOutOfRange(
            number=indicator.number,
            given=f"{level:f}",
            low=f"{scale.low:f}",
            high=f"{scale.high:f}",
            field="level",
        )
    if not scale.fits(level) or level % FINEST:
        raise errors.LevelOffStep(
            number=indicator.number,
            given=f"{level:f}",
            step=f"{scale.step if scale.step is not None else FINEST:f}",
            instrument=instrument.short.id,
            field="level",
        )
    return level.quantize(FINEST)


def _require_unchanged(row: Item, given: list[Given], said: Said, level: Decimal) -> None:
    if said.revision is None or said.revision == row.revision:
        return
    newest = given[-1]
    raise AnsweredMeanwhile(theirs=plain(newest.level), yours=plain(level))


def plain(level: Decimal) -> str:
    """Write a level without needless noughts: ``4``, ``3.25``."""
    return f"{level.normalize():f}"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a stage's own check looks at."""

    row: Item
    instrument: Instrument
    indicator: Indicator
    level: Decimal
    said: Said
    given: list[Given]


def _claimed(asked: _Asked) -> None:
    """What the agency says of itself needs evidence for each level up to it."""
    evidence = [one for one in asked.row.evidence.all() if one.removed_at is None]
    external = asked.indicator.external is not None
    gone = judging.without_evidence(asked.instrument, asked.level, evidence, external=external)
    if gone:
        raise EvidenceMissing(levels=", ".join(map(str, gone)), n=len(gone), field="level")


def _accepted(asked: _Asked) -> None:
    """The gate: a level is accepted after the one below it, and the value lies on what was accepted."""
    low = int(asked.instrument.scale.low)
    accepted, level = asked.said.accepted, asked.level
    for one in sorted(accepted):
        if one not in asked.instrument.scale.steps:
            raise LevelBeyondAccepted(level=plain(level), accepted=low, field="level")
        if one > low + 1 and one - 1 not in accepted and asked.instrument.cumulative:
            raise GateClosed(level=one, below=one - 1, field="accepted")
    highest = _highest(asked.instrument, asked.said)
    if int(level) != highest:
        raise LevelBeyondAccepted(level=plain(level), accepted=highest, field="level")


def _highest(instrument: Instrument, said: Said) -> int:
    return max(said.accepted, default=int(instrument.scale.low))


def _objected(asked: _Asked) -> None:
    if judging.highest(asked.given, ASSESSED) is None:
        raise NothingToObject
    if judging.open_objection(asked.given):
        raise ObjectionThere


def _decided(asked: _Asked) -> None:
    if not judging.open_objection(asked.given):
        raise NoObjection
    _accepted(asked)


_CHECKS: dict[Stage, Callable[[_Asked], None]] = {
    Stage.SELF: _claimed,
    Stage.INTERNAL: _claimed,
    Stage.DOCUMENT: _accepted,
    Stage.INTERVIEW: _accepted,
    Stage.VISIT: _accepted,
    Stage.OBJECTION: _objected,
    Stage.FINAL: _decided,
}
