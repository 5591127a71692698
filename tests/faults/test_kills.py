"""kill -9 at random moments under load: what was acknowledged is there exactly once."""

import os
import random
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.faults import counting, kills, table
from tests.faults.hall import Hall
from tests.faults.outside import client
from tests.faults.record import Record

pytestmark = pytest.mark.timeout(3600)

LOOKS_A_POINT, POINTS_A_BIRTH = 2, 4
"""A birth takes ten pages, two officers and a command: more kills than one fall into it."""
DURABILITY = ("fsync", "synchronous_commit", "full_page_writes")
PATIENCE_SECONDS = 150.0
"""A worker may wait half a minute for each connection before it says that there is none."""
REQUESTS_AT_ONCE = 8


def test_what_was_acknowledged_survives_every_kill_exactly_once(
    hall: Hall, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    points, seed = kills.points(), kills.seed()
    total = points * len(kills.KINDS)
    choose = random.Random(seed)  # noqa: S311  # moments to kill at
    shown = hall.database.settings(*DURABILITY)
    with client(hall, tmp_path, births=-(-total // POINTS_A_BIRTH), looks=total * LOOKS_A_POINT) as outside:
        kinds = choose.sample(list(kills.KINDS), len(kills.KINDS))
        for number, kind in enumerate(kind for kind in kinds for _ in range(points)):
            outside.order(kind, births=int(number % POINTS_A_BIRTH == 0), looks=LOOKS_A_POINT)
            kills.wait(choose)
            kills.strike(kind, hall, choose)
        record, failures = outside.finish(kills.patience())
    books = counting.Books.of(hall)
    doubled = counting.doubled_looks(hall, record, books)
    rows = [row for kind in kills.KINDS for row in _rows(hall, record, books, kind, points)]
    with capfd.disabled():
        settings = ", ".join(f"{name}={value}" for name, value in shown.items())
        table.tell(rows, f"seed {seed} ({kills.SEED_VARIABLE}); {settings}; broken {record.broken}")
    assert shown == dict.fromkeys(DURABILITY, "on")
    assert not failures, failures
    assert {row.lost for row in rows} == {row.doubled for row in rows} == {0}, doubled
    assert sum(record.broken.values()) > 0, "no fault was felt outside: the kills hit nobody"
    assert counting.doubled_messages(books) == 0
    counting.whole_logs(hall)


def _rows(hall: Hall, record: Record, books: counting.Books, kind: str, points: int) -> list[table.Row]:
    counted = {
        "applications": counting.applications(record, books, kind),
        "birth commands": counting.decisions(record, books, kind, settled=kills.is_full()),
        "access to data": counting.looks(hall, record, books, kind),
    }
    return [
        table.Row(kind, work, points, one.sent, one.acknowledged, one.lost, one.doubled)
        for work, one in counted.items()
    ]


def test_a_web_worker_that_dies_is_replaced_while_the_others_answer(hall: Hall) -> None:
    before = set(hall.workers("hall-web"))
    victim = min(before)
    os.kill(victim, signal.SIGKILL)
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and len(set(hall.workers("hall-web")) - {victim}) < len(before):
        assert hall.is_alive("hall-web")
        time.sleep(0.05)
    assert before - {victim} < set(hall.workers("hall-web"))
    hall.process("hall-web").wait_ready()


@pytest.mark.skipif(
    not kills.is_full(), reason="the database is away for long only with ./pendopo test --all"
)
@pytest.mark.parametrize("name", ["hall-worker", "register-worker"])
def test_a_worker_outlives_its_database(hall: Hall, name: str) -> None:
    worker = hall.process(name)
    begins = worker.log.stat().st_size
    hall.database.kill()
    until = time.monotonic() + PATIENCE_SECONDS
    while b"jobs_failed" not in worker.log.read_bytes()[begins:]:
        worker.raise_if_dead()
        assert time.monotonic() < until
        time.sleep(0.1)
    hall.database.start()
    assert hall.process(name) is worker


def test_after_a_restart_of_the_database_no_request_meets_a_dead_connection(hall: Hall) -> None:
    with ThreadPoolExecutor(REQUESTS_AT_ONCE) as pool:
        assert set(pool.map(lambda _: _status(hall), range(REQUESTS_AT_ONCE * 4))) == {200}
        hall.database.kill()
        hall.database.start()
        assert set(pool.map(lambda _: _status(hall), range(REQUESTS_AT_ONCE * 4))) == {200}


def _status(hall: Hall) -> int:
    return httpx.get(f"{hall.base_url}/readyz", trust_env=False, timeout=60).status_code
