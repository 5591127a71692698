"""Minimisation (UU 27/2022): what nothing reads is neither asked nor fetched."""

from collections.abc import Iterator

from pendopo.catalogue.definition.faults import Fault
from pendopo.catalogue.definition.whole import Service
from pendopo.catalogue.proofs.reading import all_reads
from pendopo.catalogue.proofs.surroundings import Surroundings


def prove(service: Service, _surroundings: Surroundings) -> list[Fault]:
    """Return fields that no rule, evidence, register command, document or officer reads, and idle lookups.

    Showing a value back to the applicant is no use of it.
    """
    return [*_unread_fields(service), *_idle_lookups(service)]


def _unread_fields(service: Service) -> Iterator[Fault]:
    reads = all_reads(service)
    for name, _ in service.fields:
        if not reads.get(name.reference):
            path = ("groups", name.group, "fields", name.name)
            message = "no rule, evidence, command, document or officer reads this field"
            yield service.fault("data.yaml", path, message)


def _idle_lookups(service: Service) -> Iterator[Fault]:
    used = {
        (origin.lookup, origin.field)
        for _, field in service.fields
        for origin in field.origins
        if origin.lookup
    }
    proofs = {way.lookup for item in service.evidence.requirements for way in item.any_of if way.lookup}
    for lookup_id, lookup in service.data.lookups.items():
        for name in lookup.fields:
            if (lookup_id, name) not in used:
                path = ("lookups", lookup_id, "fields")
                yield service.fault("data.yaml", path, f"{name} is fetched and no field takes it")
        if not any(lookup_id == owner for owner, _ in used) and lookup_id not in proofs:
            yield service.fault("data.yaml", ("lookups", lookup_id), "nothing needs this lookup")
