"""Reference pages that code must agree with: settings, audit events, decision records."""

import importlib
import os
import pkgutil
import re
from pathlib import Path

from django.apps import apps

from pendopo.foundation.audit import catalogue
from pendopo.foundation.settings import documented

DOCS = Path(__file__).parents[2] / "docs"
ASIDE = {"tests", "migrations", "testing"}
EVENTS = DOCS / "reference" / "audit-events.md"


def test_every_setting_is_described_and_none_that_is_gone() -> None:
    page = (DOCS / "reference" / "settings.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(PENDOPO_[A-Z_]+)`", page, re.MULTILINE)) == set(documented())


def _import_everything() -> None:
    """Events are declared where they are written; load every module of every room."""
    for config in apps.get_app_configs():
        if config.name.startswith("pendopo."):
            for module in pkgutil.walk_packages([config.path], f"{config.name}."):
                if not ASIDE & set(module.name.split(".")):
                    importlib.import_module(module.name)


def _events() -> str:
    _import_everything()
    rows = "\n".join(
        f"| `{entry.name}` | {entry.meaning} |" for entry in catalogue() if ".test" not in entry.name
    )
    return (
        "# Audit events\n\n"
        "Every action writes one row with one of these names. The rows carry identifiers and codes, no\n"
        "personal data, and each is committed to in the log. A test keeps this page equal to the code.\n\n"
        f"| event | meaning |\n|---|---|\n{rows}\n"
    )


def test_the_catalogue_of_audit_events_is_documentation() -> None:
    if os.environ.get("PENDOPO_UPDATE_SNAPSHOTS"):
        EVENTS.write_text(_events(), encoding="utf-8")
    assert EVENTS.read_text(encoding="utf-8") == _events(), "run with PENDOPO_UPDATE_SNAPSHOTS=1 and read it"


def test_decision_records_are_numbered_without_gap() -> None:
    numbers = sorted(int(path.name[:4]) for path in (DOCS / "decisions").glob("[0-9]*.md"))
    assert numbers == list(range(1, len(numbers) + 1))
