"""A peer that speaks to a gateway by hand, so that it can lie."""

import secrets
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import aiohttp
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from yarl import URL

from pendopo_gateway.tests.authority import Identity
from pendopo_gateway.tests.world import HALL, SERVICE, Got, Site, World
from pendopo_wire import signatures
from pendopo_wire.identifiers import SubsystemId
from pendopo_wire.keyids import thumbprint
from pendopo_wire.signatures import Request

BODY = b'{"nik":"x"}'


@dataclass(frozen=True)
class Lie:
    """What a dialler does differently from an honest gateway."""

    client: SubsystemId = HALL
    path: str = f"/r1/{SERVICE}/persons"
    sent_path: str | None = None
    method: str = "POST"
    body: bytes = BODY
    sent_body: bytes | None = None
    created: int = 0
    life: int = 60
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    headers: dict[str, str] = field(default_factory=dict)
    change: Callable[[Request], Request] = lambda request: request


@dataclass(frozen=True)
class Dialer:
    """Connects with one certificate (or none) and signs with one key."""

    authority: Path
    target: Site
    tls: Identity | None
    key: EllipticCurvePrivateKey
    newest_tls: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3

    async def send(self, lie: Lie) -> Got:
        """Sign what the lie says, send what the lie says."""
        request = lie.change(self.signed(lie))
        async with (
            aiohttp.ClientSession(skip_auto_headers=("Accept", "User-Agent", "Content-Type")) as session,
            session.request(
                request.method,
                URL(f"https://127.0.0.1:{self.target.peer_port}{lie.sent_path or lie.path}", encoded=True),
                headers=list(request.headers),
                data=lie.body if lie.sent_body is None else lie.sent_body,
                ssl=self._context(),
            ) as response,
        ):
            return Got(response.status, response.headers.copy(), await response.read())

    def signed(self, lie: Lie) -> Request:
        """The request as the lie says that it was signed."""
        headers = {
            "x-road-client": str(lie.client),
            "x-road-id": "ID-DEMO-1",
            "content-type": "application/json",
            "content-digest": signatures.content_digest(lie.body),
            "x-exchange-purpose": "civil-registration.birth",
            "x-exchange-legal-basis": "uu-24-2013",
            "x-exchange-subject": "mother",
        } | lie.headers
        uri = f"https://127.0.0.1:{self.target.peer_port}{lie.path}"
        plain = Request(lie.method, uri, tuple(headers.items()))
        created = int(time.time()) + lie.created
        added = signatures.sign_request(
            plain,
            key=self.key,
            keyid=thumbprint(self.key.public_key()),
            created=created,
            expires=created + lie.life,
            nonce=lie.nonce,
        )
        return replace(plain, headers=plain.headers + added)

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.authority)
        context.check_hostname = False
        context.maximum_version = self.newest_tls
        if self.tls is not None:
            context.load_cert_chain(self.tls.certificate, self.tls.key)
        return context


def honest(world: World) -> Dialer:
    """The hall's own gateway, played by hand."""
    return Dialer(world.authority.file, world.provider, world.hall.tls, world.hall.key)


def without(name: str) -> Callable[[Request], Request]:
    """Take a header away after signing."""

    def change(request: Request) -> Request:
        return replace(request, headers=tuple(item for item in request.headers if item[0] != name))

    return change


def put(name: str, value: str) -> Callable[[Request], Request]:
    """Add or change a header after signing."""

    def change(request: Request) -> Request:
        kept = without(name)(request)
        return replace(kept, headers=(*kept.headers, (name, value)))

    return change
