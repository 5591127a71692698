"""Bring a meeting of another system in as a draft: a planned session with draft dossiers on its agenda.

Nobody but clerk and owner knows of the dossiers until the clerk has gone through them, added papers and
opened positions. People, votes and files are not brought in.
"""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from pendopo.cabinet import docsets, errors, events, numbering, sealed, texts
from pendopo.cabinet.configuration import BodyConfiguration, ItemType
from pendopo.cabinet.imports.openslides import Matter, Meeting
from pendopo.cabinet.models import AgendaItem, Body, Dossier, Mandate, Seat, Session
from pendopo.cabinet.values import Classification, Role
from pendopo.foundation.actor import Actor, ActorKind
from pendopo.foundation.audit import audit
from pendopo.foundation.clock import now
from pendopo.kernel.errors import Forbidden
from pendopo.kernel.ids import uuid7

AHEAD = dt.timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Brought:
    """What an import made."""

    session_id: UUID
    number: int
    items: int


def bring_in(meeting: Meeting, body_code: str, *, actor: Actor) -> Brought:
    """Write the meeting as a draft of the body; the operator's work, so the actor is the system.

    The secretary's seat has to be held: it owns the dossiers. A meeting in the past is planned two weeks
    ahead, since a session cannot be planned backwards.
    """
    if actor.kind is not ActorKind.SYSTEM:
        raise Forbidden
    with transaction.atomic(durable=True):
        body = Body.objects.filter(code=body_code).first()
        if body is None:
            raise errors.NoSuchBody
        mandate = (
            Mandate.objects.select_related("seat")
            .filter(seat__body=body, seat__role=Role.SECRETARY, ends_at=None)
            .first()
        )
        if mandate is None:
            raise errors.NotTheClerk
        configuration = BodyConfiguration.model_validate(body.configuration)
        session = _session(meeting, body, configuration, mandate.subject_id)
        kind = _kind(configuration)
        for order, matter in enumerate(meeting.matters, 1):
            _item(session, matter, kind, mandate.seat, order)
        audit(
            events.SESSION_PLANNED,
            actor=actor,
            object_id=session.id,
            body_id=body.agency_id,
            detail={"import": "openslides", "items": len(meeting.matters)},
        )
    return Brought(session.id, session.number, len(meeting.matters))


def _session(meeting: Meeting, body: Body, configuration: BodyConfiguration, by: UUID) -> Session:
    start = meeting.start if meeting.start and meeting.start > now() else now() + AHEAD
    title = meeting.title[:200]
    return Session.objects.create(
        body=body,
        number=numbering.next_session(body),
        title_id=title,
        title_en=title,
        place=(meeting.place or configuration.name.id)[:200],
        room_ceiling=configuration.classification_ceiling,
        planned_start=start,
        lock_at=start - dt.timedelta(hours=configuration.deadlines.lock_hours),
        created_by=by,
    )


def _kind(configuration: BodyConfiguration) -> ItemType:
    """The first kind that an imported matter can be: open, and without alternatives that it does not have."""
    for kind in configuration.item_types:
        if not kind.alternatives_required and kind.classification is Classification.OPEN:
            return kind
    raise errors.DoesNotFit(field="item_type")


def _item(session: Session, matter: Matter, kind: ItemType, owner: Seat, order: int) -> None:
    minutes = matter.minutes or kind.minutes
    dossier = Dossier(
        id=uuid7(),
        body=session.body,
        number=numbering.next_dossier(session.body, Classification.OPEN, None),
        item_type=kind.code,
        owner=owner,
        classification=Classification.OPEN,
        docset_hash=docsets.docset_hash(()),
        planned_minutes=minutes,
        created_by=session.created_by,
    )
    title, summary = matter.title[: texts.TITLE], (matter.text or matter.title)[: texts.PARAGRAPH]
    dossier.sealed_title = sealed.seal(title, column="dossier.title", row=dossier.id)
    dossier.sealed_summary = sealed.seal(
        {"summary": summary, "legal_basis": "", "alternatives": []}, column="dossier.summary", row=dossier.id
    )
    dossier.save(force_insert=True)
    AgendaItem.objects.create(
        session=session,
        dossier=dossier,
        order=order,
        planned_minutes=minutes,
        information_only=not matter.is_motion,
    )
