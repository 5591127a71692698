"""Readiness: what is missing is said by name, and asking costs little."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.db import connection
from django.test import Client

pytestmark = pytest.mark.django_db

type Queries = Callable[[int], AbstractContextManager[object]]


def told(status: int) -> str:
    answer = Client().get("/readyz")
    assert answer.status_code == status
    return str(answer.json()["checks"]["migrations"])


def forget(where: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM django_migrations WHERE {where}")  # noqa: S608  # words of this file


def test_a_room_whose_last_migration_is_missing_is_not_ready() -> None:
    assert told(200) == "ok"
    forget("app = 'documents' AND name LIKE '0003%'")
    assert told(503) == "1 migrations wait: documents.0003_unkept_files"


def test_a_database_that_was_never_migrated_is_not_ready() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE django_migrations")
    assert " migrations wait: " in told(503)


def test_a_database_that_a_newer_release_migrated_is_ready() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('documents', '9999_x', now())"
        )
    assert told(200) == "ok"


def test_asking_reads_few_rows_and_no_files(
    django_assert_max_num_queries: Queries, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(200)
    monkeypatch.setattr("django.db.migrations.loader.MigrationLoader.build_graph", None)
    with django_assert_max_num_queries(6):
        told(200)
