"""An HTTP server in the gateway's place that answers as it is told: late, wrong, cut off, or not at all."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import override


@dataclass(slots=True)
class Reply:
    """One answer: status, headers, body; ``delay`` in seconds before it; ``cut`` sends half of the body."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    delay: float = 0.0
    cut: bool = False
    echo_id: bool = True


@dataclass(slots=True)
class Seen:
    """What arrived."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class CrookedGateway:
    """Its address, what it will say (the last reply stays), and what it saw."""

    url: str
    replies: list[Reply]
    seen: list[Seen] = field(default_factory=list)

    def next_reply(self) -> Reply:
        """The next answer."""
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


@contextmanager
def crooked_gateway(*replies: Reply) -> Iterator[CrookedGateway]:
    """Run the server on a free port of the loopback interface."""
    told = CrookedGateway("", list(replies))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            body = self.rfile.read(length)
            lower = {name.lower(): value for name, value in self.headers.items()}
            told.seen.append(Seen(self.path, lower, body))
            reply = told.next_reply()
            time.sleep(reply.delay)
            self.send_response(reply.status)
            if reply.echo_id and "x-road-id" in lower:
                self.send_header("X-Road-Id", lower["x-road-id"])
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body[: len(reply.body) // 2] if reply.cut else reply.body)
            if reply.cut:
                self.close_connection = True

        do_GET = do_POST  # noqa: N815  # the name is the server's

        @override
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    told.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
