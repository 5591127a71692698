"""The exchange: a question through both gateways, signed twice, logged on both sides before it goes on.

Two gateways, the provider's stub and the load client are processes of their own on this machine. Beside it:
the same client straight to the stub, which is what the wire and the stub cost by themselves.
"""

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psutil
from benchmarks import machine
from benchmarks.hall import CHECKOUT, load
from benchmarks.rows import Row, median, quantile

REQUESTS, WARM, CONNECTIONS = 1_500, 50, 32
IDLE = 100
THROUGHPUT, P50_MS = 1_000.0, 3.0
BODY = b'{"nik": "3314995203960002", "fields": ["name"]}'


def measure(runs: int, _state: Path) -> Iterator[Row]:
    """Yield how much goes through, and what one question costs when nobody else asks."""
    with (
        tempfile.TemporaryDirectory(prefix="pendopo-bench-exchange-") as folder,
        _exchange(Path(folder)) as at,
    ):
        through = [_run(at, REQUESTS, CONNECTIONS) for _ in range(runs)]
        direct = [_direct(at, REQUESTS, CONNECTIONS)["per_second"] for _ in range(runs)]
        idle = [_run(at, IDLE, 1)["p50"] - _direct(at, IDLE, 1)["p50"] for _ in range(runs)]
    p95 = median([run["p95"] for run in through])
    yield Row(
        "exchange",
        f"through, {CONNECTIONS} connections",
        median([run["per_second"] for run in through]),
        "1/s",
        "no gateways",
        median(direct),
        THROUGHPUT,
        f"p95 {p95:.0f} ms; processor a request: {through[-1]['spent']}",
    )
    note = "one question at a time, both logs synced before it goes on"
    yield Row("exchange", "added p50, idle", median(idle), "ms", limit=P50_MS, notes=note)


@contextmanager
def _exchange(folder: Path) -> Iterator[dict[str, Any]]:
    # The gateways' own test world writes certificates, registry and configuration as a real one would be.
    from pendopo_gateway.tests.world import HEADERS, World  # noqa: PLC0415  # needs the gateway's packages

    world = World(folder)
    with ExitStack() as stack:
        python = [sys.executable, "-m"]
        stub = _started(stack, [*python, "benchmarks.peers.stub_office", str(world.office.port)])
        gateways = [
            _started(stack, [*python, "pendopo_gateway", "--config", str(site.config)])
            for site in (world.provider, world.hall)
        ]
        ports = (world.office.port, world.provider.system_port, world.hall.system_port)
        for port in ports:
            _wait(port)
        headers = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())
        yield {
            "parts": lambda: {"gateways": gateways, "stub": [stub]},
            "ports": ports,
            "headers": headers,
        }


def _started(stack: ExitStack, command: list[str]) -> psutil.Process:
    with tempfile.TemporaryFile() as log:  # written like a real one; nobody reads it
        process = subprocess.Popen(command, cwd=CHECKOUT, stderr=log)
    stack.callback(process.wait, 20)
    stack.callback(process.terminate)
    return psutil.Process(process.pid)


def _wait(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    message = f"nothing listens on {port}"
    raise RuntimeError(message)


def _run(at: dict[str, Any], count: int, connections: int) -> dict[str, Any]:
    path = "/r1/ID-DEMO/GOV/DUKCAPIL-CONTOH/KEPENDUDUKAN/population-v1/persons"
    _load(at["ports"][2], path, at["headers"], WARM, connections)
    with machine.spending(at["parts"]) as spent:
        told = _load(at["ports"][2], path, at["headers"], count, connections)
    return told | {"spent": spent.told(count) + f", load client {told['client_ms']:.2f} ms"}


def _direct(at: dict[str, Any], count: int, connections: int) -> dict[str, Any]:
    return _load(at["ports"][0], "/population/v1/persons", at["headers"], count, connections)


def _load(port: int, path: str, headers: str, count: int, connections: int) -> dict[str, Any]:
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{headers}Content-Length: {len(BODY)}\r\n\r\n"
    told = load(port, [head.encode() + BODY] * count, connections=connections)
    if told["statuses"] != {"200": count}:
        message = f"the exchange answered {told['statuses']}"
        raise RuntimeError(message)
    return {
        "per_second": count / told["seconds"],
        "p50": quantile(told["times"], 0.5) * 1000,
        "p95": quantile(told["times"], 0.95) * 1000,
        "client_ms": told["client_cpu"] / count * 1000,
    }
