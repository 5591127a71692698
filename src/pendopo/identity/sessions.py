"""From a cookie to who is calling: reading hall sessions. Opening and ending them are actions."""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from pendopo.agencies import api as agencies
from pendopo.foundation import crypto
from pendopo.foundation.actor import ANONYMOUS, Actor, ActorKind
from pendopo.foundation.clock import now
from pendopo.foundation.http import Audience
from pendopo.foundation.statements import columns, one, row_of, width
from pendopo.identity import assurance, models
from pendopo.identity.policy import ABSOLUTE, CLOCKS_DIFFER, IDLE, TOUCH


@dataclass(frozen=True, slots=True)
class Presented:
    """What a request's cookie stands for.

    ``session`` is a living session; ``past_subject`` is whose session it was when it has ended. Both None
    for a stranger.
    """

    session: models.Session | None = None
    past_subject: UUID | None = None


def present(token: str) -> Presented:
    """Look the cookie's token up; one query, none without a token."""
    if not token:
        return Presented()
    row = _session(crypto.fingerprint(token))
    if row is None:
        return Presented()
    if not is_alive(row, now()):
        return Presented(past_subject=row.subject_id)
    _touch(row)
    return Presented(session=row)


def _session(digest: bytes) -> models.Session | None:
    """Read a session with its person; every request of somebody who is signed in asks this."""
    found = one(_reading(), [digest])
    if found is None:
        return None
    own = width(models.Session)
    row = row_of(models.Session, found[:own])
    row.subject = row_of(models.Subject, found[own:])
    return row


@cache
def _reading() -> str:
    names = f"{columns(models.Session, 's')}, {columns(models.Subject, 'p')}"
    tables = "identity_session AS s JOIN identity_subject AS p ON p.id = s.subject_id"
    return f"SELECT {names} FROM {tables} WHERE s.token_digest = %s"  # noqa: S608  # the models' own names


def is_alive(row: models.Session | models.ProviderSession, moment: dt.datetime) -> bool:
    """Whether the session was neither ended nor left idle nor reached its last hour.

    One that would outlive ``ABSOLUTE`` was opened by a machine whose clock ran ahead, and is not alive.
    """
    last_hour = moment < row.expires_at <= moment + ABSOLUTE + CLOCKS_DIFFER
    return row.ended_at is None and last_hour and row.last_seen_at > moment - IDLE


def actor_for(session: models.Session | None, audience: Audience) -> Actor:
    """Return who is calling, with the hat that fits the page.

    An officer on a page for persons is there as herself, without permissions; elsewhere she wears the post
    of the session, if it still stands.
    """
    if session is None:
        return ANONYMOUS
    post = None if audience is Audience.PERSON else chosen_post(session)
    level = assurance.level(session.subject.proofing, session.authentication)
    if post is None:
        return Actor(ActorKind.PERSON, session.subject_id, level, session.id)
    return Actor(
        kind=ActorKind.OFFICER,
        subject_id=session.subject_id,
        assurance=level,
        session_id=session.id,
        body_id=post.body_id,
        post_id=post.id,
        permissions=post.permissions,
    )


def chosen_post(session: models.Session) -> agencies.Post | None:
    """Return the post in which the officer works in this session, if it still stands."""
    if session.post_id is None:
        return None
    return next((post for post in agencies.posts_of(session.subject_id) if post.id == session.post_id), None)


def _touch(row: models.Session) -> None:
    moment = now()
    if row.last_seen_at < moment - TOUCH:
        row.last_seen_at = moment
        row.save(update_fields=["last_seen_at"])
