"""The short ticket with which a browser opens a session's stream at the live server.

The web process makes it for somebody it knows; the live process believes it for the first moment, and asks
the database every few seconds whether it still holds (:func:`outdated`): the person is signed in where the
ticket was made, and has the seats that stand in it. It is sealed, so that its address tells nothing to a log:
inside are ids, seats and classes, and nobody's name.
A ticket opens one stream (``nonce``); the live server keeps count. Whoever reads one before its owner uses it
sees what the owner sees; the reverse proxy therefore keeps no log of ``/live/``, and https hides the rest.
"""

import base64
import datetime as dt
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from pendopo.cabinet.models import Delegation, Mandate, Seat
from pendopo.cabinet.standing import Holding, Standing
from pendopo.cabinet.values import Classification, Role, Scope
from pendopo.foundation import crypto
from pendopo.foundation.clock import now
from pendopo.identity import api as identity

LIFE = dt.timedelta(seconds=60)
LONGEST = 16 * 1024
NONCE_BYTES = 16
_CONTEXT = "cabinet.live.ticket"


class Screen(StrEnum):
    """What is being looked at: somebody's own screen, or the wall of the room."""

    OWN = "own"
    WALL = "wall"


class TicketRefusedError(ValueError):
    """The ticket is not ours, was changed, or is too old."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who may follow which session, and how. ``sign_in`` is the hall session that asked, if one did."""

    nonce: str
    sign_in: UUID | None
    session_id: UUID
    standing: Standing
    language: str
    screen: Screen
    expires_at: dt.datetime


def issue(  # a ticket has these parts
    session_id: UUID,
    body_id: UUID,
    standing: Standing,
    language: str,
    screen: Screen,
    *,
    sign_in: UUID | None = None,
) -> str:
    """Return a ticket for what the person holds in the session's body now."""
    seats = [
        [str(one.seat_id), one.code, one.role.value, int(one.ceiling), sorted(one.scopes), one.deputy]
        for one in standing.in_body(body_id)
    ]
    content = {
        "nonce": secrets.token_urlsafe(NONCE_BYTES),
        "sign_in": str(sign_in) if sign_in else "",
        "session": str(session_id),
        "body": str(body_id),
        "subject": str(standing.subject_id),
        "seats": seats,
        "language": language,
        "screen": screen.value,
        "expires": (now() + LIFE).timestamp(),
    }
    blob = crypto.seal(json.dumps(content, separators=(",", ":")), context=_CONTEXT)
    return base64.urlsafe_b64encode(blob).rstrip(b"=").decode()


def read(text: str) -> Ticket:
    """Return what a ticket says; raise ``TicketRefusedError``."""
    if len(text) > LONGEST:
        raise TicketRefusedError
    try:
        blob = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        content = json.loads(crypto.open_bytes(blob, context=_CONTEXT))
    except ValueError as error:  # not base64, not text, or a broken seal
        raise TicketRefusedError from error
    expires_at = dt.datetime.fromtimestamp(content["expires"], dt.UTC)
    if not now() < expires_at <= now() + LIFE:
        raise TicketRefusedError
    body_id = UUID(content["body"])
    holdings = tuple(
        Holding(
            seat_id=UUID(seat_id),
            body_id=body_id,
            body_code="",
            code=code,
            role=Role(role),
            ceiling=Classification(ceiling),
            scopes=frozenset(Scope(one) for one in scopes),
            deputy=deputy,
        )
        for seat_id, code, role, ceiling, scopes, deputy in content["seats"]
    )
    return Ticket(
        nonce=content["nonce"],
        sign_in=UUID(content["sign_in"]) if content["sign_in"] else None,
        session_id=UUID(content["session"]),
        standing=Standing(UUID(content["subject"]), holdings),
        language=content["language"],
        screen=Screen(content["screen"]),
        expires_at=expires_at,
    )


def outdated(tickets: Iterable[Ticket]) -> frozenset[str]:
    """Return the nonces of tickets that no longer hold: signed out, seat or mandate gone, class lowered.

    Four queries, however many tickets.
    """
    known = list(tickets)
    if not known:
        return frozenset()
    people = {one.standing.subject_id for one in known}
    moment = now()
    runs = Q(starts_at__lte=moment) & (Q(ends_at=None) | Q(ends_at__gt=moment))
    own = set(Mandate.objects.filter(runs, subject_id__in=people).values_list("subject_id", "seat_id"))
    giver = Mandate.objects.filter(runs, seat_id=OuterRef("seat_id"), subject_id=OuterRef("given_by"))
    lent = set(
        Delegation.objects.filter(Exists(giver), to_subject_id__in=people, revoked_at=None)
        .filter(valid_from__lte=moment, valid_to__gt=moment)
        .values_list("to_subject_id", "seat_id")
    )
    seats = {one.seat_id for ticket in known for one in ticket.standing.holdings}
    classes = dict(Seat.objects.filter(id__in=seats).values_list("id", "ceiling"))
    signed_in = identity.open_sessions(one.sign_in for one in known if one.sign_in)

    def holds(ticket: Ticket) -> bool:
        person = ticket.standing.subject_id
        return (ticket.sign_in is None or ticket.sign_in in signed_in) and all(
            (person, one.seat_id) in (lent if one.deputy else own) and classes.get(one.seat_id) == one.ceiling
            for one in ticket.standing.holdings
        )

    return frozenset(ticket.nonce for ticket in known if not holds(ticket))
