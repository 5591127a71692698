"""Sending an application: exactly one case a draft, however often the button is pressed."""

from uuid import UUID

from django.db import transaction

from pendopo.agencies import api as agencies
from pendopo.casework import case_numbers, events, sealed, timeline, tracking
from pendopo.casework import content as contents
from pendopo.casework.actions.drafts import Opened, opened_for_update
from pendopo.casework.content import Content
from pendopo.casework.errors import Incomplete, NoSuchDraft
from pendopo.casework.models import Case, Draft, Evidence
from pendopo.casework.moves import enter, initial_state
from pendopo.casework.records import Receipt
from pendopo.casework.states import CaseState, EventKind
from pendopo.casework.visibility import own_cases, person
from pendopo.catalogue.api import Service
from pendopo.exchange import api as exchange
from pendopo.foundation.actor import Actor
from pendopo.foundation.audit import audit
from pendopo.foundation.clock import now
from pendopo.foundation.outbox import emit
from pendopo.inbox import api as inbox
from pendopo.kernel.ids import uuid7


def submit(actor: Actor, draft_id: UUID) -> Receipt:
    """Send a draft and return its receipt; sending it again returns the same receipt.

    The draft's row lock makes a second press wait for the first. Raises :class:`Incomplete` while a page
    misses something or a register has not answered, :class:`NoSuchDraft` for somebody else's draft.
    """
    with transaction.atomic(durable=True):
        Draft.objects.select_for_update().filter(id=draft_id, subject_id=person(actor)).first()
        sent = own_cases(actor).filter(draft_id=draft_id).exclude(state=CaseState.RETURNED).first()
        if sent is not None:
            return receipt_of(sent)
        current = opened_for_update(actor, draft_id)
        if current.returned_for:
            raise NoSuchDraft
        case = _case_of(current)
        Evidence.objects.filter(draft_id=draft_id, replaced_at=None).update(case=case)
        empty(current.draft)
        timeline.write(case, EventKind.SUBMITTED, actor)
        audit(events.SUBMITTED, actor=actor, object_id=case.id, body_id=case.body_id)
        emit(events.SUBMITTED_TOPIC, {"case_id": str(case.id)})
        inbox.send(
            case.subject_id,
            template="casework.submitted",
            params={"number": case.number},
            link=("casework.case", {"case_id": str(case.id)}),
        )
    return receipt_of(case)


def ready(current: Opened) -> Content:
    """Return what would be sent, or raise :class:`Incomplete`.

    Answers of pages that no longer apply are left behind: only what the definition asked is sent.
    """
    if not current.state.ready:
        raise Incomplete
    answers = {path: value for path, value in current.content.answers.items() if _still_asked(current, path)}
    return Content(answers, current.content.known, current.content.remarks)


def _still_asked(current: Opened, path: str) -> bool:
    return path in current.state.values or path.startswith("confirmed.")


def _case_of(current: Opened) -> Case:
    draft, service = current.draft, current.service
    content = ready(current)
    code = case_numbers.new_tracking_code()
    case = Case(
        id=uuid7(),
        draft_id=draft.id,
        service_version_id=draft.service_version_id,
        agency=draft.agency,
        service=draft.service,
        body_id=agencies.body_by_code(draft.agency).id,
        subject_id=draft.subject_id,
        language=draft.language,
        purpose=purpose_of(service, content),
        state=CaseState.SUBMITTED,
        submitted_at=now(),
    )
    contents.write(case, content)
    case.applicant_name = sealed.seal(current.applicant.name, column="case.applicant_name", row=case.id)
    pseudonym = exchange.pseudonym(current.applicant.nik)
    case.pseudonym = sealed.seal(pseudonym, column="case.pseudonym", row=case.id)
    case.tracking_code = sealed.seal(code, column="case.tracking_code", row=case.id)
    case.number = case_numbers.next_number()
    case.tracking_index = case_numbers.index_of(case.number, code)
    case.save(force_insert=True)
    enter(case, service, initial_state(service))
    case.save(update_fields=["state", "promise_due_at", "legal_due_at"])
    return case


def purpose_of(service: Service, content: Content) -> str:
    """Return the exchange purpose of an application: that of its first register answer."""
    for answer in content.known.values():
        return answer.purpose
    return next(lookup.purpose for lookup in service.data.lookups.values())


def empty(draft: Draft) -> None:
    """Leave nothing said behind in the draft: the case holds it now."""
    contents.write(draft, Content())
    draft.save(update_fields=["answers", "known", "remarks"])


def receipt_of(case: Case) -> Receipt:
    """Return the receipt of a case; the same at every call."""
    code = sealed.open_text(case.tracking_code, column="case.tracking_code", row=case.id)
    return Receipt(
        case_id=case.id,
        number=case.number,
        tracking_code=case_numbers.shown(code),
        token=tracking.token_of(case),
        agency=case.agency,
        service=case.service,
        service_version_id=case.service_version_id,
        submitted_at=case.submitted_at,
        promise_due_at=case.promise_due_at,
        legal_due_at=case.legal_due_at,
    )
