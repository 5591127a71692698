"""A service as a whole: what every other part of Pendopo reads."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from pendopo.catalogue.definition.base import Component, Value
from pendopo.catalogue.definition.data import DataFile, Field, FieldType
from pendopo.catalogue.definition.evidence import EvidenceFile
from pendopo.catalogue.definition.expressions import Scope, field_type
from pendopo.catalogue.definition.faults import Fault
from pendopo.catalogue.definition.files import Files
from pendopo.catalogue.definition.flow import FlowFile
from pendopo.catalogue.definition.names import FieldIndex
from pendopo.catalogue.definition.pages import Page, PagesFile, Question
from pendopo.catalogue.definition.scenarios import Scenario
from pendopo.catalogue.definition.service import Law, ServiceFile, Standard
from pendopo.catalogue.definition.tables import CodeTable
from pendopo.catalogue.definition.texts import Texts
from pendopo.catalogue.definition.yaml_lines import Document
from pendopo.rules.api import Expression
from pendopo.rules.types import fitting


@dataclass(frozen=True, eq=False)
class Service:
    """A definition that was read without a fault. Immutable; equal only to itself.

    ``version_id`` and ``published_at`` are None until it is published. ``hash`` is the SHA-256 of its
    manifest.
    """

    identity: ServiceFile
    data: DataFile
    pages: PagesFile
    evidence: EvidenceFile
    flow: FlowFile
    tables: Mapping[str, CodeTable]
    texts: Mapping[str, Texts]
    scenarios: tuple[tuple[str, Scenario], ...]
    expressions: Mapping[tuple[Scope, str], Expression]
    documents: Mapping[str, Document]
    files: Files
    hash: str
    version_id: UUID | None = None
    published_at: dt.datetime | None = None

    @property
    def agency(self) -> str:
        """Code of the public body that serves."""
        return self.identity.agency

    @property
    def code(self) -> str:
        """Code of the service within its agency."""
        return self.identity.code

    @cached_property
    def fields(self) -> FieldIndex:
        """All fields, by reference and path."""
        return FieldIndex(self.data)

    @cached_property
    def questions(self) -> Mapping[str, tuple[Page, Question]]:
        """Where each field is asked, by reference; a field on no page is missing."""
        return {question.field: (page, question) for page in self.pages.pages for question in page.questions}

    @cached_property
    def _fitting(self) -> Mapping[str, Callable[[object], bool]]:
        """The test of an answer's type by reference; files are missing: no expression reads them."""
        tables = dict(self.tables)
        kinds = ((name.reference, field_type(field, tables)) for name, field in self.fields)
        return {reference: fitting(kind) for reference, kind in kinds if kind is not None}

    def fits(self, reference: str, value: Value) -> bool:
        """Whether an answer is of the type of its field."""
        test = self._fitting.get(reference)
        return test is None or test(value)

    @property
    def standard(self) -> Mapping[Component, Standard]:
        """The 14 components of the service standard."""
        return self.identity.standard

    @cached_property
    def laws(self) -> Mapping[str, Law]:
        """Legal bases by id."""
        return {law.id: law for law in self.identity.laws}

    @cached_property
    def unverified(self) -> int:
        """How many rows of law nobody has verified yet: laws, components, fee, clocks, evidence."""
        rows = [law.verified for law in self.identity.laws]
        rows += [standard.verified for standard in self.standard.values()]
        rows += [
            self.identity.fee.verified,
            self.flow.clocks.promise.verified,
            self.flow.clocks.legal.verified,
        ]
        rows += [requirement.verified for requirement in self.evidence.requirements]
        return rows.count(False)

    def expression(self, source: str, scope: Scope = None) -> Expression:
        """Return a compiled expression of this definition."""
        return self.expressions[scope, source]

    def has_text(self, key: str, language: str) -> bool:
        """Whether there is such a sentence."""
        return key in self.texts[language]

    def text(self, key: str, language: str, **params: str | int) -> str:
        """Return a sentence of this service, filled in. KeyError when it is not there."""
        return self.texts[language][key].format(**params)

    def optional_text(self, key: str, language: str, **params: str | int) -> str:
        """Return a sentence, or an empty string when the definition has none."""
        return self.text(key, language, **params) if self.has_text(key, language) else ""

    def name(self, language: str) -> str:
        """Name of the service."""
        return self.text("service.name", language)

    def label(self, path: str, language: str) -> str:
        """Label of the field at a path of the answers; KeyError for a foreign path."""
        found = self.fields.at(path)
        if found is None:
            raise KeyError(path)
        return self.text(f"fields.{found[0].pattern}.label", language)

    def options(self, field: Field, pattern: str, language: str) -> tuple[tuple[str, str, str], ...]:
        """Return (value, label, group) of every option of a choice, in order."""
        if field.table is not None:
            return tuple((row.code, row.label, row.group) for row in self.tables[field.table].rows)
        return tuple(
            (option, self.text(f"fields.{pattern}.options.{option}", language), "")
            for option in field.options
        )

    def option_label(self, path: str, value: Value, language: str) -> str:
        """Return how a choice reads; for other types the value itself, which the caller formats."""
        found = self.fields.at(path)
        if found is None:
            raise KeyError(path)
        name, field, _ = found
        if field.type is FieldType.CHOICE:
            if field.table is not None:
                return self.tables[field.table].labels.get(str(value), str(value))
            return self.optional_text(f"fields.{name.pattern}.options.{value}", language) or str(value)
        return str(value)

    def fault(self, file: str, path: tuple[str | int, ...], message: str) -> Fault:
        """Make a fault at a place of this definition, with its line."""
        document = self.documents.get(file)
        return (
            document.fault(path, message) if document else Fault(file, 0, ".".join(map(str, path)), message)
        )
