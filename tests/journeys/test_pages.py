"""Every type of page, in a real browser: for everybody, light, and private where it is somebody's."""

import os
from pathlib import Path

import pytest

from pendopo.entrypoints.stack import Stack, ask_for_cast
from pendopo.entrypoints.walk.journey import Journey
from tests.journeys.conftest import running_chromium
from tests.journeys.inspection import AXE, Report
from tests.journeys.tour import Tour

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("stack"), pytest.mark.timeout(1200)]

FEWEST_PAGES = 60
ABOUT = {
    "status": "answers with the status that is meant",
    "axe": "axe-core finds nothing (WCAG 2.2 AA and best practice)",
    "reflow": "fits 320 px, and letters twice as large",
    "keyboard": "is walked through by keyboard, the focus in sight",
    "fields": "labels every field and lets people paste",
    "errors": "tells what to mend first, and leads there",
    "language": "says its language, and where it speaks the other",
    "preferences": "stands still when no motion is wanted, and holds in the reader's own colours",
    "queries": "asks little of the database",
    "weight": "is light",
    "third-party": "asks nobody but the hall",
    "console": "keeps to its own content policy",
    "caches": "is kept by nobody when it is somebody's",
}


@pytest.fixture(scope="session")
def report(journey: Journey, stack: Stack) -> Report:
    """Look at every page once; ``PENDOPO_PAGES`` names a file for the table, faults stand beside it."""
    if not (os.environ.get("PENDOPO_TEST_ALL") or os.environ.get("CI")):
        pytest.skip("the tour of all pages takes two minutes: ./pendopo test --all, and in CI")
    if not AXE.is_file():
        pytest.skip("axe-core is not installed (npm ci)")
    found = Report()
    ask_for_cast(stack)
    try:
        with running_chromium() as browser:
            Tour(journey, browser, found).run()
    finally:
        _tell(found)
    return found


def _tell(found: Report) -> None:
    named = os.environ.get("PENDOPO_PAGES")
    if not named:
        return
    path = Path(named)
    found.write(path)
    told = "\n".join(f"- {fault.kind}: {fault.page}: {fault.told}" for fault in found.faults)
    if told:
        path.with_suffix(".faults").write_text(f"{told}\n", encoding="utf-8")


@pytest.mark.parametrize("kind", ABOUT, ids=list(ABOUT))
def test_every_page(kind: str, report: Report) -> None:
    assert report.of(kind) == [], ABOUT[kind]


def test_every_type_of_page_was_seen(report: Report) -> None:
    assert len(report.weighed) >= FEWEST_PAGES
    assert not {fault.kind for fault in report.faults} - set(ABOUT)


def test_the_demonstration_tells_what_each_page_asks_of_the_database(report: Report) -> None:
    assert [one.page for one in report.weighed if one.queries is None] == []


def test_help_stands_in_the_same_place(report: Report) -> None:
    assert len(report.help) == 1, report.help
