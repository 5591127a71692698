"""Pages as citizens ask for them: how long one waits at the rate of the budget, beside a static file.

No cookies of a browser cache, no script; the load client asks for HTML without compression, so that the
server's own work is seen, not zlib's (a page of 40 kB costs about a millisecond more compressed).
"""

import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from benchmarks import machine
from benchmarks.hall import Hall, load, running_hall
from benchmarks.rows import Row, median, quantile

RATE, SECONDS, WARM, CONNECTIONS = 100.0, 4, 40, 16
P95_MS = 150.0


def measure(runs: int, state: Path) -> Iterator[Row]:
    """Yield a row a page."""
    with running_hall(state) as hall:
        given = hall.inside("benchmarks.prepare", str(hall.state / "hall" / "population-cast.json"), "8", "8")
        cookie = given["people"][0]["cookie"]
        draft = given["people"][0]["drafts"][0]
        bound = median([_p95(hall, _static(hall))[0] for _ in range(runs)])
        for case, request in (
            ("home, stranger", _get(hall, "/")),
            ("service, stranger", _get(hall, "/services/dukcapil/akta-kelahiran/")),
            ("home, signed in", _get(hall, "/", cookie)),
            ("my cases", _get(hall, "/my/cases/", cookie)),
            ("last page of a form", _get(hall, f"/apply/dukcapil/akta-kelahiran/{draft}/p/check/", cookie)),
        ):
            told = [_p95(hall, request) for _ in range(runs)]
            yield Row(
                "page",
                f"{case}, p95 at {RATE:.0f}/s",
                median([one[0] for one in told]),
                "ms",
                "static file, same server",
                bound,
                P95_MS,
                f"processor a request: {told[-1][1]}",
            )


def _get(hall: Hall, path: str, cookie: str = "") -> bytes:
    held = f"Cookie: {cookie}\r\n" if cookie else ""
    return (
        f"GET {path} HTTP/1.1\r\nHost: localhost:{hall.ports['hall']}\r\nAccept: text/html\r\n{held}\r\n"
    ).encode()


def _static(hall: Hall) -> bytes:
    """The style sheet that the home page names."""
    with urllib.request.urlopen(f"{hall.origin}/", timeout=10) as answer:  # noqa: S310  # our own loopback address
        found = re.search(r'href="(/static/[^"]+\.css)"', answer.read().decode())
    if found is None:
        message = "the home page names no style sheet"
        raise RuntimeError(message)
    return _get(hall, found[1])


def _p95(hall: Hall, request: bytes) -> tuple[float, str]:
    count = int(RATE * SECONDS)
    load(hall.ports["hall"], [request] * WARM, connections=CONNECTIONS)
    with machine.spending(hall.parts) as spent:
        told = load(hall.ports["hall"], [request] * count, connections=CONNECTIONS, rate=RATE)
    if told["statuses"] != {"200": count}:
        message = f"{request.split()[1].decode()} answered {told['statuses']}"
        raise RuntimeError(message)
    return quantile(told["times"], 0.95) * 1000, spent.told(count)
