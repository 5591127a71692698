"""Pooled connections: one that died is noticed before anybody is given it."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

from pendopo.foundation.database import still_open

pytestmark = pytest.mark.django_db


@pytest.fixture
def pooled() -> Iterator["psycopg.Connection[Any]"]:
    options = connection.get_connection_params() | {"autocommit": True}
    with psycopg.connect(**options) as opened:
        yield opened


def test_a_living_connection_is_handed_out_again_and_again(pooled: "psycopg.Connection[Any]") -> None:
    for _ in range(3):
        still_open(pooled)
        assert pooled.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.parametrize("was_used_before", [False, True])
def test_a_connection_that_the_server_ended_is_not_handed_out(
    pooled: "psycopg.Connection[Any]", *, was_used_before: bool
) -> None:
    if was_used_before:
        still_open(pooled)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pooled.info.backend_pid])
        assert cursor.fetchone() == (True,)
    with pytest.raises(psycopg.OperationalError):
        still_open(pooled)
