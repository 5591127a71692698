"""What the page of a service says, taken from its definition: needs, clocks, fee, law, measured pace."""

from dataclasses import dataclass

from pendopo.catalogue.definition.base import DELIVERY, MANAGEMENT, Component
from pendopo.catalogue.definition.evidence import Alternative, EvidenceSource, Requirement
from pendopo.catalogue.definition.flow import ClockRule
from pendopo.catalogue.definition.whole import Service
from pendopo.catalogue.pace import Pace, pace_of
from pendopo.catalogue.queries import agency_name


@dataclass(frozen=True, slots=True)
class Need:
    """Something the law wants to see: its name and how it is met."""

    title: str
    ways: tuple[str, ...]
    otherwise: str
    verified: bool


@dataclass(frozen=True, slots=True)
class LawLine:
    """A legal basis as a reader sees it."""

    citation: str
    articles: str
    name: str
    verified: bool


@dataclass(frozen=True, slots=True)
class ComponentLine:
    """One of the 14 components of the service standard."""

    component: Component
    text: str
    laws: tuple[str, ...]
    verified: bool


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock: ``amount`` working hours or working days."""

    amount: int
    unit: str
    citation: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that the page of a service shows."""

    agency: str
    code: str
    name: str
    lead: str
    result: str
    agency_name: str
    version: str
    minutes: int
    fee: int
    fee_citation: str
    fee_verified: bool
    held: tuple[Need, ...]
    wanted: tuple[Need, ...]
    promise: Clock
    legal: Clock
    laws: tuple[LawLine, ...]
    unverified: int
    pace: Pace | None


def sheet(service: Service, language: str) -> Sheet:
    """Return what the page of a service says in one language."""
    fee = service.identity.fee
    needs = [
        (requirement, _need(service, requirement, language))
        for requirement in service.evidence.requirements
        if requirement.listed
    ]
    return Sheet(
        agency=service.agency,
        code=service.code,
        name=service.name(language),
        lead=service.text("service.lead", language),
        result=service.text("service.result", language),
        agency_name=agency_name(service.agency, language),
        version=service.identity.version,
        minutes=service.identity.minutes,
        fee=fee.amount,
        fee_citation=service.laws[fee.basis].citation,
        fee_verified=fee.verified,
        held=tuple(need for requirement, need in needs if _is_held(requirement)),
        wanted=tuple(need for requirement, need in needs if not _is_held(requirement)),
        promise=_clock(service, service.flow.clocks.promise),
        legal=_clock(service, service.flow.clocks.legal),
        laws=law_lines(service, language),
        unverified=service.unverified,
        pace=pace_of(service.agency, service.code),
    )


def law_lines(service: Service, language: str) -> tuple[LawLine, ...]:
    """Return every legal basis of a service."""
    return tuple(
        LawLine(law.citation, law.articles, service.text(f"laws.{law.id}", language), law.verified)
        for law in service.identity.laws
    )


def delivery(service: Service, language: str) -> tuple[ComponentLine, ...]:
    """Return the components that concern the delivery of the service."""
    return tuple(_component(service, component, language) for component in DELIVERY)


def management(service: Service, language: str) -> tuple[ComponentLine, ...]:
    """Return the components that concern its management."""
    return tuple(_component(service, component, language) for component in MANAGEMENT)


def _component(service: Service, component: Component, language: str) -> ComponentLine:
    standard = service.standard[component]
    laws = tuple(service.laws[law].citation for law in standard.basis)
    return ComponentLine(
        component, service.text(f"standard.{component.value}", language), laws, standard.verified
    )


def _is_held(requirement: Requirement) -> bool:
    """Whether a register comes first: then nothing has to be brought."""
    return requirement.any_of[0].source is EvidenceSource.REGISTER


def _need(service: Service, requirement: Requirement, language: str) -> Need:
    shown = requirement.any_of[:1] if _is_held(requirement) else requirement.any_of
    return Need(
        title=service.text(f"evidence.{requirement.id}.title", language),
        ways=tuple(_way(service, requirement, way, language) for way in shown),
        otherwise=service.optional_text(f"evidence.{requirement.id}.otherwise", language),
        verified=requirement.verified,
    )


def _way(service: Service, requirement: Requirement, way: Alternative, language: str) -> str:
    return service.text(f"evidence.{requirement.id}.{way.id}", language)


def _clock(service: Service, rule: ClockRule) -> Clock:
    amount, unit = (rule.working_hours, "hours") if rule.working_hours else (rule.working_days, "days")
    return Clock(amount or 0, unit, service.laws[rule.basis].citation, rule.verified)
