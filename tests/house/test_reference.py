"""Reference pages that code must agree with: those written from it, settings, decision records."""

import os
import re
from pathlib import Path

from pendopo.entrypoints.reference import errors
from pendopo.entrypoints.reference.contents import pages
from pendopo.foundation.settings import documented

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def test_every_setting_is_described_and_none_that_is_gone() -> None:
    page = (DOCS / "reference" / "settings.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(PENDOPO_[A-Z_]+)`", page, re.MULTILINE)) == set(documented())


def test_the_pages_that_come_from_code_are_what_the_code_says() -> None:
    written = pages()
    if os.environ.get("PENDOPO_UPDATE_SNAPSHOTS"):
        for name, text in written.items():
            (ROOT / name).write_text(text, encoding="utf-8")
    stale = [name for name, text in written.items() if (ROOT / name).read_text(encoding="utf-8") != text]
    assert stale == [], "run ./pendopo docs reference and read the difference"


def test_no_two_errors_share_a_code_with_different_answers() -> None:
    answers: dict[str, set[tuple[int, str]]] = {}
    for error in errors.all_errors():
        answers.setdefault(error.code, set()).add((error.status, error.text_key))
    assert {code: told for code, told in answers.items() if len(told) > 1} == {}


def test_decision_records_are_numbered_without_gap() -> None:
    numbers = sorted(int(path.name[:4]) for path in (DOCS / "decisions").glob("[0-9]*.md"))
    assert numbers == list(range(1, len(numbers) + 1))
