"""A front before the population office's system that passes questions on, or misbehaves on command."""

import http.client
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal, override
from urllib.parse import urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.core.wsgi import get_wsgi_application

OWN_HEADERS = frozenset({"content-length", "connection", "date", "server"})

type Mood = Literal["pass", "slow", "cut", "broken", "nonsense", "late-answer-lost"]


@dataclass(frozen=True, slots=True)
class Reply:
    """What the front answers: status, headers (of the office, or its own), body."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Front:
    """Where it listens and how it behaves now. ``late-answer-lost`` lets the office act, then hangs up.

    In mood ``pass``, ``twist`` may change what the office answered; it may also take its time.
    """

    port: int
    mood: Mood = "pass"
    twist: Callable[[Reply], Reply] | None = None
    paths: list[str] = field(default_factory=list)
    """What was asked, in order; tests count commands here."""


class _FrontHandler(BaseHTTPRequestHandler):
    """Answers by the mood of the front; ``front`` and ``office`` are set on a subclass for each front."""

    protocol_version = "HTTP/1.1"
    front: Front
    office: tuple[str, int]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.front.paths.append(self.path)
        match self.front.mood:
            case "slow" | "cut":
                time.sleep(3 if self.front.mood == "slow" else 0)
                self.close_connection = True
            case "broken":
                self._say(500, {"Content-Type": "text/plain"}, b"out of memory")
            case "nonsense":
                self._say(200, {"Content-Type": "application/json"}, b'{"nik": "1"}')
            case "pass" | "late-answer-lost":
                self._pass_on(body)

    def _pass_on(self, body: bytes) -> None:
        connection = http.client.HTTPConnection(*self.office, timeout=10)
        headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
        connection.request("POST", self.path, body, headers)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        if self.front.mood == "late-answer-lost":
            self.close_connection = True
            return
        kept = {name: value for name, value in answer.getheaders() if name.lower() not in OWN_HEADERS}
        reply = Reply(answer.status, kept, data)
        reply = self.front.twist(reply) if self.front.twist else reply
        self._say(reply.status, reply.headers, reply.body)

    def _say(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(ConnectionError):  # who asked has given up
            self.wfile.write(body)

    @override
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def office_front(office: str) -> Iterator[Front]:
    """Run a front before the office at ``office`` (``http://host:port``)."""
    target = urlsplit(office)
    front = Front(0)
    values = {"front": front, "office": (target.hostname or "", target.port or 80)}
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_FrontHandler,), values))
    server.daemon_threads = True
    front.port = server.server_address[1]
    with _serving(server):
        yield front


@contextmanager
def _serving(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _OfficeServer(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _QuietHandler(WSGIRequestHandler):
    @override
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def office_server() -> Iterator[str]:
    """Serve this process's Django application on a free port; yields its address."""
    server = make_server("127.0.0.1", 0, get_wsgi_application(), _OfficeServer, _QuietHandler)
    with _serving(server):
        yield f"http://127.0.0.1:{server.server_port}"
