"""Who somebody is in the bodies of this hall: seats held, seats stood in for, and the class they may read.

Every verb and every query begins here. A seat is the authority: the posts of ``agencies`` open nothing in
the cabinet, and whoever holds no seat and no delegation sees that no body exists.
"""

import json
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from pendopo.cabinet import errors
from pendopo.cabinet.models import Seat
from pendopo.cabinet.values import COUNTED, Classification, Role, Scope
from pendopo.foundation.actor import Actor
from pendopo.foundation.clock import now

ALL_SCOPES = frozenset(Scope)
# Written out, because every verb and page of the room begins here: the ORM takes several times as long to
# compose this as the database to answer it. A delegation ends with the mandate of whoever gave it.
_HELD = """
SELECT seat.id, body.id, body.code, seat.code, seat.role, seat.ceiling, held.scopes
FROM (
    SELECT seat_id, NULL AS scopes FROM cabinet_mandate
    WHERE subject_id = %(person)s AND starts_at <= %(now)s AND (ends_at IS NULL OR ends_at > %(now)s)
    UNION ALL
    SELECT given.seat_id, given.scopes::text FROM cabinet_delegation AS given
    WHERE given.to_subject_id = %(person)s AND given.revoked_at IS NULL
      AND given.valid_from <= %(now)s AND given.valid_to > %(now)s
      AND EXISTS (
          SELECT FROM cabinet_mandate AS own
          WHERE own.seat_id = given.seat_id AND own.subject_id = given.given_by
            AND (own.ends_at IS NULL OR own.ends_at > %(now)s)
      )
) AS held
JOIN cabinet_seat AS seat ON seat.id = held.seat_id
JOIN cabinet_body AS body ON body.id = seat.body_id
ORDER BY held.scopes IS NOT NULL, body.code, seat."order"
"""


@dataclass(frozen=True, slots=True)
class Holding:
    """One seat that somebody may act for. ``deputy`` says that it is by delegation."""

    seat_id: UUID
    body_id: UUID
    body_code: str
    code: str
    role: Role
    ceiling: Classification
    scopes: frozenset[Scope]
    deputy: bool = False

    @property
    def counts(self) -> bool:
        """Whether the seat counts for quorum and vote."""
        return self.role in COUNTED


@dataclass(frozen=True, slots=True)
class Standing:
    """All seats of one person now. Own seats come before those stood in for."""

    subject_id: UUID
    holdings: tuple[Holding, ...]

    def in_body(self, body_id: UUID) -> tuple[Holding, ...]:
        """Return what the person holds in one body."""
        return tuple(holding for holding in self.holdings if holding.body_id == body_id)

    def ceiling(self, body_id: UUID) -> Classification | None:
        """Return the highest class that the person may read in a body; None: nothing at all."""
        return max((one.ceiling for one in self.in_body(body_id) if Scope.READ in one.scopes), default=None)

    def is_clerk(self, body_id: UUID) -> bool:
        """Whether the person keeps the body's papers: its secretary, in person."""
        return any(one.role is Role.SECRETARY and not one.deputy for one in self.in_body(body_id))

    def is_chair(self, body_id: UUID) -> bool:
        """Whether the person holds the chair's seat, in person."""
        return any(one.role is Role.CHAIR and not one.deputy for one in self.in_body(body_id))

    def writes(self, body_id: UUID, owner_seat_id: UUID) -> bool:
        """Whether the person may prepare a dossier of this owner: in person, or as clerk or chair."""
        if self.is_clerk(body_id) or self.is_chair(body_id):
            return True
        return any(one.seat_id == owner_seat_id and not one.deputy for one in self.holdings)

    def require_clerk(self, body_id: UUID) -> None:
        """Raise ``NoSuchBody`` to strangers and ``NotTheClerk`` to others; clerk and chair pass."""
        if not self.in_body(body_id):
            raise errors.NoSuchBody
        if not (self.is_clerk(body_id) or self.is_chair(body_id)):
            raise errors.NotTheClerk

    def require_chair(self, body_id: UUID) -> None:
        """Raise ``NoSuchBody`` to strangers and ``NotTheClerk`` to all but the chair."""
        if not self.in_body(body_id):
            raise errors.NoSuchBody
        if not self.is_chair(body_id):
            raise errors.NotTheClerk

    def holds(self, seat_id: UUID, scope: Scope) -> bool:
        """Say whether the person may act for a seat in this way."""
        return any(one.seat_id == seat_id and scope in one.scopes for one in self.holdings)

    def holding(self, seat_id: UUID, scope: Scope) -> Holding:
        """Return the seat that the person may act for in this way; raise ``NotYourSeat``."""
        for one in self.holdings:
            if one.seat_id == seat_id and scope in one.scopes:
                return one
        raise errors.NotYourSeat


def standing_of(actor: Actor) -> Standing:
    """Return what the acting person holds now, in one query. Raise ``NoSuchBody`` for nobody."""
    if actor.subject_id is None:
        raise errors.NoSuchBody
    with connection.cursor() as cursor:
        cursor.execute(_HELD, {"person": actor.subject_id, "now": now()})
        return Standing(actor.subject_id, tuple(_held(row) for row in cursor.fetchall()))


def standing_of_seat(session_id: UUID, code: str) -> Standing:
    """Return the eyes of one seat of a session's body, for the operator's command line; nobody acts with it.

    Raises ``NoSuchBody`` when the body of the session has no such seat.
    """
    seat = Seat.objects.select_related("body").filter(body__sessions__id=session_id, code=code).first()
    if seat is None:
        raise errors.NoSuchBody
    return Standing(UUID(int=0), (_holding(seat, frozenset({Scope.READ}), deputy=False),))


def _held(row: tuple[UUID, UUID, str, str, str, int, str | None]) -> Holding:
    """Read one row; without scopes it is an own seat."""
    seat_id, body_id, body_code, code, role, ceiling, scopes = row
    return Holding(
        seat_id=seat_id,
        body_id=body_id,
        body_code=body_code,
        code=code,
        role=Role(role),
        ceiling=Classification(ceiling),
        scopes=ALL_SCOPES if scopes is None else frozenset(map(Scope, json.loads(scopes))) | {Scope.READ},
        deputy=scopes is not None,
    )


def _holding(seat: Seat, scopes: frozenset[Scope], *, deputy: bool) -> Holding:
    return Holding(
        seat_id=seat.id,
        body_id=seat.body_id,
        body_code=seat.body.code,
        code=seat.code,
        role=Role(seat.role),
        ceiling=Classification(seat.ceiling),
        scopes=scopes,
        deputy=deputy,
    )
