"""Scenarios: the stories in ``tests/*.yaml`` come out as they say."""

import datetime as dt
from collections.abc import Iterator, Mapping

from pendopo.catalogue.definition.base import Value
from pendopo.catalogue.definition.data import FieldType
from pendopo.catalogue.definition.faults import Fault
from pendopo.catalogue.definition.pages import PageKind
from pendopo.catalogue.definition.scenarios import Expectation, Raw, Scenario, Walk
from pendopo.catalogue.definition.whole import Service
from pendopo.catalogue.form.facts import Facts, KnownAnswer, confirmation_path
from pendopo.catalogue.form.interpret import command_input, interpret, items, warnings
from pendopo.catalogue.form.parse import decode_value
from pendopo.catalogue.form.views import Interpretation
from pendopo.catalogue.proofs.clock import clock_differences
from pendopo.catalogue.proofs.surroundings import Surroundings
from pendopo.kernel.errors import PendopoError

_MOST_ROUNDS = 10


def prove(service: Service, surroundings: Surroundings) -> list[Fault]:
    """Return each difference between what scenarios expect and what follows; to have none is a fault."""
    if not service.scenarios:
        return [Fault("tests", 0, "", "a service without scenarios is not proved")]
    return [
        Fault(file, 0, scenario.name, difference)
        for file, scenario in service.scenarios
        for difference in _differences(service, surroundings, scenario)
    ]


def _differences(service: Service, surroundings: Surroundings, scenario: Scenario) -> Iterator[str]:
    if scenario.expect is not None:
        try:
            yield from _compare(service, facts_of(service, scenario), scenario.expect)
        except PendopoError as error:
            yield f"the scenario cannot be run: {error}"
    if scenario.walk is not None:
        yield from _walk(service, scenario.walk)
    if scenario.clock is not None:
        yield from clock_differences(service, surroundings, scenario.clock)


def facts_of(service: Service, scenario: Scenario) -> Facts:
    """Return the facts of a scenario; ``confirmed.<page>: true`` confirms what that page shows."""
    typed = {
        path: _typed(service, path, raw) for path, raw in scenario.answers.items() if not _confirms(path)
    }
    facts = Facts(
        today=scenario.today,
        session={str(name): value for name, value in scenario.session.items()},
        answers=typed,
        known=_known(scenario),
    )
    return _confirmed(service, facts, {path for path in scenario.answers if _confirms(path)})


def _confirms(path: str) -> bool:
    return path.startswith("confirmed.")


def _typed(service: Service, path: str, raw: Raw) -> Value:
    found = service.fields.at(path)
    if found is None:
        raise PendopoError(f"the definition has no field {path}")
    if isinstance(raw, dt.date | dt.time):
        return raw
    value = decode_value(found[1].type, raw)
    if value is None:
        raise PendopoError(f"{path} is not of type {found[1].type.value}")
    return value


def _known(scenario: Scenario) -> Mapping[str, KnownAnswer]:
    answers: dict[str, KnownAnswer] = {}
    for key, given in scenario.known.items():
        values = {name: raw for name, raw in given.items() if name != "about"}
        about = str(given.get("about", given.get("nik", "")))
        answers[key] = KnownAnswer(about, None if "missing" in given else values)
    return answers


def _confirmed(service: Service, facts: Facts, wanted: set[str]) -> Facts:
    """Confirm pages one after the other, as each may open the next."""
    for _ in range(_MOST_ROUNDS):
        state = interpret(service, facts)
        open_pages = {
            confirmation_path(page.key): page.confirmation
            for page in state.pages
            if page.kind is PageKind.CONFIRM and not page.waits_for and confirmation_path(page.key) in wanted
        }
        changed = facts.with_answers(dict(open_pages))
        if changed == facts:
            break
        facts = changed
    return facts


def _compare(service: Service, facts: Facts, expected: Expectation) -> Iterator[str]:
    state = interpret(service, facts)
    found = {
        "pages": tuple(page.key for page in state.pages),
        "first_open": None if state.first_open is None else state.first_open.key,
        "complete": state.ready,
        "stopped": None if state.stopped is None else state.stopped.id,
        "problems": {problem.path: problem.key for problem in state.problems},
        "lookups_due": tuple(due.key for due in state.lookups_due),
        "requirements": _requirements(state),
        "warnings": tuple(
            name if index is None else f"{name}.{index}" for name, index in warnings(service, facts)
        ),
    }
    for part in sorted(expected.model_fields_set & set(found)):
        wanted = getattr(expected, part)
        if wanted != found[part]:
            yield f"{part}: expected {wanted!r}, found {found[part]!r}"
    yield from _compare_values(state, expected.values or {})
    yield from _compare_commands(service, facts, expected.commands or {})


def _requirements(state: Interpretation) -> dict[str, str | None]:
    """Return the alternative that meets each requirement, None where none does yet."""
    return {
        item.id if item.index is None else f"{item.id}.{item.index}": item.alternative if item.met else None
        for item in state.requirements
    }


def _compare_values(state: Interpretation, expected: Mapping[str, Raw | None]) -> Iterator[str]:
    for path, raw in expected.items():
        found = state.values.get(path)
        if not _same(raw, found):
            yield f"value {path}: expected {raw!r}, found {found!r}"


def _compare_commands(
    service: Service, facts: Facts, expected: Mapping[str, tuple[dict[str, Raw | None], ...]]
) -> Iterator[str]:
    for command_id, wanted in expected.items():
        command = service.flow.commands.get(command_id)
        if command is None:
            yield f"there is no command {command_id}"
            continue
        indices = [None] if command.per is None else list(range(items(service, facts, command.per)))
        if len(indices) != len(wanted):
            yield f"command {command_id}: expected {len(wanted)} times, found {len(indices)}"
            continue
        for index, parameters in zip(indices, wanted, strict=True):
            found = command_input(service, facts, command_id, index)
            for name, raw in parameters.items():
                if not _same(raw, found.get(name)):
                    yield f"command {command_id}.{name}: expected {raw!r}, found {found.get(name)!r}"


def _same(raw: Raw | None, found: Value | None) -> bool:
    if isinstance(found, dt.time) and isinstance(raw, str):
        return decode_value(FieldType.TIME, raw) == found
    return type(raw) is type(found) and raw == found


def _walk(service: Service, walk: Walk) -> Iterator[str]:
    state = service.flow.initial
    for action in walk.actions:
        target = service.flow.next_state(state, action)
        if target is None:
            if walk.ends != "refused_action":
                yield f"walk: {action} is not possible in {state}"
            return
        state = target
    if state != walk.ends:
        yield f"walk: expected to end in {walk.ends}, found {state}"
