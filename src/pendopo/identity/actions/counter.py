"""At the counter: an officer looks a person up, compares face and card, and hands out an activation code."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from pydantic import BaseModel

from pendopo.agencies.api import Permission
from pendopo.exchange.api import Context, Person, PersonField, population
from pendopo.foundation import crypto
from pendopo.foundation.actor import Actor, ActorKind
from pendopo.foundation.audit import audit, event_type
from pendopo.foundation.clock import now
from pendopo.identity import limits, models
from pendopo.identity.actions.subjects import ensure_subject
from pendopo.identity.assurance import Proofing
from pendopo.identity.codes import ACTIVATION_LENGTH, digest, new_code
from pendopo.identity.errors import FaceNotChecked, OwnActivation, PersonNotAlive, VisitExpired
from pendopo.identity.policy import ACTIVATION_CODE, LOOKUPS_PER_OFFICER, VISIT
from pendopo.identity.queries import subject_row_by_nik
from pendopo.identity.records import context
from pendopo.kernel.errors import Forbidden
from pendopo.kernel.nik import Nik

PURPOSE = "identity.activation"
OFFICER_PURPOSE = "identity.officer-verification"
LOOKED_UP = event_type("identity.person_looked_up", "An officer looked a person up at an activation counter")
CODE_ISSUED = event_type("identity.activation_code_issued", "An officer handed out an activation code")


class _Sealed(BaseModel):
    """The person in front of the counter, as sealed in the visit."""

    nik: str
    name: str
    birth_date: dt.date


@dataclass(frozen=True, slots=True)
class Visit:
    """What the officer sees. ``has_identity``: she was activated before, so new credentials replace old."""

    id: UUID
    name: str
    birth_date: dt.date
    masked_nik: str
    has_identity: bool
    expires_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Issued:
    """A fresh code. It exists in clear only here."""

    code: str
    name: str
    expires_at: dt.datetime


def look_up(nik: Nik, *, actor: Actor) -> UUID:
    """Ask the population office for the person and open a visit; return the visit's id.

    Raises ``Forbidden``, :class:`OwnActivation`, :class:`PersonNotAlive`, ``TooManyAttempts`` and the errors
    of the exchange. The gateways write the access record.
    """
    actor.require(Permission.ACTIVATION_PERFORM)
    limits.count("counter", str(actor.subject_id), LOOKUPS_PER_OFFICER)
    known = subject_row_by_nik(nik)
    if actor.subject_id is None:
        raise Forbidden
    if known is not None and known.id == actor.subject_id:
        raise OwnActivation
    name, birth_date = _read_person(nik, actor=actor)
    with transaction.atomic(durable=True):
        row = models.CounterVisit(
            officer_id=actor.subject_id,
            post_id=actor.post_id,
            body_id=actor.body_id,
            expires_at=now() + VISIT,
        )
        sealed = _Sealed(nik=nik.value, name=name, birth_date=birth_date)
        row.person = crypto.seal(sealed.model_dump_json(), context=context("visit", "person", row.id))
        row.save(force_insert=True)
        audit(LOOKED_UP, actor=actor, object_id=row.id)
    return row.id


def visit(visit_id: UUID, *, actor: Actor) -> Visit:
    """Return an open visit of this officer; raise :class:`VisitExpired` otherwise."""
    row = _open_visit(visit_id, actor)
    person = _person(row)
    nik = Nik.parse(person.nik)
    known = subject_row_by_nik(nik)
    return Visit(
        id=row.id,
        name=person.name,
        birth_date=person.birth_date,
        masked_nik=nik.masked,
        has_identity=known is not None and known.activated_at is not None,
        expires_at=row.expires_at,
    )


def issue_code(visit_id: UUID, *, checked: bool, actor: Actor) -> Issued:
    """Close the visit and return a one-time code; codes handed out before are void.

    Raises :class:`FaceNotChecked` unless the officer confirms face and card, and :class:`VisitExpired` for
    a visit that was finished (so a repeated submit hands out nothing).
    """
    actor.require(Permission.ACTIVATION_PERFORM)
    if not checked:
        raise FaceNotChecked
    with transaction.atomic(durable=True):
        row = _open_visit(visit_id, actor, lock=True)
        person = _person(row)
        subject = ensure_subject(Nik.parse(person.nik), person.name, proofing=Proofing.IN_PERSON)
        issued = new_activation(subject, person.name)
        row.finished_at = now()
        row.save(update_fields=["finished_at"])
        audit(CODE_ISSUED, actor=actor, object_id=subject.id, detail={"visit": str(row.id)})
    return issued


def new_activation(subject: models.Subject, name: str) -> Issued:
    """Make a code in the caller's transaction; earlier codes of the person are void."""
    models.ActivationCode.objects.filter(subject=subject, finished_at=None).delete()
    code, expires_at = new_code(ACTIVATION_LENGTH), now() + ACTIVATION_CODE
    models.ActivationCode.objects.create(
        subject=subject, digest=digest(code, "activation"), expires_at=expires_at
    )
    return Issued(code, name, expires_at)


def read_name(nik: Nik, *, purpose: str, actor: Actor) -> str:
    """Ask the population office only for the name; raise :class:`PersonNotAlive`."""
    fields = [PersonField.NAME, PersonField.ALIVE]
    return _name(population.person(nik, fields=fields, context=Context(purpose, actor)))


def _read_person(nik: Nik, *, actor: Actor) -> tuple[str, dt.date]:
    fields = [PersonField.NAME, PersonField.BIRTH_DATE, PersonField.ALIVE]
    found = population.person(nik, fields=fields, context=Context(PURPOSE, actor))
    if found.birth_date is None:
        raise Forbidden
    return _name(found), found.birth_date


def _name(found: Person) -> str:
    if found.alive is False:
        raise PersonNotAlive
    if found.name is None:
        raise Forbidden
    return found.name


def _open_visit(visit_id: UUID, actor: Actor, *, lock: bool = False) -> models.CounterVisit:
    if actor.kind is not ActorKind.OFFICER or actor.subject_id is None:
        raise Forbidden
    rows = models.CounterVisit.objects.filter(id=visit_id, officer_id=actor.subject_id, finished_at=None)
    row = (rows.select_for_update() if lock else rows).first()
    if row is None or row.expires_at <= now() or row.body_id != actor.body_id:
        raise VisitExpired
    return row


def _person(row: models.CounterVisit) -> _Sealed:
    return _Sealed.model_validate_json(
        crypto.open_bytes(row.person, context=context("visit", "person", row.id))
    )
