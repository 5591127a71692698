"""The short ticket with which a browser opens a session's stream at the live server.

The web process makes it for somebody it knows; the live process believes it without asking who is signed
in. It is sealed, so that its address tells nothing to a log: inside are ids, seats and classes, and nobody's
name.
Not checked: that it is used once. Whoever reads one within a minute sees what its owner sees; the reverse
proxy therefore keeps no log of ``/live/``, and https hides the rest.
"""

import base64
import datetime as dt
import json
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from pendopo.cabinet.standing import Holding, Standing
from pendopo.cabinet.values import Classification, Role, Scope
from pendopo.foundation import crypto
from pendopo.foundation.clock import now

LIFE = dt.timedelta(seconds=60)
LONGEST = 16 * 1024
_CONTEXT = "cabinet.live.ticket"


class Screen(StrEnum):
    """What is being looked at: somebody's own screen, or the wall of the room."""

    OWN = "own"
    WALL = "wall"


class TicketRefusedError(ValueError):
    """The ticket is not ours, was changed, or is too old."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who may follow which session, and how."""

    session_id: UUID
    standing: Standing
    language: str
    screen: Screen
    expires_at: dt.datetime


def issue(session_id: UUID, body_id: UUID, standing: Standing, language: str, screen: Screen) -> str:
    """Return a ticket for what the person holds in the session's body now."""
    seats = [
        [str(one.seat_id), one.code, one.role.value, int(one.ceiling), sorted(one.scopes), one.deputy]
        for one in standing.in_body(body_id)
    ]
    content = {
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
        session_id=UUID(content["session"]),
        standing=Standing(UUID(content["subject"]), holdings),
        language=content["language"],
        screen=Screen(content["screen"]),
        expires_at=expires_at,
    )
