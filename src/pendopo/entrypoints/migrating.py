"""Migrations that a crash cannot leave half done, one run at a time.

Whenever a migration makes constraints or indexes at its end, Django writes that it was applied only after its
transaction: a process killed in between leaves tables that nobody knows of, and every later ``migrate`` fails
on them. Here the change and its record are one transaction. Two runs at once would both make the first table;
here the second waits for the first, and then finds nothing to do. A run that dies lets go of the lock with
its connection.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, override

from django.core.management import call_command
from django.core.management.commands import migrate as command
from django.db import connection, transaction
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

LOCK = "pendopo:migrate"


class WholeExecutor(MigrationExecutor):
    """Applies and records each migration in one transaction; non-atomic migrations keep their own way."""

    @override
    def apply_migration(
        self, state: ProjectState, migration: Migration, fake: bool = False, fake_initial: bool = False
    ) -> ProjectState:
        if not migration.atomic:
            return super().apply_migration(state, migration, fake=fake, fake_initial=fake_initial)
        with transaction.atomic(using=self.connection.alias):
            return super().apply_migration(state, migration, fake=fake, fake_initial=fake_initial)


def migrate() -> list[str]:
    """Bring the database of the present environment up to date; waits while another run does.

    Returns ``room.migration`` of what was applied now.
    """
    with _alone():
        known = _applied()
        before = command.MigrationExecutor  # type: ignore[attr-defined]  # the stubs leave imports out
        command.MigrationExecutor = WholeExecutor  # type: ignore[attr-defined]  # the only place it has
        try:
            call_command("migrate", interactive=False, verbosity=0)
        finally:
            command.MigrationExecutor = before  # type: ignore[attr-defined]  # as above
        return [f"{room}.{name}" for room, name in _applied() if (room, name) not in known]


def _applied() -> list[tuple[str, str]]:
    return list(MigrationRecorder(connection).applied_migrations())


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the lock on a connection of its own, so that no transaction of a migration lets go of it."""
    own: Any = connection.copy()
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [LOCK])
        yield
    finally:
        own.close()
