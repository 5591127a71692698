"""Reading drafts and cases. Every function takes the actor and starts from ``visibility``."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from pendopo.casework import (
    clocks,
    corrections,
    display,
    events,
    looks,
    sealed,
    survey,
    timeline,
    worklist,
)
from pendopo.casework import content as contents
from pendopo.casework.actions.officer import DECIDE, RETURN, VERIFY, needs_other_eyes
from pendopo.casework.actions.submit import receipt_of
from pendopo.casework.content import Content
from pendopo.casework.display import Reader, Sheet
from pendopo.casework.errors import NoSuchCase
from pendopo.casework.models import Case, Certificate, Correction, Decision, Draft, Evidence
from pendopo.casework.moves import rules_of, service_of
from pendopo.casework.records import (
    CaseAtHand,
    CaseLine,
    CertificateView,
    ClockView,
    CommandView,
    CorrectionView,
    DecisionView,
    DraftLine,
    FileView,
    Moment,
    OfficerCase,
    OwnCase,
    Receipt,
)
from pendopo.casework.register import answers
from pendopo.casework.register.commands import facts_of
from pendopo.casework.states import CaseState, CommandState, CorrectionState, EventKind, Outcome
from pendopo.casework.visibility import agency_case, drafts_of, own_case, own_cases
from pendopo.catalogue import api as catalogue
from pendopo.catalogue.api import Facts, Interpretation, Service
from pendopo.foundation import working_calendar
from pendopo.foundation.actor import Actor
from pendopo.foundation.audit import audit
from pendopo.foundation.clock import now

MOST_LINES = 50


def cases_of(actor: Actor, *, limit: int = MOST_LINES) -> tuple[CaseLine, ...]:
    """Return the person's cases, newest first, in one query."""
    documents = Certificate.objects.filter(case=OuterRef("pk"), replaced_at=None)
    rows = own_cases(actor).annotate(has_document=Exists(documents)).order_by("-submitted_at")[:limit]
    return tuple(case_line(row, has_document=row.has_document) for row in rows)


def drafts_in_progress(actor: Actor, *, limit: int = MOST_LINES) -> tuple[DraftLine, ...]:
    """Return the person's unsent applications, last saved first. Returned ones are cases, not drafts."""
    sent = own_cases(actor).values("draft_id")
    rows = drafts_of(actor).exclude(id__in=sent).order_by("-saved_at")[:limit]
    return tuple(
        DraftLine(row.id, row.agency, row.service, row.service_version_id, row.saved_at, row.waits_for)
        for row in rows
    )


def receipt(actor: Actor, case_id: UUID) -> Receipt:
    """Return the receipt of an own case; the same at every call."""
    return receipt_of(own_case(actor, case_id))


def receipt_of_draft(actor: Actor, draft_id: UUID) -> Receipt | None:
    """Return the receipt of a draft that was sent, or None."""
    row = own_cases(actor).filter(draft_id=draft_id).first()
    return None if row is None else receipt_of(row)


@dataclass(frozen=True, slots=True)
class _Read:
    """A case with everything that both sides read."""

    case: Case
    service: Service
    content: Content
    facts: Facts
    state: Interpretation
    files: dict[str, FileView]


def _read(case: Case) -> _Read:
    service = service_of(case)
    content = contents.read(case, service)
    facts = facts_of(case, service)
    state = catalogue.interpret(service, facts)
    return _Read(case, service, content, facts, state, display.files_of(Evidence.objects.filter(case=case)))


def _sheet(read: _Read, reader: Reader) -> Sheet:
    return Sheet(read.service, read.state, read.content, read.files, reader)


def own(actor: Actor, case_id: UUID, language: str) -> OwnCase:
    """Return the applicant's own case; raise :class:`NoSuchCase`."""
    read = _read(own_case(actor, case_id))
    moments = timeline.read(read.case, with_notes=True)
    certificates = certificates_of(read.case)
    return OwnCase(
        line=case_line(read.case, has_document=bool(certificates)),
        draft_id=read.case.draft_id,
        sections=display.sections(_sheet(read, Reader(language))),
        moments=moments,
        clocks=clocks_of(read.case, read.service),
        decision=_decision(read.case),
        returned_for=_titles(read, [str(page) for page in read.case.returned_for], language),
        return_reason=_last_return(moments),
        survey_open=survey.is_open(read.case),
        certificates=certificates,
        corrections=corrections_of(read.case),
        children=_children(read.case),
    )


def for_officer(actor: Actor, case_id: UUID, language: str) -> OfficerCase:
    """Return one case of the officer's body, and write down that it was seen; raise :class:`NoSuchCase`."""
    case = agency_case(actor, case_id)
    read = _read(case)
    sections = display.sections(_sheet(read, Reader(language, officer=True)))
    record_look(actor, case, read.content, fields=("name", "application"))
    return OfficerCase(
        line=worklist.line(case),
        channel=case.channel,
        sections=sections,
        warnings=_warnings(read, language),
        files=tuple(read.files.values()),
        moments=timeline.read(case, with_notes=True),
        clocks=clocks_of(case, read.service),
        decision=_decision(case),
        commands=_commands(case),
        certificates=certificates_of(case),
        corrections=corrections_of(case),
        children=_children(case),
        actions=possible(actor, case, read.service),
        return_pages=_titles(read, [page.id for page in read.state.pages if page.questions], language),
    )


def at_hand(actor: Actor, case_id: UUID, action: str, language: str) -> CaseAtHand:
    """Return who a case is about and what can be done, and write down that the name was seen.

    Pages that can be given back are told for ``return`` only. Raises :class:`NoSuchCase`.
    """
    case = agency_case(actor, case_id)
    service = service_of(case)
    state = catalogue.interpret(service, facts_of(case, service)) if action == "return" else None
    pages = [page for page in state.pages if page.questions] if state else []
    with transaction.atomic():
        looks.record(actor, case, subjects=[looks.pseudonym(case)], fields=["name"])
        audit(events.CASE_READ, actor=actor, object_id=case.id, body_id=case.body_id)
    return CaseAtHand(
        line=worklist.line(case),
        actions=possible(actor, case, service),
        return_pages=tuple({page.id: page.title(language) for page in pages}.items()),
        told_to_register=bool(service.flow.commands),
        gives_up_deciding=actor.can(DECIDE)
        and any(needs_other_eyes(service, decision) for decision in ("approve", "refuse")),
    )


def record_look(actor: Actor, case: Case, content: Content, *, fields: Sequence[str]) -> None:
    """Write the access record of everybody whose data an officer just saw in a case."""
    subjects = {
        looks.pseudonym(case),
        *(answer.subject for answer in content.known.values() if answer.values),
    }
    with transaction.atomic():
        looks.record(actor, case, subjects=sorted(subjects - {""}), fields=fields)
        audit(events.CASE_READ, actor=actor, object_id=case.id, body_id=case.body_id)


def possible(actor: Actor, case: Case, service: Service) -> frozenset[str]:
    """Return the actions that this officer can take on the case now; on the officer's own case none."""
    if case.subject_id == actor.subject_id:
        return frozenset()
    state = CaseState(case.state)
    allowed = {
        "take": VERIFY,
        "return": RETURN,
        "approve": DECIDE,
        "refuse": DECIDE,
    }
    found = {
        action
        for action, permission in allowed.items()
        if actor.can(permission) and service.flow.next_state(state.value, action) is not None
    }
    if case.verifier_id == actor.subject_id:
        found -= {action for action in ("approve", "refuse") if needs_other_eyes(service, action)}
    if actor.can(DECIDE) and case.commands.filter(state=CommandState.REJECTED, kind="birth").exists():
        found.add("retry")
    if state is CaseState.ISSUED and actor.can(VERIFY):
        found.add("correct")
    if actor.can(DECIDE):
        found.add("decide_correction")
    return frozenset(found)


def file_for_officer(actor: Actor, case_id: UUID, evidence_id: UUID) -> FileView:
    """Return a file of a case, and write down that it was seen; raise :class:`NoSuchCase`."""
    case = agency_case(actor, case_id)
    row = Evidence.objects.filter(case=case, id=evidence_id).first()
    if row is None:
        raise NoSuchCase
    content = contents.read(case, service_of(case))
    with transaction.atomic():
        subjects = {
            looks.pseudonym(case),
            *(answer.subject for answer in content.known.values() if answer.own),
        }
        looks.record(actor, case, subjects=sorted(subjects - {""}), fields=["evidence"])
        audit(events.FILE_READ, actor=actor, object_id=row.id, body_id=case.body_id)
    return display.file_view(row)


def own_file(actor: Actor, evidence_id: UUID) -> FileView:
    """Return a file that the acting person gave, in a draft or a case; raise :class:`NoSuchCase`."""
    if actor.subject_id is None:
        raise NoSuchCase
    row = Evidence.objects.filter(draft__subject_id=actor.subject_id, id=evidence_id).first()
    if row is None:
        raise NoSuchCase
    with transaction.atomic():
        audit(events.FILE_READ, actor=actor, object_id=row.id)
    return display.file_view(row)


def return_reason(actor: Actor, draft_id: UUID) -> str:
    """Return what the officer wrote when the application was last given back, or an empty text."""
    row = own_cases(actor).filter(draft_id=draft_id).first()
    moments = () if row is None else timeline.read(row, with_notes=True)
    return _last_return(moments)


def _last_return(moments: Sequence[Moment]) -> str:
    return next((moment.note for moment in reversed(moments) if moment.kind is EventKind.RETURNED), "")


def draft_files(draft: Draft) -> dict[str, FileView]:
    """Return the present files of a draft by the path of their question."""
    return display.files_of(Evidence.objects.filter(draft=draft))


def clocks_of(case: Case, service: Service) -> tuple[ClockView, ...]:
    """Return both clocks as of now."""
    return clocks.view(case, rules_of(service), working_calendar.calendar(), now())


def case_line(row: Case, *, has_document: bool) -> CaseLine:
    """Map a row; ``has_document`` says whether the case led to a document that can be downloaded."""
    return CaseLine(
        id=row.id,
        number=row.number,
        agency=row.agency,
        service=row.service,
        service_version_id=row.service_version_id,
        state=CaseState(row.state),
        waits_for=row.waits_for,
        submitted_at=row.submitted_at,
        promise_due_at=row.promise_due_at,
        has_document=has_document,
    )


def certificates_of(case: Case) -> tuple[CertificateView, ...]:
    """Return the present document of each child."""
    rows = case.certificates.filter(replaced_at=None).order_by("child")
    return tuple(CertificateView(row.child, row.document_id, row.code, row.issued_at) for row in rows)


def corrections_of(case: Case) -> tuple[CorrectionView, ...]:
    """Return the requests to correct a certificate of this case, newest first."""
    return tuple(_correction(row) for row in case.corrections.order_by("-created_at"))


def _correction(row: Correction) -> CorrectionView:
    answer = (
        "" if row.answer is None else sealed.open_text(row.answer, column="correction.answer", row=row.id)
    )
    return CorrectionView(
        id=row.id,
        child=row.child,
        state=CorrectionState(row.state),
        changes=corrections.changes_of(row).pairs(),
        reason=sealed.open_text(row.reason, column="correction.reason", row=row.id),
        answer=answer,
        requested_at=row.created_at,
        by_officer=row.requested_by_officer,
    )


def _decision(case: Case) -> DecisionView | None:
    row = Decision.objects.filter(case=case).first()
    if row is None:
        return None
    reason = "" if row.reason is None else sealed.open_text(row.reason, column="decision.reason", row=row.id)
    return DecisionView(Outcome(row.outcome), reason, row.decided_at, row.decided_by)


def _commands(case: Case) -> tuple[CommandView, ...]:
    rows = case.commands.order_by("child", "created_at")
    return tuple(
        CommandView(row.child, CommandState(row.state), row.attempts, row.last_attempt_at, row.last_error)
        for row in rows
    )


def _children(case: Case) -> tuple[str, ...]:
    """Return the present name of each registered child, in order."""
    names: dict[int, str] = {}
    for row in case.commands.filter(state=CommandState.DONE).order_by("done_at"):
        names[row.child] = answers.entry_of(row).child_name
    return tuple(names[child] for child in sorted(names))


def _warnings(read: _Read, language: str) -> tuple[str, ...]:
    """Return the definition's warnings that hold for the case, in words."""
    found = catalogue.warnings(read.service, read.facts)
    return tuple(read.service.text(f"warnings.{name}", language) for name, _ in found)


def _titles(read: _Read, page_ids: Sequence[str], language: str) -> tuple[tuple[str, str], ...]:
    titles = {page.id: page.title(language) for page in read.state.pages}
    return tuple((page, titles[page]) for page in dict.fromkeys(page_ids) if page in titles)
