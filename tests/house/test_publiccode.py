"""``publiccode.yml`` against the published schema, and against what the repository says of itself."""

import json
import os
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

ROOT = Path(__file__).parents[2]


def _told() -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    return told


def test_it_fits_the_published_schema_but_for_the_address_that_does_not_exist_yet() -> None:
    folder = os.environ.get("PENDOPO_SCHEMAS")
    if folder is None:
        pytest.skip("PENDOPO_SCHEMAS names no folder with published schemas")
    schema = json.loads((Path(folder) / "publiccode" / "publiccode.schema.json").read_text(encoding="utf-8"))
    told = _told()
    missing = [error.message for error in Draft7Validator(schema).iter_errors(told)]
    assert missing == ["'url' is a required property"]
    whole = told | {"url": "https://pendopo.example/pendopo.git"}
    assert [error.message for error in Draft7Validator(schema).iter_errors(whole)] == []


def test_it_says_what_the_project_file_says() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    told = _told()
    assert told["softwareVersion"] == project["version"]
    assert told["legal"]["license"] == project["license"]
    assert told["localisation"]["availableLanguages"] == ["id", "en"]
