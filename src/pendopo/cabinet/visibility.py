"""What somebody may know of: one helper a table. Below the class there is neither title nor count.

A dossier is visible to a person whose seats in its body reach its class and, where need to know is set, whose
seat is named there; its owner, clerk and chair always know of it if their class reaches.
"""

from typing import Protocol
from uuid import UUID

from django.db.models import Q, QuerySet

from pendopo.cabinet import errors
from pendopo.cabinet.models import AgendaItem, Body, Dossier, Session
from pendopo.cabinet.standing import Holding, Standing
from pendopo.cabinet.values import Classification, DossierState, Role, Scope

EVERYBODY_ELSE_WAITS = (DossierState.DRAFT,)
"""States in which only owner and clerk know of a dossier."""


class SeatLike(Protocol):
    """What of a seat decides about what it may know: a row, a holding, or a line of the body's text."""

    @property
    def code(self) -> str:
        """The code in its body."""

    @property
    def role(self) -> str:
        """One of :class:`values.Role`."""

    @property
    def ceiling(self) -> int:
        """The highest class."""


def knows(seat: SeatLike, seat_id: UUID, dossier: Dossier) -> bool:
    """Say whether one seat of a dossier's body may know of it: :func:`dossiers` for one seat and one row."""
    if seat.ceiling < dossier.classification:
        return False
    owns = dossier.owner_id == seat_id
    if dossier.state in EVERYBODY_ELSE_WAITS and not owns and seat.role != Role.SECRETARY:
        return False
    circle = dossier.need_to_know
    leads = seat.role in {Role.SECRETARY, Role.CHAIR}
    return leads or owns or circle is None or seat.code in circle


def is_closed(dossier: Dossier) -> bool:
    """Say whether a matter is not for everybody of its body: by class, or by who needs to know."""
    return dossier.classification > Classification.OPEN or dossier.need_to_know is not None


def holdings(standing: Standing, dossier: Dossier) -> tuple[Holding, ...]:
    """Return the seats under which a person may know of a dossier; none: it does not exist for them."""
    return tuple(
        one
        for one in standing.in_body(dossier.body_id)
        if Scope.READ in one.scopes and knows(one, one.seat_id, dossier)
    )


def bodies(standing: Standing) -> QuerySet[Body]:
    """Return the bodies in which the person holds anything."""
    return Body.objects.filter(id__in={one.body_id for one in standing.holdings})


def dossiers(standing: Standing) -> QuerySet[Dossier]:
    """Return the dossiers that the person may know of."""
    allowed = Q(pk__in=())
    for one in standing.holdings:
        if Scope.READ not in one.scopes:
            continue
        known = Q(body_id=one.body_id, classification__lte=one.ceiling)
        if one.role not in {Role.SECRETARY, Role.CHAIR}:
            known &= (
                Q(need_to_know__isnull=True) | Q(need_to_know__contains=[one.code]) | Q(owner_id=one.seat_id)
            )
        if one.role is not Role.SECRETARY:
            known &= ~Q(state__in=EVERYBODY_ELSE_WAITS) | Q(owner_id=one.seat_id)
        allowed |= known
    return Dossier.objects.filter(allowed)


def sessions(standing: Standing) -> QuerySet[Session]:
    """Return the sessions of the person's bodies; that a session takes place is no secret to its members."""
    bodies = {one.body_id for one in standing.holdings}
    # A body's text is long where it has many seats, and few readers of a session need it.
    return Session.objects.select_related("body").defer("body__configuration").filter(body_id__in=bodies)


def items(standing: Standing, *of: Session) -> QuerySet[AgendaItem]:
    """Return the agenda items of these sessions that the person may know of, session by session in order."""
    return (
        AgendaItem.objects.filter(session__in=of, removed_at=None, dossier__in=dossiers(standing))
        .select_related("dossier__owner", "pulled_by")
        .order_by("session__planned_start", "session_id", "order")
    )


def dossier(standing: Standing, dossier_id: UUID, *, for_update: bool = False) -> Dossier:
    """Return one dossier; raise ``NoSuchDossier`` also when it is above the reader."""
    rows = dossiers(standing)
    row = (rows.select_for_update() if for_update else rows).filter(id=dossier_id).first()
    if row is None:
        raise errors.NoSuchDossier
    return row


def session(standing: Standing, session_id: UUID, *, for_update: bool = False) -> Session:
    """Return one session; raise ``NoSuchSession``."""
    rows = sessions(standing)
    row = (rows.select_for_update(of=("self",)) if for_update else rows).filter(id=session_id).first()
    if row is None:
        raise errors.NoSuchSession
    return row


def item(standing: Standing, item_id: UUID) -> AgendaItem:
    """Return one agenda item with its session and dossier; raise ``NoSuchItem``."""
    row = (
        AgendaItem.objects.select_related("session__body", "dossier")
        .filter(id=item_id, removed_at=None, dossier__in=dossiers(standing))
        .first()
    )
    if row is None:
        raise errors.NoSuchItem
    return row
