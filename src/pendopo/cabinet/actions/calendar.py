"""Private calendar addresses: made, replaced, revoked, and read by whoever holds the token."""

import hashlib
import secrets

from django.db import transaction

from pendopo.cabinet import calendars, errors, events
from pendopo.cabinet.exports import icalendar
from pendopo.cabinet.models import CalendarFeed
from pendopo.cabinet.standing import standing_of
from pendopo.foundation.actor import Actor, ActorKind
from pendopo.foundation.audit import audit
from pendopo.foundation.clock import now
from pendopo.foundation.text import t
from pendopo.kernel.ids import uuid7

TOKEN_BYTES = 32


def make(actor: Actor) -> str:
    """Make an address and return its token, which is known here never again; the one before ends."""
    standing = standing_of(actor)
    if not standing.holdings:
        raise errors.NoSuchBody
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic(durable=True):
        _revoke(actor)
        row = CalendarFeed.objects.create(
            id=uuid7(), subject_id=standing.subject_id, token_sha256=_digest(token)
        )
        audit(events.CALENDAR_ADDRESS, actor=actor, object_id=row.id, detail={"made": True})
    return token


def revoke(actor: Actor) -> None:
    """End the address; without one nothing happens."""
    with transaction.atomic(durable=True):
        _revoke(actor)


def read(token: str, language: str) -> bytes:
    """Return the calendar behind a token; raise ``NoSuchBody`` for an unknown or revoked one.

    What is in it follows the seats that the person holds at this moment: who leaves a seat, leaves the feed.
    """
    row = CalendarFeed.objects.filter(token_sha256=_digest(token), revoked_at=None).first()
    if row is None:
        raise errors.NoSuchBody
    standing = standing_of(Actor(ActorKind.PERSON, subject_id=row.subject_id, assurance=1))
    return icalendar.calendar(
        t("cabinet.board.calendar.title", language), calendars.upcoming(standing, language)
    )


def _revoke(actor: Actor) -> None:
    for row in CalendarFeed.objects.select_for_update().filter(
        subject_id=standing_of(actor).subject_id, revoked_at=None
    ):
        row.revoked_at = now()
        row.save(update_fields=["revoked_at"])
        audit(events.CALENDAR_ADDRESS, actor=actor, object_id=row.id, detail={"made": False})


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
