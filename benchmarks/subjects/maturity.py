"""Maturity as readers feel it: the ranking of a country through the years, and one agency's dashboard.

Results are generated (600 agencies, 7 years) in the benchmarks' own hall and asked for over HTTP, page by
page and with filters, by a client that keeps no cache. Nobody publishes a figure of a peer to hold against.
"""

import math
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import machine
from benchmarks.hall import Hall, load, running_hall
from benchmarks.rows import Row, median, quantile

AGENCIES, YEARS = 600, 7
P95_MS = 150.0
REQUESTS, WARM, CONNECTIONS, RATE = 60, 5, 4, 5.0
RANKING = (
    "/maturity/ranking/",
    "/maturity/ranking/?cycle=spbe-2020:2022&kind=regency",
    "/maturity/ranking/?search=bangku+12",
    "/maturity/ranking/?region=Wilayah+7&cycle=spbe-2020:2023",
)


def measure(runs: int, state: Path) -> Iterator[Row]:
    """Yield the rows of maturity."""
    with running_hall(state) as hall:
        began = time.monotonic()
        given = hall.inside("benchmarks.maturity_inside", str(AGENCIES), str(YEARS))
        prepared = time.monotonic() - began
        board = f"/desk/maturity/assessments/{given['assessment']}/dashboard/"
        for case, requests, note in (
            (
                f"ranking over {AGENCIES} × {YEARS}, p95",
                [_get(hall, path) for path in RANKING],
                f"{given['rows']} results; four filters; published in {math.ceil(prepared)} s",
            ),
            (
                "national picture, p95",
                [_get(hall, "/maturity/national/")],
                "2018 to 2024",
            ),
            (
                "193 countries, p95",
                [_get(hall, "/maturity/egdi/")],
                "ranks and bands computed from components",
            ),
            (
                "dashboard, p95",
                [_get(hall, board, given["cookie"])],
                "SPBE 2020, 47 levels; index, radar, units, timeline, peers, plan",
            ),
        ):
            told = [_p95(hall, requests) for _ in range(runs)]
            yield Row(
                "maturity",
                case,
                median([one[0] for one in told]),
                "ms",
                limit=P95_MS,
                notes=f"at {RATE:.0f}/s; {note}; processor a request: {told[-1][1]}",
            )


def _get(hall: Hall, path: str, cookie: str = "") -> bytes:
    held = f"Cookie: {cookie}\r\n" if cookie else ""
    return (
        f"GET {path} HTTP/1.1\r\nHost: localhost:{hall.ports['hall']}\r\nAccept: text/html\r\n{held}\r\n"
    ).encode()


def _p95(hall: Hall, requests: Sequence[bytes]) -> tuple[float, str]:
    load(hall.ports["hall"], list(requests) * WARM, connections=CONNECTIONS)
    asked = [requests[place % len(requests)] for place in range(REQUESTS)]
    with machine.spending(hall.parts) as spent:
        told = load(hall.ports["hall"], asked, connections=CONNECTIONS, rate=RATE)
    if told["statuses"] != {"200": REQUESTS}:
        message = f"{requests[0].split()[1].decode()} answered {told['statuses']}"
        raise RuntimeError(message)
    return quantile(told["times"], 0.95) * 1000, spent.told(REQUESTS)
