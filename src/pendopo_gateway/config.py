"""The configuration of one gateway: a TOML file, read once, every defect told at once.

Relative paths count from the folder of the file. Files with secrets must belong to their owner alone
(no group or other permission). What the keys mean::

    member   = "ID-DEMO/GOV/PEMDA-CONTOH"    # whose gateway this is
    server   = "GW1"                         # its server code: <member>/GW1 in the snapshot
    data_dir = "data"                        # message log

    [information_system]
    listen = "127.0.0.1:8101"                # plain HTTP, loopback addresses only

    [peer]
    listen      = "0.0.0.0:8201"             # mutual TLS 1.3
    certificate = "tls-chain.pem"            # leaf first
    private_key = "tls-key.pem"              # PKCS#8, not encrypted
    authorities = "ca.pem"                   # roots of the peers' certificates

    [signing]
    private_key = "signing-key.pem"          # PKCS#8, P-256

    [registry]
    snapshot = "snapshot.note"               # looked at each second, taken when it changes
    anchor   = "anchor.vkey"                 # verifier key line of the registry's signer

    [[clients]]                              # information systems that may ask through this gateway
    name = "pendopo"
    token_file = "pendopo.token"             # bearer token, at least 32 characters
    subsystems = ["ID-DEMO/GOV/PEMDA-CONTOH/PENDOPO"]

    [[services]]                             # services that this gateway serves
    service    = "ID-DEMO/GOV/PEMDA-CONTOH/PAJAK/bills-v1"
    base_url   = "http://127.0.0.1:8300/bills/v1"
    token_file = "bills.token"               # the gateway shows it to the service

    [limits]
    body_bytes = 10485760
    peer_connect_seconds = 5.0
    peer_seconds = 30.0
    service_connect_seconds = 3.0
    service_seconds = 20.0
    clock_skew_seconds = 5
    signature_seconds = 60

    [message_log]
    segment_bytes = 67108864

    [metrics]                                # absent: no /metrics
    listen = "127.0.0.1:9101"                # plain HTTP, loopback addresses only

    [tracing]                                # absent: none, and no trace header passes
    collector = "http://127.0.0.1:4318/v1/traces"  # OTLP over HTTP; needs locks/tracing.txt installed
    members = ["ID-DEMO/GOV/DUKCAPIL-CONTOH"]      # traces run on to and from these; default: none

    [errors]
    spelling = "7.8"                         # or "7.7": X-Road's error codes before 7.8

Certificates (Python 3.13 checks them strictly, RFC 5280): X.509 v3 on P-256; an authority has critical
BasicConstraints CA:TRUE, critical KeyUsage keyCertSign, a SubjectKeyIdentifier and, unless it is a root,
an AuthorityKeyIdentifier; a gateway's leaf has CA:FALSE, critical KeyUsage digitalSignature,
ExtendedKeyUsage serverAuth and clientAuth, both key identifiers, a subject and a subject alternative name.
The name is not compared: a peer is known by the hash of its certificate in the snapshot.
"""

from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from pendopo_gateway.errors import ConfigurationError, Spelling
from pendopo_gateway.tracing import NO_TRACING, Tracing
from pendopo_wire.errors import WireError
from pendopo_wire.identifiers import MemberId, ServerId, ServiceId, SubsystemId
from pendopo_wire.keyids import thumbprint
from pendopo_wire.note import Verifier, parse_verifier_key

_SHORTEST_TOKEN = 32
_LARGEST_PORT = 65535


class InformationSystemSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[information_system]``."""

    listen: str


class PeerSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[peer]``."""

    listen: str
    certificate: str
    private_key: str
    authorities: str


class SigningSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[signing]``."""

    private_key: str


class RegistrySection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[registry]``."""

    snapshot: str
    anchor: str


class ClientSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of ``[[clients]]``."""

    name: str
    token_file: str
    subsystems: list[str]


class ServiceSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of ``[[services]]``."""

    service: str
    base_url: str
    token_file: str


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[limits]``: sizes in bytes, times in seconds."""

    body_bytes: int = 10 * 1024 * 1024
    peer_connect_seconds: float = 5.0
    peer_seconds: float = 30.0
    service_connect_seconds: float = 3.0
    service_seconds: float = 20.0
    clock_skew_seconds: int = 5
    signature_seconds: int = 60


class MessageLogSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[message_log]``."""

    segment_bytes: int = 64 * 1024 * 1024


class MetricsSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[metrics]``."""

    listen: str


class TracingSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[tracing]``."""

    collector: str
    members: list[str] = []


class ErrorsSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[errors]``."""

    spelling: Spelling = Spelling.SINCE_7_8


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file as it stands."""

    member: str
    server: str
    data_dir: str
    information_system: InformationSystemSection
    peer: PeerSection
    signing: SigningSection
    registry: RegistrySection
    clients: list[ClientSection] = []
    services: list[ServiceSection] = []
    limits: Limits = Limits()
    message_log: MessageLogSection = MessageLogSection()
    errors: ErrorsSection = ErrorsSection()
    metrics: MetricsSection | None = None
    tracing: TracingSection | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """Where a listener binds."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class ClientSystem:
    """An information system that may ask through this gateway."""

    name: str
    token: str
    subsystems: frozenset[SubsystemId]


@dataclass(frozen=True, slots=True)
class ServedService:
    """A service behind this gateway: where it answers and the token it wants to see."""

    id: ServiceId
    base_url: str
    token: str


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The key that signs messages and access records."""

    private: EllipticCurvePrivateKey
    id: str


@dataclass(frozen=True, slots=True)
class Config:
    """Everything a gateway needs to know, checked."""

    server: ServerId
    data_dir: Path
    system_listen: Address
    peer_listen: Address
    certificate: Path
    private_key: Path
    authorities: Path
    signing: SigningKey
    snapshot: Path
    anchor: Verifier
    clients: tuple[ClientSystem, ...]
    services: tuple[ServedService, ...]
    limits: Limits
    segment_bytes: int
    spelling: Spelling
    metrics_listen: Address | None = None
    tracing: Tracing = NO_TRACING

    def service(self, identifier: ServiceId) -> ServedService | None:
        """A served service by its id."""
        return next((service for service in self.services if service.id == identifier), None)


def load(path: Path) -> Config:
    """Read and check a configuration file. Raises ``ConfigurationError`` with a line for each defect."""
    try:
        file = msgspec.toml.decode(path.read_bytes(), type=File)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: {error}") from error
    return _Reader(path.absolute().parent).read(file)


class _Reader:
    """Turns the file into a ``Config`` while collecting defects."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._defects: list[str] = []

    def read(self, file: File) -> Config:
        member = self._member(file.member)
        signing = self._signing_key(file.signing.private_key)
        anchor = self._anchor(file.registry.anchor)
        system_listen = self._loopback("information_system.listen", file.information_system.listen)
        metrics_listen = self._loopback("metrics.listen", file.metrics.listen) if file.metrics else None
        peer_listen = self._address("peer.listen", file.peer.listen)
        clients = tuple(self._client(section, member) for section in file.clients)
        served = (self._service(section, member) for section in file.services)
        services = tuple(service for service in served if service is not None)
        self._secret("peer.private_key", file.peer.private_key)
        self._check_limits(file.limits)
        if len({client.token for client in clients}) < len(clients):
            self._defects.append("clients: two of them have the same token")
        if len({service.id for service in services}) < len(services):
            self._defects.append("services: one of them is named twice")
        tracing = self._tracing(file.tracing) if file.tracing else NO_TRACING
        if self._defects or member is None or signing is None or anchor is None:
            raise ConfigurationError("\n".join(self._defects))
        return Config(
            server=ServerId(member, file.server),
            data_dir=self._folder / file.data_dir,
            system_listen=system_listen,
            peer_listen=peer_listen,
            certificate=self._present("peer.certificate", file.peer.certificate),
            private_key=self._folder / file.peer.private_key,
            authorities=self._present("peer.authorities", file.peer.authorities),
            signing=signing,
            snapshot=self._folder / file.registry.snapshot,
            anchor=anchor,
            clients=clients,
            services=services,
            limits=file.limits,
            segment_bytes=file.message_log.segment_bytes,
            spelling=file.errors.spelling,
            metrics_listen=metrics_listen,
            tracing=tracing,
        )

    def _tracing(self, section: TracingSection) -> Tracing:
        if not section.collector.startswith(("http://", "https://")):
            self._defects.append("tracing.collector: not an http(s) address")
        members = (self._member(text, "tracing.members") for text in section.members)
        return Tracing(section.collector, frozenset(member for member in members if member is not None))

    def _member(self, text: str, key: str = "member") -> MemberId | None:
        try:
            return MemberId.parse(text)
        except WireError as error:
            self._defects.append(f"{key}: {error}")
            return None

    def _present(self, key: str, name: str) -> Path:
        path = self._folder / name
        if not path.is_file():
            raise ConfigurationError(f"{key}: {path} does not exist")
        return path

    def _secret(self, key: str, name: str) -> bytes:
        path = self._folder / name
        try:
            if path.stat().st_mode & 0o077:
                self._defects.append(f"{key}: {path} can be read by others; set its mode to 600")
            return path.read_bytes()
        except OSError as error:
            self._defects.append(f"{key}: {path}: {error.strerror}")
            return b""

    def _token(self, key: str, name: str) -> str:
        token = self._secret(key, name).decode("ascii", "replace").strip()
        if len(token) < _SHORTEST_TOKEN or not token.isascii() or not token.isprintable() or " " in token:
            self._defects.append(
                f"{key}: a token has at least {_SHORTEST_TOKEN} printable characters and no space"
            )
        return token

    def _signing_key(self, name: str) -> SigningKey | None:
        data = self._secret("signing.private_key", name)
        try:
            key = load_pem_private_key(data, None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            self._defects.append("signing.private_key: not an unencrypted PEM key")
            return None
        if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
            self._defects.append("signing.private_key: the key is not on P-256")
            return None
        return SigningKey(key, thumbprint(key.public_key()))

    def _anchor(self, name: str) -> Verifier | None:
        path = self._folder / name
        try:
            return parse_verifier_key(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, WireError) as error:
            self._defects.append(f"registry.anchor: {path}: {error}")
            return None

    def _address(self, key: str, text: str) -> Address:
        host, _, port = text.rpartition(":")
        if not host or not port.isdigit() or not 0 < int(port) <= _LARGEST_PORT:
            self._defects.append(f"{key}: not host:port")
            return Address("", 0)
        return Address(host.strip("[]"), int(port))

    def _loopback(self, key: str, text: str) -> Address:
        address = self._address(key, text)
        try:
            loopback = address.host == "localhost" or ip_address(address.host).is_loopback
        except ValueError:
            loopback = False
        if not loopback:
            self._defects.append(f"{key}: plain HTTP is for a loopback address only")
        return address

    def _client(self, section: ClientSection, member: MemberId | None) -> ClientSystem:
        key = f"clients.{section.name}"
        subsystems = set()
        for text in section.subsystems:
            try:
                subsystem = SubsystemId.parse(text)
            except WireError as error:
                self._defects.append(f"{key}: {error}")
                continue
            subsystems.add(subsystem)
            if subsystem.member != member:
                self._defects.append(f"{key}: a subsystem belongs to another member")
        return ClientSystem(section.name, self._token(key, section.token_file), frozenset(subsystems))

    def _service(self, section: ServiceSection, member: MemberId | None) -> ServedService | None:
        key = f"services.{section.service}"
        token = self._token(key, section.token_file)
        if not section.base_url.startswith(("http://", "https://")) or "?" in section.base_url:
            self._defects.append(f"{key}: base_url is an http(s) address without a query")
        try:
            service = ServiceId.parse(section.service)
        except WireError as error:
            self._defects.append(f"{key}: {error}")
            return None
        if service.subsystem.member != member or service.is_metaservice:
            self._defects.append(f"{key}: the service belongs to another member, or takes a reserved code")
        return ServedService(service, section.base_url.rstrip("/"), token)

    def _check_limits(self, limits: Limits) -> None:
        for name in limits.__struct_fields__:
            if getattr(limits, name) <= 0:
                self._defects.append(f"limits.{name}: must be above zero")
        if limits.service_seconds >= limits.peer_seconds:
            self._defects.append(
                "limits: service_seconds must be below peer_seconds, or the peer gives up first"
            )
