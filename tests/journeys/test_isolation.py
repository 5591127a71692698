"""Nobody is shown anything of anybody else, however many ask at once; the race finds a leak that is there."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from pendopo.entrypoints.deployments import Deployment
from pendopo.entrypoints.stack import Stack
from tests.extent import long
from tests.journeys import race

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("stack"), pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[2]
PEOPLE, EACH, SEED = 50, 40, 20261122


def _in(deployment: Deployment, *words: str, given: str = "") -> list[dict[str, str]]:
    environment = deployment.environment | {"PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"}
    command = [sys.executable, "-m", "tests.journeys.planting", *words]
    done = subprocess.run(
        command, check=False, env=environment, input=given, capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: list[dict[str, str]] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.fixture(scope="module")
def crowd(stack: Stack) -> list[dict[str, str]]:
    """Fifty people of the register, each with pages that hold the own marker."""
    registered = _in(stack.population, "population", str(PEOPLE))
    assert len(registered) == PEOPLE
    return _in(stack.hall, "hall", given=json.dumps(registered))


def test_fifty_people_at_once_are_shown_nothing_of_each_other(
    stack: Stack, crowd: list[dict[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    """Threads, connection pools, caches, sessions, pseudonyms: one answer, one person."""
    found = race.run(stack.base_url, crowd, each=EACH, seed=SEED)
    with capsys.disabled():
        sys.stdout.write(f"\n{found.told(PEOPLE)}\n")
    assert found.answers == PEOPLE * EACH
    assert found.statuses == {200: PEOPLE * EACH}
    assert found.foreign == []
    assert found.missing == [], "an answer without the own marker proves nothing"
    assert found.shareable == []
    assert found.shared() == []


@contextmanager
def _leaking(stack: Stack, leak: str) -> Iterator[str]:
    """Serve the hall with a planted leak, in one process, on a port of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = stack.hall.environment | {
        "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}",
        "PENDOPO_PLANTED_LEAK": leak,
        "PENDOPO_METRICS_PORT": "0",
    }
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", "1", "--blocking-threads", "8", "--no-ws"]
    process = subprocess.Popen(
        [*command, "tests.journeys.leaky:application"], env=environment, cwd=ROOT, stderr=subprocess.DEVNULL
    )
    try:
        _wait(f"http://localhost:{port}/livez", process)
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(address).status_code < httpx.codes.INTERNAL_SERVER_ERROR:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    message = f"{address} does not answer"
    raise AssertionError(message)


@long("the race over two leaking halls takes a minute")
@pytest.mark.parametrize("leak", ["cache", "global"])
def test_the_race_finds_a_planted_leak(stack: Stack, crowd: list[dict[str, str]], leak: str) -> None:
    """The same search over a hall that keeps answers without the person, or the person between threads."""
    with _leaking(stack, leak) as base:
        found = race.run(base, crowd, each=6, seed=SEED)
    assert found.foreign, f"{found.told(PEOPLE)}: the race is blind"
