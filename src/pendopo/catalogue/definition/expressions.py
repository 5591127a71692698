"""All expressions of a definition, found, compiled in their scope, and kept with the place they stand in."""

from collections.abc import Iterator
from dataclasses import dataclass

from pendopo.catalogue.definition.data import DataFile, Field, FieldType
from pendopo.catalogue.definition.evidence import EvidenceFile
from pendopo.catalogue.definition.faults import Fault
from pendopo.catalogue.definition.flow import FlowFile
from pendopo.catalogue.definition.names import COUNT, NUMBER, FieldIndex
from pendopo.catalogue.definition.pages import Page, PagesFile
from pendopo.catalogue.definition.service import ServiceFile
from pendopo.catalogue.definition.tables import CodeTable
from pendopo.catalogue.definition.yaml_lines import Document, Path
from pendopo.rules.api import (
    Basic,
    Choice,
    Environment,
    Expression,
    Record,
    RuleError,
    Type,
    compile_expression,
)

type Scope = str | None
"""The repeat group in which an expression stands; None at the top."""

_TYPES = {
    FieldType.TEXT: Basic.TEXT,
    FieldType.NAME: Basic.TEXT,
    FieldType.NIK: Basic.ID,
    FieldType.INTEGER: Basic.INT,
    FieldType.DATE: Basic.DATE,
    FieldType.TIME: Basic.TIME,
    FieldType.BOOLEAN: Basic.BOOL,
}


@dataclass(frozen=True, slots=True)
class Site:
    """An expression where it stands: file, place in it, scope, and the type that is needed there."""

    file: str
    path: Path
    source: str
    scope: Scope
    expected: Type | None


@dataclass(frozen=True, slots=True)
class Parts:
    """The files of a definition that hold expressions."""

    service: ServiceFile
    data: DataFile
    pages: PagesFile
    evidence: EvidenceFile
    flow: FlowFile


def field_type(field: Field, tables: dict[str, CodeTable]) -> Type | None:
    """Return the type of a field in expressions; None for files, whose content no expression reads."""
    if field.type is FieldType.CHOICE:
        table = tables.get(field.table or "")
        return Choice(table.codes if table else field.options)
    return _TYPES.get(field.type)


def environments(data: DataFile, tables: dict[str, CodeTable]) -> dict[Scope, Environment]:
    """Return the names that expressions may use, by scope."""
    records = {
        group_id: Record(
            {
                name: kind
                for name, field in group.fields.items()
                if (kind := field_type(field, tables)) is not None
            },
            frozenset(name for name, field in group.fields.items() if field.is_optional),
        )
        for group_id, group in data.groups.items()
    }
    top: dict[str, Type] = {key: record for key, record in records.items() if data.groups[key].repeat is None}
    result: dict[Scope, Environment] = {None: Environment(top)}
    for group_id, group in data.groups.items():
        if group.repeat is not None:
            inside = {**top, group.repeat.item: records[group_id], NUMBER: Basic.INT, COUNT: Basic.INT}
            result[group_id] = Environment(inside)
    return result


def compile_all(
    parts: Parts, tables: dict[str, CodeTable], documents: dict[str, Document]
) -> tuple[dict[tuple[Scope, str], Expression], list[Fault]]:
    """Compile every expression once a scope; faults carry the line of the value and the place within it."""
    known = environments(parts.data, tables)
    compiled: dict[tuple[Scope, str], Expression] = {}
    faults: list[Fault] = []
    for site in sites(parts):
        environment = known.get(site.scope)
        if environment is None:
            faults.append(documents[site.file].fault(site.path, f"there is no repeat group {site.scope}"))
            continue
        try:
            compiled[site.scope, site.source] = compile_expression(site.source, environment, site.expected)
        except RuleError as error:
            faults.append(documents[site.file].fault(site.path, f"expression: {error}"))
    return compiled, faults


def sites(parts: Parts) -> Iterator[Site]:
    """Walk over every expression of a definition."""
    yield Site("service.yaml", ("start_when",), parts.service.start_when, None, Basic.BOOL)
    yield from _in_data(parts.data)
    for number, page in enumerate(parts.pages.pages):
        yield from _in_page(page, ("pages", number))
    yield from _in_evidence(parts.evidence)
    yield from _in_flow(parts.flow)


def _in_data(data: DataFile) -> Iterator[Site]:
    index = FieldIndex(data)
    for lookup_id, lookup in data.lookups.items():
        key = index.find(lookup.key)
        if lookup.when is not None:
            scope = key[0].scope if key else None
            yield Site("data.yaml", ("lookups", lookup_id, "when"), lookup.when, scope, Basic.BOOL)
    for group_id, group in data.groups.items():
        here: Path = ("groups", group_id)
        if group.repeat is not None:
            yield Site("data.yaml", (*here, "repeat", "count"), group.repeat.count, None, Basic.INT)
        scope = group_id if group.repeat else None
        for name, field in group.fields.items():
            there: Path = (*here, "fields", name)
            yield Site("data.yaml", (*there, "required"), field.required, scope, Basic.BOOL)
            for number, origin in enumerate(field.origins):
                if origin.when is not None:
                    yield Site(
                        "data.yaml", (*there, "origins", number, "when"), origin.when, scope, Basic.BOOL
                    )


def _in_page(page: Page, here: Path) -> Iterator[Site]:
    scope = page.repeat
    if page.when is not None:
        yield Site("pages.yaml", (*here, "when"), page.when, scope, Basic.BOOL)
    for number, question in enumerate(page.questions):
        if question.when is not None:
            yield Site("pages.yaml", (*here, "questions", number, "when"), question.when, scope, Basic.BOOL)
    for number, shown in enumerate(page.shows):
        for part, source in (("when", shown.when), ("mask", shown.mask)):
            if source is not None:
                yield Site("pages.yaml", (*here, "shows", number, part), source, scope, Basic.BOOL)
    for number, check in enumerate(page.checks):
        yield Site("pages.yaml", (*here, "checks", number, "expect"), check.expect, scope, Basic.BOOL)


def _in_evidence(evidence: EvidenceFile) -> Iterator[Site]:
    for number, requirement in enumerate(evidence.requirements):
        here: Path = ("requirements", number)
        if requirement.when is not None:
            yield Site("evidence.yaml", (*here, "when"), requirement.when, requirement.repeat, Basic.BOOL)
        for position, way in enumerate(requirement.any_of):
            if way.when is not None:
                there = (*here, "any_of", position, "when")
                yield Site("evidence.yaml", there, way.when, requirement.repeat, Basic.BOOL)


def _in_flow(flow: FlowFile) -> Iterator[Site]:
    for command_id, command in flow.commands.items():
        for name, source in command.input.items():
            yield Site("flow.yaml", ("commands", command_id, "input", name), source, command.per, None)
    for number, warning in enumerate(flow.warnings):
        yield Site("flow.yaml", ("warnings", number, "when"), warning.when, warning.repeat, Basic.BOOL)
