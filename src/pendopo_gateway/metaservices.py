"""What the gateway itself answers: the catalogue of a provider, and access records (X-Road PR-MREST 0.8).

The catalogue's members are in snake_case and nulls are left out, as X-Road's code does it. Metaservices are
signed and need a registered client, but no agreement and no purpose: they show nobody's data but records of
exchanges to which the asking member is a party. They are not written to the message log.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qs

import msgspec

from pendopo_gateway import feed
from pendopo_gateway.journal import Journal
from pendopo_wire.identifiers import ServiceId, SubsystemId
from pendopo_wire.paths import Endpoint, Target
from pendopo_wire.snapshot import Service, Snapshot

MEDIA_TYPE = "application/json"
_DEFAULT_PAGE = "100"


class ListedEndpoint(msgspec.Struct, frozen=True):
    """A method and a path pattern."""

    method: str
    path: str


class ListedService(msgspec.Struct, frozen=True):
    """A service as ``listMethods`` and ``allowedMethods`` show it."""

    object_type: str
    service_type: str
    xroad_instance: str
    member_class: str
    member_code: str
    subsystem_code: str
    service_code: str
    endpoint_list: list[ListedEndpoint]


class ServiceList(msgspec.Struct, frozen=True):
    """The answer of ``listMethods`` and ``allowedMethods``."""

    service: list[ListedService]


class ListedId(msgspec.Struct, frozen=True, omit_defaults=True):
    """A member or subsystem as ``listClients`` names it."""

    object_type: str
    xroad_instance: str
    member_class: str
    member_code: str
    subsystem_code: str | None = None


class ListedClient(msgspec.Struct, frozen=True, omit_defaults=True):
    """A member or subsystem as ``listClients`` shows it."""

    id: ListedId
    name: str
    subsystem_name: str | None = None


class ClientList(msgspec.Struct, frozen=True):
    """The answer of ``listClients``."""

    member: list[ListedClient]


@dataclass(frozen=True, slots=True)
class MetaQuestion:
    """A call of a metaservice on behalf of a client."""

    client: SubsystemId
    target: Target


def list_clients(snapshot: Snapshot) -> bytes:
    """Every member and subsystem of the instance."""
    names = {member.id: member.name for member in snapshot.members}
    listed = [
        ListedClient(ListedId("MEMBER", member.instance, member.member_class, member.member_code), name)
        for member, name in names.items()
    ]
    for subsystem in snapshot.subsystems:
        member = subsystem.id.member
        identifier = ListedId(
            "SUBSYSTEM", member.instance, member.member_class, member.member_code, subsystem.id.code
        )
        listed.append(ListedClient(identifier, names[member], subsystem.name))
    return msgspec.json.encode(ClientList(listed))


def answer(question: MetaQuestion, snapshot: Snapshot, journal: Journal) -> bytes | None:
    """Body of a metaservice's answer; ``None`` when there is none of that name or a parameter is wrong.

    Reads files for ``listAccessRecords``: call it in a thread.
    """
    metaservice = _METASERVICES.get(question.target.service.code)
    if metaservice is None or question.target.segments:
        return None
    return metaservice(question, snapshot, journal)


def _list_methods(question: MetaQuestion, snapshot: Snapshot, _journal: Journal) -> bytes:
    services = snapshot.services_of(question.target.service.subsystem)
    return _services([(service, service.endpoints) for service in services])


def _allowed_methods(question: MetaQuestion, snapshot: Snapshot, _journal: Journal) -> bytes:
    services = snapshot.services_of(question.target.service.subsystem)
    now = datetime.now(UTC)
    allowed = [(item, snapshot.endpoints_allowed(question.client, item.id, now)) for item in services]
    return _services([(service, endpoints) for service, endpoints in allowed if endpoints])


def _list_access_records(question: MetaQuestion, _snapshot: Snapshot, journal: Journal) -> bytes | None:
    query = parse_qs(question.target.query or "")
    page = feed.page(
        journal,
        after=query.get("after", [""])[-1],
        limit=query.get("limit", [_DEFAULT_PAGE])[-1],
        reader=feed.of_member(question.client.member),
    )
    return None if page is None else msgspec.json.encode(page)


_METASERVICES: dict[str, Callable[[MetaQuestion, Snapshot, Journal], bytes | None]] = {
    "listMethods": _list_methods,
    "allowedMethods": _allowed_methods,
    "listAccessRecords": _list_access_records,
}


def _services(services: list[tuple[Service, tuple[Endpoint, ...]]]) -> bytes:
    return msgspec.json.encode(ServiceList([_listed(item.id, endpoints) for item, endpoints in services]))


def _listed(service: ServiceId, endpoints: tuple[Endpoint, ...]) -> ListedService:
    member = service.subsystem.member
    return ListedService(
        object_type="SERVICE",
        service_type="REST",
        xroad_instance=member.instance,
        member_class=member.member_class,
        member_code=member.member_code,
        subsystem_code=service.subsystem.code,
        service_code=service.code,
        endpoint_list=[ListedEndpoint(endpoint.method, endpoint.path) for endpoint in endpoints],
    )
