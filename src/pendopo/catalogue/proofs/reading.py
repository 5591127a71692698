"""Who reads which field: the ground of the order, once-only and minimisation proofs."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from pendopo.catalogue.definition.expressions import Parts, Site, sites
from pendopo.catalogue.definition.pages import Page
from pendopo.catalogue.definition.whole import Service

_NO_FIELDS = frozenset({"today", "number", "count"})


def parts_of(service: Service) -> Parts:
    """Return the files of a service that hold expressions."""
    return Parts(service.identity, service.data, service.pages, service.evidence, service.flow)


def fields_read(service: Service, site: Site) -> frozenset[str]:
    """Return the fields that one expression reads, as references."""
    return service.expression(site.source, site.scope).reads - _NO_FIELDS


def reads_of(service: Service, source: str | None, scope: str | None) -> frozenset[str]:
    """Return the fields that a condition reads; none when there is no condition."""
    return frozenset() if source is None else service.expression(source, scope).reads - _NO_FIELDS


def all_reads(service: Service) -> Mapping[str, int]:
    """Return how often each field is read by something that decides, registers, issues or is an officer's."""
    found: dict[str, int] = defaultdict(int)
    for site in sites(parts_of(service)):
        for reference in fields_read(service, site):
            found[reference] += 1
    for reference in _named(service):
        found[reference] += 1
    return found


def _named(service: Service) -> Iterator[str]:
    for lookup in service.data.lookups.values():
        yield lookup.key
    for _, field in service.fields:
        yield from (origin.copy_of for origin in field.origins if origin.copy_of)
    for requirement in service.evidence.requirements:
        yield from (way.field for way in requirement.any_of if way.field)
    for output in service.identity.outputs:
        yield from output.reads
    yield from service.flow.officer_reads


def dependencies(service: Service) -> Mapping[str, frozenset[str]]:
    """Return for each field the fields that its value depends on, by reference."""
    places = {question.field: page for page in service.pages.pages for question in page.questions}
    return {
        name.reference: frozenset(_depends(service, name.reference, places)) for name, _ in service.fields
    }


def _depends(service: Service, reference: str, places: Mapping[str, Page]) -> Iterator[str]:
    name, field = service.fields.get(reference)
    for origin in field.origins:
        yield from reads_of(service, origin.when, name.scope)
        if origin.copy_of:
            yield origin.copy_of
        lookup = service.data.lookups.get(origin.lookup or "")
        if lookup is not None:
            key = service.fields.find(lookup.key)
            yield lookup.key
            yield from reads_of(service, lookup.when, key[0].scope if key else None)
        page = places.get(reference)
        if origin.ask and page is not None:
            yield from reads_of(service, page.when, page.repeat)
            for question in page.questions:
                if question.field == reference:
                    yield from reads_of(service, question.when, page.repeat)
    group = service.data.groups[name.group]
    if group.repeat is not None:
        yield from reads_of(service, group.repeat.count, None)


def closure(graph: Mapping[str, frozenset[str]], start: frozenset[str]) -> frozenset[str]:
    """Return everything that ``start`` depends on, itself included."""
    found: set[str] = set()
    waiting = list(start)
    while waiting:
        reference = waiting.pop()
        if reference not in found:
            found.add(reference)
            waiting.extend(graph.get(reference, frozenset()))
    return frozenset(found)
