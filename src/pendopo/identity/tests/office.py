"""A population office for tests, in the place of the hall's gateway, speaking its loopback interface."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import override

import pytest

from pendopo.exchange.api import pseudonym
from pendopo.foundation.settings import current
from pendopo.kernel.nik import Nik


@dataclass(slots=True)
class Office:
    """Who lives here, by NIK, and what was asked: purpose, acting person, path."""

    people: dict[str, dict[str, object]] = field(default_factory=dict)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    is_down: bool = False

    def enter(self, nik: Nik, name: str, born: str = "1996-03-12", *, alive: bool = True) -> None:
        """Enter a resident."""
        self.people[nik.value] = {"name": name, "birth_date": born, "alive": alive}

    def answer(self, body: bytes) -> tuple[int, dict[str, object], str]:
        """Answer ``POST /persons``."""
        asked = json.loads(body)
        known = self.people.get(asked["nik"])
        if known is None:
            return 404, {"code": "registers.person_not_found"}, ""
        shown = {name: known[name] for name in asked["fields"] if name in known}
        return 200, {"nik": asked["nik"], **shown}, pseudonym(Nik.parse(asked["nik"]))


@contextmanager
def open_office() -> Iterator[Office]:
    """Serve an office and point this deployment's gateway address at it."""
    office = Office()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Take a question."""
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            purpose, user = self.headers.get("X-Exchange-Purpose", ""), self.headers.get("X-Road-UserId", "")
            office.asked.append((purpose, user, self.path))
            if office.is_down:
                self.send_response(502)
                self.send_header("X-Road-Error", "server.serverproxy.service_failed.network_error")
                self.end_headers()
                return
            status, answer, subject = office.answer(body)
            self.send_response(status)
            self.send_header("X-Road-Id", self.headers["X-Road-Id"])
            self.send_header("X-Exchange-Subjects", subject)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        @override
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PENDOPO_GATEWAY_URL", f"http://127.0.0.1:{server.server_address[1]}")
        current.cache_clear()
        yield office
    current.cache_clear()
    server.shutdown()
    server.server_close()
