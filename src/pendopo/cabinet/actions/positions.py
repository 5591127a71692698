"""State a position, give an opinion, read a paper.

A position says what it was taken on: the hash of the papers that the member had before them. When it is no
longer the hash of the papers in force, nothing is written and the member is told to read what changed.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

from pendopo.cabinet import errors, events, sealed, sealing, texts, visibility
from pendopo.cabinet.configuration import BodyConfiguration
from pendopo.cabinet.models import (
    AgendaItem,
    DocumentVersion,
    Dossier,
    Opinion,
    Position,
    Read,
    Session,
)
from pendopo.cabinet.positions import Content
from pendopo.cabinet.standing import Holding, Standing, standing_of
from pendopo.cabinet.values import (
    Classification,
    PositionVisibility,
    Scope,
    SessionState,
    Stance,
)
from pendopo.foundation.actor import Actor
from pendopo.foundation.audit import audit
from pendopo.foundation.clock import now
from pendopo.kernel.ids import uuid7

STATED = frozenset(Stance) - {Stance.NOT_SEEN}


@dataclass(frozen=True, slots=True)
class Said:
    """What a member says, and on which papers."""

    stance: Stance
    docset_hash: str
    wants_to_speak: bool = False
    text: str = ""


def state_position(actor: Actor, item_id: UUID, seat_id: UUID, said: Said) -> UUID:
    """Write a seat's position; the one before stays on record and no longer counts."""
    standing = standing_of(actor)
    if said.stance not in STATED:
        raise errors.DoesNotFit(field="stance")
    content = Content(said.stance, said.wants_to_speak, texts.optional(said.text, "text"))
    with transaction.atomic(durable=True):
        item, seat = _position_item(standing, item_id, seat_id, said.docset_hash)
        row = Position(
            id=uuid7(),
            item=item,
            seat_id=seat.seat_id,
            by_subject_id=standing.subject_id,
            deputy=seat.deputy,
            docset_hash=said.docset_hash,
        )
        if _is_sealed(item.session):
            row.envelope = sealing.envelope(item.session, row.id, content.as_json())
        else:
            row.sealed_content = sealed.seal(content.as_json(), column="position.content", row=row.id)
        row.save(force_insert=True)
        audit(
            events.POSITION_STATED,
            actor=actor,
            object_id=row.id,
            body_id=item.session.body.agency_id,
            detail={"seat": seat.code, "papers": said.docset_hash},
        )
    return row.id


def give_opinion(  # an opinion has these parts
    actor: Actor,
    item_id: UUID,
    seat_id: UUID,
    *,
    text: str,
    classification: Classification,
    docset_hash: str,
) -> UUID:
    """Write an opinion that others with the class read; it is at least as secret as the item."""
    standing = standing_of(actor)
    with transaction.atomic(durable=True):
        item, seat = _position_item(standing, item_id, seat_id, docset_hash)
        level = max(classification, Classification(item.dossier.classification))
        if level > seat.ceiling:
            raise errors.AboveTheRoom
        row = Opinion(
            id=uuid7(),
            item=item,
            seat_id=seat.seat_id,
            by_subject_id=standing.subject_id,
            docset_hash=docset_hash,
            classification=level,
        )
        row.sealed_text = sealed.seal(
            texts.required(text, "text", texts.PAGES), column="opinion.text", row=row.id
        )
        row.save(force_insert=True)
        audit(
            events.OPINION_GIVEN,
            actor=actor,
            object_id=row.id,
            body_id=item.session.body.agency_id,
            detail={"seat": seat.code, "class": int(level)},
        )
    return row.id


def record_read(
    actor: Actor, dossier_id: UUID, document_id: UUID | None = None, *, delivers: bool = True
) -> Dossier:
    """Record that the actor opens a dossier or one of its papers now, and return it.

    Every look is an audit row with its commitment in the log, and stands under every seat that lets the actor
    see the dossier. It proves that the papers in force were delivered to those of them for which the actor
    may state a position: what a deputy reads who may only read leaves the seat without papers. Without
    ``delivers`` something else of the dossier was read, its decision or minutes, and nothing is proved.
    """
    standing = standing_of(actor)
    with transaction.atomic(durable=True):
        dossier = visibility.dossier(standing, dossier_id)
        document = None
        if document_id is not None:
            document = DocumentVersion.objects.filter(id=document_id, dossier=dossier).first()
            if document is None:
                raise errors.NoSuchDossier
        seats = visibility.holdings(standing, dossier)
        in_force = document is None or (document.superseded_by_id is None and document.removed_at is None)
        papers = dossier.docset_hash if in_force and delivers else ""  # an old version delivers nothing
        audit_id = audit(
            events.READ,
            actor=actor,
            object_id=document.id if document else dossier.id,
            body_id=dossier.body.agency_id,
            detail={"seats": [one.code for one in seats], "papers": papers},
        )
        Read.objects.bulk_create(
            Read(
                dossier=dossier,
                document=document,
                seat_id=one.seat_id,
                subject_id=standing.subject_id,
                docset_hash=papers if Scope.POSITION in one.scopes else "",
                audit_id=audit_id,
            )
            for one in seats
        )
    return dossier


def record_session_read(actor: Actor, session_id: UUID) -> None:
    """Record a look at what a session did with its closed matters, among the readers of each."""
    standing = standing_of(actor)
    session = visibility.session(standing, session_id)
    for item in visibility.items(standing, session):
        if visibility.is_closed(item.dossier):
            record_read(actor, item.dossier_id, delivers=False)


def record_closed_read(actor: Actor, dossier_id: UUID) -> None:
    """Record a look at the work on a closed matter; on an open one its writers come and go."""
    dossier = visibility.dossier(standing_of(actor), dossier_id)
    if visibility.is_closed(dossier):
        record_read(actor, dossier.id, delivers=False)


def record_decision_read(actor: Actor, item_id: UUID) -> None:
    """Record a look at the decision on a closed matter."""
    dossier = visibility.item(standing_of(actor), item_id).dossier
    if visibility.is_closed(dossier):
        record_read(actor, dossier.id, delivers=False)


def _position_item(
    standing: Standing, item_id: UUID, seat_id: UUID, docset_hash: str
) -> tuple[AgendaItem, Holding]:
    """Return the item and the seat, when the seat may say something on these papers now."""
    item = visibility.item(standing, item_id)
    seat = standing.holding(seat_id, Scope.POSITION)
    if seat.body_id != item.session.body_id:
        raise errors.NotYourSeat
    if not seat.counts:
        raise errors.NotEntitled
    if not visibility.knows(seat, seat.seat_id, item.dossier):
        raise errors.NoSuchItem
    session = _shared(item.session_id)
    if session.state == SessionState.PLANNED:
        raise errors.StateDoesNotAllow
    if session.state != SessionState.POSITIONS_OPEN or session.lock_at <= now():
        raise errors.Locked
    papers = Dossier.objects.values_list("docset_hash", flat=True).get(id=item.dossier_id)
    if papers != docset_hash:
        raise errors.DocumentsChanged
    return item, seat


def _shared(session_id: UUID) -> Session:
    """Hold the session against its lock, together with others who state positions: before it or refused."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM cabinet_session WHERE id = %s FOR SHARE", [session_id])
    return Session.objects.get(id=session_id)


def _is_sealed(session: Session) -> bool:
    configuration = BodyConfiguration.model_validate(session.body.configuration)
    sealed_body = configuration.position_visibility is PositionVisibility.SEALED_UNTIL_LOCK
    return sealed_body and session.seal_released_at is None
