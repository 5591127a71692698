"""The documentation: links lead somewhere, what it names exists, and the site asks nobody else."""

import functools
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import override

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.house.links import fault, links

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
ROOT_PAGES = sorted(ROOT.glob("*.md"))
LOOKED_AT = (
    "index.html",
    "explanation/design.html",
    "explanation/threat-model.html",
    "reference/commands.html",
    "reference/routes.html",
    "tutorial/follow-one-birth.html",
)
NAMED_TEST = re.compile(r"`([\w/]+\.py)::(\w+)`")
NAMED_FILE = re.compile(
    r"`((?:src|docs|definitions|locks|benchmarks|tests/(?:house|journeys|contracts|conformance|faults))/[\w./-]*)`"
)


def test_every_link_between_pages_leads_to_a_page_and_a_heading() -> None:
    inside = [fault(link, DOCS) for page in PAGES for link in links(page)]
    beside = [fault(link, ROOT) for page in ROOT_PAGES for link in links(page)]
    assert [problem for problem in [*inside, *beside] if problem] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[a](gone.md)", "leads nowhere"),
        ("[a](here.md#gone)", "no such heading"),
        ("[a](../out.md)", "leaves"),
    ],
)
def test_a_broken_link_is_found(text: str, said: str, tmp_path: Path) -> None:
    (problem,) = _problems_of(text, tmp_path)
    assert said in problem


@pytest.mark.parametrize("text", ["[a](here.md#two-words)", "`[a](gone.md)`", "[a](https://pendopo.example)"])
def test_a_good_link_is_none(text: str, tmp_path: Path) -> None:
    assert _problems_of(text, tmp_path) == []


def _problems_of(text: str, folder: Path) -> list[str]:
    docs = folder / "docs"
    docs.mkdir()
    (folder / "out.md").touch()
    page = docs / "here.md"
    page.write_text(f"# Here\n\n## Two words\n\n{text}\n")
    return [problem for link in links(page) if (problem := fault(link, docs))]


def test_every_file_that_a_page_names_exists() -> None:
    named = {
        (page.name, match[1])
        for page in [*PAGES, *ROOT_PAGES]
        for match in NAMED_FILE.finditer(page.read_text(encoding="utf-8"))
    }
    assert sorted(pair for pair in named if not (ROOT / pair[1]).exists()) == []


def test_every_test_that_a_page_names_exists() -> None:
    named = {
        (page.name, match[1], match[2])
        for page in PAGES
        for match in NAMED_TEST.finditer(page.read_text(encoding="utf-8"))
    }
    assert named, "the threat model names tests"
    assert sorted(one for one in named if not _has_test(ROOT / one[1], one[2])) == []


def _has_test(file: Path, name: str) -> bool:
    return file.is_file() and bool(
        re.search(rf"^\s*(?:async )?def {name}\(", file.read_text(encoding="utf-8"), re.MULTILINE)
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site as ``./pendopo docs build`` makes it, served on a port of its own; yields its address."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(DOCS, folder / "docs")
    shutil.copy(ROOT / "zensical.toml", folder)
    program = Path(sys.executable).parent / "zensical"
    subprocess.run([program, "build", "--clean", "--strict"], check=True, cwd=folder, capture_output=True)
    handler = functools.partial(QuietHandler, directory=str(folder / "dist" / "docs"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files and says nothing about it."""

    @override
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.journey
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_site_asks_nobody_else_and_fits_a_phone(site: str, scheme: str) -> None:
    path = os.environ.get("PENDOPO_CHROMIUM") or shutil.which("chromium")
    if path is None:
        pytest.skip("no Chromium on this machine: ./pendopo test installs one")
    with ThreadPoolExecutor(1) as apart:  # another test's browser may be open in this thread
        asked, wide = apart.submit(_look, path, site, scheme).result()
    assert [url for url in asked if not url.startswith((f"{site}/", "data:", "blob:"))] == []
    assert wide == []


def _look(path: str, site: str, scheme: str) -> tuple[list[str], list[str]]:
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(color_scheme=scheme, viewport={"width": 360, "height": 740})  # type: ignore[arg-type]  # one of two words
        page.on("request", lambda request: asked.append(request.url))
        wide = [name for name in LOOKED_AT if _is_too_wide(page, f"{site}/{name}")]
        browser.close()
    return asked, wide


def _is_too_wide(page: Page, address: str) -> bool:
    page.goto(address, wait_until="networkidle")
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return int(width) > 0
