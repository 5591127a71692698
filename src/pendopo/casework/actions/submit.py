"""Sending an application: exactly one case a draft, however often the button is pressed."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from pendopo.agencies import api as agencies
from pendopo.casework import case_numbers, events, lookups, sealed, timeline, tracking
from pendopo.casework import content as contents
from pendopo.casework.actions.drafts import CHECK, Opened, opened_row, read_row
from pendopo.casework.content import Content
from pendopo.casework.errors import Incomplete, NoSuchDraft, NoSuchPage
from pendopo.casework.models import Case, Draft
from pendopo.casework.moves import begin
from pendopo.casework.records import Receipt
from pendopo.casework.states import CaseState, EventKind
from pendopo.casework.visibility import held_draft
from pendopo.catalogue import api as catalogue
from pendopo.catalogue.api import Problem, Service
from pendopo.exchange import api as exchange
from pendopo.foundation.actor import Actor
from pendopo.foundation.audit import audit
from pendopo.foundation.clock import now
from pendopo.foundation.outbox import emit
from pendopo.foundation.statements import insert, together, write
from pendopo.inbox import api as inbox
from pendopo.kernel.ids import uuid7

type Problems = tuple[Problem, ...]

HANDLING = "public-service.application"

_TAKE_EVIDENCE = "UPDATE casework_evidence SET case_id = %s WHERE draft_id = %s AND replaced_at IS NULL"
_EMPTY = "UPDATE casework_draft SET answers = %s, known = %s, remarks = %s WHERE id = %s"


def submit(actor: Actor, draft_id: UUID) -> Receipt:
    """Send a draft and return its receipt; sending it again returns the same receipt.

    The draft's row lock makes a second press wait for the first. Raises :class:`Incomplete` while a page
    misses something or a register has not answered, :class:`NoSuchDraft` for somebody else's draft.
    """
    with transaction.atomic(durable=True):
        draft, case = held_draft(actor, draft_id)
        if case is None:
            case = _sent(opened_row(draft, None), actor)
        elif case.state == CaseState.RETURNED:
            raise NoSuchDraft
    return receipt_of(case)


def send(actor: Actor, draft_id: UUID, raw: Mapping[str, str], *, of: tuple[str, str]) -> Receipt | Problems:
    """Take the answers of the last page and send, in one transaction.

    ``raw`` is what the form posted, ``of`` agency and code in the address. Returns the problems of the last
    page instead, when it has any; then, as after any error, nothing was saved. Raises what :func:`submit`
    does, and :class:`NoSuchPage` while the last page does not apply.
    """
    with transaction.atomic(durable=True):
        draft, case = held_draft(actor, draft_id)
        if (draft.agency, draft.service) != of:
            raise NoSuchDraft
        if case is None:
            current, problems = _answered(draft, raw)
            if problems:
                return problems
            case = _sent(current, actor)
        elif case.state == CaseState.RETURNED:
            raise NoSuchDraft
    return receipt_of(case)


def _answered(draft: Draft, raw: Mapping[str, str]) -> tuple[Opened, Problems]:
    """Return the draft as it is with the answers of the last page, and what is wrong with these."""
    service, applicant, before = read_row(draft)
    page = catalogue.page_of(service, lookups.facts_of(applicant, before), CHECK)
    if page is None:
        raise NoSuchPage
    parsed = catalogue.parse_page(page, raw)
    content = before.with_answers(parsed.values)
    state = catalogue.interpret(service, lookups.facts_of(applicant, content))
    shown = state.page(CHECK)
    problems = parsed.problems or (shown.problems if shown is not None else ())
    return Opened(draft, service, applicant, content, state, frozenset()), problems


def _sent(current: Opened, actor: Actor) -> Case:
    """Make the case, in the caller's transaction, and leave nothing in the draft.

    None of these writes needs another, so that the database is asked once for all of them.
    """
    with together():
        case = _case_of(current)
        write(_TAKE_EVIDENCE, (case.id, current.draft.id))
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
    return case


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
        body_id=agencies.body_id(draft.agency),
        subject_id=draft.subject_id,
        language=draft.language,
        purpose=purpose_of(service, content),
        submitted_at=now(),
    )
    contents.write(case, content)
    case.applicant_name = sealed.seal(current.applicant.name, column="case.applicant_name", row=case.id)
    pseudonym = exchange.pseudonym(current.applicant.nik)
    case.pseudonym = sealed.seal(pseudonym, column="case.pseudonym", row=case.id)
    case.tracking_code = sealed.seal(code, column="case.tracking_code", row=case.id)
    case.number = case_numbers.next_number()
    case.tracking_index = case_numbers.index_of(case.number, code)
    begin(case, service)
    insert(case)
    return case


def purpose_of(service: Service, content: Content) -> str:
    """Return the purpose under which officers look at an application, and a register is told of it.

    That of its first register answer; where no register was asked, of what the definition would ask or tell
    one; else that of handling an application as such.
    """
    stated = (
        *(answer.purpose for answer in content.known.values()),
        *(lookup.purpose for lookup in service.data.lookups.values()),
        *(command.purpose for command in service.flow.commands.values()),
    )
    return stated[0] if stated else HANDLING


def empty(draft: Draft) -> None:
    """Leave nothing said behind in the draft: the case holds it now."""
    contents.write(draft, Content())
    write(_EMPTY, (draft.answers, draft.known, draft.remarks, draft.id))


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
