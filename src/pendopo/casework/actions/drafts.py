"""What an applicant does before sending: begin, save a page, read registers, remark, discard."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import F

from pendopo.casework import content as contents
from pendopo.casework import events, lookups, sealed
from pendopo.casework.content import Content
from pendopo.casework.errors import NoSuchPage
from pendopo.casework.models import Case, Draft, Evidence
from pendopo.casework.states import CaseState
from pendopo.casework.visibility import drafts_of, own_draft, person
from pendopo.catalogue import api as catalogue
from pendopo.catalogue.api import Facts, Interpretation, PageView, Problem, Service, Value
from pendopo.documents import api as documents
from pendopo.documents.api import StoredFile
from pendopo.foundation.actor import Actor
from pendopo.foundation.audit import audit
from pendopo.foundation.clock import now
from pendopo.kernel.ids import uuid7

CHECK, CONFIRM = "check", "confirm"


@dataclass(frozen=True, slots=True)
class Opened:
    """A draft as one page needs it. ``returned_for`` is empty unless an officer asked to complete pages."""

    draft: Draft
    service: Service
    applicant: lookups.Applicant
    content: Content
    state: Interpretation
    returned_for: frozenset[str]

    @property
    def facts(self) -> Facts:
        """The facts that the present answers amount to."""
        return lookups.facts_of(self.applicant, self.content)

    def page(self, key: str) -> PageView:
        """Return a page that applies now, or raise :class:`NoSuchPage`."""
        page = self.state.page(key)
        if page is None:
            raise NoSuchPage
        return page

    def may_change(self, page: PageView) -> bool:
        """Whether the page may be answered: always before sending, later what was asked or is missing."""
        return (
            not self.returned_for or page.id in self.returned_for or not page.complete or page.kind == CHECK
        )


def start(service: Service, actor: Actor, language: str) -> UUID:
    """Begin an application of the acting person and return the draft's id.

    An untouched draft of the same version is taken up again, so that pressing twice begins once.
    """
    moment, version_id = now(), service.version_id
    if version_id is None:
        raise NoSuchPage
    with transaction.atomic(durable=True):
        untouched = drafts_of(actor).filter(service_version_id=version_id, saved_at=F("created_at")).first()
        if untouched is not None:
            return untouched.id
        draft = Draft(
            id=uuid7(),
            created_at=moment,
            subject_id=person(actor),
            service_version_id=version_id,
            agency=service.agency,
            service=service.code,
            language=language,
            saved_at=moment,
        )
        contents.write(draft, Content())
        draft.save(force_insert=True)
        audit(events.DRAFT_STARTED, actor=actor, object_id=draft.id)
    return draft.id


def opened(actor: Actor, draft_id: UUID) -> Opened:
    """Open a draft of the acting person, as it is now."""
    return _opened(own_draft(actor, draft_id))


def opened_for_update(actor: Actor, draft_id: UUID) -> Opened:
    """Open a draft and hold its row until the surrounding transaction ends."""
    return _opened(own_draft(actor, draft_id, for_update=True))


def _opened(draft: Draft) -> Opened:
    return opened_row(draft, Case.objects.filter(draft_id=draft.id, state=CaseState.RETURNED).first())


def opened_row(draft: Draft, returned: Case | None) -> Opened:
    """Open a draft that was read, with the case that an officer returned, if one did."""
    service, applicant, content = read_row(draft)
    state = catalogue.interpret(service, lookups.facts_of(applicant, content))
    asked = frozenset(str(page) for page in returned.returned_for) if returned else frozenset[str]()
    return Opened(draft, service, applicant, content, state, asked)


def read_row(draft: Draft) -> tuple[Service, lookups.Applicant, Content]:
    """Return what a draft that was read is about, whose it is and what it says so far."""
    service = catalogue.service_version(draft.service_version_id)
    return service, lookups.applicant_of(draft.subject_id), contents.read(draft, service)


def read_registers(actor: Actor, draft_id: UUID) -> str:
    """Run the look-ups that are due; return what does not answer, or an empty text. Does network I/O."""
    before = opened(actor, draft_id)
    looked = lookups.run(before.service, before.content, before.applicant, actor)
    new = {
        key: value for key, value in looked.content.known.items() if before.content.known.get(key) != value
    }
    with transaction.atomic(durable=True):
        draft = own_draft(actor, draft_id, for_update=True)
        content = contents.read(draft, before.service)
        for key, value in new.items():
            content = content.with_known(key, value)
        contents.write(draft, content)
        draft.waits_for = looked.waits_for
        draft.tried_at = now()
        draft.save(update_fields=["known", "answers", "remarks", "waits_for", "tried_at"])
        if new:
            audit(events.REGISTER_READ, actor=actor, object_id=draft.id, detail={"lookups": len(new)})
    return looked.waits_for


def save_page(
    actor: Actor, draft_id: UUID, key: str, raw: Mapping[str, str], files: Mapping[str, StoredFile]
) -> tuple[Problem, ...]:
    """Save one page. With a problem nothing is saved and the problems are returned.

    ``raw`` is what the form posted; ``files`` are uploads of this page that ``documents`` already accepted.
    """
    with transaction.atomic(durable=True):
        current = opened_for_update(actor, draft_id)
        page = current.page(key)
        if not current.may_change(page):
            raise NoSuchPage
        parsed = catalogue.parse_page(page, raw)
        content = current.content.with_answers(
            {**parsed.values, **{path: str(file.id) for path, file in files.items()}, **_confirmed(page)}
        )
        problems = parsed.problems or _problems(current, content, page.key)
        if not problems:
            _keep(current.draft, content)
            for path, file in files.items():
                _attach(current.draft, path, file)
            audit(
                events.PAGE_SAVED,
                actor=actor,
                object_id=draft_id,
                detail={"page": page.id, "files": len(files)},
            )
    return problems


def _confirmed(page: PageView) -> dict[str, Value | None]:
    """Return what is kept when a page of known data was confirmed: exactly what was shown, nothing else."""
    if page.kind != CONFIRM:
        return {}
    return {catalogue.confirmation_path(page.key): page.confirmation}


def _problems(current: Opened, content: Content, key: str) -> tuple[Problem, ...]:
    """Return what the definition says against a page with these answers."""
    page = catalogue.interpret(current.service, lookups.facts_of(current.applicant, content)).page(key)
    return page.problems if page is not None else ()


def attach(actor: Actor, draft_id: UUID, key: str, files: Mapping[str, StoredFile]) -> None:
    """Keep accepted uploads although the rest of the page has problems, so that nobody uploads twice."""
    with transaction.atomic(durable=True):
        current = opened_for_update(actor, draft_id)
        if not current.may_change(current.page(key)):
            raise NoSuchPage
        _keep(
            current.draft, current.content.with_answers({path: str(file.id) for path, file in files.items()})
        )
        for path, file in files.items():
            _attach(current.draft, path, file)
        audit(events.PAGE_SAVED, actor=actor, object_id=draft_id, detail={"page": key, "files": len(files)})


def remark(actor: Actor, draft_id: UUID, path: str, text: str) -> None:
    """Note what the applicant says about a register value; an empty text takes the remark back."""
    with transaction.atomic(durable=True):
        current = opened_for_update(actor, draft_id)
        if path not in {shown.path for page in current.state.pages for shown in page.shows}:
            raise NoSuchPage
        _keep(current.draft, current.content.with_remark(path, text))
        audit(events.REMARKED, actor=actor, object_id=draft_id)


def discard(actor: Actor, draft_id: UUID) -> None:
    """Throw an unsent application away: what it said is erased, that it existed stays in the audit trail."""
    with transaction.atomic(durable=True):
        draft = own_draft(actor, draft_id, for_update=True)
        if Case.objects.filter(draft_id=draft.id).exists():
            raise NoSuchPage
        for file_id in Evidence.objects.filter(draft=draft).values_list("file_id", flat=True):
            documents.delete_file(file_id)
        Evidence.objects.filter(draft=draft).delete()
        draft.delete()
        audit(events.DRAFT_DISCARDED, actor=actor, object_id=draft_id)


def _keep(draft: Draft, content: Content) -> None:
    contents.write(draft, content)
    draft.saved_at = now()
    draft.save(update_fields=["answers", "known", "remarks", "saved_at"])


def _attach(draft: Draft, path: str, file: StoredFile) -> None:
    documents.keep_file(file.id)
    Evidence.objects.filter(draft=draft, field=path, replaced_at=None).exclude(file_id=file.id).update(
        replaced_at=now()
    )
    row = Evidence(
        id=uuid7(),
        draft=draft,
        field=path,
        file_id=file.id,
        media_type=file.media_type,
        size=file.size,
        sha256=file.sha256,
    )
    row.filename = sealed.seal(file.filename, column="evidence.filename", row=row.id)
    row.save(force_insert=True)
