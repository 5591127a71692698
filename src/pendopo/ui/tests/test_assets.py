"""What is built, how much it weighs, and what no template may hold."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

from pendopo.foundation.static import BUILD

ROOMS = Path(__file__).parents[2]
ROOT = ROOMS.parents[1]
CSS_LIMIT = 12_000
TEMPLATES = sorted(ROOMS.glob("*/templates/**/*.html"))


@pytest.fixture
def manifest() -> dict[str, str]:
    path = BUILD / "manifest.json"
    if not path.is_file():
        pytest.skip("assets are not built here (./pendopo test builds them)")
    loaded: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def test_the_citizens_style_sheet_keeps_its_budget(manifest: dict[str, str]) -> None:
    css = (BUILD / manifest["ui/hall.css"]).read_bytes()
    assert len(gzip.compress(css, 9)) <= CSS_LIMIT


def test_every_name_carries_the_hash_of_its_content(manifest: dict[str, str]) -> None:
    for built in manifest.values():
        digest = hashlib.sha256((BUILD / built).read_bytes()).hexdigest()
        assert built.rsplit(".", 2)[1] == digest[:12]


def test_style_sheets_load_nothing_from_elsewhere(manifest: dict[str, str]) -> None:
    for name, built in manifest.items():
        if name.endswith(".css"):
            css = (BUILD / built).read_text(encoding="utf-8")
            assert "@import" not in css
            assert "url(" not in css
            assert "GDS Transport" not in css


def test_the_lock_names_no_host() -> None:
    lock = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert "://" not in lock
    assert '"resolved"' not in lock


def test_every_direct_package_is_pinned() -> None:
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    versions = {**package["dependencies"], **package.get("devDependencies", {})}
    assert {name: v for name, v in versions.items() if not re.fullmatch(r"\d+\.\d+\.\d+", v)} == {}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOMS)))
def test_no_template_holds_what_the_content_security_policy_refuses(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    markup = re.sub(r"\{#.*?#\}", "", source, flags=re.DOTALL)
    assert re.findall(r"\sstyle\s*=", markup) == [], "inline style"
    assert re.findall(r"\son[a-z]+\s*=\s*[\"']", markup) == [], "inline handler"
    assert re.findall(r"<script(?![^>]*\ssrc=)[^>]*>", markup) == [], "inline script"
    assert re.findall(r"<style[\s>]", markup) == [], "inline sheet"
    assert "javascript:" not in markup
    assert re.findall(r"<img(?![^>]*\salt=)[^>]*>", markup) == [], "picture without words"
    assert re.findall(r"(?:src|href)\s*=\s*[\"']https?://", markup) == [], "something from elsewhere"
