"""The portal's pages in a real browser: axe-core, narrow screens, large letters, the keyboard.

axe-core runs the rules of WCAG 2.2 AA. Pages are rendered by their views, with the style sheets as they are
built, and loaded without a server. Skipped, with the reason, where there is no Chromium, no built assets or
no axe-core.
"""

import json
import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, sync_playwright

from pendopo.agencies import api as agencies
from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.pages import render
from pendopo.foundation.static import BUILD
from pendopo.inbox import api as inbox
from pendopo.ledger import api as ledger
from pendopo.portal.pages import about, access, home, things
from pendopo.portal.tests.conftest import Look, Person

type Seeing = Callable[[dict[str, str]], None]

ROOT = Path(__file__).parents[4]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The one rule of axe that carries wcag22aa is off by default.
OPTIONS = {"runOnly": {"type": "tag", "values": RULES}, "rules": {"target-size": {"enabled": True}}}


def _chromium() -> str:
    names = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
    found = os.environ.get("PENDOPO_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not found:
        pytest.skip("no Chromium here")
    return found


def _needs_assets() -> None:
    if not (BUILD / "manifest.json").is_file():
        pytest.skip("assets are not built here")


@pytest.fixture
def pages(person: Person, look: Look) -> dict[str, str]:
    """Return the portal's pages as HTML, with something on each."""
    _needs_assets()
    agencies.create_body(
        "dukcapil",
        name_id="Dinas Kependudukan dan Pencatatan Sipil Contoh",
        name_en="Population Office of Contoh",
        actor=SYSTEM,
        member_id="ID-DEMO/GOV/DUKCAPIL-CONTOH",
    )
    entry_id = look(person, by=person)
    look(person)
    ledger.sequence()
    inbox.send(person.id, "inbox.contact_changed")
    answers = {
        "home": person.opens(home.home),
        "cases": person.opens(home.cases),
        "data": person.opens(things.data),
        "documents": person.opens(things.my_documents),
        "access": person.opens(access.listing),
        "access_en": person.opens(access.listing, lang="en"),
        "proof": person.opens(access.proof, entry_id=entry_id),
        "about": person.opens(about.about),
        "how": person.opens(about.how),
        "accessibility": person.opens(about.accessibility),
        "error": person.opens(
            lambda request: render(
                request, "ui/error.html", {"kind": "server", "title": None, "text": None, "reference": "abc"}
            )
        ),
    }
    return {name: _with_sheets(answer.content.decode()) for name, answer in answers.items()}


def _with_sheets(html: str) -> str:
    """Put the built style sheets into the page: it is loaded without a server."""
    manifest: dict[str, str] = json.loads((BUILD / "manifest.json").read_text(encoding="utf-8"))
    for name, built in manifest.items():
        if name.endswith(".css"):
            sheet = f'<link rel="stylesheet" href="/static/{built}">'
            html = html.replace(sheet, f"<style>{(BUILD / built).read_text(encoding='utf-8')}</style>")
    return html


def apart(look: Seeing) -> Seeing:
    """Look from a thread of its own: the browser of another test may be open in this one."""

    @wraps(look)
    def run(pages: dict[str, str]) -> None:
        with ThreadPoolExecutor(1) as thread:
            thread.submit(look, pages).result()

    return run


def _open(playwright: Playwright, width: int) -> Page:
    browser = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox", "--disable-gpu"])
    return browser.new_page(viewport={"width": width, "height": 800})


@apart
def test_axe_finds_nothing(pages: dict[str, str]) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed (npm ci)")
    found: dict[str, list[str]] = {}
    with sync_playwright() as playwright:
        page = _open(playwright, 1280)
        for name, html in pages.items():
            page.set_content(html)
            page.add_script_tag(path=AXE)
            report = page.evaluate("options => axe.run(document, options)", OPTIONS)
            found |= {
                f"{name}: {violation['id']}": [node["html"][:160] for node in violation["nodes"]]
                for violation in report["violations"]
            }
    assert found == {}


@apart
def test_nothing_is_cut_off_on_small_screens_and_with_large_letters(pages: dict[str, str]) -> None:
    too_wide = {}
    with sync_playwright() as playwright:
        page = _open(playwright, 320)
        for width, letters in ((320, "100%"), (360, "100%"), (640, "200%")):
            page.set_viewport_size({"width": width, "height": 800})
            for name, html in pages.items():
                page.set_content(html)
                page.evaluate("size => { document.documentElement.style.fontSize = size }", letters)
                measured = page.evaluate("document.documentElement.scrollWidth")
                if measured > width:
                    too_wide[name, width, letters] = measured
    assert too_wide == {}


WITHIN_REACH = "a[href], button, summary, input:not([type=hidden])"
FOCUS = """() => {
  const element = document.activeElement, style = getComputedStyle(element);
  const place = element.getBoundingClientRect();
  const marked = style.outlineStyle !== 'none' || style.boxShadow !== 'none';
  const shown = marked && place.width > 0 && place.bottom > 0;
  return {tag: element.tagName, text: element.innerText, shown};
}"""


@apart
def test_the_keyboard_reaches_everything_and_shows_where_it_is(pages: dict[str, str]) -> None:
    hidden, reached = [], 0
    with sync_playwright() as playwright:
        page = _open(playwright, 1280)
        page.set_content(pages["access"])
        controls = page.locator(WITHIN_REACH).count()
        for _ in range(controls):
            page.keyboard.press("Tab")
            focus = page.evaluate(FOCUS)
            reached += focus["tag"] != "BODY"
            if not focus["shown"]:
                hidden.append(focus["text"])
    assert reached == controls > 0
    assert hidden == []
