"""An approved correction: command to the register, a new certificate, and the earlier one superseded."""

from uuid import UUID

from django.db import transaction

from pendopo.casework import corrections, events, sealed, timeline
from pendopo.casework.models import Case, Correction, RegisterCommand
from pendopo.casework.register import answers
from pendopo.casework.register.commands import note_denial, note_done, note_failure, note_rejection
from pendopo.casework.register.documents import certificate_for, keep
from pendopo.casework.states import CommandKind, CommandState, CorrectionState, EventKind
from pendopo.documents import api as documents
from pendopo.exchange import api as exchange
from pendopo.foundation.actor import SYSTEM, Actor, ActorKind
from pendopo.foundation.audit import audit
from pendopo.foundation.outbox import Retry
from pendopo.inbox import api as inbox

PURPOSE = "civil-registration.correction"


def carry_out(correction_id: UUID) -> None:
    """Send an approved correction and reissue. Raises ``Retry`` when nobody answers. Repeatable."""
    row = Correction.objects.select_related("case").get(id=correction_id)
    if row.state != CorrectionState.APPROVED:
        return
    command = RegisterCommand.objects.get(correction_id=row.id, kind=CommandKind.CORRECTION)
    if command.state == CommandState.PENDING:
        _send(row, command)
        command.refresh_from_db()
    if command.state == CommandState.DONE:
        _reissue(row, command)
    elif command.state == CommandState.REJECTED:
        # Also on a later attempt: a worker may have died between the register's refusal and this line.
        _give_up(row)


def _send(row: Correction, command: RegisterCommand) -> None:
    case = row.case
    before = case.commands.filter(child=row.child, state=CommandState.DONE).order_by("-done_at").first()
    if before is None or row.decided_at is None:
        return
    entry = answers.entry_of(before)
    changes = corrections.changes_of(row)
    wire = exchange.CorrectionCommand(
        certificate=entry.number,
        child_nik=entry.nik,
        child_name=changes.child_name,
        birth_place_code=changes.birth_place_code,
        reason=sealed.open_text(row.reason, column="correction.reason", row=row.id),
        case_number=case.number,
        decided_at=row.decided_at,
    )
    officer = Actor(ActorKind.OFFICER, subject_id=row.decided_by, body_id=case.body_id)
    context = exchange.Context(purpose=PURPOSE, actor=officer, issue=case.number)
    try:
        answer = exchange.population.correct_birth(wire, context=context, idempotency_key=command.key)
    except exchange.PopulationUnavailable as error:
        note_failure(command.id, error)
        raise Retry(error.code) from error
    except exchange.ExchangeDenied as error:
        note_denial(command.id, error.code)
        raise Retry(error.code) from error
    except exchange.CommandRefused as refused:
        note_rejection(command.id, refused.reason)
    else:
        note_done(command.id, answers.encode_birth(answer))


def _give_up(row: Correction) -> None:
    """The register refused the correction: the request ends, and an officer may ask for another one."""
    with transaction.atomic(durable=True):
        case = Case.objects.select_for_update().get(id=row.case_id)
        held = Correction.objects.select_for_update().get(id=row.id)
        if held.state != CorrectionState.APPROVED:
            return
        held.state = CorrectionState.REFUSED
        held.save(update_fields=["state"])
        case.waits_for = ""
        case.save(update_fields=["waits_for"])
        timeline.write(case, EventKind.CORRECTION_REFUSED, SYSTEM)
        audit(events.CORRECTION_REFUSED, actor=SYSTEM, object_id=case.id, body_id=case.body_id)


def _revoked(document_id: UUID) -> bool:
    """Whether somebody revoked the document meanwhile: then it stays so, and nothing takes its place."""
    return documents.document(document_id).status == "revoked"


def _reissue(row: Correction, command: RegisterCommand) -> None:
    case = row.case
    old = case.certificates.filter(child=row.child, replaced_at=None).first()
    new = certificate_for(case, command)
    if old is not None and old.document_id != new.id and not _revoked(old.document_id):
        documents.supersede(old.document_id, new.id, reason="correction", actor=SYSTEM)
    keep(case, row.child, new)
    with transaction.atomic(durable=True):
        held = Correction.objects.select_for_update().get(id=row.id)
        if held.state != CorrectionState.APPROVED:
            return
        held.state = CorrectionState.REISSUED
        held.save(update_fields=["state"])
        locked = Case.objects.select_for_update().get(id=case.id)
        if locked.waits_for:
            locked.waits_for = ""
            locked.save(update_fields=["waits_for"])
        timeline.write(locked, EventKind.REISSUED, SYSTEM)
        audit(events.REISSUED, actor=SYSTEM, object_id=locked.id, body_id=locked.body_id)
        inbox.send(
            locked.subject_id,
            template="casework.reissued",
            params={"number": locked.number},
            link=("casework.case", {"case_id": str(locked.id)}),
        )
