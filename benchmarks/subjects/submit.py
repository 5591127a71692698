"""Submit: the last button of a birth application, over HTTP, until case, audit row and events are on disk.

An application was filled in before, with the registers' answers; the request that is measured takes the
last page's answer and makes the case. ``fsync`` and ``synchronous_commit`` are on and told. Beside it, in the
same run: bare durable commits of as many rows on the same server, and the barest Django view that commits one
row, behind the same granian settings.
"""

from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

from benchmarks import machine
from benchmarks.hall import Hall, load, running_hall
from benchmarks.peers import bare_django, durable_commit
from benchmarks.rows import Row, median, quantile

REQUESTS = 400
WARM = 40
PEOPLE = 48
CONNECTIONS = 16
RATE = 100.0
THROUGHPUT, P95_MS = 100.0, 250.0
CSRF = "b" * 32


def measure(runs: int, state: Path) -> Iterator[Row]:
    """Yield how much goes through, and how long one waits at the rate of the budget."""
    with running_hall(state) as hall:
        closed = [_run(hall, rate=None) for _ in range(runs)]
        steady = [_run(hall, rate=RATE) for _ in range(runs)]
        commits = durable_commit.measure(hall, runs)
        view = [bare_django.measure(hall, REQUESTS, CONNECTIONS) for _ in range(runs)]
    through = median([run["per_second"] for run in closed])
    note = f"{durable_commit.durability(commits)}; processor a request: {closed[-1]['spent']}"
    case = f"through, {CONNECTIONS} connections"
    peer = "bare Django view, one durable row"
    yield Row("submit", case, through, "1/s", peer, median(view), THROUGHPUT, note)
    peer = f"{durable_commit.ROWS} rows a commit, no Python between"
    note = f"the machine's bound; {durable_commit.CONNECTIONS} connections"
    yield Row("submit", "through, against the disk", through, "1/s", peer, commits["per_second"], notes=note)
    p95 = [quantile(run["times"], 0.95) * 1000 for run in steady]
    yield Row("submit", f"p95 at {RATE:.0f}/s", median(p95), "ms", limit=P95_MS, notes=_arrived(steady))


def _arrived(steady: list[dict[str, Any]]) -> str:
    p50 = median([quantile(run["times"], 0.5) * 1000 for run in steady])
    done = median([run["per_second"] for run in steady])
    client = steady[-1]["client_ms"]
    return f"p50 {p50:.0f} ms; {done:.0f}/s were answered; load client {client:.2f} ms a request"


def _run(hall: Hall, *, rate: float | None) -> dict[str, Any]:
    requests = prepared(hall, REQUESTS + WARM)
    load(hall.ports["hall"], requests[:WARM], connections=CONNECTIONS)
    with machine.spending(hall.parts) as spent:
        told = load(hall.ports["hall"], requests[WARM:], connections=CONNECTIONS, rate=rate)
    if told["statuses"] != {"303": REQUESTS}:
        message = f"submissions were refused: {told['statuses']}"
        raise RuntimeError(message)
    return {
        "per_second": REQUESTS / told["seconds"],
        "times": told["times"],
        "client_ms": told["client_cpu"] / REQUESTS * 1000,
        "spent": spent.told(REQUESTS) + f", load client {told['client_cpu'] / REQUESTS * 1000:.2f} ms",
    }


def prepared(hall: Hall, count: int) -> list[bytes]:
    """Return requests that send as many waiting applications, one person after another."""
    given = hall.inside(
        "benchmarks.prepare", str(hall.state / "hall" / "population-cast.json"), str(count), str(PEOPLE)
    )
    turns = zip_longest(
        *[[(person["cookie"], draft) for draft in person["drafts"]] for person in given["people"]]
    )
    everyone = [one for turn in turns for one in turn if one is not None]
    return [_request(hall, cookie, draft, given["csrf_cookie"]) for cookie, draft in everyone[:count]]


def _request(hall: Hall, cookie: str, draft: str, csrf_cookie: str) -> bytes:
    body = f"csrfmiddlewaretoken={CSRF}&report.truthful=1"
    head = (
        f"POST /apply/dukcapil/akta-kelahiran/{draft}/p/check/ HTTP/1.1",
        f"Host: localhost:{hall.ports['hall']}",
        f"Origin: {hall.origin}",
        f"Cookie: {cookie}; {csrf_cookie}={CSRF}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        "Accept: text/html",
    )
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode()
