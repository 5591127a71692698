"""The flow: every state is reached, every path ends, no clock stands still without a reason."""

from collections.abc import Iterator

from pendopo.catalogue.definition.faults import Fault
from pendopo.catalogue.definition.flow import By, ClockRule
from pendopo.catalogue.definition.pages import PageKind
from pendopo.catalogue.definition.whole import Service
from pendopo.catalogue.proofs.surroundings import Surroundings
from pendopo.rules.api import parse
from pendopo.rules.ir import Bool


def prove(service: Service, _surroundings: Surroundings) -> list[Fault]:
    """Return states that nobody reaches or leaves, actions that lead nowhere, and clocks that cannot end."""
    unknown = list(_unknown_states(service))
    if unknown:
        return unknown
    return [*_reachable(service), *_ends(service), *_clocks(service), *_dead_pages(service)]


def _unknown_states(service: Service) -> Iterator[Fault]:
    states = service.flow.states
    if service.flow.initial not in states:
        yield service.fault("flow.yaml", ("initial",), f"there is no state {service.flow.initial}")
    for number, action in enumerate(service.flow.actions):
        for state in (*action.sources, action.target):
            if state not in states:
                yield service.fault("flow.yaml", ("actions", number), f"there is no state {state}")
    for name, clock in _named_clocks(service):
        for state in (clock.starts, *clock.stops, *(pause.state for pause in clock.pauses)):
            if state not in states:
                yield service.fault("flow.yaml", ("clocks", name), f"there is no state {state}")


def _named_clocks(service: Service) -> tuple[tuple[str, ClockRule], ...]:
    return (("promise", service.flow.clocks.promise), ("legal", service.flow.clocks.legal))


def _edges(service: Service) -> set[tuple[str, str]]:
    return {(source, action.target) for action in service.flow.actions for source in action.sources}


def _spread(edges: set[tuple[str, str]], start: set[str]) -> set[str]:
    found = set(start)
    while more := {target for source, target in edges if source in found} - found:
        found |= more
    return found


def _reachable(service: Service) -> Iterator[Fault]:
    reached = _spread(_edges(service), {service.flow.initial})
    for state in service.flow.states:
        if state not in reached:
            yield service.fault("flow.yaml", ("states", state), "no action leads here")


def _ends(service: Service) -> Iterator[Fault]:
    backwards = {(target, source) for source, target in _edges(service)}
    final = {name for name, state in service.flow.states.items() if state.final}
    if not final:
        yield service.fault("flow.yaml", ("states",), "no state is final")
    ends = _spread(backwards, final)
    for state in service.flow.states:
        if state not in ends:
            yield service.fault(
                "flow.yaml", ("states", state), "a dead end: no way from here to a final state"
            )


def _clocks(service: Service) -> Iterator[Fault]:
    edges = _edges(service)
    waiting = {
        source for action in service.flow.actions if action.by is By.APPLICANT for source in action.sources
    }
    final = {name for name, state in service.flow.states.items() if state.final}
    for name, clock in _named_clocks(service):
        path = ("clocks", name)
        running = _spread({edge for edge in edges if edge[0] not in clock.stops}, {clock.starts})
        for state in sorted((running & final) - set(clock.stops)):
            yield service.fault("flow.yaml", path, f"the clock still runs in the final state {state}")
        for pause in clock.pauses:
            if pause.state not in waiting:
                message = f"the clock pauses in {pause.state}, where nobody waits for the applicant"
                yield service.fault("flow.yaml", path, message)


def _dead_pages(service: Service) -> Iterator[Fault]:
    """Yield pages that can never be seen, and a stop page that ends everything."""
    for number, page in enumerate(service.pages.pages):
        constant = None if page.when is None else parse(page.when)
        if isinstance(constant, Bool) and not constant.value:
            yield service.fault("pages.yaml", ("pages", number, "when"), "this page is never shown")
        if page.kind is PageKind.STOP and (page.when is None or constant == Bool(value=True)):
            yield service.fault("pages.yaml", ("pages", number), "everybody would be stopped here")
