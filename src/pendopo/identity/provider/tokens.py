"""ID tokens: ES256, five minutes, with how and when the person signed in."""

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import cast

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from pendopo.foundation.clock import now
from pendopo.identity import assurance, models
from pendopo.identity.policy import ID_TOKEN
from pendopo.identity.provider.endpoints import issuer
from pendopo.identity.provider.subjects import pairwise
from pendopo.keys import api as keys

PURPOSE = "oidc"

type Claim = str | int | list[str]


@dataclass(frozen=True, slots=True)
class Hint:
    """What an ``id_token_hint`` says, after its signature was checked; its age is not."""

    sub: str
    client_id: str
    sid: str


def id_token(code: models.AuthorizationCode, access_token: str) -> str:
    """Sign the ID token for a redeemed code (OpenID Connect Core 2 and 3.1.3.6)."""
    moment, session = int(now().timestamp()), code.session
    claims: dict[str, Claim] = {
        "iss": issuer(),
        "sub": pairwise(code.subject_id, code.client.sector),
        "aud": code.client.client_id,
        "iat": moment,
        "exp": moment + int(ID_TOKEN.total_seconds()),
        "auth_time": int(session.authenticated_at.timestamp()),
        "acr": assurance.acr(code.subject.proofing, session.authentication),
        "amr": list(session.amr),
        "sid": str(session.id),
        "at_hash": _half_hash(access_token),
    }
    if code.nonce:
        claims["nonce"] = code.nonce
    return _signed(claims)


def read_hint(token: str) -> Hint | None:
    """Return what a hint of ours says, or None when it is not ours. An expired one still is."""
    try:
        claims = jwt.decode(token, _own_keys(), algorithms=["ES256"]).claims
    except (JoseError, ValueError):
        return None
    if claims.get("iss") != issuer():
        return None
    return Hint(str(claims.get("sub", "")), str(claims.get("aud", "")), str(claims.get("sid", "")))


def _own_keys() -> KeySet:
    return KeySet.import_key_set(cast("KeySetSerialization", keys.jwks(PURPOSE)))


def _signed(claims: dict[str, Claim]) -> str:
    signer = keys.signer(PURPOSE)
    header = _segment({"alg": "ES256", "typ": "JWT", "kid": signer.kid})
    body = header + b"." + _segment(claims)
    return (body + b"." + _base64(signer.sign(body))).decode()


def _half_hash(token: str) -> str:
    return _base64(hashlib.sha256(token.encode()).digest()[:16]).decode()


def _segment(value: dict[str, Claim] | dict[str, str]) -> bytes:
    return _base64(json.dumps(value, separators=(",", ":")).encode())


def _base64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")
