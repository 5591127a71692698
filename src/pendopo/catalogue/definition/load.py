"""From files to a Service, with every fault at once, each with its line."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from uuid import UUID

from pydantic import BaseModel, ValidationError

from pendopo.catalogue.definition import yaml_lines
from pendopo.catalogue.definition.base import LANGUAGES
from pendopo.catalogue.definition.data import DataFile
from pendopo.catalogue.definition.evidence import EvidenceFile
from pendopo.catalogue.definition.expressions import Parts, compile_all
from pendopo.catalogue.definition.faults import Fault
from pendopo.catalogue.definition.files import Files, digest, named, read_folder
from pendopo.catalogue.definition.flow import FlowFile
from pendopo.catalogue.definition.pages import PagesFile
from pendopo.catalogue.definition.registers import Register
from pendopo.catalogue.definition.scenarios import Scenario, ScenarioFile
from pendopo.catalogue.definition.service import ServiceFile
from pendopo.catalogue.definition.tables import CodeTable, read_table
from pendopo.catalogue.definition.texts import Texts, flatten
from pendopo.catalogue.definition.whole import Service
from pendopo.catalogue.definition.yaml_lines import Document
from pendopo.catalogue.errors import DefinitionInvalid


@dataclass(slots=True)
class _Reading:
    """A definition while it is read."""

    files: Files
    documents: dict[str, Document] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def document(self, file: str) -> Document:
        """Read one YAML file and keep its faults."""
        if file not in self.documents:
            self.documents[file] = yaml_lines.read(file, self.files.get(file, ""))
            self.faults.extend(self.documents[file].faults)
        return self.documents[file]

    def model[M: BaseModel](self, file: str, kind: type[M]) -> M | None:
        """Read one file into its type; None and faults when it does not fit."""
        document = self.document(file)
        if document.faults:
            return None
        value, faults = validate(document, kind)
        self.faults.extend(faults)
        return value


def validate[M: BaseModel](document: Document, kind: type[M]) -> tuple[M | None, list[Fault]]:
    """Read plain data into a type; each error becomes a fault at the line of the value."""
    try:
        return kind.model_validate(document.data), []
    except ValidationError as error:
        faults = []
        for item in error.errors(include_url=False, include_context=False):
            path = tuple(part for part in item["loc"] if not str(part).endswith("]"))
            faults.append(document.fault(path, item["msg"].removeprefix("Value error, ")))
        return None, faults


def load_folder(folder: Path) -> Service:
    """Read a definition folder. Raises DefinitionInvalid with every fault."""
    return load(read_folder(folder))


def load(files: Files, *, version_id: UUID | None = None, published_at: dt.datetime | None = None) -> Service:
    """Read a definition from its texts. Raises DefinitionInvalid with every fault."""
    reading = _Reading(files)
    service = reading.model("service.yaml", ServiceFile)
    data = reading.model("data.yaml", DataFile)
    pages = reading.model("pages.yaml", PagesFile)
    evidence = reading.model("evidence.yaml", EvidenceFile)
    flow = reading.model("flow.yaml", FlowFile)
    tables = _tables(reading)
    texts = _texts(reading)
    scenarios = _scenarios(reading)
    if not (service and data and pages and evidence and flow) or reading.faults:
        raise DefinitionInvalid(tuple(sorted(reading.faults)))
    parts = Parts(service, data, pages, evidence, flow)
    expressions, faults = compile_all(parts, tables, reading.documents)
    if faults:
        raise DefinitionInvalid(tuple(sorted(faults)))
    return Service(
        identity=service,
        data=data,
        pages=pages,
        evidence=evidence,
        flow=flow,
        tables=MappingProxyType(tables),
        texts=MappingProxyType(texts),
        scenarios=scenarios,
        expressions=MappingProxyType(expressions),
        documents=MappingProxyType(reading.documents),
        files=MappingProxyType(dict(files)),
        hash=digest(files),
        version_id=version_id,
        published_at=published_at,
    )


def _tables(reading: _Reading) -> dict[str, CodeTable]:
    tables: dict[str, CodeTable] = {}
    for file, text in named(reading.files, "tables"):
        table, faults = read_table(file, text)
        reading.faults.extend(faults)
        tables[table.name] = table
    return tables


def _texts(reading: _Reading) -> dict[str, Texts]:
    texts: dict[str, Texts] = {}
    for language in LANGUAGES:
        document = reading.document(f"text/{language}.yaml")
        sentences, faults = flatten(document)
        reading.faults.extend(faults)
        texts[language] = MappingProxyType(sentences)
    return texts


def _scenarios(reading: _Reading) -> tuple[tuple[str, Scenario], ...]:
    found: list[tuple[str, Scenario]] = []
    for file, _ in named(reading.files, "tests"):
        document = reading.model(file, ScenarioFile)
        if document is not None:
            found.extend((file, scenario) for scenario in document.scenarios)
    return tuple(found)


def load_registers(folder: Path) -> Mapping[str, Register]:
    """Read ``registers/*.yaml`` of a definitions folder, by id. Raises DefinitionInvalid."""
    found: dict[str, Register] = {}
    faults: list[Fault] = []
    for path in sorted((folder / "registers").glob("*.yaml")):
        document = yaml_lines.read(f"registers/{path.name}", path.read_text("utf-8"))
        faults.extend(document.faults)
        if document.faults:
            continue
        register, wrong = validate(document, Register)
        faults.extend(wrong)
        if register is not None:
            found[register.id] = register
    if faults:
        raise DefinitionInvalid(tuple(sorted(faults)))
    return MappingProxyType(found)
