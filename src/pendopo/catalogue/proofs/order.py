"""Pages come in an order in which everything that a condition needs is asked before."""

from collections.abc import Iterator, Mapping

from pendopo.catalogue.definition.faults import Fault
from pendopo.catalogue.definition.whole import Service
from pendopo.catalogue.proofs.reading import closure, dependencies, reads_of


def order_faults(service: Service) -> Iterator[Fault]:
    """Yield circles among fields, and conditions that need an answer of the same or a later page."""
    graph = dependencies(service)
    circles = [name for name, needs in graph.items() if name in closure(graph, needs)]
    for reference in circles:
        name, _ = service.fields.get(reference)
        path = ("groups", name.group, "fields", name.name)
        yield service.fault("data.yaml", path, f"the value of {reference} depends on itself")
    if not circles:
        yield from _late_answers(service, graph)


def _late_answers(service: Service, graph: Mapping[str, frozenset[str]]) -> Iterator[Fault]:
    asked_at = {
        question.field: number
        for number, page in enumerate(service.pages.pages)
        for question in page.questions
    }
    for number, page in enumerate(service.pages.pages):
        conditions = [("when", page.when)]
        conditions += [(f"questions.{at}", question.when) for at, question in enumerate(page.questions)]
        for place, source in conditions:
            needs = closure(graph, reads_of(service, source, page.repeat))
            late = sorted(reference for reference in needs if asked_at.get(reference, -1) >= number)
            for reference in late:
                message = f"needs {reference}, which is asked on this page or later"
                yield service.fault("pages.yaml", ("pages", number, *place.split(".")), message)
