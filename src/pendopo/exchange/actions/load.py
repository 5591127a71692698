"""Bring the registry to what ``definitions/exchange`` says."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from pendopo.exchange import models
from pendopo.exchange.definitions import (
    AgreementDefinition,
    Definitions,
    MemberDefinition,
    ServiceDefinition,
    SubsystemDefinition,
    load_definitions,
)
from pendopo.exchange.purposes import purpose
from pendopo.foundation.actor import Actor
from pendopo.foundation.audit import audit, event_type
from pendopo.foundation.clock import now
from pendopo.foundation.database import lock
from pendopo.foundation.settings import current

LOADED = event_type(
    "exchange.registry_loaded", "Members, services and agreements were loaded from definitions"
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """How much stands in the registry after loading, and how many agreements were withdrawn by it."""

    members: int
    services: int
    agreements: int
    withdrawn: int


def load(actor: Actor) -> Loaded:
    """Insert and update everything the files name; withdraw agreements that they no longer name.

    Members and services that vanish from the files stay (access records point to them) but lose their
    agreements. Raises DefinitionsInvalid or UnknownPurpose; then nothing was changed.
    """
    definitions = load_definitions(current().definitions_dir)
    with transaction.atomic():
        lock("exchange.registry")
        for member in definitions.members:
            _member(member)
        kept = [pk for agreement in definitions.agreements for pk in _agreement(agreement, definitions)]
        gone = models.Agreement.objects.filter(withdrawn_at=None).exclude(id__in=kept)
        withdrawn = gone.update(withdrawn_at=now())
        outcome = Loaded(
            models.Member.objects.count(),
            models.Service.objects.count(),
            models.Agreement.objects.filter(withdrawn_at=None).count(),
            withdrawn,
        )
        audit(LOADED, actor=actor, detail={"agreements": outcome.agreements, "withdrawn": withdrawn})
    return outcome


def _member(definition: MemberDefinition) -> None:
    row, _ = models.Member.objects.update_or_create(
        identifier=definition.id,
        defaults={"name_id": definition.name_id, "name_en": definition.name_en},
    )
    for system in definition.subsystems:
        _subsystem(row, system)


def _subsystem(member: models.Member, definition: SubsystemDefinition) -> None:
    row, _ = models.Subsystem.objects.update_or_create(
        identifier=definition.id,
        defaults={"member": member, "name_id": definition.name_id, "name_en": definition.name_en},
    )
    for service in definition.services:
        _service(row, service)


def _service(subsystem: models.Subsystem, definition: ServiceDefinition) -> None:
    row, _ = models.Service.objects.update_or_create(
        identifier=definition.id,
        defaults={
            "subsystem": subsystem,
            "interface": definition.interface,
            "name_id": definition.name_id,
            "name_en": definition.name_en,
        },
    )
    for endpoint in definition.endpoints:
        models.Endpoint.objects.get_or_create(service=row, method=endpoint.method, path=endpoint.path)


def _agreement(definition: AgreementDefinition, definitions: Definitions) -> list[UUID]:
    """One row for each purpose that the document names."""
    service = models.Service.objects.get(identifier=definition.service)
    client = models.Subsystem.objects.get(identifier=definitions.subsystems[definition.client].id)
    rows = []
    for code in sorted({code for grant in definition.grants for code in grant.purposes}):
        row, _ = models.Agreement.objects.update_or_create(
            document=definition.document,
            purpose=purpose(code).code,
            defaults={
                "client": client,
                "service": service,
                "valid_from": definition.valid_from,
                "valid_to": definition.valid_to,
                "withdrawn_at": None,
            },
        )
        granted = [(grant.method, grant.path) for grant in definition.grants if code in grant.purposes]
        endpoints = service.endpoints.all()
        row.endpoints.set([endpoint for endpoint in endpoints if (endpoint.method, endpoint.path) in granted])
        rows.append(row.id)
    return rows
