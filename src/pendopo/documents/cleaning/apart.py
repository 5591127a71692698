"""Rebuilding in a process of its own, with little memory and little time.

A file of a few hundred kilobytes can ask a parser for a gigabyte (a compressed object stream, a picture of
one colour). Whoever sends such a file loses only the small process that reads it; the hall goes on.

``python -m pendopo.documents.cleaning.apart`` is the nursery: it has the parsers loaded and never reads a
file itself. For each file it forks a child, which reads this one under its limits, answers and ends. So
nothing of one file is there when the next is read, and nobody waits for an interpreter to start. A nursery
belongs to one process of the hall and ends with it. It gets no settings, no keys and no database.

A call is one message with the media type and one end of a pair of sockets; over these the child says that
it begins, reads the file, and answers with a word, the length of the rebuilt file, a line feed and that file.
An answer that is shorter or longer than it says, comes in drops or has no end is none: whatever took the
child over may speak. Where nobody begins, the nursery was killed, and another one is asked.
"""

import atexit
import contextlib
import gc
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Final

from pendopo.documents.cleaning import MOST_MEGAPIXELS, MOST_PAGES
from pendopo.documents.errors import BrokenFile, LockedFile, PictureTooLarge, TooManyPages, UnsafeFile

MOST_MEMORY_BYTES: Final = 1536 * 1024 * 1024
MOST_PROCESSOR_SECONDS: Final = 20
MOST_SECONDS: Final = 60
LEAST_SECONDS: Final = 0.001
AT_ONCE: Final = 2
MODULE: Final = "pendopo.documents.cleaning.apart"
BEGUN: Final = b"."
DONE: Final = b"ok"
TRIES: Final = 2
PATIENCE_SECONDS: Final = 2
LONGEST_CALL: Final = 64
LONGEST_ANSWER: Final = 256 * 1024 * 1024
"""More than the largest picture that is let in, without any compression."""
PIECE: Final = 1 << 18
_SOURCES = Path(__file__).parents[3]
_places = threading.BoundedSemaphore(AT_ONCE)


def rebuild(data: bytes, media_type: str) -> bytes:
    """Return the file without anything that acts; raises a subclass of ``UnsafeFile``.

    A child that dies, of whatever cause, means a file that cannot be read: :class:`BrokenFile`.
    """
    with _places:
        for _ in range(TRIES):
            ours, theirs = socket.socketpair()
            with ours:
                with theirs:
                    _nursery.call(media_type, theirs)
                answer = ask(ours, data)
            if answer is not None:
                return answer
    raise BrokenFile


def ask(child: socket.socket, data: bytes) -> bytes | None:
    """Give the file to whoever has the other end and return what it makes of it, all within the time.

    None: nobody began, so that the file is not to blame.
    """
    until = time.monotonic() + MOST_SECONDS
    child.settimeout(MOST_SECONDS)
    answer = bytearray()
    try:
        with contextlib.suppress(ConnectionError):  # it ended; what it said before is still to be heard
            child.sendall(data)
            child.shutdown(socket.SHUT_WR)
        while piece := child.recv(PIECE):
            answer += piece
            if len(answer) > LONGEST_ANSWER:
                raise BrokenFile
            child.settimeout(max(until - time.monotonic(), LEAST_SECONDS))
    except ConnectionError:
        pass
    except OSError:  # it took too long
        raise BrokenFile from None
    if not answer:
        return None
    head, _, rebuilt = bytes(answer).removeprefix(BEGUN).partition(b"\n")
    if head == _head(DONE, rebuilt):
        return rebuilt
    raise _refusals().get(head.decode("ascii", "replace"), BrokenFile())


def _head(word: bytes, rebuilt: bytes) -> bytes:
    return b"%s %d" % (word, len(rebuilt))


def _everything(connection: socket.socket) -> bytes:
    pieces = bytearray()
    while piece := connection.recv(PIECE):
        pieces += piece
    return bytes(pieces)


def _refusals() -> dict[str, UnsafeFile]:
    """Return what a child may say beside "ok", with the numbers of the sentences."""
    known = (LockedFile(), TooManyPages(pages=MOST_PAGES), PictureTooLarge(megapixels=MOST_MEGAPIXELS))
    return {error.reason: error for error in known}


class _Nursery:
    """The process that forks a child for each file; started at the first one, and again if it was killed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._calls: socket.socket | None = None

    def call(self, media_type: str, theirs: socket.socket) -> None:
        """Ask for a child at the other end of a pair of sockets."""
        with self._lock:
            try:
                self._send(media_type, theirs)
            except OSError:
                self._end()
                self._send(media_type, theirs)

    def stop(self) -> None:
        """Let it end once its children have; the next file starts another."""
        with self._lock:
            self._end()

    def _send(self, media_type: str, theirs: socket.socket) -> None:
        socket.send_fds(self._calls or self._started(), [media_type.encode()], [theirs.fileno()])

    def _started(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", MODULE, str(theirs.fileno())],  # our own interpreter and module
                env={"PYTHONPATH": str(_SOURCES), "PATH": os.defpath, "LC_ALL": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # who interrupts a command at the terminal does not mean it
            )
        self._calls = ours
        return ours

    def _end(self) -> None:
        if self._calls is not None:
            self._calls.close()
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(PATIENCE_SECONDS)
        self._calls = self._process = None


_nursery = _Nursery()
stop = _nursery.stop
atexit.register(stop)


def _main(calls: socket.socket) -> None:
    """Fork a child for each call until the hall closes its end."""
    from PIL import Image  # noqa: PLC0415  # only the nursery and its children load the parsers

    from pendopo.documents.cleaning import pdf, pictures  # noqa: F401, PLC0415  # loaded here for the children

    # A service manager tells every process of a unit; the hall ends the files that it is at, and then us.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    Image.preinit()
    gc.freeze()
    while True:
        media_type, connections, _, _ = socket.recv_fds(calls, LONGEST_CALL, 1)
        if not connections:
            break
        if os.fork() == 0:
            calls.close()
            _child(media_type.decode(), socket.socket(fileno=connections[0]))
        os.close(connections[0])
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
    with contextlib.suppress(ChildProcessError):
        while os.wait():
            pass


def _child(media_type: str, connection: socket.socket) -> None:
    """Read one file, answer, and end whatever happens."""
    try:
        connection.sendall(BEGUN)
        _limit()
        connection.sendall(_answer(_everything(connection), media_type))
    finally:
        os._exit(0)


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_PROCESSOR_SECONDS, MOST_PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(MOST_SECONDS)


def _answer(data: bytes, media_type: str) -> bytes:
    from pendopo.documents.cleaning import pdf, pictures  # noqa: PLC0415  # never in the hall

    try:
        made = pdf.rebuild(data) if media_type == "application/pdf" else pictures.rebuild(data, media_type)
    except UnsafeFile as error:
        return error.reason.encode() + b"\n"
    except MemoryError:
        return BrokenFile.reason.encode() + b"\n"
    return _head(DONE, made) + b"\n" + made


if __name__ == "__main__":
    _main(socket.socket(fileno=int(sys.argv[1])))
