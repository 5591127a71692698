"""What an officer does with a case: take it, return it, decide on it.

Each verb checks the permission of the chosen post and the body of the case (another body's case does not
exist), asks the service's flow whether the action is possible, and writes the change, the timeline, the
audit row and the event in one transaction.
"""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from pendopo.casework import content as contents
from pendopo.casework import events, sealed, timeline
from pendopo.casework.errors import ActionNotPossible, FourEyes, NoSuchPage, OwnApplication, ReasonMissing
from pendopo.casework.models import Case, Decision, Draft
from pendopo.casework.moves import move, service_of
from pendopo.casework.register.commands import facts_of, plan
from pendopo.casework.states import CommandKind, CommandState, EventKind, Outcome
from pendopo.casework.visibility import agency_case, person
from pendopo.catalogue import api as catalogue
from pendopo.catalogue.api import Service
from pendopo.foundation.actor import Actor
from pendopo.foundation.audit import audit
from pendopo.foundation.clock import now
from pendopo.foundation.outbox import emit
from pendopo.inbox import api as inbox
from pendopo.kernel.ids import uuid7

VERIFY = "casework:case:verify"
RETURN = "casework:case:return"
DECIDE = "casework:case:decide"
SHORTEST_REASON = 10
LONGEST_REASON = 2000


def take(actor: Actor, case_id: UUID) -> None:
    """Take a case to verify it; the officer is its verifier from now on."""
    actor.require(VERIFY)
    with transaction.atomic(durable=True):
        case = case_of_others(actor, case_id)
        move(case, service_of(case), "take")
        case.verifier_id = actor.subject_id
        case.save()
        timeline.write(case, EventKind.TAKEN, actor)
        audit(events.TAKEN, actor=actor, object_id=case.id)


def return_for_completion(actor: Actor, case_id: UUID, *, pages: Sequence[str], reason: str) -> None:
    """Give a case back to the applicant, who may then answer ``pages`` (page ids) anew; both clocks pause."""
    actor.require(RETURN)
    text = reason_of(reason)
    if not pages:
        raise ReasonMissing
    with transaction.atomic(durable=True):
        case = case_of_others(actor, case_id)
        service = service_of(case)
        if not set(pages) <= _answerable(case, service):
            raise NoSuchPage
        move(case, service, "return")
        case.returned_for = list(dict.fromkeys(pages))
        case.save()
        _reopen(case, service)
        timeline.write(case, EventKind.RETURNED, actor, note=text)
        audit(events.RETURNED, actor=actor, object_id=case.id, detail={"pages": list(case.returned_for)})
        emit(events.RETURNED_TOPIC, {"case_id": str(case.id)})
        _tell(case, "casework.returned")


def decide(actor: Actor, case_id: UUID, *, outcome: Outcome, reason: str = "") -> None:
    """Decide on a case. A refusal needs a reason; where the service asks four eyes, another officer decides.

    An approval writes the commands to the register in the same transaction; a worker carries them out.
    """
    actor.require(DECIDE)
    text = reason_of(reason) if outcome is Outcome.REFUSED else reason.strip()
    with transaction.atomic(durable=True):
        case = case_of_others(actor, case_id)
        service = service_of(case)
        action = "approve" if outcome is Outcome.APPROVED else "refuse"
        if needs_other_eyes(service, action) and case.verifier_id == actor.subject_id:
            raise FourEyes
        move(case, service, action)
        _write_decision(case, outcome, text, actor)
        if outcome is Outcome.APPROVED:
            plan(case, service)
            if service.flow.states[case.state].final:
                _tell(case, "casework.granted")
        else:
            _tell(case, "casework.refused")
        case.save()
        kind = EventKind.APPROVED if outcome is Outcome.APPROVED else EventKind.REFUSED
        timeline.write(case, kind, actor, note=text)
        audit(events.DECIDED, actor=actor, object_id=case.id, detail={"outcome": outcome.value})
        emit(events.DECIDED_TOPIC, {"case_id": str(case.id)})


def retry(actor: Actor, case_id: UUID) -> None:
    """Send the commands again that the register examined and refused, after the cause was removed there.

    A refused command changed nothing, so it is sent under a new key.
    """
    actor.require(DECIDE)
    with transaction.atomic(durable=True):
        case = case_of_others(actor, case_id)
        refused = list(case.commands.filter(state=CommandState.REJECTED, kind=CommandKind.BIRTH))
        if not refused:
            raise ActionNotPossible
        for row in refused:
            row.key = f"{case.id}:{row.child}:{row.attempts}"
            row.state = CommandState.PENDING
            row.save(update_fields=["key", "state"])
        case.waits_for = ""
        case.save(update_fields=["waits_for"])
        audit(events.RETRIED, actor=actor, object_id=case.id)
        emit(events.DECIDED_TOPIC, {"case_id": str(case.id)})


def case_of_others(actor: Actor, case_id: UUID) -> Case:
    """Hold one case of the officer's body; raise :class:`OwnApplication` if the officer applied."""
    case = agency_case(actor, case_id, for_update=True)
    if case.subject_id == actor.subject_id:
        raise OwnApplication
    return case


def reason_of(text: str) -> str:
    """Return a reason that can help its reader, or raise :class:`ReasonMissing`."""
    tidy = text.strip()
    if not SHORTEST_REASON <= len(tidy) <= LONGEST_REASON:
        raise ReasonMissing
    return tidy


def needs_other_eyes(service: Service, action: str) -> bool:
    """Whether the service asks that another officer takes the action than the one who verified."""
    stated = service.flow.action(action)
    return stated is not None and stated.four_eyes


def _answerable(case: Case, service: Service) -> set[str]:
    """Return the pages that the applicant answered: only these can be given back."""
    state = catalogue.interpret(service, facts_of(case, service))
    return {page.id for page in state.pages if page.questions}


def _write_decision(case: Case, outcome: Outcome, reason: str, actor: Actor) -> None:
    row = Decision(
        id=uuid7(),
        case=case,
        outcome=outcome,
        decided_by=person(actor),
        post_id=actor.post_id,
        decided_at=now(),
    )
    if reason:
        row.reason = sealed.seal(reason, column="decision.reason", row=row.id)
    row.save(force_insert=True)


def _reopen(case: Case, service: Service) -> None:
    """Put what was sent back into the draft, where the applicant's pages read it."""
    draft = Draft.objects.select_for_update().get(id=case.draft_id)
    contents.write(draft, contents.read(case, service))
    draft.saved_at = now()
    draft.save(update_fields=["answers", "known", "remarks", "saved_at"])


def _tell(case: Case, template: str) -> None:
    inbox.send(
        case.subject_id,
        template=template,
        params={"number": case.number},
        link=("casework.case", {"case_id": str(case.id)}),
    )
