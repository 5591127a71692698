"""Interpretation: from a Service and Facts to what applies, what is known, what is missing, what is wrong."""

import hashlib
import itertools
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from pendopo.catalogue.definition.base import Value
from pendopo.catalogue.definition.data import FieldType
from pendopo.catalogue.definition.evidence import Alternative, EvidenceSource, Requirement
from pendopo.catalogue.definition.pages import Page, PageKind, Shown
from pendopo.catalogue.definition.whole import Service
from pendopo.catalogue.form.facts import Facts, confirmation_path
from pendopo.catalogue.form.limits import limit_problem
from pendopo.catalogue.form.resolve import Provenance, Resolver, Standing
from pendopo.catalogue.form.views import (
    Interpretation,
    LookupDue,
    PageView,
    Problem,
    QuestionView,
    RequirementView,
    ShownView,
)
from pendopo.rules.api import Unknown
from pendopo_wire import canonical


def interpret(service: Service, facts: Facts) -> Interpretation:
    """Say what the definition makes of the facts. Total: wrong answers become problems, not errors.

    Raises WrongInputError (rules) when a register's answer is not of the declared type.
    """
    resolver = Resolver(service, facts)
    pages, undecided, stopped = _pages(resolver)
    values, provenance = _values(resolver)
    return Interpretation(
        service=service,
        pages=pages,
        undecided=undecided,
        lookups_due=tuple(_lookups_due(resolver)),
        values=MappingProxyType(values),
        provenance=MappingProxyType(provenance),
        requirements=tuple(_requirements(resolver)),
        stopped=stopped,
    )


def page_of(service: Service, facts: Facts, key: str) -> PageView | None:
    """Return the page with that key as :func:`interpret` shows it, if it applies; the others are not made.

    For who takes the answers of one page and interprets the whole only after that.
    """
    resolver = Resolver(service, facts)
    for page, index in _places(resolver):
        found = key == _key(page, index)
        if not found and page.kind is not PageKind.STOP:
            continue
        if _applies(resolver, page, index):
            return _page(resolver, page, index) if found else None
    return None


def command_input(
    service: Service, facts: Facts, command_id: str, index: int | None = None
) -> Mapping[str, Value]:
    """Return the parameters of a register command; what is unknown or absent is left out."""
    command = service.flow.commands[command_id]
    resolver = Resolver(service, facts)
    found: dict[str, Value] = {}
    for name, source in command.input.items():
        value = resolver.evaluate(source, command.per, index)
        if not isinstance(value, Unknown):
            found[name] = value
    return MappingProxyType(found)


def items(service: Service, facts: Facts, group: str) -> int:
    """Return how many items a repeat group has; 0 while that is not known."""
    return Resolver(service, facts).count(group) or 0


def warnings(service: Service, facts: Facts) -> tuple[tuple[str, int | None], ...]:
    """Return (id, index) of what an officer should look at: conditions that definitely hold."""
    resolver = Resolver(service, facts)
    return tuple(
        (warning.id, index)
        for warning in service.flow.warnings
        for index in resolver.indices(warning.repeat)
        if resolver.holds(warning.when, warning.repeat, index) is True
    )


def _pages(resolver: Resolver) -> tuple[tuple[PageView, ...], tuple[str, ...], PageView | None]:
    """Expand the pages; those that follow one another in a repeat group are asked item by item."""
    found: list[PageView] = []
    undecided: list[str] = []
    for page, index in _places(resolver):
        key = _key(page, index)
        applies = _applies(resolver, page, index)
        if applies:
            view = _page(resolver, page, index)
            found.append(view)
            if view.kind is PageKind.STOP:
                return tuple(found), tuple(undecided), view
        elif applies is not False:
            undecided.append(key)
    return tuple(found), tuple(undecided), None


def _applies(resolver: Resolver, page: Page, index: int | None) -> bool | None:
    """Whether the page is asked; None while that is open, also while the number of its items is."""
    applies = resolver.holds(page.when, page.repeat, index)
    is_counted = page.repeat is None or resolver.count(page.repeat) is not None
    return applies if is_counted or not applies else None


def _key(page: Page, index: int | None) -> str:
    return page.id if index is None else f"{page.id}.{index}"


def _places(resolver: Resolver) -> Iterator[tuple[Page, int | None]]:
    """Yield pages with the items that they are about, in order; one item while their number is not known."""
    for scope, block in itertools.groupby(resolver.service.pages.pages, key=lambda page: page.repeat):
        pages = tuple(block)
        known = scope is None or resolver.count(scope) is not None
        for index in resolver.indices(scope) if known else (0,):
            yield from ((page, index) for page in pages)


def _page(resolver: Resolver, page: Page, index: int | None) -> PageView:
    key = _key(page, index)
    questions = tuple(_questions(resolver, page, index))
    shows, waits_for = _shows(resolver, page, index)
    confirmation = _confirmation(shows) if page.kind is PageKind.CONFIRM else ""
    problems = tuple(_page_problems(resolver, page, index, key, questions))
    complete = not problems and not waits_for and page.kind is not PageKind.STOP
    if page.kind is PageKind.CONFIRM:
        complete = complete and resolver.facts.answers.get(confirmation_path(key)) == confirmation
    return PageView(
        service=resolver.service,
        key=key,
        id=page.id,
        step=page.step,
        kind=page.kind,
        index=index,
        count=resolver.count(page.repeat) or 0,
        questions=questions,
        shows=shows,
        waits_for=waits_for,
        confirmation=confirmation,
        problems=problems,
        complete=complete,
    )


def _questions(resolver: Resolver, page: Page, index: int | None) -> Iterator[QuestionView]:
    for question in page.questions:
        if resolver.holds(question.when, page.repeat, index) is not True:
            continue
        name, field = resolver.service.fields.get(question.field)
        path = name.path(index if name.repeated else None)
        yield QuestionView(
            service=resolver.service,
            name=name,
            field=field,
            path=path,
            required=resolver.holds(field.required, name.scope, index) is not False,
            value=resolver.facts.answers.get(path),
        )


def _shows(
    resolver: Resolver, page: Page, index: int | None
) -> tuple[tuple[ShownView, ...], tuple[str, ...]]:
    views: list[ShownView] = []
    waits_for: list[str] = []
    for shown in page.shows:
        applies = resolver.holds(shown.when, page.repeat, index)
        resolved = resolver.resolve(shown.field, index)
        if applies is None or (applies and resolved.standing is Standing.PENDING):
            waits_for.append(resolved.waits_for or shown.field)
        elif applies:
            view = _shown(resolver, page, shown, index)
            views.extend([] if view is None else [view])
    return tuple(views), tuple(dict.fromkeys(waits_for))


def _shown(resolver: Resolver, page: Page, shown: Shown, index: int | None) -> ShownView | None:
    """Return a known value as the page shows it; None when there is nothing to show."""
    resolved = resolver.resolve(shown.field, index)
    if resolved.value is None or resolved.provenance is None:
        return None
    name, field = resolver.service.fields.get(shown.field)
    masked = shown.mask is not None and resolver.holds(shown.mask, page.repeat, index) is not False
    path = name.path(index if name.repeated else None)
    return ShownView(resolver.service, name, field, path, resolved.value, resolved.provenance, masked)


def _confirmation(shows: tuple[ShownView, ...]) -> str:
    content = canonical.dumps([[shown.path, str(shown.value)] for shown in shows])
    return hashlib.sha256(content).hexdigest()[:32]


def _page_problems(
    resolver: Resolver, page: Page, index: int | None, key: str, questions: tuple[QuestionView, ...]
) -> Iterator[Problem]:
    blamed: set[str] = set()
    for question in questions:
        problem = _question_problem(resolver, question, key, index)
        if problem is not None:
            blamed.add(problem.path)
            yield problem
    for check in page.checks:
        name, _ = resolver.service.fields.get(check.field)
        path = name.path(index if name.repeated else None)
        if path not in blamed and resolver.evaluate(check.expect, page.repeat, index) is False:
            blamed.add(path)
            yield Problem(path, key, f"checks.{check.id}", {})


def _question_problem(
    resolver: Resolver, question: QuestionView, key: str, index: int | None
) -> Problem | None:
    if question.value is None or question.value == "":
        if question.required:
            return Problem(question.path, key, "catalogue.problems.required", {})
        return None
    problem = limit_problem(question, key)
    if problem is not None:
        return problem
    if question.type is FieldType.NIK and _unknown_to_register(resolver, question, index):
        return Problem(question.path, key, "catalogue.problems.nik_unknown", {})
    return None


def _unknown_to_register(resolver: Resolver, question: QuestionView, index: int | None) -> bool:
    """Whether a register was asked about this NIK and knows nobody by it."""
    for lookup_id, lookup in resolver.service.data.lookups.items():
        if lookup.key != question.name.reference:
            continue
        answer = resolver.facts.known.get(resolver.lookup_key(lookup_id, index))
        if answer is not None and answer.nik == question.value and answer.values is None:
            return True
    return False


def _lookups_due(resolver: Resolver) -> Iterator[LookupDue]:
    for lookup_id, lookup in resolver.service.data.lookups.items():
        scope = resolver.lookup_scope(lookup_id)
        for index in resolver.indices(scope):
            nik = resolver.lookup_nik(lookup, scope, index)
            key = resolver.lookup_key(lookup_id, index)
            answer = resolver.facts.known.get(key)
            if nik is not None and (answer is None or answer.nik != nik):
                yield LookupDue(key, lookup_id, lookup, nik)


def _values(resolver: Resolver) -> tuple[dict[str, Value], dict[str, Provenance]]:
    values: dict[str, Value] = {}
    provenance: dict[str, Provenance] = {}
    for name, _ in resolver.service.fields:
        for index in resolver.indices(name.scope):
            resolved = resolver.resolve(name.reference, index)
            if resolved.value is not None and resolved.provenance is not None:
                values[name.path(index)] = resolved.value
                provenance[name.path(index)] = resolved.provenance
    return values, provenance


def _requirements(resolver: Resolver) -> Iterator[RequirementView]:
    for requirement in resolver.service.evidence.requirements:
        for index in resolver.indices(requirement.repeat):
            if resolver.holds(requirement.when, requirement.repeat, index) is True:
                yield _requirement(resolver, requirement, index)


def _requirement(resolver: Resolver, requirement: Requirement, index: int | None) -> RequirementView:
    for way in requirement.any_of:
        applies = resolver.holds(way.when, requirement.repeat, index)
        if applies is None:
            break
        if not applies or (way.source is EvidenceSource.REGISTER and _refused(resolver, way, index)):
            continue
        return _met_by(resolver, requirement, way, index)
    return RequirementView(resolver.service, requirement.id, index, None, None, "", "", "", met=False)


def _refused(resolver: Resolver, way: Alternative, index: int | None) -> bool:
    """Whether a register was asked and has nothing, so that another alternative must do."""
    answer = resolver.facts.known.get(resolver.lookup_key(way.lookup or "", index))
    return answer is not None and answer.values is None


def _met_by(
    resolver: Resolver, requirement: Requirement, way: Alternative, index: int | None
) -> RequirementView:
    path, lookup, met = "", "", way.source is EvidenceSource.OFFICER
    if way.lookup is not None:
        lookup = resolver.lookup_key(way.lookup, index)
        answer = resolver.facts.known.get(lookup)
        met = answer is not None and answer.values is not None
    if way.field is not None:
        name, _ = resolver.service.fields.get(way.field)
        path = name.path(index if name.repeated else None)
        met = resolver.value(way.field, index) not in {None, False}
    return RequirementView(
        resolver.service, requirement.id, index, way.id, way.source, path, lookup, way.form, met=met
    )
