"""The schema between releases: short waits while it changes, and a refusal to run on an older one.

A migration waits at most four seconds for a lock: whoever waits for a table's lock makes everybody behind it
wait too. A statement may take five seconds. What needs longer (an index on a big table, made CONCURRENTLY) is
a migration of its own, not atomic, that lifts the limit itself. ``tests/house/migration_lint.py`` holds
migration files to the rest: expand first, contract a release later.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from pendopo.entrypoints.errors import FrontDoorError

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

LOCK_SECONDS = 4
STATEMENT_SECONDS = 5
ROOMS = Path(__file__).parents[1]


class MigrationBlockedError(FrontDoorError):
    """A migration found no moment for itself; nothing of it was kept."""


class OlderSchemaError(FrontDoorError):
    """The database is older than this release."""


@contextmanager
def short_waits(connection: "BaseDatabaseWrapper") -> Iterator[None]:
    """Limit what migrations on this connection may wait and take. Raises ``MigrationBlockedError``."""
    from django.db.utils import OperationalError  # noqa: PLC0415  # after Django is set up

    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
        cursor.execute(f"SET statement_timeout = '{STATEMENT_SECONDS}s'")
    try:
        yield
    except OperationalError as error:
        if isinstance(error.__cause__, psycopg.errors.LockNotAvailable | psycopg.errors.QueryCanceled):
            message = (
                f"a migration waited {LOCK_SECONDS} s for a lock, or took over {STATEMENT_SECONDS} s, "
                "and was undone; what was finished before it stays. Look for long transactions, then "
                "run it again"
            )
            raise MigrationBlockedError(message) from error
        raise
    finally:
        connection.close()


def require_current() -> None:
    """Refuse to serve on a schema that lacks migrations of this release; a newer schema is welcome.

    Asks the database of the environment without Django, which is not set up yet. Rooms that the database has
    never heard of, and a database that does not answer, are left to ``/readyz``. Raises ``OlderSchemaError``.
    """
    try:
        missing = waiting(os.environ["PENDOPO_DATABASE_URL"])
    except (psycopg.OperationalError, KeyError):
        return
    if missing:
        message = (
            f"this database is older than this release: {len(missing)} migrations wait "
            f"({', '.join(missing[:3])}{' …' if len(missing) > 3 else ''}); run ./pendopo migrate first"  # noqa: PLR2004  # shown
        )
        raise OlderSchemaError(message)


def waiting(url: str) -> list[str]:
    """Return ``room.migration`` of this release that a database has not applied, for rooms that it knows."""
    with psycopg.connect(url, connect_timeout=5) as connection:
        try:
            rows = connection.execute("SELECT app, name FROM django_migrations").fetchall()
        except psycopg.errors.UndefinedTable:
            return ["everything"]
    return missing_of(rows, ROOMS)


def missing_of(applied: Sequence[tuple[str, str]], rooms: Path) -> list[str]:
    """Compare what was applied with the files of the rooms."""
    done, known = set(applied), {app for app, _ in applied}
    files = sorted(rooms.glob("*/migrations/[0-9]*.py"))
    named = [(file.parts[-3], file.stem) for file in files]
    return [f"{room}.{name}" for room, name in named if room in known and (room, name) not in done]
