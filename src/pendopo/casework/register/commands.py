"""Commands to the register: planned with the decision, carried out by a worker, the same at every attempt.

The key of a command is made of the case and the child; the register does a key once. A command that the
office cannot take now stays pending, the case says what it waits for, and the worker tries again for ever.
"""

from uuid import UUID

from django.db import transaction

from pendopo.casework import content as contents
from pendopo.casework import events, lookups, sealed, timeline
from pendopo.casework.errors import DefinitionMismatch
from pendopo.casework.models import Case, RegisterCommand
from pendopo.casework.moves import move, service_of
from pendopo.casework.register import answers, births
from pendopo.casework.states import CaseState, CommandKind, CommandState, EventKind
from pendopo.catalogue import api as catalogue
from pendopo.catalogue.api import Facts, Service
from pendopo.exchange import api as exchange
from pendopo.foundation.actor import SYSTEM, Actor, ActorKind
from pendopo.foundation.audit import audit
from pendopo.foundation.clock import now
from pendopo.foundation.formats import zone
from pendopo.foundation.outbox import Retry, emit
from pendopo.kernel.ids import uuid7

CHILDREN = "children"
OFFICER = "officer"


def plan(case: Case, service: Service) -> None:
    """Write one pending command for each child of an approved case, in the caller's transaction.

    A service that tells no register anything has nothing to plan.
    """
    if not service.flow.commands:
        return
    count = catalogue.items(service, facts_of(case, service), CHILDREN)
    RegisterCommand.objects.bulk_create(
        RegisterCommand(
            id=uuid7(),
            case=case,
            kind=CommandKind.BIRTH,
            child=child,
            key=f"{case.id}:{child}",
            state=CommandState.PENDING,
        )
        for child in range(count)
    )


def facts_of(case: Case, service: Service) -> Facts:
    """Return the facts of a sent application, as of the day on which it was sent."""
    applicant = lookups.applicant_of(case.subject_id)
    content = contents.read(case, service)
    return lookups.facts_of(applicant, content, case.submitted_at.astimezone(zone()).date())


def carry_out(case_id: UUID) -> None:
    """Send the pending birth commands of a case. Raises ``Retry`` when the office does not answer or permit.

    Safe to repeat and to run twice at once: the register recognises the key, and each result is written once.
    """
    case = Case.objects.get(id=case_id)
    if case.state != CaseState.APPROVED:
        return
    service = service_of(case)
    for row in case.commands.filter(kind=CommandKind.BIRTH, state=CommandState.PENDING).order_by("child"):
        _send(case, service, row)
    _finish(case_id)


def _send(case: Case, service: Service, row: RegisterCommand) -> None:
    try:
        command = births.command_of(case, service, facts_of(case, service), row.child)
    except DefinitionMismatch as error:
        # Nothing was sent, and the next attempt would end here again: an officer has to see it.
        note_rejection(row.id, error.code)
        return
    context = exchange.Context(purpose=case.purpose, actor=_decider(case), issue=case.number)
    try:
        answer = exchange.population.register_birth(command, context=context, idempotency_key=row.key)
    except exchange.PopulationUnavailable as error:
        note_failure(row.id, error)
        raise Retry(error.code) from error
    except exchange.ExchangeDenied as error:
        note_denial(row.id, error.code)
        raise Retry(error.code) from error
    except exchange.CommandRefused as refused:
        note_rejection(row.id, refused.reason)
    else:
        note_done(row.id, answers.encode_birth(answer))


def _decider(case: Case) -> Actor:
    """Return the deciding officer as the one in whose name the register is asked."""
    decision = case.decision
    return Actor(
        ActorKind.OFFICER, subject_id=decision.decided_by, body_id=case.body_id, post_id=decision.post_id
    )


def note_done(command_id: UUID, result: sealed.Json) -> None:
    """Keep what the register answered, once."""
    with transaction.atomic(durable=True):
        row = RegisterCommand.objects.select_for_update().get(id=command_id)
        if row.state != CommandState.PENDING:
            return
        row.state = CommandState.DONE
        row.result = sealed.seal(result, column="registercommand.result", row=row.id)
        row.attempts += 1
        row.last_attempt_at = row.done_at = now()
        row.last_error = ""
        row.save()
        audit(events.COMMAND_DONE, actor=SYSTEM, object_id=row.case_id, body_id=row.case.body_id)


def note_failure(command_id: UUID, error: exchange.PopulationUnavailable) -> None:
    """Remember that no usable answer came; the timeline says so once, the command keeps the count."""
    _note_attempt(command_id, error.code, lookups.waits_for(error), EventKind.REGISTER_WAITS)


def note_denial(command_id: UUID, code: str) -> None:
    """Remember that the exchange or the office did not permit the command: an officer must see to it.

    The command stays pending under its key, because an earlier attempt may have arrived.
    """
    _note_attempt(command_id, code, OFFICER, EventKind.REGISTER_REJECTED)


def _note_attempt(command_id: UUID, code: str, waits_for: str, kind: EventKind) -> None:
    with transaction.atomic(durable=True):
        row = RegisterCommand.objects.select_for_update().select_related("case").get(id=command_id)
        row.attempts += 1
        row.last_attempt_at = now()
        row.last_error = code
        row.save(update_fields=["attempts", "last_attempt_at", "last_error"])
        case = Case.objects.select_for_update().get(id=row.case_id)
        if case.waits_for not in {waits_for, OFFICER}:
            if not case.waits_for or waits_for == OFFICER:
                timeline.write(case, kind, SYSTEM)
            case.waits_for = waits_for
            case.save(update_fields=["waits_for"])
        audit(
            events.COMMAND_FAILED,
            actor=SYSTEM,
            object_id=case.id,
            body_id=case.body_id,
            detail={"error": code},
        )


def note_rejection(command_id: UUID, reason: str) -> None:
    """Keep that the register examined the command and refused it: an officer must look at the case again."""
    with transaction.atomic(durable=True):
        row = RegisterCommand.objects.select_for_update().get(id=command_id)
        if row.state != CommandState.PENDING:
            return
        row.state = CommandState.REJECTED
        row.attempts += 1
        row.last_attempt_at = now()
        row.last_error = reason
        row.save()
        case = Case.objects.select_for_update().get(id=row.case_id)
        case.waits_for = OFFICER
        case.save(update_fields=["waits_for"])
        timeline.write(case, EventKind.REGISTER_REJECTED, SYSTEM)
        audit(
            events.COMMAND_REJECTED,
            actor=SYSTEM,
            object_id=case.id,
            body_id=case.body_id,
            detail={"reason": reason},
        )


def _finish(case_id: UUID) -> None:
    """Move the case on when every command of the decision is done."""
    with transaction.atomic(durable=True):
        case = Case.objects.select_for_update().get(id=case_id)
        states = set(case.commands.filter(kind=CommandKind.BIRTH).values_list("state", flat=True))
        if case.state != CaseState.APPROVED or states != {CommandState.DONE}:
            return
        move(case, service_of(case), "register")
        case.waits_for = ""
        case.save()
        timeline.write(case, EventKind.REGISTERED, SYSTEM)
        audit(events.REGISTERED, actor=SYSTEM, object_id=case.id, body_id=case.body_id)
        emit(events.REGISTERED_TOPIC, {"case_id": str(case.id)})
