"""One running demonstration for all journeys, and one browser."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from pendopo.entrypoints import instance
from pendopo.entrypoints.places import Place, state_root
from pendopo.entrypoints.stack import Stack, ask_for_cast, running_stack
from pendopo.entrypoints.telling import Teller
from pendopo.entrypoints.verbs.up import journey_through
from pendopo.entrypoints.walk import walk
from pendopo.entrypoints.walk.journey import Journey

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

_open: list[Browser] = []


def _chromium() -> str | None:
    named = os.environ.get("PENDOPO_CHROMIUM")
    return (
        named or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    )


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Start everything as ``./pendopo up`` does, in a folder that is removed afterwards."""
    name = f"t-{secrets.token_hex(4)}"
    here = Place(name, state_root() / name)
    with instance.held(here):
        try:
            with running_stack(here, Teller(is_quiet=True)) as running:
                yield running
        finally:
            instance.forget(here)
    shutil.rmtree(here.state, ignore_errors=True)


@pytest.fixture(scope="session")
def journey(stack: Stack) -> Journey:
    """What a stranger is told about the demonstration: its address and its people."""
    return journey_through(stack, "id")


@pytest.fixture(scope="session")
def outputs(journey: Journey, stack: Stack) -> dict[str, Path]:
    """Walk once, with a mother whom no other journey took; what is brought home, by file name."""
    ask_for_cast(stack)
    return {path.name: path for path in walk(journey, Teller(is_quiet=True))}


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """A headless Chromium; without one these journeys cannot be shown and say so.

    Inside another one it is the same: the driver refuses a second event loop in one thread.
    """
    if _open:
        yield _open[-1]
        return
    path = _chromium()
    if path is None:
        pytest.skip("no Chromium on this machine: ./pendopo test installs one")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # The driver keeps an event loop in this thread, beside which Django would refuse to touch rows.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_FLAGS))
        _open.append(browser)
        try:
            yield browser
        finally:
            _open.remove(browser)
            browser.close()


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One browser for journeys that follow one another.

    It does not outlive them: beside its event loop the tests of other rooms could start none of their own.
    """
    with running_chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def shots() -> Path:
    """Where screenshots go: ``PENDOPO_SHOTS`` or a folder beside the test run's other files."""
    folder = Path(os.environ.get("PENDOPO_SHOTS", "/tmp/pendopo-shots"))  # noqa: S108  # pictures of fiction only
    folder.mkdir(parents=True, exist_ok=True)
    return folder
