"""One instant of several databases, so that a backup of hall and register never contradicts itself.

Each database exports a snapshot (``pg_export_snapshot``) that ``pg_dump`` and every comparison then read.
The order and one lock carry the promise. While the hall's table of register commands is locked against
writers (milliseconds), first the hall's snapshot is taken, then the register's. Therefore

* a command that the register has answered stands in the hall's snapshot too, planned or done: none is
  doubled, because the hall sends what is only planned again under its key, and the register answers a key
  once;
* a command that the hall calls done stands in the register's snapshot too, because the register commits
  before it answers, and the hall writes *done* after that: none is lost.

Not covered: databases that are restored from different archives. ``./pendopo db reconcile`` names what then
differs.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg

from pendopo.entrypoints.errors import FrontDoorError

COMMANDS = "casework_registercommand"
LOCK_PATIENCE_SECONDS = 3
TRIES = 5


class NoInstantError(FrontDoorError):
    """The moment between two commands could not be had; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Instant:
    """Open read-only transactions on exported snapshots, in the order in which they were taken."""

    at: str
    held_ms: float
    snapshots: Mapping[str, str]
    connections: Mapping[str, psycopg.Connection]


@contextmanager
def one_instant(urls: Mapping[str, str]) -> Iterator[Instant]:
    """Hold one instant of these databases; a name that is ``hall`` comes first, whatever the order given.

    Raises ``NoInstantError`` when writers leave no gap of the lock's patience, five times in a row.
    """
    ordered = sorted(urls, key=lambda name: (name != "hall", name))
    with ExitStack() as stack:
        connections = {name: stack.enter_context(_connected(urls[name])) for name in ordered}
        with _no_command_is_written(urls[ordered[0]]):
            began = time.perf_counter()
            snapshots = {name: _exported(connection) for name, connection in connections.items()}
            held_ms = round((time.perf_counter() - began) * 1000, 1)
        yield Instant(datetime.now(UTC).isoformat(timespec="seconds"), held_ms, snapshots, connections)


@contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection]:
    """Open a transaction that reads one snapshot from its first statement on."""
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        yield connection
        connection.rollback()


def _exported(connection: psycopg.Connection) -> str:
    row = connection.execute("SELECT pg_export_snapshot()").fetchone()
    return str(row[0]) if row else ""


@contextmanager
def _no_command_is_written(url: str) -> Iterator[None]:
    """Keep writers from the register's commands; readers go on. A database without them needs no lock."""
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT to_regclass(%s)", [COMMANDS]).fetchone()
        connection.commit()
        if found and found[0]:
            _lock(connection)
        yield
        connection.rollback()


def _lock(connection: psycopg.Connection) -> None:
    for _ in range(TRIES):
        try:
            connection.execute(f"SET LOCAL lock_timeout = '{LOCK_PATIENCE_SECONDS}s'")
            connection.execute(f"LOCK TABLE {COMMANDS} IN SHARE MODE")
        except psycopg.errors.LockNotAvailable:
            connection.rollback()
        else:
            return
    message = (
        "a transaction has been writing register commands for too long, so no common instant could be had; "
        "look for it with: SELECT pid, state, xact_start FROM pg_stat_activity ORDER BY xact_start"
    )
    raise NoInstantError(message)
