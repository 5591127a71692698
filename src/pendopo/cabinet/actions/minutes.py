"""Write the minutes, approve them by seat, sign them.

A draft is written when the session closes. Each new text is a new version, and approvals belong to a version.
Signing ends it; the sealed files follow from the worker (:func:`seal_files`): one for every set of items that
some seat of the body may read, so that nobody is handed a file with an item above them in it.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from pendopo.cabinet import errors, events, minutes_print, minutes_rows, sealed, texts, visibility
from pendopo.cabinet.actions.closing import settle
from pendopo.cabinet.configuration import BodyConfiguration
from pendopo.cabinet.minutes import Content
from pendopo.cabinet.minutes_files import Files, file_of, readable_sets
from pendopo.cabinet.models import Minutes, MinutesApproval, Session
from pendopo.cabinet.standing import standing_of
from pendopo.cabinet.values import Scope, SessionState
from pendopo.documents import api as documents
from pendopo.foundation.actor import SYSTEM, Actor
from pendopo.foundation.audit import audit
from pendopo.foundation.clock import now
from pendopo.foundation.database import lock
from pendopo.foundation.outbox import emit
from pendopo.foundation.working_calendar import calendar
from pendopo.kernel.ids import uuid7
from pendopo_wire import canonical


@dataclass(frozen=True, slots=True)
class Words:
    """What is written by hand: on items by their id, and on the session as a whole."""

    debate: Mapping[str, str] = field(default_factory=dict)
    remarks: str = ""


def draft(session_id: UUID) -> UUID | None:
    """Write the first version of a closed session's minutes; None when there is one. Safe to repeat."""
    with transaction.atomic(durable=True):
        session = _held(session_id)
        if session.state != SessionState.CLOSED or session.minutes.exists():
            return None
        content = minutes_rows.compose(session, Words().debate, "")
        row = _write(SYSTEM, session, content, version=1, due_at=_due(session, content.closed_at))
        session.state = SessionState.MINUTED
        session.save(update_fields=["state"])
        settle(session.items.filter(removed_at=None).values_list("dossier_id", flat=True))
    return row.id


def revise(actor: Actor, session_id: UUID, words: Words) -> UUID:
    """Write a new version from the events and decisions as they are now with these words; clerk or chair.

    Words on an item that the writer may not know of stay as they were.
    """
    standing = standing_of(actor)
    with transaction.atomic(durable=True):
        session = _held(session_id)
        visibility.session(standing, session_id)
        standing.require_clerk(session.body_id)
        last = _unsigned(session)
        before = minutes_rows.content_of(last)
        mine = {str(item.id) for item in visibility.items(standing, session)}
        debate = {entry.item: entry.debate for entry in before.entries}
        debate |= {
            item: texts.optional(text, "debate", texts.PAGES)
            for item, text in words.debate.items()
            if item in mine
        }
        content = minutes_rows.compose(session, debate, texts.optional(words.remarks, "remarks", texts.PAGES))
        row = _write(actor, session, content, version=last.version + 1, due_at=last.due_at)
    return row.id


def approve(actor: Actor, session_id: UUID, seat_id: UUID, *, version: int, remark: str = "") -> None:
    """Approve a version for a seat, or with a remark say what is wrong with it; the last word counts.

    ``version`` is what the reader had before them: a newer one raises ``DocumentsChanged``.
    """
    standing = standing_of(actor)
    with transaction.atomic(durable=True):
        visibility.session(standing, session_id)
        seat = standing.holding(seat_id, Scope.POSITION)
        session = _held(session_id)
        if seat.body_id != session.body_id or not seat.counts:
            raise errors.NotEntitled
        last = _unsigned(session)
        if last.version != version:
            raise errors.DocumentsChanged
        said = texts.optional(remark, "remark")
        row = MinutesApproval.objects.filter(minutes=last, seat_id=seat.seat_id).first()
        row = row or MinutesApproval(id=uuid7(), minutes=last, seat_id=seat.seat_id)
        row.by_subject_id, row.approved = standing.subject_id, not said
        row.sealed_remark = sealed.seal(said, column="approval.remark", row=row.id) if said else None
        row.save()
        audit(
            events.MINUTES_APPROVED,
            actor=actor,
            object_id=last.id,
            body_id=session.body.agency_id,
            detail={"seat": seat.code, "version": version, "approved": row.approved},
        )


def sign(actor: Actor, session_id: UUID, *, version: int) -> None:
    """Sign the last version; clerk or chair. Remarks are no veto: they stay on record beside it."""
    standing = standing_of(actor)
    with transaction.atomic(durable=True):
        session = _held(session_id)
        visibility.session(standing, session_id)
        standing.require_clerk(session.body_id)
        last = _unsigned(session)
        if last.version != version:
            raise errors.DocumentsChanged
        last.signed_at = now()
        last.save(update_fields=["signed_at"])
        settle(session.items.filter(removed_at=None).values_list("dossier_id", flat=True))
        audit(
            events.MINUTES_SIGNED,
            actor=actor,
            object_id=last.id,
            body_id=session.body.agency_id,
            detail={"version": version, "sha256": bytes(last.sha256).hex()},
        )
        emit(events.MINUTES_SIGNED_TOPIC, {"minutes_id": str(last.id)})


def seal_files(minutes_id: UUID) -> int:
    """Set and seal the files of signed minutes; return how many there are. Safe to repeat."""
    with transaction.atomic(durable=True):
        row = (
            Minutes.objects.select_for_update(of=("self",)).select_related("session__body").get(id=minutes_id)
        )
        if row.signed_at is None:
            return 0
        content = minutes_rows.content_of(row)
        agency = minutes_rows.agency_code(row.session.body)
        whole = frozenset(entry.item for entry in content.entries)
        files = [_issue(row, content, items, agency) for items in {whole, *readable_sets(row.session)}]
        row.document_id = next(made.document_id for made in files if made.items == whole)
        row.save(update_fields=["document_id"])
    return len(files)


def hand_out(actor: Actor, session_id: UUID) -> bytes:
    """Return the sealed file of what the reader may read; raise ``NoSuchSession`` without one.

    Most readers see what some seat sees, and their file was made with the others. Who holds two seats may see
    more than either: theirs is made now, once. That the file left is recorded.
    """
    standing = standing_of(actor)
    with transaction.atomic(durable=True):
        session = visibility.session(standing, session_id)
        rows = Minutes.objects.select_for_update(of=("self",)).select_related("session__body")
        row = rows.filter(session=session).order_by("-version").first()
        if row is None or row.document_id is None:
            raise errors.NoSuchSession
        items = frozenset(str(item.id) for item in visibility.items(standing, session))
        kept = documents.documents_of_case(file_of(row.id, items))
        if kept:
            document_id = kept[0].id
        else:
            content = minutes_rows.content_of(row)
            document_id = _issue(row, content, items, minutes_rows.agency_code(row.session.body)).document_id
        audit(
            events.EXPORTED,
            actor=actor,
            object_id=session.id,
            body_id=row.session.body.agency_id,
            detail={"form": "risalah", "items": len(items)},
        )
    return documents.read_document(document_id)


def _issue(row: Minutes, content: Content, items: frozenset[str], agency: str) -> Files:
    case_id = file_of(row.id, items)
    issued = documents.issue_certificate(
        "cabinet/risalah",
        minutes_print.printed(content, items, row.version),
        body_code=agency,
        subject_ids=(),
        case_id=case_id,
        number=f"{content.body.upper()}/{content.number}",
    )
    return Files(items, issued.id)


def _write(actor: Actor, session: Session, content: Content, *, version: int, due_at: dt.datetime) -> Minutes:
    stored = content.model_dump(mode="json")
    row = Minutes(id=uuid7(), session=session, version=version, due_at=due_at, written_by=actor.subject_id)
    row.sealed_content = sealed.seal(stored, column="minutes.content", row=row.id)
    row.sha256 = hashlib.sha256(canonical.dumps(stored)).digest()
    row.save(force_insert=True)
    audit(
        events.MINUTES_WRITTEN,
        actor=actor,
        object_id=row.id,
        body_id=session.body.agency_id,
        detail={"version": version, "sha256": row.sha256.hex()},
    )
    return row


def _held(session_id: UUID) -> Session:
    lock(f"cabinet:minutes:{session_id}")
    row = Session.objects.select_for_update(of=("self",)).select_related("body").filter(id=session_id).first()
    if row is None:
        raise errors.NoSuchSession
    return row


def _unsigned(session: Session) -> Minutes:
    last = session.minutes.order_by("-version").first()
    if last is None or last.signed_at is not None:
        raise errors.StateDoesNotAllow
    return last


def _due(session: Session, closed_at: dt.datetime) -> dt.datetime:
    days = BodyConfiguration.model_validate(session.body.configuration).deadlines.minutes_working_days
    return calendar().add_working_days(closed_at, days)
