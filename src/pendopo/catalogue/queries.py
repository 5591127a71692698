"""Reads of the catalogue for pages and other rooms."""

from collections.abc import Iterable
from dataclasses import dataclass

from pendopo.agencies import api as agencies
from pendopo.catalogue import life_events, search, store
from pendopo.catalogue.definition.whole import Service
from pendopo.catalogue.life_events import LifeEvent
from pendopo.catalogue.models import ServiceVersion
from pendopo.foundation.settings import current


@dataclass(frozen=True, slots=True)
class Card:
    """A service as a list shows it."""

    agency: str
    code: str
    name: str
    lead: str
    agency_name: str


def cards(language: str) -> tuple[Card, ...]:
    """Return all published services, by name."""
    found = _cards(store.current_versions().values(), language)
    return tuple(sorted(found, key=lambda item: item.name))


def cards_of(names: Iterable[tuple[str, str]], language: str) -> tuple[Card, ...]:
    """Return how a list shows these services (agency, code), in their order; those that are published."""
    wanted = list(names)
    versions = store.current_versions(set(wanted))
    return _cards([versions[name] for name in wanted if name in versions], language)


def _cards(services: Iterable[Service], language: str) -> tuple[Card, ...]:
    """Ask for the names of all their bodies at once."""
    chosen = list(services)
    bodies = agencies.bodies_by_code(service.agency for service in chosen)
    return tuple(
        Card(
            agency=service.agency,
            code=service.code,
            name=service.name(language),
            lead=service.text("service.lead", language),
            agency_name=_name(bodies.get(service.agency), service.agency, language),
        )
        for service in chosen
    )


def agency_name(code: str, language: str) -> str:
    """Return the name of the public body; its code while the hall does not know the body yet."""
    return _name(agencies.bodies_by_code([code]).get(code), code, language)


def _name(body: agencies.Body | None, code: str, language: str) -> str:
    if body is None:
        return code
    return body.name_en if language == "en" else body.name_id


def find(query: str, language: str) -> tuple[Card, ...]:
    """Return the services that fit a query, best first."""
    hits = search.find(query, current().definitions_dir)
    return cards_of([(hit.agency, hit.code) for hit in hits], language)


def events(language: str) -> tuple[LifeEvent, ...]:
    """Return all life events in order, each with those of its services that are published."""
    published = set(ServiceVersion.objects.filter(current=True).values_list("agency", "code"))
    return tuple(
        _event(file, published, language) for file in life_events.read_life_events(current().definitions_dir)
    )


def _event(file: life_events.LifeEventFile, published: set[tuple[str, str]], language: str) -> LifeEvent:
    wanted = [(agency, code) for agency, _, code in (name.partition("/") for name in file.services)]
    text = file.text.of(language)
    services = tuple(name for name in wanted if name in published)
    return LifeEvent(file.code, file.icon, text.name, text.lead, services)
