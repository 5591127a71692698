"""Message signatures of the exchange: one fixed profile of HTTP Message Signatures (RFC 9421).

Algorithm ``ecdsa-p256-sha256`` (raw r||s, 64 bytes), one signature labelled ``sig``, body integrity by
``Content-Digest: sha-256`` (RFC 9530). The verifier does not negotiate: it computes which components a
message of this profile must cover and accepts only a ``Signature-Input`` that says exactly that.

A request covers ``@method``, ``@target-uri``, ``x-road-client``, ``x-road-id``, ``content-digest`` and
every other header of ``REQUEST_HEADERS`` that the message has, in that order; parameters ``created``,
``expires``, ``nonce``, ``keyid``, ``tag``. A header of that list can therefore be neither changed nor
added nor taken away. A response covers ``@status``, ``content-digest``, ``x-road-id``, every other
header of ``RESPONSE_HEADERS`` that it has, and of the request (``;req``) its method, target, client,
id, digest and signature: an answer cannot be moved to another question. Headers outside the lists are
not covered, so the gateway forwards none of them.

Not checked here: whether a nonce was used before, and whether the key belongs to the client that the
message names. Both need memory and a registry, which is the gateway's part.
"""

import re
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from pendopo_wire.encoding import decoded_base64
from pendopo_wire.errors import SignatureError
from pendopo_wire.keyids import base64url

type Header = tuple[str, str]
type KeyFinder = Callable[[str], EllipticCurvePublicKey | None]

LABEL = "sig"
REQUEST_TAG = "pendopo-exchange-request"
RESPONSE_TAG = "pendopo-exchange-response"

REQUEST_HEADERS = (
    "x-road-client",
    "x-road-id",
    "x-road-userid",
    "x-road-issue",
    "content-type",
    "content-encoding",
    "content-digest",
    "x-exchange-purpose",
    "x-exchange-legal-basis",
    "x-exchange-subject",
    "idempotency-key",
    "accept",
    "accept-language",
    "if-match",
    "if-none-match",
)
"""Headers of a request that the signature covers, in order; the only ones that travel."""

RESPONSE_HEADERS = (
    "content-type",
    "content-encoding",
    "content-language",
    "content-digest",
    "cache-control",
    "etag",
    "location",
    "retry-after",
    "x-road-client",
    "x-road-id",
    "x-road-service",
    "x-road-request-id",
    "x-road-error",
    "x-exchange-subjects",
    "x-exchange-fields",
)
"""Headers of a response that the signature covers, in order; the only ones that travel."""

_REQUIRED_IN_REQUEST = frozenset({"x-road-client", "x-road-id", "content-digest"})
_REQUIRED_IN_RESPONSE = frozenset({"content-digest", "x-road-id"})
_REQUEST_COMPONENTS = tuple((name, f'"{name}"') for name in REQUEST_HEADERS)
_RESPONSE_COMPONENTS = tuple((name, f'"{name}"') for name in RESPONSE_HEADERS)
_BOUND_REQUEST_COMPONENTS = tuple(
    (name, f'"{name}";req') for name in ("x-road-client", "x-road-id", "content-digest")
)
_REQUEST_SIGNATURE = f'"signature";req;key="{LABEL}"'
_HALF = 32

_SIGNATURE = re.compile(LABEL + r"=:([A-Za-z0-9+/]{86}==):")
_DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/]{43}=):")
_PARAMETER = re.compile(r';([a-z]+)=([0-9]{1,12}|"[A-Za-z0-9_-]{1,64}")')
_REQUEST_PARAMETERS = frozenset({"created", "expires", "nonce", "keyid", "tag"})
_RESPONSE_PARAMETERS = frozenset({"created", "keyid", "tag"})
_NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")
_KEYID = re.compile(r"[A-Za-z0-9_-]{43}")
_USUAL_REQUEST_PARAMETERS = re.compile(
    r";created=([0-9]{1,12});expires=([0-9]{1,12})"
    rf';nonce="([A-Za-z0-9_-]{{16,64}})";keyid="([A-Za-z0-9_-]{{43}})";tag="{REQUEST_TAG}"'
)
_USUAL_RESPONSE_PARAMETERS = re.compile(
    rf';created=([0-9]{{1,12}});keyid="([A-Za-z0-9_-]{{43}})";tag="{RESPONSE_TAG}"'
)
"""Parameters in the order in which this module writes them; another order is as good, only slower to read."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request as the wire shows it: upper-case method, absolute target, headers in order of arrival."""

    method: str
    target_uri: str
    headers: tuple[Header, ...]


@dataclass(frozen=True, slots=True)
class Response:
    """A response as the wire shows it."""

    status: int
    headers: tuple[Header, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """When a signature counts: unix seconds now, longest life, and how far clocks may differ."""

    now: int
    longest_life: int = 60
    skew: int = 5


@dataclass(frozen=True, slots=True)
class VerifiedRequest:
    """What a good request signature says. ``exchange_id`` names the exchange on both sides."""

    keyid: str
    created: int
    expires: int
    nonce: str
    exchange_id: str


@dataclass(frozen=True, slots=True)
class VerifiedResponse:
    """What a good response signature says."""

    keyid: str
    created: int


def content_digest(body: bytes) -> str:
    """Value of ``Content-Digest`` for a body, which may be empty (RFC 9530, sha-256)."""
    return f"sha-256=:{b64encode(sha256(body).digest()).decode()}:"


def check_content_digest(headers: Sequence[Header], body: bytes) -> None:
    """Raise ``SignatureError`` unless the one ``Content-Digest`` header fits the body."""
    _check_digest(_Headers(headers), body)


def _check_digest(headers: "_Headers", body: bytes) -> None:
    given = headers.one("content-digest")
    if _DIGEST.fullmatch(given) is None or not compare_digest(given, content_digest(body)):
        raise SignatureError("the content digest does not fit the body")


def sign_request(
    request: Request,
    *,
    key: EllipticCurvePrivateKey,
    keyid: str,
    created: int,
    expires: int,
    nonce: str,
) -> tuple[Header, Header]:
    """Return the ``Signature-Input`` and ``Signature`` headers for a request that has its digest already."""
    added, _name = sign_and_name_request(
        request, key=key, keyid=keyid, created=created, expires=expires, nonce=nonce
    )
    return added


def sign_and_name_request(
    request: Request,
    *,
    key: EllipticCurvePrivateKey,
    keyid: str,
    created: int,
    expires: int,
    nonce: str,
) -> tuple[tuple[Header, Header], str]:
    """Return the headers of ``sign_request`` and the exchange id of the request that has them."""
    parameters = f';created={created};expires={expires};nonce="{nonce}";keyid="{keyid}";tag="{REQUEST_TAG}"'
    _Parameters.of_request(parameters)
    lines = _request_lines(request, _Headers(request.headers))
    base = signature_base(lines, parameters)
    return _signed(base, lines, parameters, key), exchange_id(base)


def sign_response(
    response: Response,
    request: Request,
    *,
    key: EllipticCurvePrivateKey,
    keyid: str,
    created: int,
) -> tuple[Header, Header]:
    """Return the signature headers for the response to a signed request."""
    parameters = f';created={created};keyid="{keyid}";tag="{RESPONSE_TAG}"'
    _Parameters.of_response(parameters)
    lines = _response_lines(response, _Headers(response.headers), request)
    return _signed(signature_base(lines, parameters), lines, parameters, key)


def verify_request(request: Request, body: bytes, *, keys: KeyFinder, window: Window) -> VerifiedRequest:
    """Check digest, coverage, time and signature of a request, or raise ``SignatureError``."""
    headers = _Headers(request.headers)
    _check_digest(headers, body)
    verified = _verified_request(request, headers, keys)
    if verified.created > window.now + window.skew:
        raise SignatureError("the signature was made in the future")
    if verified.expires < window.now - window.skew:
        raise SignatureError("the signature has expired")
    if not 0 < verified.expires - verified.created <= window.longest_life:
        raise SignatureError("the signature's life is outside the profile")
    return verified


def verify_request_evidence(request: Request, *, keys: KeyFinder) -> VerifiedRequest:
    """Check a stored request: coverage and signature, neither the time nor the body behind the digest."""
    return _verified_request(request, _Headers(request.headers), keys)


def _verified_request(request: Request, headers: "_Headers", keys: KeyFinder) -> VerifiedRequest:
    lines = _request_lines(request, headers)
    claim = _Claim.of(lines, headers)
    parameters = _Parameters.of_request(claim.parameters)
    base = signature_base(lines, claim.parameters)
    _verify(base, parameters.keyid, claim.signature, keys)
    return VerifiedRequest(
        keyid=parameters.keyid,
        created=parameters.created,
        expires=parameters.expires,
        nonce=parameters.nonce,
        exchange_id=exchange_id(base),
    )


def verify_response(
    response: Response,
    body: bytes,
    request: Request,
    *,
    keys: KeyFinder,
    window: Window,
) -> VerifiedResponse:
    """Check digest, coverage, time and signature of the response to a signed request."""
    headers = _Headers(response.headers)
    _check_digest(headers, body)
    verified = _verified_response(response, headers, request, keys)
    if abs(window.now - verified.created) > window.longest_life + window.skew:
        raise SignatureError("the response signature is not of this moment")
    return verified


def verify_response_evidence(response: Response, request: Request, *, keys: KeyFinder) -> VerifiedResponse:
    """Check a stored response to a stored request: coverage and signature only."""
    return _verified_response(response, _Headers(response.headers), request, keys)


def _verified_response(
    response: Response, headers: "_Headers", request: Request, keys: KeyFinder
) -> VerifiedResponse:
    lines = _response_lines(response, headers, request)
    claim = _Claim.of(lines, headers)
    parameters = _Parameters.of_response(claim.parameters)
    _verify(signature_base(lines, claim.parameters), parameters.keyid, claim.signature, keys)
    return VerifiedResponse(keyid=parameters.keyid, created=parameters.created)


def request_exchange_id(request: Request) -> str:
    """Exchange id of a signed request, without verifying the signature (the signer knows what it signed)."""
    headers = _Headers(request.headers)
    lines = _request_lines(request, headers)
    return exchange_id(signature_base(lines, _Claim.of(lines, headers).parameters))


def exchange_id(base: bytes) -> str:
    """Name of an exchange: SHA-256 of the request's signature base, base64url, 43 characters.

    Both gateways compute the same one, and two different requests cannot share it (the base holds the
    nonce), even when a client uses one ``X-Road-Id`` twice.
    """
    return base64url(sha256(base).digest())


def signature_base(lines: Sequence[tuple[str, str]], parameters: str) -> bytes:
    """Signature base of RFC 9421 section 2.5 for serialised component identifiers and their values.

    ``parameters`` is the serialised tail of ``@signature-params``, from its first semicolon on.
    """
    body = "\n".join([f"{identifier}: {value}" for identifier, value in lines])
    return f'{body}\n"@signature-params": {_covered(lines)}{parameters}'.encode("ascii")


def verify_raw(key: EllipticCurvePublicKey, signature: bytes, message: bytes) -> None:
    """Check an ``ecdsa-p256-sha256`` signature (r||s, 64 bytes) or raise ``SignatureError``."""
    if len(signature) != 2 * _HALF:
        raise SignatureError("an ES256 signature has 64 bytes")
    der = encode_dss_signature(int.from_bytes(signature[:_HALF]), int.from_bytes(signature[_HALF:]))
    try:
        key.verify(der, message, _ES256)
    except InvalidSignature as error:
        raise SignatureError("the signature is false") from error


def sign_raw(key: EllipticCurvePrivateKey, message: bytes) -> bytes:
    """Make an ``ecdsa-p256-sha256`` signature (r||s, 64 bytes)."""
    r, s = decode_dss_signature(key.sign(message, _ES256))
    return r.to_bytes(_HALF) + s.to_bytes(_HALF)


_ES256 = ECDSA(SHA256())


class _Headers:
    """Header fields by lower-case name, each with the one value that came."""

    __slots__ = ("_values",)

    def __init__(self, headers: Sequence[Header]) -> None:
        values: dict[str, str | None] = {}
        for name, value in headers:
            key = name.lower()
            values[key] = None if key in values else value  # None: it came twice
        self._values = values

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def one(self, name: str) -> str:
        """The one value of a header, or ``SignatureError`` when it is missing, double or not plain text."""
        value = self._values.get(name)
        if value is None:
            raise SignatureError(f"the message must have exactly one header {name}")
        value = value.strip(" \t")
        if not _is_plain(value):
            raise SignatureError(f"the header {name} is not plain ASCII")
        return value


def _is_plain(text: str) -> bool:
    """Whether a text holds nothing but the printable characters of ASCII and spaces."""
    return text.isascii() and text.isprintable()


def _request_lines(request: Request, headers: _Headers) -> list[tuple[str, str]]:
    if not _is_plain(request.method) or not _is_plain(request.target_uri):
        raise SignatureError("method and target are plain ASCII")
    lines = [('"@method"', request.method), ('"@target-uri"', request.target_uri)]
    lines += _header_lines(headers, _REQUEST_COMPONENTS, _REQUIRED_IN_REQUEST)
    return lines


def _response_lines(response: Response, headers: _Headers, request: Request) -> list[tuple[str, str]]:
    lines = [('"@status"', str(response.status))]
    lines += _header_lines(headers, _RESPONSE_COMPONENTS, _REQUIRED_IN_RESPONSE)
    asked = _Headers(request.headers)
    lines += [('"@method";req', request.method), ('"@target-uri";req', request.target_uri)]
    lines += [(identifier, asked.one(name)) for name, identifier in _BOUND_REQUEST_COMPONENTS]
    lines.append((_REQUEST_SIGNATURE, asked.one("signature").removeprefix(f"{LABEL}=")))
    return lines


def _header_lines(
    headers: _Headers, components: Sequence[tuple[str, str]], required: frozenset[str]
) -> list[tuple[str, str]]:
    return [
        (identifier, headers.one(name))
        for name, identifier in components
        if name in headers or name in required
    ]


def _covered(lines: Sequence[tuple[str, str]]) -> str:
    return f"({' '.join([identifier for identifier, _value in lines])})"


def _signed(
    base: bytes, lines: Sequence[tuple[str, str]], parameters: str, key: EllipticCurvePrivateKey
) -> tuple[Header, Header]:
    signature = b64encode(sign_raw(key, base)).decode()
    return (
        ("signature-input", f"{LABEL}={_covered(lines)}{parameters}"),
        ("signature", f"{LABEL}=:{signature}:"),
    )


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a message says of its signature: the tail of ``Signature-Input``, and the 64 bytes."""

    parameters: str
    signature: bytes

    @classmethod
    def of(cls, lines: Sequence[tuple[str, str]], headers: _Headers) -> Self:
        """Read both headers; the covered components must be exactly those of ``lines``."""
        claimed, prefix = headers.one("signature-input"), f"{LABEL}={_covered(lines)}"
        if not claimed.startswith(prefix):
            raise SignatureError("the signature does not cover what the profile asks")
        encoded = _SIGNATURE.fullmatch(headers.one("signature"))
        if encoded is None:
            raise SignatureError("the signature is not one ES256 value")
        return cls(claimed.removeprefix(prefix), decoded_base64(encoded[1], SignatureError))


@dataclass(frozen=True, slots=True)
class _Parameters:
    """Signature parameters of the profile, in any order; a response has only the first two."""

    created: int
    keyid: str
    expires: int = 0
    nonce: str = ""

    @classmethod
    def of_request(cls, text: str) -> Self:
        """Read the parameters of a request signature."""
        usual = _USUAL_REQUEST_PARAMETERS.fullmatch(text)
        if usual is not None:
            return cls(int(usual[1]), usual[4], int(usual[2]), usual[3])
        values = _parameters(text, _REQUEST_PARAMETERS, REQUEST_TAG)
        expires, nonce = values["expires"], values["nonce"].strip('"')
        if not expires.isdigit() or _NONCE.fullmatch(nonce) is None:
            raise SignatureError("the signature's expiry or nonce is outside the profile")
        return cls(int(values["created"]), values["keyid"].strip('"'), int(expires), nonce)

    @classmethod
    def of_response(cls, text: str) -> Self:
        """Read the parameters of a response signature."""
        usual = _USUAL_RESPONSE_PARAMETERS.fullmatch(text)
        if usual is not None:
            return cls(int(usual[1]), usual[2])
        values = _parameters(text, _RESPONSE_PARAMETERS, RESPONSE_TAG)
        return cls(int(values["created"]), values["keyid"].strip('"'))


def _parameters(text: str, names: frozenset[str], tag: str) -> dict[str, str]:
    found = _PARAMETER.findall(text)
    if "".join(f";{name}={value}" for name, value in found) != text:
        raise SignatureError("the signature's parameters are malformed")
    values = dict(found)
    if len(found) != len(names) or values.keys() != names or values["tag"] != f'"{tag}"':
        raise SignatureError("the signature's parameters are outside the profile")
    if not values["created"].isdigit() or _KEYID.fullmatch(values["keyid"].strip('"')) is None:
        raise SignatureError("the signature's time or key is outside the profile")
    return values


def _verify(base: bytes, keyid: str, signature: bytes, keys: KeyFinder) -> None:
    key = keys(keyid)
    if key is None:
        raise SignatureError("the signature names a key that is not registered")
    verify_raw(key, signature, base)
