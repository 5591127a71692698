"""Who takes part in the exchange and what they agreed, read from ``definitions/exchange/*.yaml``.

These files are what two bodies sign; :mod:`pendopo.exchange.actions.load` copies them to the database, and
the signed snapshot is made from there.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from pendopo.exchange.errors import ExchangeError
from pendopo.foundation.settings import current

type Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


class DefinitionsInvalid(ExchangeError):
    """The files under ``definitions/exchange`` contradict themselves; ``problems`` lists all findings."""

    code = "exchange.definitions_invalid"
    status = 500
    text_key = "exchange.errors.definitions_invalid"

    def __init__(self, problems: list[str]) -> None:
        """Keep every finding."""
        super().__init__("; ".join(problems), count=len(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class EndpointRule:
    """One endpoint: a method and a path pattern (``*`` one segment, ``**`` any)."""

    method: Method
    path: str


@dataclass(frozen=True, slots=True)
class ServiceDefinition:
    """A service that a subsystem offers."""

    id: str
    interface: str
    name_id: str
    name_en: str
    endpoints: tuple[EndpointRule, ...]


@dataclass(frozen=True, slots=True)
class SubsystemDefinition:
    """An information system of a member."""

    id: str
    name_id: str
    name_en: str
    services: tuple[ServiceDefinition, ...]


@dataclass(frozen=True, slots=True)
class MemberDefinition:
    """An organisation that takes part."""

    id: str
    name_id: str
    name_en: str
    subsystems: tuple[SubsystemDefinition, ...]


@dataclass(frozen=True, slots=True)
class Grant:
    """One endpoint that an agreement opens, and the purposes for which it does."""

    method: Method
    path: str
    purposes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgreementDefinition:
    """What one client may ask of one service, between two days (both included)."""

    document: str
    client: str
    service: str
    valid_from: date
    valid_to: date
    grants: tuple[Grant, ...]


@dataclass(frozen=True, slots=True)
class Definitions:
    """The whole folder, checked for references between its files."""

    instance: str
    members: tuple[MemberDefinition, ...]
    agreements: tuple[AgreementDefinition, ...]

    @property
    def services(self) -> dict[str, ServiceDefinition]:
        """Every offered service by its identifier."""
        systems = (system for member in self.members for system in member.subsystems)
        return {service.id: service for system in systems for service in system.services}

    @property
    def subsystems(self) -> dict[str, SubsystemDefinition]:
        """Every information system by its identifier."""
        return {system.id: system for member in self.members for system in member.subsystems}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


type _Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9'()+,\-.=?]+$", max_length=60)]
type _Path = Annotated[str, StringConstraints(pattern=r"^/[A-Za-z0-9/_.*-]*$", max_length=200)]


class _Name(_Strict):
    id: Annotated[str, StringConstraints(min_length=2)]
    en: Annotated[str, StringConstraints(min_length=2)]


class _Endpoint(_Strict):
    method: Method
    path: _Path


class _Service(_Strict):
    code: _Code
    interface: str
    name: _Name
    endpoints: Annotated[list[_Endpoint], Field(min_length=1)]


class _Subsystem(_Strict):
    code: _Code
    name: _Name
    services: list[_Service] = []


class _Member(_Strict):
    member_class: _Code
    code: _Code
    name: _Name
    subsystems: list[_Subsystem]


class _Members(_Strict):
    instance: _Code
    members: Annotated[list[_Member], Field(min_length=1)]


class _Grant(_Endpoint):
    purposes: Annotated[list[str], Field(min_length=1)]


class _Agreement(_Strict):
    document: Annotated[str, StringConstraints(min_length=3)]
    client: str
    service: str
    valid_from: date
    valid_to: date
    endpoints: Annotated[list[_Grant], Field(min_length=1)]


class _Agreements(_Strict):
    agreements: list[_Agreement]


@lru_cache(maxsize=4)
def load_definitions(folder: Path) -> Definitions:
    """Read and check the folder ``<definitions>/exchange``. Raises :class:`DefinitionsInvalid`."""
    members = _Members.model_validate(_yaml(folder, "members.yaml"))
    agreements = _Agreements.model_validate(_yaml(folder, "agreements.yaml"))
    definitions = Definitions(
        instance=members.instance,
        members=tuple(_member(members.instance, member) for member in members.members),
        agreements=tuple(_agreement(item) for item in agreements.agreements),
    )
    problems = _problems(definitions)
    if problems:
        raise DefinitionsInvalid(problems)
    return definitions


def _yaml(folder: Path, name: str) -> object:
    loaded: object = yaml.safe_load((folder / "exchange" / name).read_text("utf-8"))
    return loaded


def _member(instance: str, item: _Member) -> MemberDefinition:
    identifier = f"{instance}/{item.member_class}/{item.code}"
    systems = tuple(_subsystem(identifier, system) for system in item.subsystems)
    return MemberDefinition(identifier, item.name.id, item.name.en, systems)


def _subsystem(member: str, item: _Subsystem) -> SubsystemDefinition:
    identifier = f"{member}/{item.code}"
    services = tuple(
        ServiceDefinition(
            id=f"{identifier}/{service.code}",
            interface=service.interface,
            name_id=service.name.id,
            name_en=service.name.en,
            endpoints=tuple(EndpointRule(e.method, e.path) for e in service.endpoints),
        )
        for service in item.services
    )
    return SubsystemDefinition(identifier, item.name.id, item.name.en, services)


def _agreement(item: _Agreement) -> AgreementDefinition:
    return AgreementDefinition(
        document=item.document,
        client=item.client,
        service=item.service,
        valid_from=item.valid_from,
        valid_to=item.valid_to,
        grants=tuple(Grant(e.method, e.path, tuple(e.purposes)) for e in item.endpoints),
    )


def _problems(definitions: Definitions) -> list[str]:
    """References between the files that lead nowhere."""
    found: list[str] = []
    services, systems = definitions.services, definitions.subsystems
    for agreement in definitions.agreements:
        where = f"agreement {agreement.document}"
        if agreement.client not in systems:
            found.append(f"{where}: unknown client {agreement.client}")
        if agreement.valid_to < agreement.valid_from:
            found.append(f"{where}: ends before it begins")
        offered = services.get(agreement.service)
        if offered is None:
            found.append(f"{where}: unknown service {agreement.service}")
            continue
        known = {(endpoint.method, endpoint.path) for endpoint in offered.endpoints}
        found += [
            f"{where}: service has no endpoint {grant.method} {grant.path}"
            for grant in agreement.grants
            if (grant.method, grant.path) not in known
        ]
    return found


def is_granted(interface: str, client: str, endpoint: EndpointRule, purpose: str, day: date) -> bool:
    """Whether an agreement in force lets a client use an endpoint of an interface for a purpose.

    ``endpoint.path`` is the pattern as the service declares it. For the provider's own check behind its
    gateway.
    """
    definitions = load_definitions(current().definitions_dir)
    services = definitions.services
    return any(
        grant.method == endpoint.method and grant.path == endpoint.path and purpose in grant.purposes
        for agreement in definitions.agreements
        if agreement.client == client
        and agreement.valid_from <= day <= agreement.valid_to
        and services[agreement.service].interface == interface
        for grant in agreement.grants
    )
