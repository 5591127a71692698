"""Hall and register restored from two times: what mends itself, and what an operator is told."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from pendopo.entrypoints import backup, databases, deployments, instance, reconciling, restoring, servers
from pendopo.entrypoints.drills import restore
from pendopo.entrypoints.drills.restore import Archive
from pendopo.entrypoints.places import Place
from pendopo.entrypoints.stack import Stack, running_stack
from pendopo.entrypoints.telling import Teller
from pendopo.entrypoints.verbs.up import journey_through
from pendopo.entrypoints.walk.browser import Browser
from pendopo.entrypoints.walk.story import STEPS, begin
from tests.drills.conftest import a_place
from tests.extent import long

pytestmark = [
    pytest.mark.slow,
    pytest.mark.fault,
    pytest.mark.xdist_group("drills"),
    pytest.mark.timeout(900),
    long("restoring hall and register from two times takes minutes"),
]

QUIET = Teller(is_quiet=True)
DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Times:
    """Three archives around one birth: before its case, decided but not sent, and certified."""

    before: Archive
    decided: Archive
    certified: Archive
    births: int


@pytest.fixture(scope="module")
def times(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Times:
    """Stop the office's gateway while a birth is decided, so that its command is written but not answered."""
    folder = tmp_path_factory.mktemp("times")
    journey = journey_through(stack, "id")
    mother = journey.next_mother()
    (gateway,) = [one for one in stack.supervisor.processes if one.plan.name == "gateway-population"]
    with (
        Browser(journey.base_url) as citizen,
        Browser(journey.base_url) as officer,
        Browser(journey.base_url) as counter,
    ):
        trail = begin(journey, citizen, officer, counter)
        before = _archive(stack, folder / "before")
        names = list(STEPS)
        for name in names[: names.index(DECIDED)]:
            STEPS[name](trail)
        gateway.handle.terminate()
        gateway.handle.wait(20)
        STEPS[DECIDED](trail)
        _until(lambda: _states(stack.here).count("pending") == 1)
        decided = _archive(stack, folder / "decided")
        stack.supervisor.restart(gateway).wait_ready()
        _until(lambda: _states(stack.here).count("pending") == 0)
        STEPS["registered_and_issued"](trail)
    journey.note_birth(mother)
    return Times(before, decided, _archive(stack, folder / "certified"), _births(stack.here))


def _archive(stack: Stack, folder: Path) -> Archive:
    folder.mkdir()
    return restore.take(stack.here, folder, QUIET)[0]


def _until(holds: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.2)


def _rows(here: Place, name: deployments.Name, query: str) -> list[tuple[object, ...]]:
    settings = deployments.saved_settings(here.state, name)
    assert settings is not None
    with psycopg.connect(settings["PENDOPO_DATABASE_URL"]) as connection:
        return connection.execute(query).fetchall()


def _states(here: Place) -> list[object]:
    return [state for (state,) in _rows(here, "hall", "SELECT state FROM casework_registercommand")]


def _births(here: Place) -> int:
    ((count,),) = _rows(here, "population", "SELECT count(*) FROM registers_birth")
    assert isinstance(count, int)
    return count


def _certificates(here: Place) -> set[object]:
    return {number for (number,) in _rows(here, "population", "SELECT certificate FROM registers_birth")}


@contextmanager
def mixed(hall: Archive, register: Archive, folder: Path) -> Iterator[Place]:
    """Restore the hall from one archive and the register's database from another."""
    with a_place() as there:
        with instance.held(there):
            restoring.restore_instance(there, hall.file, hall.passphrase, given=None)
        work = folder / "other"
        work.mkdir()
        backup.unpack(register.file, work, register.passphrase)
        with servers.running_server(there, None) as server:
            database = deployments.database_of(there, "population", shared_server=False)
            databases.drop(server.superuser_url, database.name)
            databases.ensure(server.superuser_url, database)
            url = databases.role_url(server.superuser_url, database)
            backup.load_dump(url, work / "databases" / "population.dump")
        shutil.rmtree(work)
        yield there


def _agreement(there: Place) -> reconciling.Agreement:
    urls: dict[str, str] = {
        name: (deployments.saved_settings(there.state, name) or {})["PENDOPO_DATABASE_URL"]
        for name in deployments.NAMES
    }
    with servers.running_server(there, None):
        return reconciling.reconcile(urls, deployments.EXCHANGE_CLIENT)


def test_one_archive_agrees_with_itself(times: Times, tmp_path: Path) -> None:
    with mixed(times.certified, times.certified, tmp_path) as there:
        found = _agreement(there)
    assert found.is_whole
    assert found.agreed == times.births
    assert found.sent_again == ()


def test_a_decided_hall_against_a_newer_register_sends_again_and_enters_no_second_child(
    times: Times, tmp_path: Path
) -> None:
    with mixed(times.decided, times.certified, tmp_path) as there:
        found = _agreement(there)
        assert found.is_whole
        assert len(found.sent_again) == 1
        with instance.held(there), running_stack(there, QUIET, None) as stack:
            numbers = _certificates(stack.here)
            _until(lambda: "pending" not in _states(stack.here))
            assert _births(stack.here) == times.births
            assert _certificates(stack.here) == numbers
        assert _agreement(there).agreed == times.births


def test_a_hall_older_than_its_register_names_the_entry_without_a_case(times: Times, tmp_path: Path) -> None:
    with mixed(times.before, times.certified, tmp_path) as there:
        found = _agreement(there)
    assert not found.is_whole
    assert len(found.unknown_to_hall) == 1
    assert found.lost_in_register == ()


def test_a_register_older_than_its_hall_names_the_certificate_without_an_entry(
    times: Times, tmp_path: Path
) -> None:
    """The hall does not send by itself what it calls done, so the operator has to be told."""
    with mixed(times.certified, times.decided, tmp_path) as there:
        found = _agreement(there)
        assert len(found.lost_in_register) == 1
        with instance.held(there), running_stack(there, QUIET, None) as stack:
            time.sleep(3)
            assert _births(stack.here) == times.births - 1
        assert _agreement(there).lost_in_register == found.lost_in_register


def test_a_decided_hall_with_the_register_of_then_sends_once(times: Times, tmp_path: Path) -> None:
    with mixed(times.decided, times.decided, tmp_path) as there:
        assert len(_agreement(there).on_their_way) == 1
        with instance.held(there), running_stack(there, QUIET, None) as stack:
            _until(lambda: "pending" not in _states(stack.here))
            assert _births(stack.here) == times.births
