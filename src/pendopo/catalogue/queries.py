"""Reads of the catalogue for pages and other rooms."""

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
    versions = ServiceVersion.objects.filter(current=True).values_list("id", flat=True)
    found = (card(store.read_version(version_id), language) for version_id in versions)
    return tuple(sorted(found, key=lambda item: item.name))


def card(service: Service, language: str) -> Card:
    """Return how a list shows a service."""
    return Card(
        agency=service.agency,
        code=service.code,
        name=service.name(language),
        lead=service.text("service.lead", language),
        agency_name=agency_name(service.agency, language),
    )


def agency_name(code: str, language: str) -> str:
    """Return the name of the public body; its code while the hall does not know the body yet."""
    try:
        body = agencies.body_by_code(code)
    except agencies.UnknownBody:
        return code
    return body.name_en if language == "en" else body.name_id


def find(query: str, language: str) -> tuple[Card, ...]:
    """Return the services that fit a query, best first."""
    hits = search.find(query, current().definitions_dir)
    return tuple(card(store.current_version(hit.agency, hit.code), language) for hit in hits)


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
