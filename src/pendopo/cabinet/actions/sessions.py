"""Plan a session, build and sign its agenda, open positions, lock them.

The agenda is frozen by version: each holds the items with the hashes of their papers and is signed with the
key ``cabinet-agenda``. The lock opens sealed positions, computes what may pass by consent and says why the
rest is debated; after it no position is written unless clerk or chair reopen, which everybody can see.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from pendopo.cabinet import (
    agenda,
    editions,
    errors,
    events,
    history,
    numbering,
    positions,
    sealed,
    sealing,
    texts,
    visibility,
)
from pendopo.cabinet.configuration import BodyConfiguration
from pendopo.cabinet.models import AgendaItem, AgendaVersion, Position, Session
from pendopo.cabinet.sealed import Json
from pendopo.cabinet.standing import Standing, standing_of
from pendopo.cabinet.values import (
    Classification,
    DossierState,
    Happening,
    Path,
    PositionVisibility,
    Role,
    SessionKind,
    SessionState,
)
from pendopo.foundation.actor import SYSTEM, Actor
from pendopo.foundation.audit import audit
from pendopo.foundation.clock import now
from pendopo.foundation.outbox import emit
from pendopo.keys import api as keys
from pendopo_wire import canonical

AGENDA_KEY = "cabinet-agenda"
FURTHEST = dt.timedelta(days=5 * 366)
BEFORE_LOCK = frozenset({SessionState.PLANNED, SessionState.POSITIONS_OPEN})
LONGEST_MINUTES = 960


@dataclass(frozen=True, slots=True)
class Plan:
    """When, where and how long a session is to be; ``room_ceiling`` None: the body's own."""

    title_id: str
    title_en: str
    place: str
    planned_start: dt.datetime
    remote_allowed: bool = True
    room_ceiling: Classification | None = None
    kind: SessionKind = SessionKind.ORDINARY
    minutes: int = 120


def plan(actor: Actor, body_code: str, wanted: Plan) -> UUID:
    """Plan a session; positions lock the body's number of hours before it begins."""
    standing = standing_of(actor)
    with transaction.atomic(durable=True):
        body = visibility.bodies(standing).filter(code=body_code).first()
        if body is None:
            raise errors.NoSuchBody
        standing.require_clerk(body.id)
        row = Session(body=body, number=numbering.next_session(body), created_by=standing.subject_id)
        write_plan(row, wanted)
        row.save(force_insert=True)
        audit(events.SESSION_PLANNED, actor=actor, object_id=row.id, body_id=body.agency_id)
        history.of_session(actor, row, Happening.PLANNED)
    return row.id


def write_plan(row: Session, wanted: Plan) -> None:
    """Put a plan into a session's row, which the caller saves; the lock follows the planned start."""
    configuration = BodyConfiguration.model_validate(row.body.configuration)
    ceiling = configuration.classification_ceiling
    if not now() < wanted.planned_start <= now() + FURTHEST:
        raise errors.DoesNotFit(field="planned_start")
    if not 0 < wanted.minutes <= LONGEST_MINUTES:
        raise errors.DoesNotFit(field="minutes")
    row.title_id = texts.required(wanted.title_id, "title_id", 200)
    row.title_en = texts.required(wanted.title_en, "title_en", 200)
    row.place = texts.required(wanted.place, "place", 200)
    row.remote_allowed = wanted.remote_allowed
    row.room_ceiling = min(ceiling, ceiling if wanted.room_ceiling is None else wanted.room_ceiling)
    row.kind, row.planned_minutes = wanted.kind, wanted.minutes
    row.planned_start = wanted.planned_start
    row.lock_at = wanted.planned_start - dt.timedelta(hours=configuration.deadlines.lock_hours)


def schedule(  # an item has these parts
    actor: Actor,
    session_id: UUID,
    dossier_id: UUID,
    *,
    minutes: int | None = None,
    information_only: bool = False,
    edition: str | None = None,
) -> UUID:
    """Put a submitted dossier at the end of the agenda."""
    standing = standing_of(actor)
    with transaction.atomic(durable=True):
        session = held(actor, session_id, BEFORE_LOCK, edition)
        dossier = visibility.dossier(standing, dossier_id, for_update=True)
        if dossier.body_id != session.body_id or dossier.state not in {
            DossierState.SUBMITTED,
            DossierState.DEFERRED,
        }:
            raise errors.StateDoesNotAllow
        if dossier.classification > session.room_ceiling:
            raise errors.AboveTheRoom
        last = session.items.order_by("-order").values_list("order", flat=True).first() or 0
        row = AgendaItem.objects.create(
            session=session,
            dossier=dossier,
            order=last + 1,
            planned_minutes=minutes or dossier.planned_minutes,
            information_only=information_only,
        )
        is_open = session.state == SessionState.POSITIONS_OPEN
        dossier.state = DossierState.POSITIONS_OPEN if is_open else DossierState.SCHEDULED
        dossier.save(update_fields=["state"])
        planned(actor, session)
        history.of_dossier(actor, dossier, Happening.SCHEDULED, session=session.number)
    return row.id


def unschedule(actor: Actor, item_id: UUID, *, edition: str | None = None) -> None:
    """Take an item off the agenda; its dossier waits for another session."""
    standing = standing_of(actor)
    with transaction.atomic(durable=True):
        item = visibility.item(standing, item_id)
        session = held(actor, item.session_id, BEFORE_LOCK, edition)
        item.removed_at = now()
        item.save(update_fields=["removed_at"])
        item.dossier.state = DossierState.SUBMITTED
        item.dossier.save(update_fields=["state"])
        planned(actor, session)
        history.of_dossier(actor, item.dossier, Happening.UNSCHEDULED, session=session.number)


def publish_agenda(actor: Actor, session_id: UUID, *, edition: str | None = None) -> int:
    """Freeze and sign the agenda as it is; return the version's number."""
    with transaction.atomic(durable=True):
        session = held(actor, session_id, BEFORE_LOCK | {SessionState.LOCKED}, edition)
        return _publish(actor, session)


def open_positions(actor: Actor, session_id: UUID, *, edition: str | None = None) -> None:
    """Let members state their positions on a published agenda."""
    with transaction.atomic(durable=True):
        session = held(actor, session_id, {SessionState.PLANNED}, edition)
        items = agenda.items_of(session)
        if not items or session.lock_at <= now():
            raise errors.StateDoesNotAllow
        if BodyConfiguration.model_validate(session.body.configuration).position_visibility is (
            PositionVisibility.SEALED_UNTIL_LOCK
        ):
            sealing.equip(session)
        session.state = SessionState.POSITIONS_OPEN
        session.save()
        _set_states(items, DossierState.POSITIONS_OPEN)
        _publish(actor, session)
        audit(events.POSITIONS_OPENED, actor=actor, object_id=session.id, body_id=session.body.agency_id)
        emit(events.POSITIONS_OPENED_TOPIC, {"session_id": str(session.id)})
        history.of_session(actor, session, Happening.POSITIONS_OPENED)


def lock(actor: Actor, session_id: UUID) -> None:
    """Lock positions now, before their time; the clerk's or chair's act. Raises ``LockWaits`` if sealed."""
    with transaction.atomic(durable=True):
        session = held(actor, session_id, {SessionState.POSITIONS_OPEN})
        if session.lock_at > now():
            require_all_said(standing_of(actor), session)
        _lock(actor, session)


def require_all_said(standing: Standing, session: Session) -> None:
    """Raise ``LockWaits`` where sealed positions would be opened early only to be read.

    The chair may, since the chair answers for the session; anybody else who leads may once nobody is left who
    could still be swayed: every seat has stated its position on the papers in force.
    """
    sealed_now = session.seal_public is not None and session.seal_released_at is None
    if not sealed_now or standing.is_chair(session.body_id):
        return
    for one in agenda.plan(session):
        said = {row.seat.code for row in one.rows if row.docset_hash == one.matter.docset_hash}
        if one.path is not Path.INFORMATION and not said >= set(one.matter.seats):
            raise errors.LockWaits


def lock_due() -> int:
    """Lock every session whose time has come; return how many."""
    due = Session.objects.filter(state=SessionState.POSITIONS_OPEN, lock_at__lte=now())
    locked = 0
    for session_id in list(due.values_list("id", flat=True)):
        with transaction.atomic(durable=True):
            row = (
                Session.objects.select_for_update(of=("self",))
                .select_related("body")
                .filter(id=session_id, state=SessionState.POSITIONS_OPEN)
                .first()
            )
            if row is not None:
                _lock(SYSTEM, row)
                locked += 1
    return locked


def reopen(actor: Actor, session_id: UUID, reason: str, lock_at: dt.datetime) -> None:
    """Open locked positions again until another moment, for a reason that stands in the log.

    Positions that were sealed and have been opened stay open: what everybody has read is no secret.
    """
    text = texts.required(reason, "reason")
    with transaction.atomic(durable=True):
        session = held(actor, session_id, {SessionState.LOCKED})
        if lock_at <= now():
            raise errors.DoesNotFit(field="lock_at")
        session.state, session.locked_at, session.lock_at = SessionState.POSITIONS_OPEN, None, lock_at
        session.reopened += 1
        session.save(update_fields=["state", "locked_at", "lock_at", "reopened"])
        items = agenda.items_of(session)
        _set_states(items, DossierState.POSITIONS_OPEN)
        audit(
            events.POSITIONS_REOPENED,
            actor=actor,
            object_id=session.id,
            body_id=session.body.agency_id,
            detail={"reason_length": len(text)},
        )
        history.of_session(actor, session, Happening.POSITIONS_REOPENED, reason=text)


def pull(actor: Actor, item_id: UUID) -> None:
    """Take an item out of the consent bundle before the session: the chair's word is enough."""
    standing = standing_of(actor)
    with transaction.atomic(durable=True):
        item = visibility.item(standing, item_id)
        standing.require_chair(item.session.body_id)
        chair = next(one for one in standing.in_body(item.session.body_id) if one.role is Role.CHAIR)
        if item.session.state not in BEFORE_LOCK | {SessionState.LOCKED}:
            raise errors.StateDoesNotAllow
        item.pulled_by_id, item.pulled_at = chair.seat_id, now()
        item.save(update_fields=["pulled_by", "pulled_at"])
        if item.session.state == SessionState.LOCKED:
            set_paths(item.session)
        audit(events.ITEM_PULLED, actor=actor, object_id=item.id, body_id=item.session.body.agency_id)
        history.of_dossier(actor, item.dossier, Happening.PULLED, session=item.session.number)


def held(
    actor: Actor,
    session_id: UUID,
    states: frozenset[SessionState] | set[SessionState],
    edition: str | None = None,
) -> Session:
    """Hold a session for its clerk or chair, in one of these states.

    Raises ``EditedMeanwhile`` when ``edition`` is named and is not the present one.
    """
    standing = standing_of(actor)
    visibility.session(standing, session_id)
    row = Session.objects.select_for_update(of=("self",)).select_related("body").get(id=session_id)
    standing.require_clerk(row.body_id)
    if edition is not None:
        editions.require(editions.of_session(row, visibility.items(standing, row)), edition)
    if row.state not in states:
        raise errors.StateDoesNotAllow
    return row


def planned(actor: Actor, session: Session) -> None:
    """Write the audit row of a changed plan."""
    audit(events.SESSION_PLANNED, actor=actor, object_id=session.id, body_id=session.body.agency_id)


def _publish(actor: Actor, session: Session) -> int:
    keys.ensure(AGENDA_KEY, "Ed25519")
    content: dict[str, Json] = {
        "session": str(session.id),
        "planned_start": session.planned_start.isoformat(),
        "items": [
            {
                "id": str(item.id),
                "dossier": str(item.dossier_id),
                "order": item.order,
                "minutes": item.planned_minutes,
                "papers": item.dossier.docset_hash,
                "information": item.information_only,
            }
            for item in agenda.items_of(session)
        ],
    }
    data = canonical.dumps(content)
    signer = keys.signer(AGENDA_KEY)
    row = AgendaVersion.objects.create(
        session=session,
        n=session.agendas.count() + 1,
        content=content,
        sha256=hashlib.sha256(data).digest(),
        kid=signer.kid,
        signature=signer.sign(data),
        published_by=actor.subject_id or UUID(int=0),
    )
    audit(
        events.AGENDA_PUBLISHED,
        actor=actor,
        object_id=session.id,
        body_id=session.body.agency_id,
        detail={"version": row.n, "sha256": row.sha256.hex()},
    )
    history.of_session(actor, session, Happening.AGENDA_PUBLISHED, version=row.n)
    return row.n


def _lock(actor: Actor, session: Session) -> None:
    session.state, session.locked_at = SessionState.LOCKED, now()
    session.save(update_fields=["state", "locked_at"])
    _open_envelopes(session)
    set_paths(session)
    audit(events.POSITIONS_LOCKED, actor=actor, object_id=session.id, body_id=session.body.agency_id)
    history.of_session(actor, session, Happening.POSITIONS_LOCKED)


def _open_envelopes(session: Session) -> None:
    if session.sealed_seal_private is None:
        return
    private = sealing.release(session)
    rows = list(Position.objects.filter(item__session=session, sealed_content=None))
    for row in rows:
        content = positions.Content.parse(sealing.opened(private, row))
        row.sealed_content = sealed.seal(content.as_json(), column="position.content", row=row.id)
    Position.objects.bulk_update(rows, ["sealed_content"])
    session.seal_released_at = session.locked_at
    session.save(update_fields=["seal_released_at"])


def set_paths(session: Session) -> None:
    """Decide how each item goes through the session, and keep why; at the lock, and when that changes."""
    for one in agenda.plan(session):
        item = one.item
        item.path = one.path
        item.reasons = [[reason.code.value, reason.seat] for reason in one.reasons]
        item.save(update_fields=["path", "reasons"])
        debated = one.path is Path.DEBATE
        item.dossier.state = DossierState.DEBATE if debated else DossierState.CONSENT
        item.dossier.save(update_fields=["state"])


def _set_states(items: Sequence[AgendaItem], state: DossierState) -> None:
    for item in items:
        item.dossier.state = state
        item.dossier.save(update_fields=["state"])
