"""Everything that is named exists, fits, and comes before it is needed."""

from collections.abc import Iterator

from pendopo.catalogue.definition.data import Field, FieldType, Lookup, Origin
from pendopo.catalogue.definition.faults import Fault
from pendopo.catalogue.definition.names import FieldName
from pendopo.catalogue.definition.pages import Page
from pendopo.catalogue.definition.whole import Service
from pendopo.catalogue.proofs.order import order_faults
from pendopo.catalogue.proofs.surroundings import Surroundings

_ANSWERS = {
    "bool": {FieldType.BOOLEAN},
    "int": {FieldType.INTEGER},
    "date": {FieldType.DATE},
    "id": {FieldType.NIK, FieldType.TEXT},
    "text": {FieldType.TEXT, FieldType.NAME, FieldType.CHOICE},
}
"""Which types of field can hold which type of a register's answer."""


def prove(service: Service, surroundings: Surroundings) -> list[Fault]:
    """Return what is named and is not there."""
    faults = [
        *_lookups(service, surroundings),
        *_origins(service, surroundings),
        *_pages(service),
        *_laws(service),
        *_evidence(service),
        *_flow(service, surroundings),
        *_outputs(service),
        *_life_events(service, surroundings),
    ]
    return faults or list(order_faults(service))


def _lookups(service: Service, surroundings: Surroundings) -> Iterator[Fault]:
    for lookup_id, lookup in service.data.lookups.items():
        here = ("lookups", lookup_id)
        key = service.fields.find(lookup.key)
        if key is None or key[1].type is not FieldType.NIK:
            yield service.fault("data.yaml", (*here, "key"), f"{lookup.key} is no field of type nik")
        yield from _lookup_register(service, surroundings, lookup_id, lookup)
        allowed = surroundings.purposes.get(lookup.purpose)
        if allowed is None:
            yield service.fault("data.yaml", (*here, "purpose"), f"there is no purpose {lookup.purpose}")
        elif lookup.operation == "person":
            for name in sorted(set(lookup.fields) - allowed - {"nik"}):
                message = f"the purpose {lookup.purpose} does not allow {name}"
                yield service.fault("data.yaml", (*here, "fields"), message)


def _lookup_register(
    service: Service, surroundings: Surroundings, lookup_id: str, lookup: Lookup
) -> Iterator[Fault]:
    here = ("lookups", lookup_id)
    register = surroundings.registers.get(lookup.register_id)
    if register is None:
        yield service.fault("data.yaml", (*here, "register"), f"there is no register {lookup.register_id}")
        return
    operation = register.operations.get(lookup.operation)
    if operation is None:
        message = f"the register {register.id} has no operation {lookup.operation}"
        yield service.fault("data.yaml", (*here, "operation"), message)
        return
    for name in lookup.fields:
        if name not in operation.fields:
            yield service.fault("data.yaml", (*here, "fields"), f"{lookup.operation} does not answer {name}")


def _origins(service: Service, surroundings: Surroundings) -> Iterator[Fault]:
    asked = {question.field for page in service.pages.pages for question in page.questions}
    for name, field in service.fields:
        here = ("groups", name.group, "fields", name.name)
        if field.asked and name.reference not in asked:
            yield service.fault("data.yaml", here, "no page asks this question")
        if field.table is not None and field.table not in service.tables:
            yield service.fault("data.yaml", (*here, "table"), f"there is no table {field.table}")
        for number, origin in enumerate(field.origins):
            for message in _origin(service, surroundings, name, field, origin):
                yield service.fault("data.yaml", (*here, "origins", number), message)


def _origin(
    service: Service, surroundings: Surroundings, name: FieldName, field: Field, origin: Origin
) -> Iterator[str]:
    if origin.copy_of is not None:
        source = service.fields.find(origin.copy_of)
        if source is None:
            yield f"there is no field {origin.copy_of}"
        elif source[1].type is not field.type or source[0].scope not in {None, name.scope}:
            yield f"{origin.copy_of} is of another type or of another repeat group"
    if origin.lookup is not None:
        yield from _lookup_origin(service, surroundings, name, field, origin)


def _lookup_origin(
    service: Service, surroundings: Surroundings, name: FieldName, field: Field, origin: Origin
) -> Iterator[str]:
    lookup = service.data.lookups.get(origin.lookup or "")
    if lookup is None:
        yield f"there is no lookup {origin.lookup}"
        return
    if origin.field not in lookup.fields:
        yield f"the lookup {origin.lookup} does not ask for {origin.field}"
        return
    key = service.fields.find(lookup.key)
    if key is not None and key[0].scope not in {None, name.scope}:
        yield f"the lookup {origin.lookup} belongs to another repeat group"
    register = surroundings.registers.get(lookup.register_id)
    operation = register.operations.get(lookup.operation) if register else None
    answer = operation.fields.get(origin.field or "") if operation else None
    if answer is not None and field.type not in _ANSWERS[answer]:
        yield f"a field of type {field.type.value} cannot hold {origin.field}, a {answer} of the register"


def _pages(service: Service) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    identifiers: set[str] = set()
    checks: set[str] = set()
    for number, page in enumerate(service.pages.pages):
        here = ("pages", number)
        if page.id in identifiers:
            yield service.fault("pages.yaml", (*here, "id"), f"two pages are called {page.id}")
        identifiers.add(page.id)
        if page.step not in service.pages.steps:
            yield service.fault("pages.yaml", (*here, "step"), f"there is no step {page.step}")
        for position, question in enumerate(page.questions):
            there = (*here, "questions", position)
            yield from _question(service, page, question.field, there)
            if question.field in seen:
                message = f"{question.field} is asked on {seen[question.field]} already"
                yield service.fault("pages.yaml", there, message)
            seen[question.field] = page.id
        for position, shown in enumerate(page.shows):
            yield from _placed(service, page, shown.field, (*here, "shows", position))
        for position, check in enumerate(page.checks):
            yield from _placed(service, page, check.field, (*here, "checks", position))
            if check.id in checks:
                yield service.fault(
                    "pages.yaml", (*here, "checks", position), f"two checks are called {check.id}"
                )
            checks.add(check.id)


def _question(service: Service, page: Page, reference: str, path: tuple[str | int, ...]) -> Iterator[Fault]:
    yield from _placed(service, page, reference, path)
    found = service.fields.find(reference)
    if found is not None and not found[1].asked:
        yield service.fault("pages.yaml", path, f"{reference} has no origin ask")
    if found is not None and found[0].scope != page.repeat:
        yield service.fault(
            "pages.yaml", path, f"{reference} must be asked on a page that repeats {found[0].scope}"
        )


def _placed(service: Service, page: Page, reference: str, path: tuple[str | int, ...]) -> Iterator[Fault]:
    found = service.fields.find(reference)
    if found is None:
        yield service.fault("pages.yaml", path, f"there is no field {reference}")
    elif found[0].scope not in {None, page.repeat}:
        yield service.fault("pages.yaml", path, f"{reference} lives in the repeat group {found[0].scope}")


def _laws(service: Service) -> Iterator[Fault]:
    named: list[tuple[str, tuple[str | int, ...], str]] = [
        ("service.yaml", ("fee", "basis"), service.identity.fee.basis),
        ("flow.yaml", ("clocks", "promise", "basis"), service.flow.clocks.promise.basis),
        ("flow.yaml", ("clocks", "legal", "basis"), service.flow.clocks.legal.basis),
    ]
    for component, standard in service.standard.items():
        named.extend(("service.yaml", ("standard", component.value), law) for law in standard.basis)
    for name, field in service.fields:
        named.extend(("data.yaml", ("groups", name.group, "fields", name.name), law) for law in field.basis)
    for number, requirement in enumerate(service.evidence.requirements):
        named.extend(("evidence.yaml", ("requirements", number, "basis"), law) for law in requirement.basis)
    for file, path, law in named:
        if law not in service.laws:
            yield service.fault(file, path, f"there is no law {law}")


def _evidence(service: Service) -> Iterator[Fault]:
    for number, requirement in enumerate(service.evidence.requirements):
        for position, way in enumerate(requirement.any_of):
            path = ("requirements", number, "any_of", position)
            if way.lookup is not None and way.lookup not in service.data.lookups:
                yield service.fault("evidence.yaml", path, f"there is no lookup {way.lookup}")
            found = None if way.field is None else service.fields.find(way.field)
            if way.field is not None and (found is None or found[0].scope not in {None, requirement.repeat}):
                yield service.fault("evidence.yaml", path, f"there is no field {way.field} here")


def _flow(service: Service, surroundings: Surroundings) -> Iterator[Fault]:  # noqa: C901 - one branch a case
    outputs = {output.id for output in service.identity.outputs}
    for number, action in enumerate(service.flow.actions):
        path = ("actions", number)
        if action.command is not None and action.command not in service.flow.commands:
            yield service.fault("flow.yaml", path, f"there is no command {action.command}")
        if action.output is not None and action.output not in outputs:
            yield service.fault("flow.yaml", path, f"there is no output {action.output}")
    for command_id, command in service.flow.commands.items():
        register = surroundings.registers.get(command.register_id)
        parameters = register.commands.get(command.operation) if register else None
        if parameters is None:
            message = f"{command.register_id} takes no command {command.operation}"
            yield service.fault("flow.yaml", ("commands", command_id), message)
            continue
        for name in command.input:
            if name not in parameters:
                message = f"{command.operation} has no parameter {name}"
                yield service.fault("flow.yaml", ("commands", command_id, "input", name), message)
        if command.purpose not in surroundings.purposes:
            message = f"there is no purpose {command.purpose}"
            yield service.fault("flow.yaml", ("commands", command_id, "purpose"), message)
    for number, reference in enumerate(service.flow.officer_reads):
        if service.fields.find(reference) is None:
            yield service.fault("flow.yaml", ("officer_reads", number), f"there is no field {reference}")


def _outputs(service: Service) -> Iterator[Fault]:
    for number, output in enumerate(service.identity.outputs):
        path = ("outputs", number)
        if output.template not in service.files:
            yield service.fault("service.yaml", (*path, "template"), f"there is no file {output.template}")
        group = service.data.groups.get(output.per or "")
        if output.per is not None and (group is None or group.repeat is None):
            yield service.fault("service.yaml", (*path, "per"), f"there is no repeat group {output.per}")
        for reference in output.reads:
            if service.fields.find(reference) is None:
                yield service.fault("service.yaml", (*path, "reads"), f"there is no field {reference}")


def _life_events(service: Service, surroundings: Surroundings) -> Iterator[Fault]:
    for event in service.identity.life_events:
        if event not in surroundings.life_events:
            yield service.fault("service.yaml", ("life_events",), f"there is no life event {event}")
