"""Every sentence that a page, letter or desk needs is there in every language, and none is left over."""

from collections.abc import Iterator

from pendopo.catalogue.definition.base import LANGUAGES
from pendopo.catalogue.definition.data import Field
from pendopo.catalogue.definition.evidence import EvidenceSource
from pendopo.catalogue.definition.faults import Fault
from pendopo.catalogue.definition.names import FieldName
from pendopo.catalogue.definition.pages import PageKind
from pendopo.catalogue.definition.texts import parameters
from pendopo.catalogue.definition.whole import Service
from pendopo.catalogue.proofs.surroundings import Surroundings

_PAGE_PARAMETERS = frozenset({"number", "count"})


def prove(service: Service, _surroundings: Surroundings) -> list[Fault]:
    """Return sentences that are missing, of which one language is missing, or that nothing uses."""
    return list(_faults(service))


def _faults(service: Service) -> Iterator[Fault]:  # noqa: C901 - one branch a case
    needed, optional = set(_needed(service)), set(_optional(service))
    first, *others = LANGUAGES
    for language in LANGUAGES:
        texts = service.texts[language]
        for key in sorted(needed - set(texts)):
            yield Fault(f"text/{language}.yaml", 0, key, "this sentence is missing")
        for key in sorted(set(texts) - needed - optional):
            yield _at(service, language, key, "nothing uses this sentence")
    for language in others:
        for key in sorted((set(service.texts[first]) ^ set(service.texts[language])) & optional):
            yield Fault("text", 0, key, "this sentence is there in one language only")
        for key in sorted(set(service.texts[first]) & set(service.texts[language])):
            if parameters(service.texts[first][key]) != parameters(service.texts[language][key]):
                yield _at(service, language, key, "the names in braces differ between the languages")
    for language in LANGUAGES:
        for key, sentence in service.texts[language].items():
            allowed = _PAGE_PARAMETERS if key.startswith("pages.") else frozenset()
            if not parameters(sentence) <= allowed:
                yield _at(service, language, key, "a name in braces that nothing fills in")


def _at(service: Service, language: str, key: str, message: str) -> Fault:
    return service.fault(f"text/{language}.yaml", tuple(key.split(".")), message)


def _needed(service: Service) -> Iterator[str]:
    yield from ("service.name", "service.lead", "service.result")
    yield from (f"standard.{component.value}" for component in service.standard)
    yield from (f"laws.{law}" for law in service.laws)
    yield from (f"steps.{step}" for step in service.pages.steps)
    yield from (f"states.{state}" for state in service.flow.states)
    yield from (f"actions.{action.id}" for action in service.flow.actions)
    yield from (f"outputs.{output.id}" for output in service.identity.outputs)
    yield from (f"warnings.{warning.id}" for warning in service.flow.warnings)
    clocks = (service.flow.clocks.promise, service.flow.clocks.legal)
    yield from (f"pauses.{pause.reason}" for clock in clocks for pause in clock.pauses)
    for page in service.pages.pages:
        yield f"pages.{page.id}.title"
        if page.kind is PageKind.STOP:
            yield f"pages.{page.id}.lead"
        yield from (f"checks.{check.id}" for check in page.checks)
    for name, field in service.fields:
        yield from _of_field(name, field)
    for requirement in service.evidence.requirements:
        yield f"evidence.{requirement.id}.title"
        yield from (f"evidence.{requirement.id}.{way.id}" for way in requirement.any_of)


def _of_field(name: FieldName, field: Field) -> Iterator[str]:
    yield f"fields.{name.pattern}.label"
    yield from (f"fields.{name.pattern}.options.{option}" for option in field.options)
    if any(origin.justification for origin in field.origins):
        yield f"fields.{name.pattern}.why"


def _optional(service: Service) -> Iterator[str]:
    for page in service.pages.pages:
        yield from (f"pages.{page.id}.{part}" for part in ("lead", "title_many", "lead_many", "action"))
    for name, field in service.fields:
        yield from (f"fields.{name.pattern}.{part}" for part in ("hint", "missing", "short"))
        yield from (f"fields.{name.pattern}.hints.{option}" for option in field.options)
    for requirement in service.evidence.requirements:
        if any(way.source is EvidenceSource.REGISTER for way in requirement.any_of):
            yield f"evidence.{requirement.id}.otherwise"
