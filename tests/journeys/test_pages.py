"""Every type of page, in a real browser: for everybody, light, and private where it is somebody's."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from pendopo.entrypoints.stack import Stack, ask_for_cast
from pendopo.entrypoints.walk.journey import Journey
from tests.journeys.inspection import AXE, Report
from tests.journeys.tour import Tour

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("stack"), pytest.mark.timeout(600)]

FEWEST_PAGES = 60
ABOUT = {
    "status": "answers with the status that is meant",
    "axe": "axe-core finds nothing (WCAG 2.2 AA and best practice)",
    "reflow": "fits 320 px, and letters twice as large",
    "keyboard": "is walked through by keyboard, the focus in sight",
    "fields": "labels every field and lets people paste",
    "errors": "tells what to mend first, and leads there",
    "language": "says its language",
    "weight": "is light",
    "third-party": "asks nobody but the hall",
    "console": "keeps to its own content policy",
    "caches": "is kept by nobody when it is somebody's",
}


@pytest.fixture(scope="session")
def report(journey: Journey, stack: Stack, chromium: Browser) -> Report:
    """Look at every page once; ``PENDOPO_SHOTS`` names a folder for the table."""
    if not (os.environ.get("PENDOPO_TEST_ALL") or os.environ.get("CI")):
        pytest.skip("the tour of all pages takes two minutes: ./pendopo test --all, and in CI")
    if not AXE.is_file():
        pytest.skip("axe-core is not installed (npm ci)")
    found = Report()
    ask_for_cast(stack)
    try:
        Tour(journey, chromium, found).run()
    finally:
        folder = os.environ.get("PENDOPO_SHOTS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            told = "\n".join(f"- {fault.kind}: {fault.page}: {fault.told}" for fault in found.faults)
            (Path(folder) / "pages.md").write_text(f"{found.table()}\n{told}\n", encoding="utf-8")
    return found


@pytest.mark.parametrize("kind", ABOUT, ids=list(ABOUT))
def test_every_page(kind: str, report: Report) -> None:
    assert report.of(kind) == [], ABOUT[kind]


def test_every_type_of_page_was_seen(report: Report) -> None:
    assert len(report.weighed) >= FEWEST_PAGES
    assert not {fault.kind for fault in report.faults} - set(ABOUT)


def test_help_stands_in_the_same_place(report: Report) -> None:
    assert len(report.help) == 1, report.help
