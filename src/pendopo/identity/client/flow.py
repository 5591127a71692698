"""Sign-in as a client: send the browser to the provider, take the code back, verify what it stands for.

The token request is a real HTTP request to this same hall, so web threads could come to wait for one another.
At most :data:`CALLS_AT_ONCE` a process may be in it; the browser of any further one is asked to come again in
a second, which costs no thread. A web process therefore needs more threads than that.
"""

import base64
import datetime as dt
import json
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pendopo.foundation import crypto
from pendopo.foundation.clock import now
from pendopo.identity import assurance
from pendopo.identity.actions.sessions import SignIn
from pendopo.identity.client.keyset import ProviderKeys
from pendopo.identity.client.registration import CLIENT_ID, KEY_PURPOSE, callback_address
from pendopo.identity.client.state import Pending, challenge
from pendopo.identity.cookies import new_token
from pendopo.identity.errors import SignInBusy, SignInExpired, SignInFailed, StrongerSignInNeeded
from pendopo.identity.policy import FRESH
from pendopo.identity.provider import endpoints
from pendopo.identity.provider.clients import ASSERTION_TYPE
from pendopo.identity.provider.subjects import subject_of
from pendopo.keys import api as keys

CALLS_AT_ONCE: Final = 2
_calls = threading.BoundedSemaphore(CALLS_AT_ONCE)
_keys = ProviderKeys()
_ASSERTION_SECONDS: Final = 60
_CLOCK_SKEW: Final = 10
_TIMEOUT: Final = httpx.Timeout(5.0, connect=2.0)
_OK: Final = 200


class ComeAgainError(Exception):
    """All places for the token request are taken; nothing was spent, the same address works in a second."""


class _TokenAnswer(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id_token: str
    access_token: str
    token_type: str


class _Claims(BaseModel):
    """The claims of an ID token that the hall relies on (OpenID Connect Core 3.1.3.7)."""

    model_config = ConfigDict(extra="ignore", strict=True)

    iss: str
    sub: str
    aud: str
    exp: int
    iat: int
    auth_time: int
    nonce: str
    acr: str
    amr: list[str]
    sid: UUID = Field(strict=False)
    at_hash: str


def forget() -> None:
    """Drop connections and keys that are kept, when the provider's address changed. For tests."""
    _http.cache_clear()
    _keys.forget()


def authorization_address(pending: Pending, *, fresh: bool) -> str:
    """Return where to send the browser."""
    query = {
        "client_id": CLIENT_ID,
        "redirect_uri": callback_address(),
        "response_type": "code",
        "scope": "openid",
        "state": pending.state,
        "nonce": pending.nonce,
        "code_challenge": challenge(pending),
        "code_challenge_method": "S256",
        "acr_values": assurance.acr_for(pending.level),
        "ui_locales": pending.language,
    }
    if fresh:
        query["max_age"] = str(int(FRESH.total_seconds()))
    return f"{endpoints.address(endpoints.AUTHORIZE)}?{urlencode(query)}"


def finish(query: Mapping[str, str], pending: Pending | None, *, device: str) -> SignIn:
    """Check the provider's answer and exchange the code.

    Raises :class:`SignInExpired` (this browser began no such sign-in), :class:`SignInFailed` (the provider
    refused, or its answer does not verify), :class:`SignInBusy`, :class:`StrongerSignInNeeded`, and
    :class:`ComeAgainError`.
    """
    if pending is None:
        raise SignInExpired
    # RFC 9207: an answer of another issuer is a mix-up attack.
    if query.get("iss") != endpoints.issuer():
        raise SignInFailed(reason="issuer")
    if "error" in query:
        raise SignInFailed(reason="refused")
    with _place():
        answer = _exchange(query.get("code", ""), pending)
        claims = _verified(answer, pending)
    return _accept(claims, answer.id_token, pending, device)


def _accept(claims: _Claims, id_token: str, pending: Pending, device: str) -> SignIn:
    subject_id = subject_of(claims.sub, CLIENT_ID)
    authentication = assurance.authentication_of(claims.acr)
    if subject_id is None or authentication is None:
        raise SignInFailed(reason="subject")
    if assurance.level_of(claims.acr) < pending.level:
        raise StrongerSignInNeeded
    return SignIn(
        subject_id=subject_id,
        authentication=authentication,
        amr=tuple(claims.amr),
        authenticated_at=dt.datetime.fromtimestamp(claims.auth_time, tz=dt.UTC),
        device=device,
        provider_session=claims.sid,
        id_token=id_token,
    )


@contextmanager
def _place() -> Iterator[None]:
    if not _calls.acquire(blocking=False):
        raise ComeAgainError
    try:
        yield
    finally:
        _calls.release()


@cache
def _http() -> httpx.Client:
    """One pool a process; never through a proxy, because the hall calls itself."""
    return httpx.Client(timeout=_TIMEOUT, trust_env=False, verify=ssl.create_default_context())


def _exchange(code: str, pending: Pending) -> _TokenAnswer:
    try:
        response = _http().post(
            endpoints.address(endpoints.TOKEN),
            data={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": callback_address(),
                "code_verifier": pending.verifier,
                "client_assertion_type": ASSERTION_TYPE,
                "client_assertion": _assertion(),
            },
        )
    except httpx.HTTPError as error:
        raise SignInBusy from error
    if response.status_code != _OK:
        raise SignInFailed(reason="token")
    try:
        return _TokenAnswer.model_validate_json(response.content)
    except ValidationError:
        raise SignInFailed(reason="token") from None


def _assertion() -> str:
    """Sign a client assertion (RFC 7523) with the hall's own key."""
    moment, signer = int(now().timestamp()), keys.signer(KEY_PURPOSE)
    header = {"alg": "ES256", "kid": signer.kid}
    claims = {
        "iss": CLIENT_ID,
        "sub": CLIENT_ID,
        "aud": endpoints.issuer(),
        "iat": moment,
        "exp": moment + _ASSERTION_SECONDS,
        "jti": new_token(),
    }
    body = b".".join(_segment(json.dumps(part).encode()) for part in (header, claims))
    return (body + b"." + _segment(signer.sign(body))).decode()


def _segment(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _verified(answer: _TokenAnswer, pending: Pending) -> _Claims:
    try:
        address = endpoints.address(endpoints.JWKS)
        known = _keys.for_token(answer.id_token, address=address, http=_http())
        claims = _Claims.model_validate(jwt.decode(answer.id_token, known, algorithms=["ES256"]).claims)
    except httpx.HTTPError as error:
        raise SignInBusy from error
    except (JoseError, ValidationError, ValueError):
        raise SignInFailed(reason="id-token") from None
    moment = now().timestamp()
    good = (
        claims.iss == endpoints.issuer()
        and claims.aud == CLIENT_ID
        and claims.exp > moment - _CLOCK_SKEW
        and claims.iat < moment + _CLOCK_SKEW
        and crypto.constant_time_equal(claims.nonce, pending.nonce)
    )
    if not good:
        raise SignInFailed(reason="id-token")
    return claims
