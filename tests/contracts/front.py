"""A front before the population office's system that passes questions on, or misbehaves on command."""

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import ThreadingMixIn
from typing import Literal, override
from urllib.parse import urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.core.wsgi import get_wsgi_application

type Mood = Literal["pass", "slow", "cut", "broken", "nonsense", "late-answer-lost"]


@dataclass(slots=True)
class Front:
    """Where it listens and how it behaves now. ``late-answer-lost`` lets the office act, then hangs up."""

    port: int
    mood: Mood = "pass"
    passed: int = 0


@contextmanager
def office_front(office: str) -> Iterator[Front]:
    """Run the front of the office at ``office`` (``http://host:port``)."""
    target = urlsplit(office)
    front = Front(0)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            if front.mood == "slow":
                time.sleep(3)
            if front.mood in {"slow", "cut"}:
                self.close_connection = True
                return
            if front.mood == "broken":
                self._say(500, {"Content-Type": "text/plain"}, b"out of memory")
            elif front.mood == "nonsense":
                self._say(200, {"Content-Type": "application/json"}, b'{"nik": "1"}')
            else:
                self._pass_on(body)

        def _pass_on(self, body: bytes) -> None:
            connection = http.client.HTTPConnection(target.hostname or "", target.port or 80, timeout=10)
            headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
            connection.request("POST", self.path, body, headers)
            answer = connection.getresponse()
            data = answer.read()
            connection.close()
            front.passed += 1
            if front.mood == "late-answer-lost":
                self.close_connection = True
                return
            kept = {
                name: value
                for name, value in answer.getheaders()
                if name.lower() not in {"content-length", "connection", "date", "server"}
            }
            self._say(answer.status, kept, data)

        def _say(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        @override
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    front.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield front
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _OfficeServer(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _QuietHandler(WSGIRequestHandler):
    @override
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def office_server() -> Iterator[str]:
    """Serve this process's Django application on a free port; yields its address."""
    server = make_server("127.0.0.1", 0, get_wsgi_application(), _OfficeServer, _QuietHandler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
