"""The disk's bound: the rows of one submission, committed by bare psycopg, nothing else in between.

A table of its own on the hall's server, with the hall's durability; the rows are as many and about as long as
those that a submission writes. ``python -m benchmarks.peers.durable_commit`` runs inside the hall.
"""

import json
import os
import sys
import threading
import time
from typing import Any

import psycopg
from benchmarks.hall import Hall
from benchmarks.rows import median

ROWS = 13
BYTES = 300
CONNECTIONS = 8
COMMITS = 100
TABLE = "benchmark_rows"


def measure(hall: Hall, runs: int) -> dict[str, Any]:
    """Return commits a second (median) and the server's durability settings."""
    return dict(hall.inside("benchmarks.peers.durable_commit", str(runs)))


def durability(told: dict[str, Any]) -> str:
    """Return the server's own words about durability."""
    return ", ".join(f"{name}={value}" for name, value in told["durability"].items())


def _main(runs: int) -> dict[str, Any]:
    url = os.environ["PENDOPO_DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE TABLE IF NOT EXISTS {TABLE} (id bigserial PRIMARY KEY, content bytea)")
        names = ("fsync", "synchronous_commit", "full_page_writes")
        shown = {name: _setting(connection, name) for name in names}
        rates = [_run(url) for _ in range(runs)]
        connection.execute(f"DROP TABLE {TABLE}")
    return {"per_second": median(rates), "durability": shown}


def _setting(connection: "psycopg.Connection[tuple[Any, ...]]", name: str) -> str:
    row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    return "" if row is None else str(row[0])


def _run(url: str) -> float:
    connections = [psycopg.connect(url) for _ in range(CONNECTIONS)]
    began = time.monotonic()
    threads = [threading.Thread(target=_commits, args=(connection,)) for connection in connections]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - began
    for connection in connections:
        connection.close()
    return CONNECTIONS * COMMITS / seconds


def _commits(connection: "psycopg.Connection[tuple[Any, ...]]") -> None:
    content = os.urandom(BYTES)
    for _ in range(COMMITS):
        for _ in range(ROWS):
            connection.execute(f"INSERT INTO {TABLE} (content) VALUES (%s)", [content])  # noqa: S608  # ours
        connection.commit()


if __name__ == "__main__":
    json.dump(_main(int(sys.argv[1])), sys.stdout)
