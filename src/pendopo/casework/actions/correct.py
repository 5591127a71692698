"""Correcting an issued certificate: asked, then approved by an officer, carried out later."""

from uuid import UUID

from django.db import IntegrityError, transaction

from pendopo.casework import corrections, events, sealed, timeline
from pendopo.casework.actions.officer import DECIDE, VERIFY, case_of_others, reason_of
from pendopo.casework.corrections import Changes
from pendopo.casework.errors import ActionNotPossible, CorrectionOpen, FourEyes, NoSuchCase, NothingChanged
from pendopo.casework.models import Case, Correction, RegisterCommand
from pendopo.casework.register import answers
from pendopo.casework.states import CaseState, CommandKind, CommandState, CorrectionState, EventKind
from pendopo.casework.visibility import agency_case, own_case, person
from pendopo.foundation.actor import Actor, ActorKind
from pendopo.foundation.audit import audit
from pendopo.foundation.clock import now
from pendopo.foundation.outbox import emit
from pendopo.kernel.ids import uuid7
from pendopo.kernel.names import PersonName


def request_correction(actor: Actor, case_id: UUID, child: int, changes: Changes, reason: str) -> UUID:
    """Ask to correct the certificate of one child; the applicant, or an officer of the issuing body.

    Raises ``InvalidName``, :class:`NothingChanged`, :class:`CorrectionOpen`, ``ReasonMissing``.
    """
    officer = actor.kind is ActorKind.OFFICER
    if officer:
        actor.require(VERIFY)
    text = reason_of(reason)
    try:
        with transaction.atomic(durable=True):
            find = agency_case if officer else own_case
            case = find(actor, case_id, for_update=True)
            row = _write(case, child, _real(case, child, changes), text, actor)
            timeline.write(case, EventKind.CORRECTION_REQUESTED, actor, note=text)
            audit(events.CORRECTION_REQUESTED, actor=actor, object_id=case.id, body_id=case.body_id)
    except IntegrityError as error:
        raise CorrectionOpen from error
    return row.id


def decide_correction(
    actor: Actor, case_id: UUID, correction_id: UUID, *, approve: bool, answer: str = ""
) -> None:
    """Approve or refuse a request; an approval writes the command and the event that carries it out.

    What an officer asked for, another officer decides (``FourEyes``).
    """
    actor.require(DECIDE)
    text = answer.strip() if approve else reason_of(answer)
    with transaction.atomic(durable=True):
        case = case_of_others(actor, case_id)
        row = Correction.objects.select_for_update().filter(case=case, id=correction_id).first()
        if row is None:
            raise NoSuchCase
        if row.state != CorrectionState.REQUESTED:
            raise ActionNotPossible
        if row.requested_by_officer and row.requested_by == actor.subject_id:
            raise FourEyes
        row.state = CorrectionState.APPROVED if approve else CorrectionState.REFUSED
        row.decided_by, row.decided_at = actor.subject_id, now()
        if text:
            row.answer = sealed.seal(text, column="correction.answer", row=row.id)
        row.save()
        kind = EventKind.CORRECTION_APPROVED if approve else EventKind.CORRECTION_REFUSED
        timeline.write(case, kind, actor, note=text)
        audit(
            events.CORRECTION_APPROVED if approve else events.CORRECTION_REFUSED,
            actor=actor,
            object_id=case.id,
        )
        if approve:
            _command(case, row)
            emit(events.CORRECTION_APPROVED_TOPIC, {"case_id": str(case.id), "correction_id": str(row.id)})


def _write(case: Case, child: int, changes: Changes, reason: str, actor: Actor) -> Correction:
    row = Correction(
        id=uuid7(),
        case=case,
        child=child,
        state=CorrectionState.REQUESTED,
        requested_by=person(actor),
        requested_by_officer=actor.kind is ActorKind.OFFICER,
    )
    corrections.seal_changes(row, changes)
    row.reason = sealed.seal(reason, column="correction.reason", row=row.id)
    row.save(force_insert=True)
    return row


def _real(case: Case, child: int, changes: Changes) -> Changes:
    """Drop what the certificate already says; raise when nothing is left or there is no certificate."""
    if case.state != CaseState.ISSUED:
        raise ActionNotPossible
    entry = current_entry(case, child)
    name = None if changes.child_name is None else PersonName.parse(changes.child_name).value
    real = Changes(
        child_name=None if name == entry.child_name else name,
        birth_place_code=changes.birth_place_code,
    )
    if real.empty:
        raise NothingChanged
    return real


def current_entry(case: Case, child: int) -> answers.Entry:
    """Return what the register last answered about a child of a case; raise :class:`NoSuchCase`."""
    done = case.commands.filter(child=child, state=CommandState.DONE).order_by("-done_at").first()
    if done is None:
        raise NoSuchCase
    return answers.entry_of(done)


def _command(case: Case, row: Correction) -> None:
    RegisterCommand.objects.create(
        id=uuid7(),
        case=case,
        kind=CommandKind.CORRECTION,
        child=row.child,
        correction_id=row.id,
        key=f"{case.id}:{row.child}:{row.id}",
        state=CommandState.PENDING,
    )
