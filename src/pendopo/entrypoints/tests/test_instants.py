"""One instant of hall and register: nothing answered that was not asked, nothing done without its answer."""

import threading
import time
from collections.abc import Iterator

import psycopg
import pytest

from pendopo.casework.models import RegisterCommand
from pendopo.entrypoints import databases, instants, reconciling
from pendopo.entrypoints.postgres import temporary_server
from pendopo.registers.models import Command

CLIENT = "C"


@pytest.fixture
def urls() -> Iterator[dict[str, str]]:
    """Two databases with the two tables that a command lives in."""
    with temporary_server() as superuser:
        found = {}
        for name in ("population", "hall"):
            databases.ensure(superuser, databases.Database(name, "secret"))
            found[name] = databases.role_url(superuser, databases.Database(name, "secret"))
        with psycopg.connect(found["hall"], autocommit=True) as hall:
            hall.execute("CREATE TABLE casework_registercommand (key text PRIMARY KEY, state text)")
        with psycopg.connect(found["population"], autocommit=True) as register:
            register.execute("CREATE TABLE registers_command (client text, key text, status int)")
        yield found


def work(urls: dict[str, str], stop: threading.Event) -> None:
    """Do what hall and register do with each command, as fast as it goes."""
    with (
        psycopg.connect(urls["hall"], autocommit=True) as hall,
        psycopg.connect(urls["population"], autocommit=True) as register,
    ):
        number = 0
        while not stop.is_set():
            key = f"{threading.get_ident()}:{number}"
            hall.execute("INSERT INTO casework_registercommand VALUES (%s, 'pending')", [key])
            register.execute("INSERT INTO registers_command VALUES (%s, %s, 201)", [CLIENT, key])
            hall.execute("UPDATE casework_registercommand SET state = 'done' WHERE key = %s", [key])
            number += 1


def test_the_tables_are_called_as_the_rooms_call_them() -> None:
    assert RegisterCommand._meta.db_table == instants.COMMANDS
    assert instants.COMMANDS in reconciling.HALL
    assert Command._meta.db_table in reconciling.REGISTER


def test_an_instant_under_load_contradicts_nothing(urls: dict[str, str]) -> None:
    stop = threading.Event()
    workers = [threading.Thread(target=work, args=(urls, stop)) for _ in range(4)]
    for worker in workers:
        worker.start()
    try:
        found = [reconciling.reconcile(urls, CLIENT) for _ in range(25)]
    finally:
        stop.set()
        for worker in workers:
            worker.join()
    assert all(one.is_whole for one in found)
    assert found[-1].agreed > found[0].agreed


def test_two_snapshots_without_the_lock_do_contradict(urls: dict[str, str]) -> None:
    """The register's snapshot taken first: what the hall calls done may be unknown there."""
    with psycopg.connect(urls["population"]) as register, psycopg.connect(urls["hall"]) as hall:
        for one in (register, hall):
            one.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        register.execute("SELECT 1")
        stop = threading.Event()
        worker = threading.Thread(target=work, args=(urls, stop))
        worker.start()
        time.sleep(0.3)
        stop.set()
        worker.join()
        done = hall.execute("SELECT key, state FROM casework_registercommand").fetchall()
        answered = register.execute("SELECT key, status FROM registers_command").fetchall()
    assert not reconciling.compare(dict(done), dict(answered)).is_whole


def test_a_writer_that_never_ends_is_told(urls: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instants, "LOCK_PATIENCE_SECONDS", 1)
    monkeypatch.setattr(instants, "TRIES", 2)
    with psycopg.connect(urls["hall"]) as hall:
        hall.execute("INSERT INTO casework_registercommand VALUES ('x', 'pending')")
        with pytest.raises(instants.NoInstantError, match="pg_stat_activity"), instants.one_instant(urls):
            pass


@pytest.mark.parametrize(
    ("hall", "register", "wanted"),
    [
        ({"a": "done"}, {"a": 201}, (1, (), (), (), ())),
        ({"a": "pending"}, {"a": 201}, (0, ("a",), (), (), ())),
        ({"a": "pending"}, {}, (0, (), ("a",), (), ())),
        ({"a": "done"}, {}, (0, (), (), ("a",), ())),
        ({}, {"a": 201}, (0, (), (), (), ("a",))),
        ({"a": "rejected"}, {"a": 409}, (0, (), (), (), ())),
    ],
)
def test_what_follows_from_the_two_sides(
    hall: dict[str, object], register: dict[str, object], wanted: tuple[object, ...]
) -> None:
    assert reconciling.compare(hall, register) == reconciling.Agreement(*wanted)  # type: ignore[arg-type]  # the five fields
