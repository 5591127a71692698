"""A session of a body with real processes on the test database: web servers and the live server.

The rows are made in this process, committed, and seen by the others, which run with the same keys and
secrets.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import IO
from urllib.parse import quote

from django.db import connections

READY_SECONDS = 90.0
NEVER = 599
"""What a request is said to have come to when no answer arrived."""


class NotReadyError(RuntimeError):
    """A process ended or did not answer in time."""


@dataclass(slots=True)
class Running:
    """One process in a group of its own, which can be shot and started again."""

    name: str
    command: list[str]
    environment: dict[str, str]
    address: str
    log: IO[bytes] = field(default_factory=TemporaryFile)
    handle: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it answers."""
        self.handle = subprocess.Popen(
            self.command, env=self.environment, stdout=self.log, stderr=self.log, start_new_session=True
        )
        until = time.monotonic() + READY_SECONDS
        while not self._answers():
            if self.handle.poll() is not None or time.monotonic() > until:
                self.log.seek(0)
                raise NotReadyError(self.name + "\n" + self.log.read().decode(errors="replace")[-3000:])
            time.sleep(0.1)

    def shoot(self) -> None:
        """SIGKILL the process and its children at once."""
        if self.handle is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.handle.pid, signal.SIGKILL)
            self.handle.wait()

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.address + "/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


@dataclass(frozen=True, slots=True)
class Processes:
    """Web and live server; ``base`` is the hall's address as browsers type it."""

    base: str
    web: Running
    live: Running


@contextmanager
def processes() -> Iterator[Processes]:
    """Run both until the end of the block."""
    web_port, live_port = _free_port(), _free_port()
    base = f"http://localhost:{web_port}"
    environment = os.environ | {
        "PENDOPO_DATABASE_URL": _database(),
        "PENDOPO_DATABASE_POOL": "12",
        "PENDOPO_BASE_URL": base,
        "PENDOPO_LIVE_URL": f"http://localhost:{live_port}",
        "PENDOPO_LOG_FORMAT": "console",
    }
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    web = Running(
        "web",
        [
            *granian,
            "--port",
            str(web_port),
            "--no-ws",
            "--blocking-threads",
            "8",
            "pendopo.entrypoints.wsgi:application",
        ],
        environment,
        base.replace("localhost", "127.0.0.1"),
    )
    serve = [sys.executable, "-m", "pendopo.entrypoints.cli", "serve", "live", "--port", str(live_port)]
    live = Running("live", serve, environment, f"http://127.0.0.1:{live_port}")
    try:
        web.start()
        live.start()
        yield Processes(base, web, live)
    finally:
        for one in (web, live):
            one.shoot()
            one.log.close()


def _database() -> str:
    known = connections["default"].settings_dict
    who = quote(str(known["USER"]))
    if known["PASSWORD"]:
        who += ":" + quote(str(known["PASSWORD"]))
    host = str(known["HOST"])
    if host.startswith("/"):
        return f"postgresql://{who}@/{known['NAME']}?host={quote(host, safe='')}&port={known['PORT']}"
    return f"postgresql://{who}@{host}:{known['PORT']}/{known['NAME']}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
