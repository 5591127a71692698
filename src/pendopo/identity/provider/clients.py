"""Registered clients: finding, registering, and proving who calls the token endpoint."""

import datetime as dt
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit
from uuid import UUID

from django.db import IntegrityError, transaction
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import extract_compact
from pydantic import BaseModel, ConfigDict, ValidationError

from pendopo.foundation import crypto
from pendopo.foundation.actor import Actor
from pendopo.foundation.audit import audit, event_type
from pendopo.foundation.clock import now
from pendopo.identity import models
from pendopo.identity.provider.endpoints import issuer
from pendopo.identity.provider.errors import TokenRefused

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_ASSERTION_LIFE = 300
CLOCK_SKEW = 10
CLIENT_REGISTERED = event_type("identity.client_registered", "An OpenID client was registered or changed")


@dataclass(frozen=True, slots=True)
class Registration:
    """What is registered of a client. Without ``keys`` it is public and has PKCE only."""

    client_id: str
    name_id: str
    name_en: str
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...] = ()
    keys: dict[str, list[dict[str, str]]] | None = None
    first_party: bool = False


@dataclass(frozen=True, slots=True)
class Asking:
    """A registered client as the pages see it. ``first_party`` needs no consent: it is the hall itself."""

    id: UUID
    client_id: str
    name_id: str
    name_en: str
    first_party: bool
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...]

    @classmethod
    def of(cls, row: models.Client) -> Self:
        """Map a row."""
        return cls(
            id=row.id,
            client_id=row.client_id,
            name_id=row.name_id,
            name_en=row.name_en,
            first_party=row.first_party,
            redirect_uris=tuple(row.redirect_uris),
            post_logout_redirect_uris=tuple(row.post_logout_redirect_uris),
        )

    def name(self, language: str) -> str:
        """The client's name in a language."""
        return self.name_en if language == "en" else self.name_id


class InvalidRegistrationError(ValueError):
    """The registration would weaken the provider; the message says where."""


class _Assertion(BaseModel):
    """The claims of a client assertion (RFC 7523 section 3); ``aud`` is one string, as FAPI 2.0 asks."""

    model_config = ConfigDict(extra="ignore", strict=True)

    iss: str
    sub: str
    aud: str | list[str]
    exp: int
    jti: str
    nbf: int = 0
    iat: int = 0


def register(entry: Registration, *, actor: Actor) -> None:
    """Register a client, or bring its registration up to date.

    Raises :class:`InvalidRegistrationError` for a return address that is not absolute, has a fragment, or
    is http outside the loopback.
    """
    for address in (*entry.redirect_uris, *entry.post_logout_redirect_uris):
        _check_address(address)
    with transaction.atomic(durable=True):
        models.Client.objects.update_or_create(
            client_id=entry.client_id,
            defaults={
                "name_id": entry.name_id,
                "name_en": entry.name_en,
                "redirect_uris": list(entry.redirect_uris),
                "post_logout_redirect_uris": list(entry.post_logout_redirect_uris),
                "authentication": "none" if entry.keys is None else "private_key_jwt",
                "keys": entry.keys,
                "sector": _sector(entry),
                "first_party": entry.first_party,
            },
        )
        audit(CLIENT_REGISTERED, actor=actor, detail={"client": entry.client_id})


def asking(client_id: str) -> Asking | None:
    """Return a client that may ask, or None."""
    row = find(client_id)
    return None if row is None else Asking.of(row)


def find(client_id: str) -> models.Client | None:
    """Return the row of a client that may ask, or None."""
    return models.Client.objects.filter(client_id=client_id, disabled_at=None).first()


def authenticate(*, client_id: str, assertion: str, assertion_type: str) -> models.Client:
    """Return the client that calls the token endpoint; raise :class:`TokenRefused` ``invalid_client``."""
    if not assertion:
        client = find(client_id)
        if client is None or client.authentication != "none":
            raise _unknown("client authentication is missing")
        return client
    if assertion_type != ASSERTION_TYPE:
        raise _unknown("client_assertion_type is not jwt-bearer")
    claims, client = _verified(assertion)
    if client_id and client_id != client.client_id:
        raise _unknown("client_id differs from the assertion")
    _spend(claims, client)
    return client


def _verified(assertion: str) -> tuple[_Assertion, models.Client]:
    """Check the signature with the registered keys of whoever the assertion claims to be from."""
    client = find(_claimed_client(assertion))
    if client is None or client.keys is None:
        raise _unknown("the assertion names no client with keys")
    try:
        token = jwt.decode(assertion, KeySet.import_key_set(client.keys), algorithms=["ES256"])
        claims = _Assertion.model_validate(token.claims)
    except (JoseError, ValidationError, ValueError) as error:
        raise _unknown("the assertion does not verify") from error
    _check_claims(claims, client)
    return claims, client


def _claimed_client(assertion: str) -> str:
    try:
        payload = extract_compact(assertion.encode()).payload
        return _Assertion.model_validate_json(payload).iss
    except (JoseError, ValidationError, ValueError) as error:
        raise _unknown("the assertion is not a JWT with the required claims") from error


def _check_claims(claims: _Assertion, client: models.Client) -> None:
    moment = int(now().timestamp())
    audience = claims.aud if isinstance(claims.aud, list) else [claims.aud]
    if claims.iss != client.client_id or claims.sub != client.client_id:
        raise _unknown("iss and sub must both be the client_id")
    if audience != [issuer()]:
        raise _unknown("aud must be the issuer alone")
    if not moment - CLOCK_SKEW < claims.exp <= moment + LONGEST_ASSERTION_LIFE + CLOCK_SKEW:
        raise _unknown("exp is past or too far away")
    if max(claims.nbf, claims.iat) > moment + CLOCK_SKEW:
        raise _unknown("the assertion is from the future")


def _spend(claims: _Assertion, client: models.Client) -> None:
    digest = crypto.fingerprint(f"{client.client_id}\n{claims.jti}")
    expires_at = now() + dt.timedelta(seconds=LONGEST_ASSERTION_LIFE + 2 * CLOCK_SKEW)
    try:
        with transaction.atomic():
            models.SeenAssertion.objects.create(digest=digest, expires_at=expires_at)
    except IntegrityError as error:
        raise _unknown("the assertion was used before") from error


def _unknown(description: str) -> TokenRefused:
    return TokenRefused("invalid_client", description, http_status=401)


def _check_address(address: str) -> None:
    parts = urlsplit(address)
    local = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if parts.scheme not in {"https", "http"} or (parts.scheme == "http" and not local):
        raise InvalidRegistrationError(f"{address} must be https (http only on the loopback)")
    if not parts.hostname or parts.fragment or "*" in address or parts.username:
        raise InvalidRegistrationError(f"{address} must be one absolute address without fragment or wildcard")


def _sector(entry: Registration) -> str:
    hosts = {urlsplit(address).netloc for address in entry.redirect_uris}
    if len(hosts) != 1:
        raise InvalidRegistrationError("all return addresses must be on one host, which is the sector")
    # The client decides, not the host: the hall's port may change, and two agencies may share a host.
    return entry.client_id
