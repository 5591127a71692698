"""Found a body, seat people, name deputies."""

import datetime as dt
import hashlib
from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from pendopo.agencies import api as agencies
from pendopo.cabinet import errors, events
from pendopo.cabinet.configuration import BodyConfiguration
from pendopo.cabinet.models import Body, Delegation, Mandate, Seat, Session
from pendopo.cabinet.standing import standing_of
from pendopo.cabinet.values import Role, Scope
from pendopo.foundation.actor import Actor, ActorKind
from pendopo.foundation.audit import audit
from pendopo.foundation.clock import now
from pendopo.foundation.database import lock
from pendopo.foundation.outbox import emit
from pendopo_wire import canonical

DEPUTY_NAMED_TOPIC = "cabinet.deputy_named"
PERSON_SEATED_TOPIC = "cabinet.person_seated"
LONGEST_DELEGATION = dt.timedelta(days=366)


def found(configuration: BodyConfiguration, *, actor: Actor) -> UUID:
    """Enter a body, or bring its configuration up to date: new seats join, existing ones are renamed.

    Seats that the text no longer has stay, since records point to them; end their mandates instead. The
    actor manages the hall, or is the system. Sessions that are open keep the rules they were opened with.
    """
    _require_manager(actor)
    content = configuration.model_dump(mode="json")
    digest = hashlib.sha256(canonical.dumps(content)).digest()
    with transaction.atomic(durable=True):
        lock(f"cabinet:body:{configuration.code}")
        agency = agencies.body_by_code(configuration.agency)
        body, _ = Body.objects.update_or_create(
            code=configuration.code,
            defaults={"agency_id": agency.id, "configuration": content, "configuration_sha256": digest},
        )
        for order, seat in enumerate(configuration.seats):
            Seat.objects.update_or_create(
                body=body,
                code=seat.code,
                defaults={
                    "office_id": seat.office.id,
                    "office_en": seat.office.en,
                    "role": seat.role,
                    "ceiling": seat.ceiling,
                    "order": order,
                    "unit": seat.unit,
                },
            )
        audit(
            events.FOUNDED, actor=actor, object_id=body.id, body_id=agency.id, detail={"sha256": digest.hex()}
        )
    return body.id


def seat_person(body_code: str, seat_code: str, subject_id: UUID, *, actor: Actor) -> None:
    """Give a seat to a person from now on; the mandate before ends at the same moment.

    Whoever manages the hall could sit down and read. So once a body meets, its people hear of it.
    """
    _require_manager(actor)
    with transaction.atomic(durable=True):
        seat = Seat.objects.select_for_update().filter(body__code=body_code, code=seat_code).first()
        if seat is None:
            raise errors.NoSuchBody
        moment = now()
        seat.mandates.filter(ends_at__isnull=True).update(ends_at=moment)
        mandate = Mandate.objects.create(seat=seat, subject_id=subject_id, starts_at=moment)
        audit(events.SEATED, actor=actor, object_id=mandate.id, detail={"seat": seat.code})
        if Session.objects.filter(body=seat.body_id).exists():
            emit(PERSON_SEATED_TOPIC, {"mandate_id": str(mandate.id)})


def delegate(
    actor: Actor,
    seat_id: UUID,
    *,
    to_subject_id: UUID,
    scopes: Collection[Scope],
    valid_from: dt.datetime,
    valid_to: dt.datetime,
) -> UUID:
    """Let somebody stand in for one's own seat, for named acts, for at most a year.

    A deputy cannot name a deputy. A deputy's vote is the seat's one vote (``live.commands``).
    """
    standing = standing_of(actor)
    own = standing.holding(seat_id, Scope.READ)
    if own.deputy or own.role is Role.SECRETARY:
        raise errors.NotYourSeat
    if not scopes or to_subject_id == actor.subject_id:
        raise errors.DoesNotFit(field="scopes")
    if not dt.timedelta() < valid_to - valid_from <= LONGEST_DELEGATION:
        raise errors.DoesNotFit(field="valid_to")
    with transaction.atomic(durable=True):
        row = Delegation.objects.create(
            seat_id=seat_id,
            given_by=standing.subject_id,
            to_subject_id=to_subject_id,
            scopes=sorted(scope.value for scope in scopes),
            valid_from=valid_from,
            valid_to=valid_to,
        )
        audit(
            events.DELEGATED, actor=actor, object_id=row.id, detail={"seat": own.code, "scopes": row.scopes}
        )
        emit(DEPUTY_NAMED_TOPIC, {"delegation_id": str(row.id)})
    return row.id


def revoke_delegation(actor: Actor, delegation_id: UUID) -> None:
    """Take a deputy's mandate back; doing it twice changes nothing."""
    standing = standing_of(actor)
    with transaction.atomic(durable=True):
        row = Delegation.objects.select_for_update().filter(id=delegation_id).first()
        if row is None or row.given_by != standing.subject_id:
            raise errors.NotYourSeat
        if row.revoked_at is None:
            row.revoked_at = now()
            row.save(update_fields=["revoked_at"])
            audit(events.DELEGATION_REVOKED, actor=actor, object_id=row.id)


def _require_manager(actor: Actor) -> None:
    if actor.kind is not ActorKind.SYSTEM:
        actor.require(agencies.Permission.HALL_MANAGE)
