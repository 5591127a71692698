"""What can be killed, and how it comes back: the points of one run, chosen by a seed that is printed.

A service manager starts again what died (``Restart=always``); the harness does the same at once, for the
process that it killed and for any other that died of it.
"""

import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress

from tests.faults.conftest import mend
from tests.faults.hall import Hall, NotThereError

POINTS_VARIABLE = "PENDOPO_TEST_FAULT_POINTS"
SEED_VARIABLE = "PENDOPO_TEST_FAULT_SEED"
FULL_POINTS, SHORT_POINTS = 20, 1
LONG_PATIENCE_SECONDS, SHORT_PATIENCE_SECONDS = 900.0, 4.0
LONGEST_WAIT_SECONDS = 1.5
LEAVES_WITHIN_SECONDS = 30.0


def points() -> int:
    """Kill points of each kind: 20 with ``--all``, one otherwise, or what the variable says."""
    full = FULL_POINTS if "PENDOPO_TEST_ALL" in os.environ else SHORT_POINTS
    return int(os.environ.get(POINTS_VARIABLE) or full)


def is_full() -> bool:
    """Whether there is time to wait for everything to come to its end."""
    return points() >= FULL_POINTS


def patience() -> float:
    """Seconds to wait for certificates at the end.

    A delivery that a killed worker held is taken up when its lease of two minutes has run out, one that
    failed often is tried again after up to ten; the short run does not wait for that.
    """
    return LONG_PATIENCE_SECONDS if is_full() else SHORT_PATIENCE_SECONDS


def seed() -> int:
    """The run's seed: from the variable, to see a run again, else a new one."""
    return int(os.environ.get(SEED_VARIABLE) or random.SystemRandom().randrange(1_000_000))


def wait(choose: random.Random) -> None:
    """Let the load run for a moment that nobody knows beforehand; half of them are shorter than 0.2 s.

    A look takes a tenth of a second, an application some seconds: both are to be hit.
    """
    time.sleep(LONGEST_WAIT_SECONDS * choose.random() ** 3)


def _whole(name: str) -> Callable[[Hall, random.Random], None]:
    """Kill a process with its children, as a service manager's kill of a unit does."""

    def strike(hall: Hall, _choose: random.Random) -> None:
        hall.kill(name)

    return strike


def _web_worker(hall: Hall, choose: random.Random) -> None:
    """Kill one of the processes that answer requests; the web server makes another one.

    When another one died a moment ago the server leaves as a whole, and is started again like any other.
    """
    before = hall.workers("hall-web")
    victim = choose.choice(before)
    os.kill(victim, signal.SIGKILL)
    until = time.monotonic() + LEAVES_WITHIN_SECONDS
    while hall.is_alive("hall-web") and time.monotonic() < until:
        now = hall.workers("hall-web")
        if victim not in now and len(now) == len(before):
            return
        time.sleep(0.02)
    hall.kill("hall-web")


def _postmaster(hall: Hall, _choose: random.Random) -> None:
    hall.database.kill()


def _backend(hall: Hall, choose: random.Random) -> None:
    """Kill a process that serves one connection: PostgreSQL throws all connections away and recovers."""
    until = time.monotonic() + LEAVES_WITHIN_SECONDS
    while not (found := hall.database.backends()):
        if time.monotonic() > until:
            raise NotThereError("a backend")
        time.sleep(0.02)
    with suppress(ProcessLookupError):
        os.kill(choose.choice(found), signal.SIGKILL)


KINDS: dict[str, Callable[[Hall, random.Random], None]] = {
    "web worker": _web_worker,
    "web server": _whole("hall-web"),
    "job worker": _whole("hall-worker"),
    "hall gateway": _whole("gateway-hall"),
    "office gateway": _whole("gateway-population"),
    "register web": _whole("register-web"),
    "register worker": _whole("register-worker"),
    "PostgreSQL postmaster": _postmaster,
    "PostgreSQL backend": _backend,
}


def strike(kind: str, hall: Hall, choose: random.Random) -> None:
    """Kill, and start again what is dead."""
    KINDS[kind](hall, choose)
    mend(hall)
