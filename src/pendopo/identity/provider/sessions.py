"""The provider's own session: which browser it knows, and whether that is enough for a request."""

import datetime as dt
from uuid import UUID

from pendopo.foundation import crypto
from pendopo.foundation.clock import now
from pendopo.identity import models
from pendopo.identity.cookies import new_token
from pendopo.identity.policy import ABSOLUTE, TOUCH
from pendopo.identity.provider.requests import AuthorizationRequest
from pendopo.identity.sessions import is_alive


def present(token: str) -> models.ProviderSession | None:
    """Return the living session behind the provider's cookie, or None."""
    if not token:
        return None
    rows = models.ProviderSession.objects.select_related("subject")
    row = rows.filter(token_digest=crypto.fingerprint(token)).first()
    if row is None or not is_alive(row, now()):
        return None
    if row.last_seen_at < now() - TOUCH:
        row.last_seen_at = now()
        row.save(update_fields=["last_seen_at"])
    return row


def open_session(
    subject_id: UUID, *, authentication: int, amr: tuple[str, ...], device: str, replaces: str
) -> str:
    """Open a session in the caller's transaction and return its token.

    A living session of the same person in this browser is carried on under a new token, so what she is
    signed in to elsewhere with it stays; another person's is ended.
    """
    token, moment = new_token(), now()
    before = present(replaces)
    carried = before if before is not None and before.subject_id == subject_id else None
    if before is not None and carried is None:
        before.ended_at = moment
        before.save(update_fields=["ended_at"])
    row = carried or models.ProviderSession(subject_id=subject_id)
    row.token_digest = crypto.fingerprint(token)
    row.authentication, row.amr, row.device = authentication, list(amr), device
    row.authenticated_at = row.last_seen_at = moment
    row.expires_at = moment + ABSOLUTE
    row.save()
    return token


def satisfies(session: models.ProviderSession, request: AuthorizationRequest, *, since: dt.datetime) -> bool:
    """Whether the session is enough. ``since`` is when the request came, for ``prompt=login``."""
    if session.authentication < request.authentication:
        return False
    if request.prompt == "login":
        return session.authenticated_at >= since
    if request.max_age is not None:
        # A sign-in made for this very request is fresh, however small max_age is.
        recent = session.authenticated_at >= now() - dt.timedelta(seconds=request.max_age)
        return recent or session.authenticated_at >= since
    return True
