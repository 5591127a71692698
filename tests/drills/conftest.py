"""One running demonstration for the drills, with one birth walked through, and its restored copy."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from pendopo.entrypoints import instance, servers
from pendopo.entrypoints.drills import restore
from pendopo.entrypoints.places import Place, state_root
from pendopo.entrypoints.stack import Stack, running_stack
from pendopo.entrypoints.telling import Teller
from pendopo.entrypoints.verbs.up import journey_through
from pendopo.entrypoints.walk import walk


@dataclass(frozen=True, slots=True)
class Drilled:
    """A stopped instance restored from an archive, what the living one was then, and the archive."""

    place: Place
    observed: restore.Observed
    archive: restore.Archive


@contextmanager
def a_place() -> Iterator[Place]:
    """Name an empty place; whatever is in it afterwards is stopped and removed."""
    name = f"t-{secrets.token_hex(4)}"
    here = Place(name, state_root() / name)
    try:
        yield here
    finally:
        if here.state.exists():
            cluster = servers.cluster_of(here)
            cluster.stop("immediate")
            shutil.rmtree(cluster.sockets.parent, ignore_errors=True)
            shutil.rmtree(here.state, ignore_errors=True)


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Start everything as ``./pendopo up`` does and walk one birth to its certificate."""
    teller = Teller(is_quiet=True)
    with a_place() as here, instance.held(here), running_stack(here, teller, None) as running:
        journey = journey_through(running, "id")
        mother = journey.next_mother()
        walk(journey, teller)
        journey.note_birth(mother)
        yield running


@pytest.fixture(scope="session")
def drilled(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drilled]:
    """Back the running one up and restore it, not started."""
    teller = Teller(is_quiet=True)
    with a_place() as there:
        archive, observed = restore.take(stack.here, tmp_path_factory.mktemp("drill"), teller)
        restore.restored(stack.here, there, archive, teller)
        yield Drilled(there, observed, archive)


@pytest.fixture
def aside(tmp_path: Path) -> Path:
    """A folder for what a test takes away and puts back."""
    return tmp_path
