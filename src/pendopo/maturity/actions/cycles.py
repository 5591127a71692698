"""Open a cycle, take it from state to state, close it by two people."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from pendopo.agencies import api as agencies
from pendopo.foundation.actor import Actor
from pendopo.foundation.audit import audit
from pendopo.foundation.clock import now
from pendopo.foundation.database import lock
from pendopo.foundation.outbox import emit
from pendopo.kernel.ids import uuid7
from pendopo.maturity import events, pinned, texts, visibility
from pendopo.maturity.actions.holding import open_cycle
from pendopo.maturity.final import Final, finals_of, fingerprint
from pendopo.maturity.instruments import Instrument
from pendopo.maturity.models import Assessment, Cycle, CycleStep, Item
from pendopo.maturity.refusals import (
    CloseAsked,
    CloseNotAsked,
    CycleThere,
    LevelsChanged,
    NotAllAssessed,
    NotYourPart,
    ObjectionsOpen,
    SamePerson,
    StageNotNow,
    YearOutside,
    listed,
)
from pendopo.maturity.values import CycleKind, CycleState

ASKED, TAKEN_BACK = "close_asked", "close_taken_back"
"""Kinds of steps beside the states."""
NEXT = {
    CycleKind.MONITORING: {
        CycleState.OPEN: CycleState.ASSESSING,
        CycleState.ASSESSING: CycleState.OBJECTIONS,
    },
    CycleKind.EVALUATION: {
        CycleState.OPEN: CycleState.ASSESSING,
        CycleState.ASSESSING: CycleState.INTERVIEWS,
        CycleState.INTERVIEWS: CycleState.OBJECTIONS,
    },
}


def start(
    actor: Actor, instrument_id: str, year: int, *, kind: CycleKind, agency_ids: Iterable[UUID] = ()
) -> UUID:
    """Open a cycle for agencies of this hall, with all indicators; without names, for the own body alone.

    The instrument is pinned as its file stands now. Raises ``YearOutside``, ``CycleThere``,
    ``agencies.UnknownBody``, and what reading the instrument refuses.
    """
    actor.require(visibility.COORDINATE)
    if actor.body_id is None:
        raise NotYourPart
    with transaction.atomic(durable=True):
        instrument = pinned.pin(instrument_id)
        _require_year(instrument, year)
        lock(f"maturity.start:{actor.body_id}")
        if Cycle.objects.filter(body_id=actor.body_id, instrument_id=instrument.id, year=year).exists():
            raise CycleThere(instrument=instrument.short.id, year=year)
        cycle = Cycle.objects.create(
            id=uuid7(),
            body_id=actor.body_id,
            instrument_id=instrument.id,
            instrument_hash=instrument.digest,
            year=year,
            kind=kind,
            by_subject_id=actor.subject_id,
            by_post_id=actor.post_id,
        )
        for agency_id in dict.fromkeys(agency_ids or (actor.body_id,)):
            _admit(cycle, instrument, agencies.body(agency_id).id)
        _step(actor, cycle, CycleState.OPEN)
        audit(
            events.CYCLE_OPENED,
            actor=actor,
            object_id=cycle.id,
            detail={"instrument": instrument.id, "digest": instrument.digest, "year": year},
        )
    return cycle.id


def move(actor: Actor, cycle_id: UUID, *, seen: CycleState) -> CycleState:
    """Take a cycle to its next state; ``seen`` is the state that the coordinator had before them.

    Raises ``StageNotNow`` when it moved meanwhile or has no next state but its close, and
    ``NotAllAssessed`` before objections.
    """
    with transaction.atomic(durable=True):
        cycle = _led(actor, cycle_id)
        state = CycleState(cycle.state)
        following = NEXT[CycleKind(cycle.kind)].get(state)
        if state is not seen or following is None:
            raise StageNotNow(state=state.value)
        if following is CycleState.OBJECTIONS:
            _require_assessed(finals_of(cycle))
        cycle.state = following
        cycle.save(update_fields=["state"])
        _step(actor, cycle, following)
        audit(events.CYCLE_MOVED, actor=actor, object_id=cycle.id, detail={"state": following.value})
    return following


def ask_to_close(actor: Actor, cycle_id: UUID) -> None:
    """Ask to close: the first of two people. Raises ``StageNotNow``, ``CloseAsked``, ``ObjectionsOpen``."""
    with transaction.atomic(durable=True):
        cycle = _led(actor, cycle_id)
        finals = _ready(cycle)
        if cycle.close_asked_by is not None:
            raise CloseAsked
        cycle.close_asked_by, cycle.close_asked_at = actor.subject_id, now()
        cycle.close_print = fingerprint(finals)
        cycle.save(update_fields=["close_asked_by", "close_asked_at", "close_print"])
        _step(actor, cycle, ASKED)
        audit(events.CLOSE_ASKED, actor=actor, object_id=cycle.id)


def take_back(actor: Actor, cycle_id: UUID, reason: str) -> None:
    """Take the request to close back, with a reason; any coordinator may. Raises ``CloseNotAsked``."""
    said = texts.reason(reason)
    with transaction.atomic(durable=True):
        cycle = _led(actor, cycle_id)
        if cycle.close_asked_by is None:
            raise CloseNotAsked
        _forget_request(actor, cycle, said)


def close(actor: Actor, cycle_id: UUID) -> None:
    """Close a cycle for good: the second of two people. Levels and index of every agency are kept as final.

    Raises ``CloseNotAsked``, ``SamePerson``, ``ObjectionsOpen``, and ``LevelsChanged`` when a level changed
    since the first person asked; that request is then taken back.
    """
    with transaction.atomic(durable=True):
        cycle = _led(actor, cycle_id)
        finals = _ready(cycle)
        if cycle.close_asked_by is None:
            raise CloseNotAsked
        if cycle.close_asked_by == actor.subject_id:
            raise SamePerson
        changed = fingerprint(finals) != cycle.close_print
        if changed:
            _forget_request(actor, cycle, "")
        else:
            _close(actor, cycle, finals)
    if changed:
        raise LevelsChanged


def _close(actor: Actor, cycle: Cycle, finals: list[Final]) -> None:
    for one in finals:
        one.row.result = one.result()
        one.row.save(update_fields=["result"])
    cycle.state, cycle.closed_by, cycle.closed_at = CycleState.CLOSED, actor.subject_id, now()
    cycle.save(update_fields=["state", "closed_by", "closed_at"])
    _step(actor, cycle, CycleState.CLOSED)
    audit(events.CYCLE_CLOSED, actor=actor, object_id=cycle.id, detail={"digest": cycle.close_print})
    told = [str(one.row.id) for one in finals]
    emit(events.CYCLE_CLOSED_TOPIC, {"cycle_id": str(cycle.id), "assessments": told})


def _forget_request(actor: Actor, cycle: Cycle, reason: str) -> None:
    cycle.close_asked_by = cycle.close_asked_at = None
    cycle.close_print = ""
    cycle.save(update_fields=["close_asked_by", "close_asked_at", "close_print"])
    _step(actor, cycle, TAKEN_BACK, reason)
    audit(events.CLOSE_TAKEN_BACK, actor=actor, object_id=cycle.id)


def _ready(cycle: Cycle) -> list[Final]:
    if cycle.state != CycleState.OBJECTIONS:
        raise StageNotNow(state=str(cycle.state))
    finals = finals_of(cycle)
    _require_assessed(finals)
    waiting = [number for one in finals for number in one.objected]
    if waiting:
        raise ObjectionsOpen(numbers=listed(waiting), n=len(waiting))
    return finals


def _require_assessed(finals: list[Final]) -> None:
    gone = [number for one in finals for number in one.unassessed]
    if gone:
        raise NotAllAssessed(numbers=listed(gone), n=len(gone))


def _led(actor: Actor, cycle_id: UUID) -> Cycle:
    """Hold a cycle that the officer coordinates; whoever writes in it waits."""
    found = visibility.cycle(actor, cycle_id)
    if found.body_id != actor.body_id or not actor.can(visibility.COORDINATE):
        raise NotYourPart
    row = Cycle.objects.select_for_update().get(id=found.id)
    open_cycle(row)
    return row


def _admit(cycle: Cycle, instrument: Instrument, agency_id: UUID) -> None:
    row = Assessment.objects.create(id=uuid7(), cycle=cycle, agency_id=agency_id)
    places = [(one, n) for one in instrument.indicators for n in range(1, one.rows + 1)]
    Item.objects.bulk_create(
        Item(id=uuid7(), assessment=row, number=one.number, row=n, order=order)
        for order, (one, n) in enumerate(places)
    )


def _require_year(instrument: Instrument, year: int) -> None:
    last = instrument.valid_to.year if instrument.valid_to else None
    if year < instrument.valid_from.year or (last is not None and year > last):
        raise YearOutside(
            instrument=instrument.short.id,
            first=instrument.valid_from.year,
            last=last if last is not None else "…",
            field="year",
        )


def _step(actor: Actor, cycle: Cycle, kind: str, reason: str = "") -> None:
    CycleStep.objects.create(
        id=uuid7(),
        cycle=cycle,
        kind=kind,
        reason=reason,
        by_subject_id=actor.subject_id,
        by_post_id=actor.post_id,
    )
