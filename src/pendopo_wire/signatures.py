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
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

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
_BOUND_REQUEST_HEADERS = ("x-road-client", "x-road-id", "content-digest")
_REQUEST_SIGNATURE = f'"signature";req;key="{LABEL}"'
_HALF = 32
_LONGEST_INPUT = 4096

_VALUE = re.compile(r"[\x20-\x7e]*")
_SIGNATURE = re.compile(LABEL + r"=:([A-Za-z0-9+/]{86}==):")
_DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/]{43}=):")
_REQUEST_PARAMETERS = re.compile(
    r';created=(?P<created>[0-9]{1,12});expires=(?P<expires>[0-9]{1,12});nonce="(?P<nonce>[A-Za-z0-9_-]{16,64})"'
    r';keyid="(?P<keyid>[A-Za-z0-9_-]{43})";tag="' + REQUEST_TAG + '"',
)
_RESPONSE_PARAMETERS = re.compile(
    r';created=(?P<created>[0-9]{1,12});keyid="(?P<keyid>[A-Za-z0-9_-]{43})";tag="' + RESPONSE_TAG + '"',
)


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
    given = _Headers(headers).one("content-digest")
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
    parameters = f';created={created};expires={expires};nonce="{nonce}";keyid="{keyid}";tag="{REQUEST_TAG}"'
    if _REQUEST_PARAMETERS.fullmatch(parameters) is None:
        raise SignatureError("a signature parameter is outside the profile")
    return _signed(_request_lines(request), parameters, key)


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
    if _RESPONSE_PARAMETERS.fullmatch(parameters) is None:
        raise SignatureError("a signature parameter is outside the profile")
    return _signed(_response_lines(response, request), parameters, key)


def verify_request(request: Request, body: bytes, *, keys: KeyFinder, window: Window) -> VerifiedRequest:
    """Check digest, coverage, time and signature of a request, or raise ``SignatureError``."""
    check_content_digest(request.headers, body)
    verified = verify_request_evidence(request, keys=keys)
    if verified.created > window.now + window.skew:
        raise SignatureError("the signature was made in the future")
    if verified.expires < window.now - window.skew:
        raise SignatureError("the signature has expired")
    if not 0 < verified.expires - verified.created <= window.longest_life:
        raise SignatureError("the signature's life is outside the profile")
    return verified


def verify_request_evidence(request: Request, *, keys: KeyFinder) -> VerifiedRequest:
    """Check a stored request: coverage and signature, neither the time nor the body behind the digest."""
    lines = _request_lines(request)
    base, match, signature = _claimed(lines, request.headers, _REQUEST_PARAMETERS)
    _verify(base, match["keyid"], signature, keys)
    return VerifiedRequest(
        keyid=match["keyid"],
        created=int(match["created"]),
        expires=int(match["expires"]),
        nonce=match["nonce"],
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
    check_content_digest(response.headers, body)
    verified = verify_response_evidence(response, request, keys=keys)
    if abs(window.now - verified.created) > window.longest_life + window.skew:
        raise SignatureError("the response signature is not of this moment")
    return verified


def verify_response_evidence(response: Response, request: Request, *, keys: KeyFinder) -> VerifiedResponse:
    """Check a stored response to a stored request: coverage and signature only."""
    lines = _response_lines(response, request)
    base, match, signature = _claimed(lines, response.headers, _RESPONSE_PARAMETERS)
    _verify(base, match["keyid"], signature, keys)
    return VerifiedResponse(keyid=match["keyid"], created=int(match["created"]))


def request_exchange_id(request: Request) -> str:
    """Exchange id of a signed request, without verifying the signature (the signer knows what it signed)."""
    base, _match, _signature = _claimed(_request_lines(request), request.headers, _REQUEST_PARAMETERS)
    return exchange_id(base)


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
    body = "".join(f"{identifier}: {value}\n" for identifier, value in lines)
    return f'{body}"@signature-params": {_covered(lines)}{parameters}'.encode("ascii")


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
    """Header fields by lower-case name, with every value that came."""

    __slots__ = ("_values",)

    def __init__(self, headers: Sequence[Header]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in headers:
            self._values.setdefault(name.lower(), []).append(value)

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def one(self, name: str) -> str:
        """The one value of a header, or ``SignatureError`` when it is missing, double or not plain text."""
        values = self._values.get(name, [])
        if len(values) != 1:
            raise SignatureError(f"the message must have exactly one header {name}")
        value = values[0].strip(" \t")
        if _VALUE.fullmatch(value) is None:
            raise SignatureError(f"the header {name} is not plain ASCII")
        return value


def _request_lines(request: Request) -> list[tuple[str, str]]:
    headers = _Headers(request.headers)
    if _VALUE.fullmatch(request.method) is None or _VALUE.fullmatch(request.target_uri) is None:
        raise SignatureError("method and target are plain ASCII")
    lines = [('"@method"', request.method), ('"@target-uri"', request.target_uri)]
    lines += _header_lines(headers, REQUEST_HEADERS, _REQUIRED_IN_REQUEST)
    return lines


def _response_lines(response: Response, request: Request) -> list[tuple[str, str]]:
    lines = [('"@status"', str(response.status))]
    lines += _header_lines(_Headers(response.headers), RESPONSE_HEADERS, _REQUIRED_IN_RESPONSE)
    asked = _Headers(request.headers)
    lines += [('"@method";req', request.method), ('"@target-uri";req', request.target_uri)]
    lines += [(f'"{name}";req', asked.one(name)) for name in _BOUND_REQUEST_HEADERS]
    lines.append((_REQUEST_SIGNATURE, asked.one("signature").removeprefix(f"{LABEL}=")))
    return lines


def _header_lines(headers: _Headers, names: Sequence[str], required: frozenset[str]) -> list[tuple[str, str]]:
    return [(f'"{name}"', headers.one(name)) for name in names if name in required or name in headers]


def _covered(lines: Sequence[tuple[str, str]]) -> str:
    return f"({' '.join(identifier for identifier, _value in lines)})"


def _signed(
    lines: Sequence[tuple[str, str]], parameters: str, key: EllipticCurvePrivateKey
) -> tuple[Header, Header]:
    signature = b64encode(sign_raw(key, signature_base(lines, parameters))).decode()
    return (
        ("signature-input", f"{LABEL}={_covered(lines)}{parameters}"),
        ("signature", f"{LABEL}=:{signature}:"),
    )


def _claimed(
    lines: Sequence[tuple[str, str]],
    headers: Sequence[Header],
    parameters: re.Pattern[str],
) -> tuple[bytes, re.Match[str], bytes]:
    fields = _Headers(headers)
    claimed = fields.one("signature-input")
    prefix = f"{LABEL}={_covered(lines)}"
    if len(claimed) > _LONGEST_INPUT or not claimed.startswith(prefix):
        raise SignatureError("the signature does not cover what the profile asks")
    match = parameters.fullmatch(claimed.removeprefix(prefix))
    if match is None:
        raise SignatureError("the signature's parameters are outside the profile")
    encoded = _SIGNATURE.fullmatch(fields.one("signature"))
    if encoded is None:
        raise SignatureError("the signature is not one ES256 value")
    try:
        signature = b64decode(encoded[1], validate=True)
    except (Base64Error, ValueError) as error:
        raise SignatureError("the signature is not base64") from error
    return signature_base(lines, match.group()), match, signature


def _verify(base: bytes, keyid: str, signature: bytes, keys: KeyFinder) -> None:
    key = keys(keyid)
    if key is None:
        raise SignatureError("the signature names a key that is not registered")
    verify_raw(key, signature, base)
