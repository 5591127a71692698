"""Open a session in the hall, choose the post in it, end it."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from pendopo.agencies import api as agencies
from pendopo.foundation import crypto
from pendopo.foundation.actor import Actor, ActorKind
from pendopo.foundation.audit import audit, event_type
from pendopo.foundation.clock import now
from pendopo.identity import assurance, models
from pendopo.identity.cookies import new_token
from pendopo.identity.errors import NoPost, NotSignedIn
from pendopo.identity.policy import ABSOLUTE
from pendopo.identity.records import context

SIGNED_IN = event_type("identity.signed_in", "A person signed in to the hall; detail names methods and level")
POST_CHOSEN = event_type("identity.post_chosen", "An officer chose the post to work in")
SIGNED_OUT = event_type("identity.signed_out", "A session in the hall was ended by its person")


@dataclass(frozen=True, slots=True)
class SignIn:
    """A verified sign-in, ready to become a session."""

    subject_id: UUID
    authentication: int
    amr: tuple[str, ...]
    authenticated_at: dt.datetime
    device: str = ""
    provider_session: UUID | None = None
    id_token: str = ""


def open_session(sign_in: SignIn, *, replaces: str = "") -> str:
    """Open a session and return the new cookie token; the session behind the token ``replaces`` ends.

    A fresh token at every sign-in and step-up is what defeats session fixation. An officer with exactly one
    post starts in it; one with several chooses on the next page that needs a post.
    """
    token, moment = new_token(), now()
    with transaction.atomic(durable=True):
        subject = models.Subject.objects.get(id=sign_in.subject_id)
        previous = _end_by_token(replaces)
        row = models.Session(
            subject=subject,
            token_digest=crypto.fingerprint(token),
            authentication=sign_in.authentication,
            amr=list(sign_in.amr),
            authenticated_at=sign_in.authenticated_at,
            last_seen_at=moment,
            expires_at=moment + ABSOLUTE,
            device=sign_in.device,
            provider_session=sign_in.provider_session,
            post_id=_starting_post(subject.id, previous),
        )
        if sign_in.id_token:
            row.id_token = crypto.seal(sign_in.id_token, context=context("session", "id_token", row.id))
        row.save(force_insert=True)
        level = assurance.level(subject.proofing, sign_in.authentication)
        actor = Actor(ActorKind.PERSON, subject.id, level, row.id)
        audit(SIGNED_IN, actor=actor, object_id=row.id, detail={"amr": list(sign_in.amr), "level": level})
    return token


def choose_post(session_id: UUID, post_id: UUID | None, *, actor: Actor) -> None:
    """Put on the hat of one of the person's own posts, or none; raise :class:`NoPost` for another's."""
    held = {post.id: post for post in agencies.posts_of(actor.subject_id)} if actor.subject_id else {}
    if post_id is not None and post_id not in held:
        raise NoPost
    with transaction.atomic(durable=True):
        models.Session.objects.filter(id=session_id, subject_id=_person(actor)).update(post_id=post_id)
        body_id = held[post_id].body_id if post_id else None
        audit(POST_CHOSEN, actor=actor, object_id=post_id, body_id=body_id)


def end_session(session_id: UUID, *, actor: Actor) -> models.Session | None:
    """End one of the actor's own sessions, with the provider's session behind it; None when there is none."""
    with transaction.atomic(durable=True):
        row = (
            models.Session.objects.select_for_update()
            .filter(id=session_id, subject_id=_person(actor), ended_at=None)
            .first()
        )
        if row is None:
            return None
        _end(row)
        end_provider_session(row.provider_session)
        audit(SIGNED_OUT, actor=actor, object_id=row.id)
    return row


def hint_of(session: models.Session) -> str:
    """Return the ID token that the session came with, for signing out at the provider; empty if none."""
    if session.id_token is None:
        return ""
    return crypto.open_text(session.id_token, context=context("session", "id_token", session.id))


def sign_out_everywhere_from(session: models.ProviderSession) -> None:
    """End a session of the provider, and every hall session that came from it."""
    with transaction.atomic(durable=True):
        end_provider_session(session.id)
        actor = Actor(ActorKind.PERSON, session.subject_id)
        audit(SIGNED_OUT, actor=actor, object_id=session.id)


def end_all(subject_id: UUID, *, keep: UUID | None = None) -> int:
    """End every session of a person except ``keep``, in the caller's transaction; return how many."""
    live = models.Session.objects.filter(subject_id=subject_id, ended_at=None)
    provider = models.ProviderSession.objects.filter(subject_id=subject_id, ended_at=None)
    if keep is not None:
        kept = models.Session.objects.filter(id=keep).values_list("provider_session", flat=True).first()
        live = live.exclude(id=keep)
        provider = provider.exclude(id=kept) if kept else provider
    provider.update(ended_at=now())
    return live.update(ended_at=now())


def end_provider_session(provider_session: UUID | None) -> None:
    """End the provider's session and every hall session that came from it, in the caller's transaction."""
    if provider_session is None:
        return
    moment = now()
    models.ProviderSession.objects.filter(id=provider_session, ended_at=None).update(ended_at=moment)
    models.Session.objects.filter(provider_session=provider_session, ended_at=None).update(ended_at=moment)


def _person(actor: Actor) -> UUID:
    if actor.subject_id is None:
        raise NotSignedIn
    return actor.subject_id


def _starting_post(subject_id: UUID, previous: models.Session | None) -> UUID | None:
    posts = [post.id for post in agencies.posts_of(subject_id)]
    if previous is not None and previous.subject_id == subject_id and previous.post_id in posts:
        return previous.post_id
    return posts[0] if len(posts) == 1 else None


def _end_by_token(token: str) -> models.Session | None:
    if not token:
        return None
    row = models.Session.objects.filter(token_digest=crypto.fingerprint(token)).first()
    if row is not None and row.ended_at is None:
        _end(row)
    return row


def _end(row: models.Session) -> None:
    row.ended_at = now()
    row.save(update_fields=["ended_at"])
