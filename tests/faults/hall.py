"""A whole hall whose processes are known by pid and may be killed at any moment.

The demonstration's own stack on an embedded PostgreSQL of its own, never on the server that the other tests
use. What dies is started again by whoever killed it, as a service manager would: the whole session of a
process is killed with it (systemd does the same to a unit's control group), so no orphan holds a port.
Start processes from the main thread only: the kernel tells a child when the *thread* that made it ends.
"""

import os
import secrets
import shutil
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import psycopg

from pendopo.entrypoints import instance, servers
from pendopo.entrypoints.places import Place, state_root
from pendopo.entrypoints.postgres import Cluster
from pendopo.entrypoints.processes import Process
from pendopo.entrypoints.stack import Stack, running_stack
from pendopo.entrypoints.telling import Teller
from pendopo.entrypoints.verbs.up import journey_through
from pendopo.entrypoints.walk.journey import Journey

type Office = Literal["hall", "population"]


class NotThereError(RuntimeError):
    """No process of this kind runs now."""


@dataclass(slots=True)
class Database:
    """The hall's PostgreSQL: one server, two databases, two roles."""

    cluster: Cluster

    @property
    def pid(self) -> int:
        """The postmaster; raises :class:`NotThereError` when there is none."""
        words = (self.cluster.data / "postmaster.pid").read_text().split()
        if not self.cluster.is_running():
            raise NotThereError("postmaster")
        return int(words[0])

    def backends(self) -> list[int]:
        """Processes that serve a client now: children of the postmaster that name a user and a database."""
        return [pid for pid in children_of(self.pid) if b"[local]" in command_line(pid)]

    def kill(self) -> None:
        """Kill the postmaster alone, at once, and see it gone; its children notice and leave."""
        os.kill(self.pid, signal.SIGKILL)
        while self.cluster.is_running():
            time.sleep(0.01)

    def start(self) -> None:
        """Start it again after a kill, as the next user of the cluster would; returns when it answers."""
        with self.cluster.running():
            pass

    def start_observed(self, environment: Mapping[str, str]) -> None:
        """Start it with more in its environment; a later :meth:`start` starts it without."""
        server = replace(self.cluster.server, environment=tuple(environment.items()))
        with replace(self.cluster, server=server).running():
            pass

    def processes(self) -> list[int]:
        """The postmaster and everything that it started."""
        return [self.pid, *children_of(self.pid)]

    def settings(self, *names: str) -> dict[str, str]:
        """What the running server says of itself (``SHOW``)."""
        with psycopg.connect(self.cluster.url(), autocommit=True) as connection:
            return {name: str(connection.execute(f"SHOW {name}").fetchone()[0]) for name in names}  # type: ignore[index]  # SHOW has a row


@dataclass(slots=True)
class Hall:
    """A running demonstration to be hurt."""

    stack: Stack
    database: Database
    mothers_taken: int = 0
    strangers_taken: int = 0
    officers_appointed: int = 0

    @property
    def base_url(self) -> str:
        """Address of the hall as people type it."""
        return self.stack.base_url

    @property
    def journey(self) -> Journey:
        """What a stranger is told: the address, the officers, the mothers."""
        return journey_through(self.stack, "id")

    @property
    def names(self) -> list[str]:
        """Names of the processes, in the order of starting (``plans`` in ``entrypoints/stack.py``)."""
        return [process.plan.name for process in self.stack.supervisor.processes]

    def process(self, name: str) -> Process:
        """Return one process by the name of its plan: ``hall-web``, ``hall-worker``, ``gateway-hall``."""
        found = [one for one in self.stack.supervisor.processes if one.plan.name == name]
        if not found:
            raise NotThereError(name)
        return found[-1]

    def pid(self, name: str) -> int:
        """The main process of this name."""
        return self.process(name).handle.pid

    def workers(self, name: str) -> list[int]:
        """Processes that a web server made to answer requests."""
        return [pid for pid in children_of(self.pid(name)) if b"resource_tracker" not in command_line(pid)]

    def kill(self, name: str) -> None:
        """Kill -9 a process with everything that it started, and reap it."""
        process = self.process(name)
        for pid in session_of(process.handle.pid):
            _kill(pid)
        process.handle.wait()

    def kill_everything(self) -> None:
        """Kill every process of the hall and its database, as a cut of the power does, and reap them."""
        own = [pid for name in self.names for pid in session_of(self.pid(name))]
        database = self.database.processes() if self.database.cluster.is_running() else []
        for pid in [*database, *own]:
            _kill(pid)
        for process in self.stack.supervisor.processes:
            process.handle.wait()
        while self.database.cluster.is_running():
            time.sleep(0.01)

    def start(self, name: str, environment: Mapping[str, str] | None = None) -> None:
        """Start a dead process again after its plan and wait until it is ready; ``environment`` is added."""
        dead = self.process(name)
        plan = replace(dead.plan, environment=dead.plan.environment | dict(environment or {}))
        self.stack.supervisor.processes.remove(dead)
        self.stack.supervisor.start(plan).wait_ready()

    def restart(self, name: str, environment: Mapping[str, str] | None = None) -> None:
        """Kill and start again."""
        self.kill(name)
        self.start(name, environment)

    def is_alive(self, name: str) -> bool:
        """Whether the main process of this name runs."""
        return self.process(name).handle.poll() is None

    def environment(self, office: Office) -> dict[str, str]:
        """The whole environment of an office's processes, for verbs and for variants of its processes."""
        return (self.stack.hall if office == "hall" else self.stack.population).environment

    def rows(self, office: Office, query: str) -> list[tuple[object, ...]]:
        """Count: run one query in an office's database, read-only."""
        url = self.environment(office)["PENDOPO_DATABASE_URL"]
        with psycopg.connect(url) as connection:
            connection.read_only = True
            return list(connection.execute(query.encode()).fetchall())


@contextmanager
def running_hall(place: Place | None = None) -> Iterator[Hall]:
    """Start a hall in a folder of its own and forget it afterwards."""
    name = f"f-{secrets.token_hex(4)}"
    here = place or Place(name, state_root() / name)
    try:
        with instance.held(here):
            cluster = servers.cluster_of(here)
            try:
                with running_stack(here, Teller(is_quiet=True), given=None) as stack:
                    yield Hall(stack, Database(cluster))
            finally:
                cluster.stop("immediate")
    finally:
        shutil.rmtree(here.state, ignore_errors=True)


def children_of(parent: int) -> list[int]:
    """Pids of the direct children of a process."""
    return [pid for pid, facts in _processes() if facts.parent == parent]


def session_of(leader: int) -> list[int]:
    """Pids of a session, its leader first."""
    return sorted(pid for pid, facts in _processes() if facts.session == leader)


def command_line(pid: int) -> bytes:
    """What a process was started with, or calls itself; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


@dataclass(frozen=True, slots=True)
class _Facts:
    parent: int
    session: int


def _processes() -> Iterator[tuple[int, _Facts]]:
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name stands in brackets and may hold anything; what we want follows the last bracket.
            words = entry.read_bytes().rpartition(b")")[2].split()
        except OSError:
            continue
        yield int(entry.parent.name), _Facts(parent=int(words[1]), session=int(words[3]))


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
