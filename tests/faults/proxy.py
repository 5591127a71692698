"""A TCP proxy that can refuse, cut a stream after so many bytes with a reset, or corrupt it."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

CHUNK = 1024
RESET = struct.pack("ii", 1, 0)


@dataclass(slots=True)
class Proxy:
    """Where it listens, where it leads, and what it does to the next connections.

    Byte counts are of what goes through in one direction of one connection; TLS and its handshake count.
    ``None`` leaves a direction alone.
    """

    port: int
    target: tuple[str, int]
    refuses: bool = False
    cut_question_after: int | None = None
    cut_answer_after: int | None = None
    flip_answer_at: int | None = None
    open: list[socket.socket] = field(default_factory=list)

    def mend(self) -> None:
        """Pass everything on, over new connections."""
        self.refuses, self.cut_question_after, self.cut_answer_after = False, None, None
        self.flip_answer_at = None
        self.hang_up()

    def hang_up(self) -> None:
        """Reset what is open, so that no kept-alive connection survives from a time of other rules."""
        while self.open:
            reset(self.open.pop())


def reset(connection: socket.socket) -> None:
    """End a connection as a crashed host does: RST, no FIN."""
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


@contextmanager
def proxy(port: int, target: tuple[str, int]) -> Iterator[Proxy]:
    """Run one on a loopback port."""
    here = Proxy(port, target)
    with socket.create_server(("127.0.0.1", port)) as listener:
        thread = threading.Thread(target=_serve, args=(here, listener), daemon=True)
        thread.start()
        try:
            yield here
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            here.hang_up()
            thread.join(5)


def _serve(here: Proxy, listener: socket.socket) -> None:
    with suppress(OSError):
        while True:
            asker, _ = listener.accept()
            if here.refuses:
                reset(asker)
                continue
            try:
                answerer = socket.create_connection(here.target, timeout=5)
            except OSError:
                reset(asker)
                continue
            answerer.settimeout(None)
            here.open += [asker, answerer]
            for work in ((asker, answerer, "question"), (answerer, asker, "answer")):
                threading.Thread(target=_pump, args=(here, *work), daemon=True).start()


def _pump(here: Proxy, source: socket.socket, sink: socket.socket, direction: str) -> None:
    passed = 0
    with suppress(OSError):
        while data := source.recv(CHUNK):
            limit = here.cut_question_after if direction == "question" else here.cut_answer_after
            if limit is not None and passed + len(data) > limit:
                sink.sendall(data[: max(0, limit - passed)])
                reset(sink)
                break
            if direction == "answer" and here.flip_answer_at is not None:
                data = _flipped(data, here.flip_answer_at - passed)
            sink.sendall(data)
            passed += len(data)
    for end in (source, sink):
        reset(end)


def _flipped(data: bytes, at: int) -> bytes:
    if not 0 <= at < len(data):
        return data
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]
