"""The door of the catalogue.

Services: ``service``, ``service_version``, ``search``, ``cards``, ``life_events``; proving and publishing:
``check``, ``publish``. A form: ``interpret(service, facts)`` says which pages apply, what is known, missing
or wrong; ``parse_page`` reads what a browser sent; ``command_input`` gives what a register is told. All of
these but the first group are pure functions; see ``form/``.
"""

from pathlib import Path
from uuid import UUID

from pendopo.catalogue import queries, store
from pendopo.catalogue.actions.publish import publish as _publish
from pendopo.catalogue.definition.base import LANGUAGES, Component, Value
from pendopo.catalogue.definition.data import Control, Field, FieldType, Lookup, Sensitivity
from pendopo.catalogue.definition.evidence import EvidenceSource
from pendopo.catalogue.definition.faults import Fault
from pendopo.catalogue.definition.files import read_folder
from pendopo.catalogue.definition.flow import Action, By, ClockRule, Command, FlowFile, State
from pendopo.catalogue.definition.load import load, load_folder
from pendopo.catalogue.definition.pages import PageKind
from pendopo.catalogue.definition.service import Output
from pendopo.catalogue.definition.whole import Service
from pendopo.catalogue.errors import (
    CatalogueError,
    DefinitionInvalid,
    ProofsFailed,
    ServiceNotFound,
    VersionConflict,
    VersionTampered,
)
from pendopo.catalogue.form.facts import EMPTY, Facts, KnownAnswer, confirmation_path
from pendopo.catalogue.form.interpret import command_input, interpret, items, page_of, warnings
from pendopo.catalogue.form.parse import Parsed, decode_value, decode_values, encode_values, parse_page
from pendopo.catalogue.form.resolve import OriginKind, Provenance
from pendopo.catalogue.form.views import (
    Interpretation,
    LookupDue,
    Option,
    PageView,
    Problem,
    QuestionView,
    RequirementView,
    ShownView,
)
from pendopo.catalogue.life_events import LifeEvent
from pendopo.catalogue.pace import Pace, PastCases, register_past_cases
from pendopo.catalogue.proofs.report import Proof, ProofReport, Verdict
from pendopo.catalogue.proofs.run import definitions_folder, prove
from pendopo.catalogue.queries import Card
from pendopo.catalogue.sentences import problem_text
from pendopo.foundation.actor import SYSTEM, Actor

__all__ = [
    "EMPTY",
    "LANGUAGES",
    "Action",
    "By",
    "Card",
    "CatalogueError",
    "ClockRule",
    "Command",
    "Component",
    "Control",
    "DefinitionInvalid",
    "EvidenceSource",
    "Facts",
    "Fault",
    "Field",
    "FieldType",
    "FlowFile",
    "Interpretation",
    "KnownAnswer",
    "LifeEvent",
    "Lookup",
    "LookupDue",
    "Option",
    "OriginKind",
    "Output",
    "Pace",
    "PageKind",
    "PageView",
    "Parsed",
    "PastCases",
    "Problem",
    "Proof",
    "ProofReport",
    "ProofsFailed",
    "Provenance",
    "QuestionView",
    "RequirementView",
    "Sensitivity",
    "Service",
    "ServiceNotFound",
    "ShownView",
    "State",
    "Value",
    "Verdict",
    "VersionConflict",
    "VersionTampered",
    "cards",
    "check",
    "command_input",
    "confirmation_path",
    "decode_value",
    "decode_values",
    "encode_values",
    "interpret",
    "items",
    "life_events",
    "load_folder",
    "page_of",
    "parse_page",
    "problem_text",
    "publish",
    "register_past_cases",
    "search",
    "service",
    "service_version",
    "warnings",
]


def service(agency: str, code: str) -> Service:
    """Return the current version of a service. Raises ServiceNotFound."""
    return store.current_version(agency, code)


def service_version(version_id: UUID) -> Service:
    """Return one version, as a case pinned it. Raises ServiceNotFound, VersionTampered."""
    return store.read_version(version_id)


def search(query: str, language: str) -> tuple[Card, ...]:
    """Return the services that fit what a person typed, best first."""
    return queries.find(query, language)


def cards(language: str) -> tuple[Card, ...]:
    """Return all published services, by name."""
    return queries.cards(language)


def life_events(language: str) -> tuple[LifeEvent, ...]:
    """Return all life events in order; ``available`` says whether anything is behind one."""
    return queries.events(language)


def check(folder: Path) -> ProofReport:
    """Prove the definition in a folder. Faults of reading are the failed proof ``schema``, not an error."""
    try:
        definition = load(read_folder(folder))
    except DefinitionInvalid as error:
        return ProofReport.unreadable(error.faults)
    return prove(definition, definitions_folder(folder))


def publish(folder: Path, *, actor: Actor = SYSTEM) -> Service:
    """Prove and publish a definition; the same text again changes nothing.

    Raises DefinitionInvalid, ProofsFailed, VersionConflict, Forbidden.
    """
    return _publish(folder, actor=actor)
