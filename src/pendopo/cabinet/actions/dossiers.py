"""Open a dossier, change its text and papers, submit it, take it back.

Owners (the seat that brings the matter) and clerks write. Each change of a paper makes another docset hash:
it is told by the outbox and, when the dossier stands in a live session, to the session in the same
transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from pendopo.cabinet import docsets, editions, errors, events, history, numbering, sealed, texts, visibility
from pendopo.cabinet.actions.live import act_within
from pendopo.cabinet.configuration import BodyConfiguration, ItemType
from pendopo.cabinet.live import commands
from pendopo.cabinet.models import AgendaItem, Body, CoordinationRequest, DocumentVersion, Dossier, Seat
from pendopo.cabinet.standing import Standing, standing_of
from pendopo.cabinet.values import Classification, DossierState, Happening, SessionState
from pendopo.documents import api as documents
from pendopo.foundation.actor import Actor
from pendopo.foundation.audit import audit
from pendopo.foundation.clock import now
from pendopo.foundation.outbox import emit
from pendopo.kernel.ids import uuid7

OPEN_FOR_PAPERS = frozenset(
    {
        DossierState.DRAFT,
        DossierState.COORDINATION,
        DossierState.SUBMITTED,
        DossierState.SCHEDULED,
        DossierState.POSITIONS_OPEN,
        DossierState.LOCKED,
        DossierState.CONSENT,
        DossierState.DEBATE,
        DossierState.RETURNED,
        DossierState.DEFERRED,
    }
)
FEWEST_ALTERNATIVES = 2


@dataclass(frozen=True, slots=True)
class Alternative:
    """One of the choices that a policy paper puts before the body."""

    title: str
    effect: str
    recommended: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """What a dossier says of itself. ``need_to_know`` are seat codes, None: everybody with the class."""

    title: str
    summary: str
    legal_basis: str = ""
    alternatives: Sequence[Alternative] = ()
    classification: Classification = Classification.OPEN
    need_to_know: Sequence[str] | None = None
    planned_minutes: int | None = None
    budget_line: str = ""


def open_dossier(actor: Actor, body_code: str, *, item_type: str, owner_seat: str, text: Text) -> UUID:
    """Open a draft for a seat that the actor holds, or as clerk for any seat."""
    standing = standing_of(actor)
    with transaction.atomic(durable=True):
        body = visibility.bodies(standing).filter(code=body_code).first()
        if body is None:
            raise errors.NoSuchBody
        owner = Seat.objects.filter(body=body, code=owner_seat).first()
        if owner is None:
            raise errors.DoesNotFit(field="owner_seat")
        require_writer(standing, body.id, owner.id)
        kind = _kind(body, item_type)
        row = Dossier(
            id=uuid7(),
            body=body,
            number="",
            item_type=kind.code,
            owner=owner,
            created_by=standing.subject_id,
            docset_hash=docsets.docset_hash(()),
        )
        _write(row, kind, text)
        row.number = numbering.next_dossier(body, Classification(row.classification), row.need_to_know)
        row.save(force_insert=True)
        audit(
            events.DOSSIER_OPENED,
            actor=actor,
            object_id=row.id,
            body_id=body.agency_id,
            detail={"number": row.number, "type": kind.code, "class": row.classification},
        )
        history.of_dossier(actor, row, Happening.OPENED)
    return row.id


def edit_dossier(actor: Actor, dossier_id: UUID, text: Text, *, edition: str | None = None) -> None:
    """Change what a dossier says, as long as it is not on its way through the session.

    Another class or circle is another series of numbers. While others are asked, nobody who was asked is shut
    out, or their silence would pass for consent (``AboveTheRoom``). Other words are as much as another paper:
    answers and positions on the old ones no longer hold.
    ``edition`` is what the writer had before them; another one raises ``EditedMeanwhile``.
    """
    with transaction.atomic(durable=True):
        row = writable(actor, dossier_id, edition)
        if row.state not in {DossierState.DRAFT, DossierState.COORDINATION, DossierState.RETURNED}:
            raise errors.StateDoesNotAllow
        before, words = (row.classification, row.need_to_know), _words(row)
        _write(row, _kind(row.body, row.item_type), text)
        _require_asked_still_know(row)
        if before != (row.classification, row.need_to_know):
            row.number = numbering.next_dossier(
                row.body, Classification(row.classification), row.need_to_know
            )
        is_other = words != _words(row)
        if is_other:
            row.text_version += 1
        row.save()
        audit(events.DOSSIER_CHANGED, actor=actor, object_id=row.id, body_id=row.body.agency_id)
        if is_other:
            _papers_changed(actor, row)
        history.of_dossier(actor, row, Happening.EDITED)


def add_document(actor: Actor, dossier_id: UUID, *, name: str, data: bytes, filename: str) -> UUID:
    """Add a paper and return its id, which all its versions share. The upload is made harmless first."""
    return _put(actor, dossier_id, None, name=name, data=data, filename=filename)


def replace_document(
    actor: Actor, dossier_id: UUID, paper: UUID, *, data: bytes, filename: str, edition: str | None = None
) -> UUID:
    """Add a new version of a paper; positions on the old one are stale from this moment."""
    return _put(actor, dossier_id, paper, name="", data=data, filename=filename, edition=edition)


def remove_document(actor: Actor, dossier_id: UUID, paper: UUID, *, edition: str | None = None) -> None:
    """Take a paper out of the dossier; its versions stay for the record."""
    with transaction.atomic(durable=True):
        row = writable(actor, dossier_id, edition)
        _require_open_for_papers(row)
        present = _present(row).filter(paper=paper).first()
        if present is None:
            raise errors.DoesNotFit(field="paper")
        present.removed_at = now()
        present.save(update_fields=["removed_at"])
        audit(events.DOCUMENT_REMOVED, actor=actor, object_id=row.id, body_id=row.body.agency_id)
        _papers_changed(actor, row)
        history.of_dossier(actor, row, Happening.PAPER_REMOVED, paper=_name_of(present), version=present.n)


def submit(actor: Actor, dossier_id: UUID, *, edition: str | None = None) -> None:
    """Bring the dossier before its body: it has papers, and its coordination is closed.

    Seats that answered on other papers are asked again from now on.
    """
    with transaction.atomic(durable=True):
        row = writable(actor, dossier_id, edition)
        if row.state not in {DossierState.DRAFT, DossierState.COORDINATION, DossierState.RETURNED}:
            raise errors.StateDoesNotAllow
        if row.rounds.filter(closed_at=None).exists() or not _present(row).exists():
            raise errors.StateDoesNotAllow
        row.state, row.submitted_at = DossierState.SUBMITTED, now()
        row.save(update_fields=["state", "submitted_at"])
        audit(events.DOSSIER_SUBMITTED, actor=actor, object_id=row.id, body_id=row.body.agency_id)
        emit(events.DOSSIER_SUBMITTED_TOPIC, {"dossier_id": str(row.id)})
        history.of_dossier(actor, row, Happening.SUBMITTED)


def withdraw(actor: Actor, dossier_id: UUID, reason: str, *, edition: str | None = None) -> None:
    """Take the dossier back for good before it is decided; it leaves the agenda."""
    _take_back(actor, dossier_id, reason, DossierState.WITHDRAWN, edition)


def return_to_owner(actor: Actor, dossier_id: UUID, reason: str, *, edition: str | None = None) -> None:
    """Give the dossier back to its owner to be worked on; the clerk's or the chair's act."""
    _take_back(actor, dossier_id, reason, DossierState.RETURNED, edition)


def writable(actor: Actor, dossier_id: UUID, edition: str | None = None) -> Dossier:
    """Hold a dossier that the actor may write to: owner, clerk or chair.

    Raises ``EditedMeanwhile`` when ``edition`` is named and is not the present one.
    """
    standing = standing_of(actor)
    row = visibility.dossier(standing, dossier_id, for_update=True)
    require_writer(standing, row.body_id, row.owner_id)
    editions.require(editions.of_dossier(row), edition)
    return row


def docset_of(dossier: Dossier) -> str:
    """Compute the hash of the papers and words in force."""
    papers = _present(dossier).values_list("paper", "sha256")
    return docsets.docset_hash(((paper, bytes(digest)) for paper, digest in papers), dossier.text_version)


def require_writer(standing: Standing, body_id: UUID, owner_seat_id: UUID) -> None:
    """Raise ``NotYourSeat`` for all but the owner in person, the clerk and the chair."""
    if not standing.writes(body_id, owner_seat_id):
        raise errors.NotYourSeat


def _words(row: Dossier) -> tuple[str, sealed.Json]:
    title = sealed.open_text(row.sealed_title, column="dossier.title", row=row.id)
    return title, sealed.open_json(row.sealed_summary, column="dossier.summary", row=row.id)


def _require_asked_still_know(row: Dossier) -> None:
    requests = CoordinationRequest.objects.filter(round__dossier=row, round__closed_at=None)
    asked = Seat.objects.filter(id__in=requests.values("seat_id"))
    if not all(visibility.knows(seat, seat.id, row) for seat in asked):
        raise errors.AboveTheRoom


def _require_open_for_papers(row: Dossier) -> None:
    if row.state not in OPEN_FOR_PAPERS:
        raise errors.StateDoesNotAllow


def _kind(body: Body, code: str) -> ItemType:
    kind = BodyConfiguration.model_validate(body.configuration).item_type(code)
    if kind is None:
        raise errors.DoesNotFit(field="item_type")
    return kind


def _write(row: Dossier, kind: ItemType, text: Text) -> None:
    configuration = BodyConfiguration.model_validate(row.body.configuration)
    level = max(text.classification, kind.classification)
    if level > configuration.classification_ceiling:
        raise errors.AboveTheRoom
    if kind.alternatives_required and len(text.alternatives) < FEWEST_ALTERNATIVES:
        raise errors.DoesNotFit(field="alternatives")
    if sum(one.recommended for one in text.alternatives) > 1:
        raise errors.DoesNotFit(field="recommended")
    known = {seat.code for seat in configuration.seats}
    if text.need_to_know is not None and not set(text.need_to_know) <= known:
        raise errors.DoesNotFit(field="need_to_know")
    row.sealed_title = sealed.seal(
        texts.required(text.title, "title", texts.TITLE), column="dossier.title", row=row.id
    )
    row.sealed_summary = sealed.seal(
        {
            "summary": texts.required(text.summary, "summary"),
            "legal_basis": texts.optional(text.legal_basis, "legal_basis"),
            "alternatives": [
                {
                    "title": texts.required(one.title, "alternatives", texts.TITLE),
                    "effect": texts.optional(one.effect, "alternatives"),
                    "recommended": one.recommended,
                }
                for one in text.alternatives
            ],
        },
        column="dossier.summary",
        row=row.id,
    )
    row.classification = level
    row.need_to_know = None if text.need_to_know is None else sorted(set(text.need_to_know))
    row.planned_minutes = text.planned_minutes or kind.minutes
    row.budget_line = texts.optional(text.budget_line, "budget_line", 64)


def _present(row: Dossier) -> QuerySet[DocumentVersion]:
    return row.documents.filter(superseded_by=None, removed_at=None)


def _put(  # a paper has these parts
    actor: Actor,
    dossier_id: UUID,
    paper: UUID | None,
    *,
    name: str,
    data: bytes,
    filename: str,
    edition: str | None = None,
) -> UUID:
    with transaction.atomic(durable=True):
        row = writable(actor, dossier_id, edition)
        _require_open_for_papers(row)
        old = None
        if paper is not None:
            old = _present(row).filter(paper=paper).first()
            if old is None:
                raise errors.DoesNotFit(field="paper")
        kept = documents.store_upload(
            data, filename, owner_subject_id=row.created_by, purpose="cabinet:paper"
        )
        documents.keep_file(kept.id)
        version = DocumentVersion(
            id=uuid7(),
            dossier=row,
            paper=paper or uuid7(),
            n=old.n + 1 if old else 1,
            file_id=kept.id,
            sha256=bytes.fromhex(kept.sha256),
            media_type=kept.media_type,
            size=kept.size,
            uploaded_by=standing_of(actor).subject_id,
        )
        title = _name_of(old) if old else texts.required(name, "name", texts.TITLE)
        version.sealed_name = sealed.seal(title, column="document.name", row=version.id)
        version.save(force_insert=True)
        if old:
            old.superseded_by = version
            old.save(update_fields=["superseded_by"])
        audit(
            events.DOCUMENT_ADDED,
            actor=actor,
            object_id=row.id,
            body_id=row.body.agency_id,
            detail={"version": version.n, "sha256": kept.sha256},
        )
        _papers_changed(actor, row)
        kind = Happening.PAPER_REPLACED if old else Happening.PAPER_ADDED
        history.of_dossier(actor, row, kind, paper=title, version=version.n)
    return version.paper


def _name_of(version: DocumentVersion) -> str:
    return sealed.open_text(version.sealed_name, column="document.name", row=version.id)


def _papers_changed(actor: Actor, row: Dossier) -> None:
    row.docset_hash = docset_of(row)
    row.save(update_fields=["docset_hash"])
    emit(events.DOCUMENTS_CHANGED_TOPIC, {"dossier_id": str(row.id), "docset_hash": row.docset_hash})
    live = AgendaItem.objects.filter(dossier=row, removed_at=None, session__state=SessionState.LIVE)
    for item in live:
        tell = partial(commands.change_documents, item=str(item.id), docset_hash=row.docset_hash)
        act_within(actor, item.session_id, tell)


def _take_back(actor: Actor, dossier_id: UUID, reason: str, state: DossierState, edition: str | None) -> None:
    said = texts.required(reason, "reason")
    with transaction.atomic(durable=True):
        row = writable(actor, dossier_id, edition)
        if state is DossierState.RETURNED:
            standing_of(actor).require_clerk(row.body_id)
        if row.state not in OPEN_FOR_PAPERS - {DossierState.RETURNED}:
            raise errors.StateDoesNotAllow
        if row.items.filter(session__state=SessionState.LIVE, removed_at=None).exists():
            raise errors.StateDoesNotAllow
        row.items.filter(removed_at=None).update(removed_at=now())
        row.state = state
        row.save(update_fields=["state"])
        audit(
            events.DOSSIER_WITHDRAWN,
            actor=actor,
            object_id=row.id,
            body_id=row.body.agency_id,
            detail={"state": state.value},
        )
        kind = Happening.RETURNED if state is DossierState.RETURNED else Happening.WITHDRAWN
        history.of_dossier(actor, row, kind, reason=said)
        if state is DossierState.RETURNED:
            emit(events.DOSSIER_RETURNED_TOPIC, {"dossier_id": str(row.id)})
