"""Answers of last resort."""

import threading

import pytest
from django.db import OperationalError, connection, transaction
from django.test import RequestFactory

from pendopo.entrypoints import failures

pytestmark = pytest.mark.django_db(transaction=True)


def locking(first: int, second: int, meet: threading.Barrier) -> int | None:
    """Take two locks in this order; return the status told to whoever was not let go on."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [first])
            meet.wait(10)
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [second])
    except OperationalError:
        return failures.server_error(RequestFactory().get("/")).status_code
    finally:
        connection.close()
    return None


def test_who_waited_for_each_other_is_asked_to_look_again() -> None:
    meet, told = threading.Barrier(2), list[int | None]()
    other = threading.Thread(target=lambda: told.append(locking(2, 1, meet)))
    other.start()
    told.append(locking(1, 2, meet))
    other.join(20)
    assert sorted(told, key=str) == [409, None]


def test_a_database_that_breaks_off_is_told_as_away() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    except OperationalError:
        assert failures.server_error(RequestFactory().get("/")).status_code == 503
    else:
        pytest.fail("the connection lived on")
    finally:
        connection.close()
