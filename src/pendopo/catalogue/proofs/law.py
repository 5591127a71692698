"""The law: all 14 components are filled in, and each personal field and fee has its legal basis."""

from collections.abc import Iterator

from pendopo.catalogue.definition.base import LANGUAGES, Component
from pendopo.catalogue.definition.data import Sensitivity
from pendopo.catalogue.definition.faults import Fault
from pendopo.catalogue.definition.whole import Service
from pendopo.catalogue.proofs.surroundings import Surroundings


def prove(service: Service, _surroundings: Surroundings) -> list[Fault]:
    """Return what the law asks and the definition does not say.

    Whether a citation is right is not checked: rows that nobody read in the legal text are marked
    ``verified: false`` and shown so.
    """
    return [*_components(service), *_bases(service)]


def _components(service: Service) -> Iterator[Fault]:
    for component in Component:
        if component not in service.standard:
            message = f"the component {component.value} is missing"
            yield service.fault("service.yaml", ("standard",), message)
            continue
        for language in LANGUAGES:
            if not service.optional_text(f"standard.{component.value}", language):
                message = "a component of the service standard must not be empty"
                yield Fault(f"text/{language}.yaml", 0, f"standard.{component.value}", message)


def _bases(service: Service) -> Iterator[Fault]:
    for name, field in service.fields:
        if field.sensitivity is not Sensitivity.PLAIN and not field.basis:
            path = ("groups", name.group, "fields", name.name)
            yield service.fault("data.yaml", path, "a personal field needs a legal basis")
    if service.identity.fee.basis not in service.laws:
        yield service.fault("service.yaml", ("fee", "basis"), "a fee needs a legal basis")
