"""Who asks and why: the headers that our own gateway verified and passes on, checked once more.

The gateway proved who signed. Here the office checks what only it can: that purpose and legal basis are of
its table, that an agreement in force covers the endpoint, and that the persons in the body are the persons
named in the signed envelope (a gateway sees pseudonyms only and cannot compare them with a NIK).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import override

from django.http import HttpRequest
from ninja.security import HttpBearer

from pendopo.exchange.api import EndpointRule, Purpose, UnknownPurpose, is_granted, pseudonym, purpose
from pendopo.foundation import crypto
from pendopo.foundation.clock import today
from pendopo.foundation.settings import current
from pendopo.kernel.nik import InvalidNik, Nik
from pendopo.registers.errors import Denied, RequestInvalid

INTERFACE = "population-v1"
LONGEST_KEY = 200


class GatewayToken(HttpBearer):
    """The token that our own gateway shows; without a configured token nobody gets in."""

    @override
    def authenticate(self, request: HttpRequest, token: str) -> bool:
        """Compare in constant time; the file is read each time, so a new token needs no restart."""
        del request
        path = current().provider_token_file
        if path is None or not path.is_file():
            return False
        expected = path.read_text("ascii").strip()
        return bool(expected) and crypto.constant_time_equal(token.encode(), expected.encode())


@dataclass(frozen=True, slots=True)
class Envelope:
    """The checked headers of one request."""

    client: str
    purpose: Purpose
    subjects: frozenset[str]
    issue: str


def open_envelope(request: HttpRequest, path: str) -> Envelope:
    """Check the headers for the endpoint ``POST path`` (a pattern). Raises :class:`Denied`."""
    client = request.headers.get("X-Road-Client", "")
    try:
        declared = purpose(request.headers.get("X-Exchange-Purpose", ""))
    except UnknownPurpose:
        raise Denied("purpose") from None
    if not declared.allows_basis(request.headers.get("X-Exchange-Legal-Basis", "")):
        raise Denied("legal-basis")
    if not is_granted(INTERFACE, client, EndpointRule("POST", path), declared.code, today()):
        raise Denied("agreement")
    subjects = request.headers.get("X-Exchange-Subject", "").split(",")
    return Envelope(
        client=client,
        purpose=declared,
        subjects=frozenset(filter(None, (subject.strip() for subject in subjects))),
        issue=request.headers.get("X-Road-Issue", ""),
    )


def parse_nik(text: str, place: str) -> Nik:
    """A NIK from a body. Raises :class:`RequestInvalid` naming the place, never the number."""
    try:
        return Nik.parse(text)
    except InvalidNik:
        raise RequestInvalid(place) from None


def require_subjects(envelope: Envelope, niks: Iterable[Nik]) -> tuple[str, ...]:
    """Check that exactly these persons are named in the envelope; return their pseudonyms."""
    names = tuple(dict.fromkeys(pseudonym(nik) for nik in niks))
    if frozenset(names) != envelope.subjects:
        raise Denied("subject")
    return names


def idempotency_key(request: HttpRequest) -> str:
    """The key of a command. Raises :class:`RequestInvalid` without a usable one."""
    key = request.headers.get("Idempotency-Key", "")
    if not key or len(key) > LONGEST_KEY or not key.isprintable():
        raise RequestInvalid("idempotency-key")
    return key
