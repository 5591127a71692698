"""Authorization codes: issued once, redeemed once, and what their reuse costs."""

import base64
import hashlib
from dataclasses import dataclass

from django.db import transaction

from pendopo.foundation import crypto
from pendopo.foundation.actor import Actor, ActorKind
from pendopo.foundation.audit import audit, event_type
from pendopo.foundation.clock import now
from pendopo.identity import models
from pendopo.identity.cookies import new_token
from pendopo.identity.policy import ACCESS_TOKEN, CODE
from pendopo.identity.provider import tokens
from pendopo.identity.provider.clients import Asking
from pendopo.identity.provider.errors import TokenRefused
from pendopo.identity.provider.requests import AuthorizationRequest
from pendopo.identity.sessions import is_alive

CODE_ISSUED = event_type("identity.code_issued", "The provider sent a client an authorization code")
CODE_REUSED = event_type("identity.code_reused", "An authorization code came twice; its tokens were revoked")


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a redeemed code gives."""

    access_token: str
    id_token: str
    scope: str
    seconds: int


def issue(request: AuthorizationRequest, client: Asking, session: models.ProviderSession) -> str:
    """Return a fresh code bound to client, return address, PKCE challenge and session."""
    code = new_token()
    with transaction.atomic(durable=True):
        models.AuthorizationCode.objects.create(
            digest=crypto.fingerprint(code),
            client_id=client.id,
            subject_id=session.subject_id,
            session=session,
            redirect_uri=request.redirect_uri,
            code_challenge=request.code_challenge,
            scope=request.scope,
            nonce=request.nonce,
            expires_at=now() + CODE,
        )
        actor = Actor(ActorKind.PERSON, session.subject_id)
        audit(CODE_ISSUED, actor=actor, object_id=session.id, detail={"client": client.client_id})
    return code


def redeem(code: str, *, client: models.Client, redirect_uri: str, verifier: str) -> Tokens:
    """Exchange a code for tokens; raise :class:`TokenRefused` ``invalid_grant``.

    A second attempt with a spent code revokes what the first gave (RFC 6749 section 4.1.2).
    """
    with transaction.atomic(durable=True):
        row = _lock(code)
        spent = row is not None and row.used_at is not None
        if row is not None and spent:
            _revoke(row)
        elif row is not None and _fits(row, client, redirect_uri, verifier):
            return _give(row)
    raise TokenRefused("invalid_grant", "the code was used before" if spent else "the code does not fit")


def person_of(access_token: str) -> tuple[models.AccessToken, models.Subject] | None:
    """Return the living access token and its person, or None."""
    row = (
        models.AccessToken.objects.select_related("subject", "client")
        .filter(digest=crypto.fingerprint(access_token), revoked_at=None, expires_at__gt=now())
        .first()
    )
    return None if row is None else (row, row.subject)


def _lock(code: str) -> models.AuthorizationCode | None:
    return (
        models.AuthorizationCode.objects.select_for_update(of=("self",))
        .select_related("client", "subject", "session")
        .filter(digest=crypto.fingerprint(code))
        .first()
    )


def _fits(row: models.AuthorizationCode, client: models.Client, redirect_uri: str, verifier: str) -> bool:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return (
        row.expires_at > now()
        and row.client_id == client.id
        and row.redirect_uri == redirect_uri
        and crypto.constant_time_equal(row.code_challenge, challenge)
        and is_alive(row.session, now())
    )


def _give(row: models.AuthorizationCode) -> Tokens:
    row.used_at = now()
    row.save(update_fields=["used_at"])
    access_token = new_token()
    models.AccessToken.objects.create(
        digest=crypto.fingerprint(access_token),
        code=row,
        client=row.client,
        subject=row.subject,
        scope=row.scope,
        expires_at=now() + ACCESS_TOKEN,
    )
    id_token = tokens.id_token(row, access_token)
    return Tokens(access_token, id_token, row.scope, int(ACCESS_TOKEN.total_seconds()))


def _revoke(row: models.AuthorizationCode) -> None:
    row.tokens.filter(revoked_at=None).update(revoked_at=now())
    actor = Actor(ActorKind.SERVICE)
    audit(CODE_REUSED, actor=actor, object_id=row.session_id, detail={"client": row.client.client_id})
