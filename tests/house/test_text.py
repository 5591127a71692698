"""Visible text: both languages complete, same parameters, every key that a template names exists."""

import re
import string
from pathlib import Path

import pytest
from django.conf import settings

from pendopo.foundation.text import table

SRC = Path(__file__).parents[2] / "src" / "pendopo"
USED = re.compile(r"""\bt\(\s*["']([a-z_]+(?:\.[a-z0-9_-]+)+)["']""")


def _parameters(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_both_languages_have_the_same_keys() -> None:
    assert set(table("id")) ^ set(table("en")) == set()


def test_both_languages_use_the_same_parameters() -> None:
    indonesian, english = table("id"), table("en")
    different = [
        key for key in indonesian if _parameters(indonesian[key]) != _parameters(english.get(key, ""))
    ]
    # "one" may leave out the number: "a child".
    assert [key for key in different if not key.endswith(".one")] == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_no_sentence_is_empty(language: str) -> None:
    assert [key for key, value in table(language).items() if not value.strip()] == []


def test_every_key_that_code_or_template_names_exists() -> None:
    known = set(table("id"))
    rooms = [
        entry.removeprefix("pendopo.") for entry in settings.INSTALLED_APPS if entry.startswith("pendopo.")
    ]
    missing = [
        f"{path.relative_to(SRC)}: {key}"
        for room in rooms
        for path in (SRC / room).rglob("*")
        if path.suffix in {".py", ".html"} and "tests" not in path.parts
        for key in USED.findall(path.read_text(encoding="utf-8"))
        if key not in known and f"{key}.other" not in known
    ]
    assert missing == []
