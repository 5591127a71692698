"""Two members with a gateway each, a registry, an authority and a provider, all on loopback."""

import asyncio
import json
import random
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from yarl import URL

from pendopo_gateway import config
from pendopo_gateway.process import Gateway
from pendopo_gateway.tests.authority import Authority, Identity, write_key
from pendopo_gateway.tests.office import TOKEN, Office
from pendopo_wire import access, note, snapshot
from pendopo_wire.access import AccessRecord, Side
from pendopo_wire.identifiers import ServerId, ServiceId, SubsystemId
from pendopo_wire.keyids import public_key_text
from pendopo_wire.paths import Endpoint
from pendopo_wire.snapshot import Agreement, LegalBasis, Member, Purpose, Server, Service, Snapshot, Subsystem

HALL = SubsystemId.parse("ID-DEMO/GOV/PEMDA-CONTOH/PENDOPO")
OFFICE = SubsystemId.parse("ID-DEMO/GOV/DUKCAPIL-CONTOH/KEPENDUDUKAN")
OTHER = SubsystemId.parse("ID-DEMO/GOV/DINSOS-CONTOH/BANSOS")
SERVICE = ServiceId(OFFICE, "population-v1")
SYSTEM_TOKEN = "system-token-0123456789-0123456789-01"
SPY_TOKEN = "another-token-0123456789-0123456789-0"
ANCHOR = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ANCHOR_NAME = "registry.id-demo"
ENDPOINTS = tuple(
    Endpoint.checked(method, path)
    for method, path in [
        ("POST", "/persons"),
        ("POST", "/births"),
        ("GET", "/cut"),
        ("GET", "/large"),
        ("GET", "/wrong"),
        ("GET", "/away"),
        ("GET", "/empty"),
        ("HEAD", "/empty"),
    ]
)
UNAGREED = Endpoint.checked("DELETE", "/persons")
HEADERS = {
    "Authorization": f"Bearer {SYSTEM_TOKEN}",
    "X-Road-Client": str(HALL),
    "X-Road-UserId": "officer",
    "X-Road-Issue": "case-1",
    "X-Exchange-Purpose": "civil-registration.birth",
    "X-Exchange-Legal-Basis": "uu-24-2013",
    "X-Exchange-Subject": "mother",
    "Content-Type": "application/json",
}


@dataclass(frozen=True)
class Site:
    """One gateway's place: folder, ports, keys."""

    subsystem: SubsystemId
    folder: Path
    system_port: int
    peer_port: int
    tls: Identity
    key: EllipticCurvePrivateKey

    @property
    def server(self) -> ServerId:
        return ServerId(self.subsystem.member, "GW1")

    @property
    def config(self) -> Path:
        return self.folder / "gateway.toml"

    @property
    def messages(self) -> Path:
        return self.folder / "data" / "messages"

    def registered(self) -> Server:
        keys = (public_key_text(self.key.public_key()),)
        return Server(self.server, f"127.0.0.1:{self.peer_port}", (self.tls.hash,), keys)


class World:
    """Everything that stands before a gateway starts."""

    def __init__(self, folder: Path, **limits: float) -> None:
        self.folder = folder
        self.limits = {"body_bytes": 200_000, "service_seconds": 2.0, "peer_seconds": 4.0} | limits
        self.authority = Authority("authority", folder)
        self.office = Office(free_port())
        self.hall = self._site(HALL, "hall")
        self.provider = self._site(OFFICE, "office")
        self.snapshot_file = folder / "snapshot.note"
        (folder / "anchor.vkey").write_text(note.verifier_key(ANCHOR_NAME, ANCHOR.public_key()) + "\n")
        self.snapshot = self._snapshot()
        self.publish(self.snapshot)
        for site in (self.hall, self.provider):
            self._configure(site)

    def publish(self, registry: Snapshot, key: Ed25519PrivateKey = ANCHOR) -> None:
        """Put a snapshot where the gateways look."""
        temporary = self.snapshot_file.with_suffix(".new")
        temporary.write_text(snapshot.sign(registry, name=ANCHOR_NAME, key=key), encoding="utf-8")
        temporary.replace(self.snapshot_file)
        self.snapshot = registry

    def changed(self, **changes: object) -> Snapshot:
        """The present snapshot, one version on, with some fields replaced."""
        return replace(self.snapshot, version=self.snapshot.version + 1, **changes)  # type: ignore[arg-type]

    def read(self, page: dict[str, list[dict[str, str]]]) -> list[AccessRecord]:
        """Records of a page, each verified with the registry."""
        return [access.verify_with(item["record"], self.snapshot) for item in page["records"]]

    def _site(self, subsystem: SubsystemId, name: str) -> Site:
        folder = self.folder / name
        folder.mkdir()
        key = generate_private_key(SECP256R1())
        write_key(folder / "signing.pem", key)
        return Site(subsystem, folder, free_port(), free_port(), self.authority.issue(name), key)

    def _snapshot(self) -> Snapshot:
        now = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=10)
        sites = (self.hall, self.provider)
        return Snapshot(
            instance="ID-DEMO",
            version=1,
            issued_at=now,
            expires_at=now + timedelta(hours=1),
            members=tuple(Member(item.member, item.member.member_code) for item in (HALL, OFFICE, OTHER)),
            servers=tuple(site.registered() for site in sites),
            subsystems=(
                *(Subsystem(site.subsystem, site.subsystem.code, (site.server,)) for site in sites),
                Subsystem(OTHER, "BANSOS", ()),
            ),
            services=(Service(SERVICE, "Data kependudukan", (*ENDPOINTS, UNAGREED)),),
            legal_bases=(LegalBasis("uu-24-2013", "UU 24/2013"), LegalBasis("uu-16-1997", "UU 16/1997")),
            purposes=(
                Purpose("civil-registration.birth", "Kelahiran", "Birth", ("uu-24-2013",)),
                Purpose("statistics", "Statistik", "Statistics", ("uu-16-1997",)),
            ),
            agreements=(
                Agreement(
                    "PKS-1", HALL, SERVICE, ENDPOINTS, "civil-registration.birth", ("uu-24-2013",), now
                ),
            ),
        )

    def _configure(self, site: Site) -> None:
        for name, token in (
            ("system.token", SYSTEM_TOKEN),
            ("spy.token", SPY_TOKEN),
            ("provider.token", TOKEN),
        ):
            path = site.folder / name
            path.touch(mode=0o600)
            path.write_text(token + "\n")
        served = site.subsystem == OFFICE
        text = f"""
member = "{site.subsystem.member}"
server = "GW1"
data_dir = "data"
[information_system]
listen = "127.0.0.1:{site.system_port}"
[peer]
listen = "127.0.0.1:{site.peer_port}"
certificate = "{site.tls.certificate}"
private_key = "{site.tls.key}"
authorities = "{self.authority.file}"
[signing]
private_key = "signing.pem"
[registry]
snapshot = "../snapshot.note"
anchor = "../anchor.vkey"
[[clients]]
name = "system"
token_file = "system.token"
subsystems = ["{site.subsystem}"]
[[clients]]
name = "spy"
token_file = "spy.token"
subsystems = []
[limits]
{"".join(f"{name} = {value}{chr(10)}" for name, value in self.limits.items())}
"""
        if served:
            text += f"""
[[services]]
service = "{SERVICE}"
base_url = "http://127.0.0.1:{self.office.port}/population/v1"
token_file = "provider.token"
"""
        site.config.write_text(text)


@dataclass(frozen=True)
class Got:
    """An answer as an information system sees it."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def error(self) -> str | None:
        return self.headers.get("X-Road-Error")


async def ask(
    site: Site,
    path: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str | None] | None = None,
) -> Got:
    """One request of an information system to its gateway; ``None`` takes a standard header away."""
    wanted = {**HEADERS, "X-Road-Client": str(site.subsystem), **(headers or {})}
    async with (
        aiohttp.ClientSession(auto_decompress=False) as session,
        session.request(
            method,
            URL(f"http://127.0.0.1:{site.system_port}{path}", encoded=True),
            data=body,
            headers={name: value for name, value in wanted.items() if value is not None},
            allow_redirects=False,
        ) as response,
    ):
        return Got(response.status, response.headers.copy(), await response.read())


async def persons(world: World, **headers: str | None) -> Got:
    """The standard question."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return await ask(world.hall, f"/r1/{SERVICE}/persons", method="POST", body=b'{"nik":"x"}', headers=names)


@asynccontextmanager
async def exchange(
    folder: Path, *, world: World | None = None, provider_runs: bool = True, **limits: float
) -> AsyncIterator[World]:
    """A world in which both gateways and the provider's information system run."""
    world = world or World(folder, **limits)
    async with AsyncExitStack() as stack:
        await world.office.start()
        stack.push_async_callback(world.office.stop)
        for site in (world.provider, world.hall) if provider_runs else (world.hall,):
            await stack.enter_async_context(Gateway(config.load(site.config)).running())
        yield world


def free_port() -> int:
    """A port that nobody listens on, below those that the system gives to outgoing connections."""
    for port in random.SystemRandom().sample(range(15_000, 32_000), 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


async def records(world: World, side: Side) -> list[AccessRecord]:
    """Access records that one gateway wrote, verified."""
    site = world.hall if side is Side.CONSUMER else world.provider
    got = await ask(site, "/accessRecords?limit=500")
    assert got.status == 200
    return world.read(json.loads(got.body))


async def wait_for(
    attempt: Callable[[], Awaitable[Got]], wanted: Callable[[Got], bool], seconds: float = 10.0
) -> Got:
    """Ask again until the answer is the wanted one."""
    for _ in range(int(seconds * 10)):
        if wanted(got := await attempt()):
            return got
        await asyncio.sleep(0.1)
    raise AssertionError("the answer did not become the wanted one")
