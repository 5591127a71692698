"""JSON Schema of each file of a definition, for editors that complete and check while one types."""

from typing import Any

from pendopo.catalogue.definition.base import Strict
from pendopo.catalogue.definition.data import DataFile
from pendopo.catalogue.definition.evidence import EvidenceFile
from pendopo.catalogue.definition.flow import FlowFile
from pendopo.catalogue.definition.pages import PagesFile
from pendopo.catalogue.definition.scenarios import ScenarioFile
from pendopo.catalogue.definition.service import ServiceFile

MODELS: dict[str, type[Strict]] = {
    "service": ServiceFile,
    "data": DataFile,
    "pages": PagesFile,
    "evidence": EvidenceFile,
    "flow": FlowFile,
    "scenario": ScenarioFile,
}


def schemas() -> dict[str, dict[str, Any]]:
    """Return JSON Schema (draft 2020-12) by the name of the file that it describes."""
    return {name: model.model_json_schema() for name, model in MODELS.items()}
