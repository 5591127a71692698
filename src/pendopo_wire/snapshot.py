"""The registry of the exchange as one signed text: who is a member, and who may ask whom for what, and why.

A snapshot is a C2SP signed note whose text is one line of canonical JSON. Gateways hold the signer's
verifier key (the anchor) and believe nothing else. It carries

- members, their gateways (address, SHA-256 of TLS certificates, public keys for messages),
- information systems (subsystems) with the gateways that serve them, services with their endpoints,
- purposes with the legal bases that can carry them,
- agreements: the allow-list. What no agreement names is refused.

``Snapshot.load`` refuses a registry that contradicts itself: two owners of a certificate or key, dangling
references, an agreement on an endpoint that the service does not declare or on a legal basis that does
not carry the purpose. The time is not checked there: ask ``is_current``.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pendopo_wire import canonical, note
from pendopo_wire.canonical import Json
from pendopo_wire.errors import CanonicalError, IdentifierError, SignatureError, SnapshotError, TargetError
from pendopo_wire.fields import Fields, time_text
from pendopo_wire.identifiers import MemberId, ServerId, ServiceId, SubsystemId
from pendopo_wire.keyids import parse_public_key, thumbprint
from pendopo_wire.paths import Endpoint

CLOCK_DIFFERENCE = timedelta(minutes=1)
FORMAT = "pendopo-exchange-snapshot/1"

_CERTIFICATE_HASH = re.compile(r"[0-9a-f]{64}")
_ADDRESS = re.compile(r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\]):[0-9]{1,5}")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,99}")


@dataclass(frozen=True, slots=True)
class Member:
    """A public body."""

    id: MemberId
    name: str


@dataclass(frozen=True, slots=True)
class Server:
    """A gateway: the ``host:port`` that peers dial, its TLS leaf certificates and its message keys.

    ``tls_certificates`` are lower-case hex SHA-256 of the DER; ``signing_keys`` are base64 DER of P-256 keys
    (``keyids.public_key_text``). Two of each allow a change without a gap.
    """

    id: ServerId
    address: str
    tls_certificates: tuple[str, ...]
    signing_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Subsystem:
    """An information system, and the gateways of its member that serve it."""

    id: SubsystemId
    name: str
    servers: tuple[ServerId, ...]


@dataclass(frozen=True, slots=True)
class Service:
    """What a subsystem offers: every endpoint that may be agreed on."""

    id: ServiceId
    name: str
    endpoints: tuple[Endpoint, ...]


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """A provision of law, by its code on the exchange."""

    code: str
    citation: str


@dataclass(frozen=True, slots=True)
class Purpose:
    """What data may be asked for, and the legal bases that carry it."""

    code: str
    name_id: str
    name_en: str
    legal_bases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """One permission: a client, a service, its endpoints, one purpose on some legal bases, for a time."""

    id: str
    client: SubsystemId
    service: ServiceId
    endpoints: tuple[Endpoint, ...]
    purpose: str
    legal_bases: tuple[str, ...]
    valid_from: datetime
    valid_until: datetime | None = None

    def in_force(self, at: datetime) -> bool:
        """Whether the agreement holds at a time."""
        return self.valid_from <= at and (self.valid_until is None or at < self.valid_until)


class Refusal(StrEnum):
    """Why a question is not permitted; the most general reason that applies."""

    UNKNOWN_CLIENT = "unknown_client"
    UNKNOWN_SERVICE = "unknown_service"
    NO_AGREEMENT = "no_agreement"
    ENDPOINT_NOT_AGREED = "endpoint_not_agreed"
    PURPOSE_NOT_AGREED = "purpose_not_agreed"
    BASIS_NOT_AGREED = "basis_not_agreed"
    NOT_IN_FORCE = "not_in_force"


@dataclass(frozen=True, slots=True)
class Question:
    """What a client wants to ask: decoded path segments below the service, purpose and basis as codes."""

    client: SubsystemId
    service: ServiceId
    method: str
    segments: tuple[str, ...]
    purpose: str
    legal_basis: str


@dataclass(frozen=True, slots=True)
class Permit:
    """The agreement and the endpoint pattern that allow a question."""

    agreement: Agreement
    endpoint: Endpoint


@dataclass(frozen=True, slots=True)
class KeyOwner:
    """A registered message key and the gateway that holds it."""

    server: Server
    public_key: EllipticCurvePublicKey


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole registry at one version. Versions grow; a gateway takes none that is older than its own."""

    instance: str
    version: int
    issued_at: datetime
    expires_at: datetime
    members: tuple[Member, ...] = ()
    servers: tuple[Server, ...] = ()
    subsystems: tuple[Subsystem, ...] = ()
    services: tuple[Service, ...] = ()
    legal_bases: tuple[LegalBasis, ...] = ()
    purposes: tuple[Purpose, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    _index: "_Index" = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Build the look-up tables, refusing a registry that contradicts itself."""
        object.__setattr__(self, "_index", _Index.of(self))

    @classmethod
    def load(cls, text: str, anchor: note.Verifier) -> Self:
        """Read a snapshot that the anchor signed. Raises ``NoteError`` or ``SnapshotError``."""
        line = note.verified_text(text, anchor)
        try:
            fields = Fields(canonical.loads(line.encode()), SnapshotError)
            snapshot = cls._read(fields)
        except (IdentifierError, TargetError, SignatureError, CanonicalError) as error:
            raise SnapshotError(str(error)) from error
        fields.close()
        return snapshot

    @classmethod
    def _read(cls, fields: Fields) -> Self:
        if fields.text("format") != FORMAT:
            raise SnapshotError("not a snapshot of this format")
        return cls(
            instance=fields.text("instance"),
            version=fields.integer("version"),
            issued_at=fields.time("issued_at"),
            expires_at=fields.time("expires_at"),
            members=fields.objects("members", _member),
            servers=fields.objects("servers", _server),
            subsystems=fields.objects("subsystems", _subsystem),
            services=fields.objects("services", _service),
            legal_bases=fields.objects("legal_bases", _legal_basis),
            purposes=fields.objects("purposes", _purpose),
            agreements=fields.objects("agreements", _agreement),
        )

    def text(self) -> str:
        """The line that is signed."""
        return canonical.dumps(_as_json(self)).decode() + "\n"

    def is_current(self, at: datetime) -> bool:
        """Whether the snapshot may be relied on at a time; the issuer's clock may be a minute ahead."""
        return self.issued_at - CLOCK_DIFFERENCE <= at < self.expires_at

    def server(self, identifier: ServerId) -> Server | None:
        """A gateway by its id."""
        return self._index.servers.get(identifier)

    def server_of_certificate(self, certificate_hash: str) -> Server | None:
        """The gateway that owns a TLS certificate (lower-case hex SHA-256 of its DER)."""
        return self._index.certificates.get(certificate_hash)

    def signing_key(self, keyid: str) -> KeyOwner | None:
        """A registered message key by its id."""
        return self._index.keys.get(keyid)

    def subsystem(self, identifier: SubsystemId) -> Subsystem | None:
        """An information system by its id."""
        return self._index.subsystems.get(identifier)

    def service(self, identifier: ServiceId) -> Service | None:
        """A service by its id."""
        return self._index.services.get(identifier)

    def services_of(self, subsystem: SubsystemId) -> tuple[Service, ...]:
        """What a subsystem offers, in the order of the registry."""
        return tuple(service for service in self.services if service.id.subsystem == subsystem)

    def endpoints_allowed(
        self, client: SubsystemId, service: ServiceId, at: datetime
    ) -> tuple[Endpoint, ...]:
        """Endpoints of a service on which the client has an agreement in force, whatever the purpose."""
        agreements = self._index.agreements.get((client, service), ())
        return tuple(
            sorted({endpoint for item in agreements if item.in_force(at) for endpoint in item.endpoints})
        )

    def judge(self, question: Question, at: datetime) -> Permit | Refusal:
        """Find the agreement that permits a question, or say why there is none."""
        if question.client not in self._index.subsystems:
            return Refusal.UNKNOWN_CLIENT
        if question.service not in self._index.services:
            return Refusal.UNKNOWN_SERVICE
        agreements = self._index.agreements.get((question.client, question.service), ())
        return _narrow(agreements, question, at) if agreements else Refusal.NO_AGREEMENT


def sign(snapshot: Snapshot, *, name: str, key: Ed25519PrivateKey) -> str:
    """Sign a snapshot with the anchor's key; the text that gateways load."""
    return note.sign(snapshot.text(), name=name, key=key)


def _narrow(agreements: Iterable[Agreement], question: Question, at: datetime) -> Permit | Refusal:
    permits = [permit for item in agreements if (permit := _permit(item, question))]
    if not permits:
        return Refusal.ENDPOINT_NOT_AGREED
    permits = [permit for permit in permits if permit.agreement.purpose == question.purpose]
    if not permits:
        return Refusal.PURPOSE_NOT_AGREED
    permits = [permit for permit in permits if question.legal_basis in permit.agreement.legal_bases]
    if not permits:
        return Refusal.BASIS_NOT_AGREED
    return next((permit for permit in permits if permit.agreement.in_force(at)), Refusal.NOT_IN_FORCE)


def _permit(agreement: Agreement, question: Question) -> Permit | None:
    for endpoint in agreement.endpoints:
        if endpoint.matches(question.method, question.segments):
            return Permit(agreement, endpoint)
    return None


@dataclass(frozen=True, slots=True)
class _Index:
    servers: Mapping[ServerId, Server]
    certificates: Mapping[str, Server]
    keys: Mapping[str, KeyOwner]
    subsystems: Mapping[SubsystemId, Subsystem]
    services: Mapping[ServiceId, Service]
    agreements: Mapping[tuple[SubsystemId, ServiceId], tuple[Agreement, ...]]

    @classmethod
    def of(cls, snapshot: Snapshot) -> Self:
        """Index a snapshot while checking it against itself."""
        members = _unique("member", ((member.id, member) for member in snapshot.members))
        servers = _unique("server", ((server.id, server) for server in snapshot.servers))
        subsystems = _unique("subsystem", ((subsystem.id, subsystem) for subsystem in snapshot.subsystems))
        services = _unique("service", ((service.id, service) for service in snapshot.services))
        _check_owners(snapshot, members, servers, subsystems)
        _check_purposes(snapshot)
        _unique("agreement", ((agreement.id, agreement) for agreement in snapshot.agreements))
        agreements: dict[tuple[SubsystemId, ServiceId], tuple[Agreement, ...]] = {}
        purposes = {purpose.code: purpose for purpose in snapshot.purposes}
        for agreement in snapshot.agreements:
            _check_agreement(agreement, subsystems, services, purposes)
            pair = (agreement.client, agreement.service)
            agreements[pair] = (*agreements.get(pair, ()), agreement)
        return cls(
            servers=servers,
            certificates=_unique("certificate", _certificates(snapshot.servers)),
            keys=_unique("message key", _keys(snapshot.servers)),
            subsystems=subsystems,
            services=services,
            agreements=agreements,
        )


def _unique[K, V](kind: str, pairs: Iterable[tuple[K, V]]) -> dict[K, V]:
    result: dict[K, V] = {}
    for key, value in pairs:
        if key in result:
            raise SnapshotError(f"a {kind} is registered twice")
        result[key] = value
    return result


def _certificates(servers: Iterable[Server]) -> Iterable[tuple[str, Server]]:
    for server in servers:
        if _ADDRESS.fullmatch(server.address) is None:
            raise SnapshotError("a server's address is host:port")
        for certificate in server.tls_certificates:
            if _CERTIFICATE_HASH.fullmatch(certificate) is None:
                raise SnapshotError("a certificate is registered by the lower-case hex of its SHA-256")
            yield certificate, server


def _keys(servers: Iterable[Server]) -> Iterable[tuple[str, KeyOwner]]:
    for server in servers:
        for text in server.signing_keys:
            try:
                key = parse_public_key(text)
            except SignatureError as error:
                raise SnapshotError("a message key is not a P-256 public key") from error
            yield thumbprint(key), KeyOwner(server, key)


def _check_owners(
    snapshot: Snapshot,
    members: Mapping[MemberId, Member],
    servers: Mapping[ServerId, Server],
    subsystems: Mapping[SubsystemId, Subsystem],
) -> None:
    if any(member.instance != snapshot.instance for member in members):
        raise SnapshotError("a member belongs to another instance")
    if any(server.member not in members for server in servers):
        raise SnapshotError("a server's member is not registered")
    for subsystem in subsystems.values():
        if subsystem.id.member not in members:
            raise SnapshotError("a subsystem's member is not registered")
        if any(server not in servers or server.member != subsystem.id.member for server in subsystem.servers):
            raise SnapshotError("a subsystem is served by a gateway that is not its member's")
    for service in snapshot.services:
        if service.id.subsystem not in subsystems or service.id.is_metaservice:
            raise SnapshotError("a service belongs to no subsystem, or takes a reserved code")


def _check_purposes(snapshot: Snapshot) -> None:
    bases = _unique("legal basis", ((basis.code, basis) for basis in snapshot.legal_bases))
    purposes = _unique("purpose", ((purpose.code, purpose) for purpose in snapshot.purposes))
    if any(_CODE.fullmatch(code) is None for code in [*bases, *purposes]):
        raise SnapshotError("a code holds letters, digits and ._/- only")
    if any(basis not in bases for purpose in purposes.values() for basis in purpose.legal_bases):
        raise SnapshotError("a purpose stands on a legal basis that is not registered")


def _check_agreement(
    agreement: Agreement,
    subsystems: Mapping[SubsystemId, Subsystem],
    services: Mapping[ServiceId, Service],
    purposes: Mapping[str, Purpose],
) -> None:
    service = services.get(agreement.service)
    purpose = purposes.get(agreement.purpose)
    if agreement.client not in subsystems or service is None or purpose is None:
        raise SnapshotError("an agreement names a client, service or purpose that is not registered")
    if not set(agreement.endpoints) <= set(service.endpoints):
        raise SnapshotError("an agreement names an endpoint that the service does not declare")
    if not agreement.legal_bases or not set(agreement.legal_bases) <= set(purpose.legal_bases):
        raise SnapshotError("an agreement stands on a legal basis that does not carry its purpose")


def _as_json(snapshot: Snapshot) -> Json:
    return {
        "format": FORMAT,
        "instance": snapshot.instance,
        "version": snapshot.version,
        "issued_at": time_text(snapshot.issued_at),
        "expires_at": time_text(snapshot.expires_at),
        "members": [{"id": str(item.id), "name": item.name} for item in snapshot.members],
        "servers": [_server_json(item) for item in snapshot.servers],
        "subsystems": [
            {"id": str(item.id), "name": item.name, "servers": [str(server) for server in item.servers]}
            for item in snapshot.subsystems
        ],
        "services": [
            {"id": str(item.id), "name": item.name, "endpoints": _endpoints_json(item.endpoints)}
            for item in snapshot.services
        ],
        "legal_bases": [{"code": item.code, "citation": item.citation} for item in snapshot.legal_bases],
        "purposes": [_purpose_json(item) for item in snapshot.purposes],
        "agreements": [_agreement_json(item) for item in snapshot.agreements],
    }


def _server_json(server: Server) -> Json:
    return {
        "id": str(server.id),
        "address": server.address,
        "tls_certificates": list(server.tls_certificates),
        "signing_keys": list(server.signing_keys),
    }


def _purpose_json(purpose: Purpose) -> Json:
    return {
        "code": purpose.code,
        "name_id": purpose.name_id,
        "name_en": purpose.name_en,
        "legal_bases": list(purpose.legal_bases),
    }


def _agreement_json(agreement: Agreement) -> Json:
    return {
        "id": agreement.id,
        "client": str(agreement.client),
        "service": str(agreement.service),
        "endpoints": _endpoints_json(agreement.endpoints),
        "purpose": agreement.purpose,
        "legal_bases": list(agreement.legal_bases),
        "valid_from": time_text(agreement.valid_from),
        "valid_until": None if agreement.valid_until is None else time_text(agreement.valid_until),
    }


def _endpoints_json(endpoints: Iterable[Endpoint]) -> list[Json]:
    return [{"method": endpoint.method, "path": endpoint.path} for endpoint in endpoints]


def _member(fields: Fields) -> Member:
    return Member(MemberId.parse(fields.text("id")), fields.text("name"))


def _server(fields: Fields) -> Server:
    return Server(
        id=ServerId.parse(fields.text("id")),
        address=fields.text("address"),
        tls_certificates=fields.texts("tls_certificates"),
        signing_keys=fields.texts("signing_keys"),
    )


def _subsystem(fields: Fields) -> Subsystem:
    servers = tuple(ServerId.parse(text) for text in fields.texts("servers"))
    return Subsystem(SubsystemId.parse(fields.text("id")), fields.text("name"), servers)


def _service(fields: Fields) -> Service:
    endpoints = fields.objects("endpoints", _endpoint)
    return Service(ServiceId.parse(fields.text("id")), fields.text("name"), endpoints)


def _legal_basis(fields: Fields) -> LegalBasis:
    return LegalBasis(fields.text("code"), fields.text("citation"))


def _purpose(fields: Fields) -> Purpose:
    return Purpose(
        code=fields.text("code"),
        name_id=fields.text("name_id"),
        name_en=fields.text("name_en"),
        legal_bases=fields.texts("legal_bases"),
    )


def _agreement(fields: Fields) -> Agreement:
    return Agreement(
        id=fields.text("id"),
        client=SubsystemId.parse(fields.text("client")),
        service=ServiceId.parse(fields.text("service")),
        endpoints=fields.objects("endpoints", _endpoint),
        purpose=fields.text("purpose"),
        legal_bases=fields.texts("legal_bases"),
        valid_from=fields.time("valid_from"),
        valid_until=fields.optional_time("valid_until"),
    )


def _endpoint(fields: Fields) -> Endpoint:
    return Endpoint.checked(fields.text("method"), fields.text("path"))
