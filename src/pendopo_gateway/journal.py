"""The message log: an append-only file of checksummed, chained records that is on disk before we go on.

Records live in numbered segments. Each is a frame: payload length (4 bytes), kind (1 byte), digest
(32 bytes), payload. The digest is ``SHA-256(digest of the frame before || kind || payload)``; the chain
runs on from segment to segment, so a record can be neither changed nor taken out without every later
digest changing. The digest of the newest frame is the state of the whole log.

``append`` returns when its records are on disk. One thread writes: it syncs at once when idle, and
what arrives while a sync is under way, or is ready in the same moment, goes together into the next one.

After a crash the last frame may be torn. ``open`` moves such a tail into a file beside the segment and
goes on before it; damage with intact records behind it is not a torn tail, and the log refuses to open.
A full disk is not a broken one. When a write finds no room, what it left behind is cut off again, nothing of
it is acknowledged, and the log refuses records until there is room; then it goes on by itself. What was owed
meanwhile (``owe``: how exchanges ended that were under way) is written first. After any other failed write,
or a failed sync, the log accepts nothing more until it is opened again: what the disk then holds is unknown.

What is *not* kept here: message bodies. Questions and answers are evidence by their signed headers,
which hold the digest of the body; whoever holds the body can prove it with them.
"""

import asyncio
import errno
import fcntl
import os
import re
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from pathlib import Path
from struct import Struct
from typing import BinaryIO, Literal, override

import msgspec

from pendopo_gateway import logs, metrics
from pendopo_gateway.errors import JournalDamaged, JournalFailed

SEGMENT_BYTES = 64 * 1024 * 1024
LARGEST_PAYLOAD = 1024 * 1024
LOOK_AGAIN_SECONDS = 1.0
"""How often a full disk is tried again."""

_HEAD = Struct(">IB32s")
_START = bytes(32)
_NAME = re.compile(r"(\d{9})\.log")
_HEAD_SHAPE = re.compile(rb"(?=\x00[\x00-\x10][\x00-\xff]{2}[\x00-\x03])")


class Kind(IntEnum):
    """What a record is."""

    SEGMENT = 0
    REQUEST = 1
    OUTCOME = 2
    ACCESS = 3


_KINDS = frozenset(Kind)
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in the log: segment number and byte offset of a frame."""

    segment: int
    offset: int

    @override
    def __str__(self) -> str:
        return f"{self.segment}-{self.offset}"


@dataclass(frozen=True, slots=True)
class Record:
    """One record as read, with the position behind it."""

    kind: Kind
    payload: bytes
    digest: bytes
    end: Position


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One record to be written."""

    kind: Kind
    payload: bytes


class _TornError(Exception):
    """The bytes from ``offset`` on are no whole frame."""

    def __init__(self, offset: int, reason: str) -> None:
        super().__init__(reason)
        self.offset = offset


class _NoRoomError(Exception):
    """The disk is full; the log is as it was before."""


class _Waiting(msgspec.Struct, frozen=True):
    entries: tuple[Entry, ...]
    loop: asyncio.AbstractEventLoop
    done: asyncio.Future[None]


class Journal:
    """The log in one folder, opened by one process."""

    def __init__(self, folder: Path, *, segment_bytes: int = SEGMENT_BYTES) -> None:
        self._folder = folder
        self._segment_bytes = segment_bytes
        self._wake = threading.Condition()
        self._queue: list[_Waiting] = []
        self._owed: list[Entry] = []
        self._full = False
        self._failed: Exception | None = None
        self._closing = False
        self._file = -1
        self._lock = -1
        self._chain = _START
        self._end = Position(1, 0)
        self._durable = Position(1, 0)
        self._thread: threading.Thread | None = None

    @property
    def is_writable(self) -> bool:
        """Whether ``append`` can succeed."""
        return self.state == "good"

    @property
    def state(self) -> Literal["good", "full", "unusable"]:
        """``full`` passes by itself when there is room again; ``unusable`` lasts until it is opened anew."""
        if self._thread is None or self._failed is not None or self._closing:
            return "unusable"
        return "full" if self._full else "good"

    @property
    def durable(self) -> Position:
        """The position behind the last record that is on disk."""
        return self._durable

    def open(self) -> None:
        """Recover the newest segment, then accept records. Raises ``JournalDamaged`` or ``JournalFailed``."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            self._lock = _locked(self._folder / "lock")
            segments = self._segments()
            while segments and not self._take_up(segments[-1]):
                segments.pop()
            if not segments:
                self._begin_segment(1)
        except OSError as error:
            raise JournalFailed("the message log cannot be opened") from error
        self._durable = self._end
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    async def append(self, *entries: Entry) -> None:
        """Write records, in this order and next to each other; returns when they are on disk.

        Raises ``JournalFailed`` when they may not be.
        """
        loop = asyncio.get_running_loop()
        done = loop.create_future()
        with self._wake:
            if not self.is_writable or any(len(entry.payload) > LARGEST_PAYLOAD for entry in entries):
                raise JournalFailed("the message log does not accept records")
            self._queue.append(_Waiting(entries, loop, done))
            if len(self._queue) == 1:
                # The thread is called two turns of the loop later, with what others that are ready to run
                # append until then. An idle loop takes no time for its turns; a busy one writes less often,
                # and is not interrupted by the thread in the middle of a turn.
                loop.call_soon(loop.call_soon, self._call)
        await done  # whoever is cancelled meanwhile gives up waiting, not the records

    def _call(self) -> None:
        with self._wake:
            self._wake.notify()

    def owe(self, *entries: Entry) -> None:
        """Take records of something that has happened, to be written as soon as they can be.

        For what ``append`` refused and cannot be undone. They are few, because on a full disk nothing new
        begins, and held in memory only: after a crash ``Evidence.recover`` stands in for them.
        """
        with self._wake:
            self._owed += entries
            self._wake.notify()

    def close(self) -> None:
        """Write what waits, then stop."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        for file in (self._file, self._lock):
            if file >= 0:
                os.close(file)
        self._file = self._lock = -1

    def read(self, after: Position, *, most_bytes: int) -> Iterator[Record]:
        """Records that are on disk behind a position, oldest first, until about ``most_bytes`` were read.

        A position that is no frame boundary raises ``JournalDamaged``: it is not one that this log gave out.
        """
        durable, budget = self._durable, most_bytes
        for number in self._segments():
            if number < after.segment or number > durable.segment or budget <= 0:
                continue
            start = after.offset if number == after.segment else 0
            end = durable.offset if number == durable.segment else None
            try:
                for record in _frames(self._path(number), number, start=start, end=end, chain=None):
                    yield record
                    budget -= len(record.payload)
                    if budget <= 0:
                        break
            except _TornError as error:
                raise JournalDamaged(f"segment {number}: {error}") from error

    def recent(self, seconds: float) -> Iterator[Record]:
        """Records of the newest segments, oldest first: at least what the last ``seconds`` of writing held.

        Counted back from the last change of the newest segment but one, so that recovery, which may
        have changed the newest, does not shorten the view. Older records come along.
        """
        numbers = self._segments()
        changed = {number: self._path(number).stat().st_mtime for number in numbers}
        since = min((changed[number] for number in numbers[-2:]), default=0.0) - seconds
        first = next((number for number in numbers if changed[number] >= since), 1)
        yield from self.read(Position(first, 0), most_bytes=2**62)

    def verify(self) -> int:
        """Check the chain of the whole log; returns the number of records. Raises ``JournalDamaged``."""
        count, chain = 0, _START
        for number in self._segments():
            try:
                for record in _frames(self._path(number), number, chain=chain):
                    chain = record.digest
                    count += 1
            except _TornError as error:
                raise JournalDamaged(f"segment {number}, byte {error.offset}: {error}") from error
        return count

    def _segments(self) -> list[int]:
        names = (_NAME.fullmatch(path.name) for path in self._folder.iterdir())
        return sorted(int(name[1]) for name in names if name)

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:09}.log"

    def _take_up(self, number: int) -> bool:
        """Continue a segment; False when it holds nothing and is gone, so the one before is the newest."""
        path = self._path(number)
        offset, chain = 0, None
        try:
            for record in _frames(path, number, chain=None):
                offset, chain = record.end.offset, record.digest
        except _TornError as torn:
            self._set_tail_aside(path, torn)
        if chain is None:
            path.unlink()
            return False
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_DSYNC)
        self._chain, self._end = chain, Position(number, offset)
        return True

    def _set_tail_aside(self, path: Path, torn: _TornError) -> None:
        data = path.read_bytes()
        if _intact_behind(data, torn.offset):
            raise JournalDamaged(f"{path.name}, byte {torn.offset}: damaged, with intact records behind it")
        logs.warning("journal.tail_set_aside", segment=path.name, bytes=len(data) - torn.offset)
        aside = path.with_name(f"{path.name}.torn-{time.time_ns()}")
        aside.write_bytes(data[torn.offset :])
        aside.chmod(0o600)
        with path.open("r+b") as file:
            file.truncate(torn.offset)
            os.fsync(file.fileno())
        self._sync_folder()

    def _begin_segment(self, number: int) -> None:
        path = self._path(number)
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_DSYNC, 0o600)
        frame, chain = _frame(Entry(Kind.SEGMENT, b'{"format":"pendopo-message-log/1"}'), self._chain)
        try:
            _write_all(file, frame)
            os.fsync(file)
        except OSError:
            os.close(file)
            path.unlink()
            raise
        self._sync_folder()
        if self._file >= 0:
            os.close(self._file)
        self._file, self._chain, self._end = file, chain, Position(number, len(frame))

    def _sync_folder(self) -> None:
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _run(self) -> None:
        while (batch := self._next_batch()) is not None:
            try:
                self._commit(batch)
            except _NoRoomError as error:
                self._full = True
                logs.warning("journal.full", segment=self._end.segment)
                self._refuse(batch, error)
                self._wait_for_room()
            except (OSError, MemoryError) as error:
                self._failed = error
                self._refuse(batch, error)
                return
            else:
                _release(batch, None)

    def _next_batch(self) -> list[_Waiting] | None:
        """Wait for something to write; ``None`` when the log is being closed and nothing waits."""
        with self._wake:
            while not (self._queue or self._owed or self._closing):
                self._wake.wait()
            batch, self._queue = self._queue, []
            return batch if batch or (self._owed and not self._full) else None

    def _wait_for_room(self) -> None:
        """Come back when the largest record would fit, or the log is being closed."""
        while not self._closing:
            with self._wake:
                self._wake.wait(LOOK_AGAIN_SECONDS)
            try:
                with self._room_or_as_before():
                    _write_all(self._file, b"\xff" * LARGEST_PAYLOAD)  # looks like no frame
            except _NoRoomError:
                continue
            os.ftruncate(self._file, self._end.offset)
            self._full = False
            logs.info("journal.goes_on", segment=self._end.segment)
            return

    def _commit(self, batch: Iterable[_Waiting]) -> None:
        if self._end.offset >= self._segment_bytes:
            with self._room_or_as_before():
                self._begin_segment(self._end.segment + 1)
        owed = list(self._owed)
        frames, chain = [], self._chain
        for entry in (*owed, *(entry for waiting in batch for entry in waiting.entries)):
            frame, chain = _frame(entry, chain)
            frames.append(frame)
        data = b"".join(frames)
        # The file is opened for synchronous writing (O_DSYNC): a write returns when it is on disk. One call
        # instead of two, for each time this thread comes back it waits until the event loop lets it run.
        with metrics.JOURNAL_SYNC.time(), self._room_or_as_before():
            _write_all(self._file, data)
        metrics.JOURNAL_RECORDS.inc(len(frames))
        self._chain, self._end = chain, Position(self._end.segment, self._end.offset + len(data))
        self._durable = self._end
        with self._wake:
            del self._owed[: len(owed)]

    @contextmanager
    def _room_or_as_before(self) -> Iterator[None]:
        """Cut off again a write that found no room: nobody relied on it, for it was not synced."""
        try:
            yield
        except OSError as error:
            if error.errno not in _NO_ROOM:
                raise
            os.ftruncate(self._file, self._end.offset)
            raise _NoRoomError from error

    def _refuse(self, batch: list[_Waiting], error: Exception) -> None:
        with self._wake:
            batch += self._queue
            self._queue = []
        _release(batch, error)


def parse_position(text: str) -> Position | None:
    """Read a position as ``str(position)`` wrote it; the empty text is the beginning."""
    if not text:
        return Position(1, 0)
    match = re.fullmatch(r"([1-9]\d{0,8})-(\d{1,12})", text)
    return Position(int(match[1]), int(match[2])) if match else None


def _locked(path: Path) -> int:
    """Hold a lock file as long as the returned file is open; the system frees it when the process dies."""
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(file)
        raise JournalFailed("the message log is in use by another process") from error
    return file


def _release(batch: Iterable[_Waiting], error: Exception | None) -> None:
    loops: dict[asyncio.AbstractEventLoop, list[asyncio.Future[None]]] = {}
    for waiting in batch:
        loops.setdefault(waiting.loop, []).append(waiting.done)
    for loop, futures in loops.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_settle, futures, error)


def _settle(futures: Iterable[asyncio.Future[None]], error: Exception | None) -> None:
    for future in futures:
        if future.done():
            continue
        if error is None:
            future.set_result(None)
        else:
            failure = JournalFailed("the message log could not be written")
            failure.__cause__ = error
            future.set_exception(failure)


def _digest(before: bytes, kind: int, payload: bytes) -> bytes:
    return sha256(before + bytes((kind,)) + payload).digest()


def _frame(entry: Entry, before: bytes) -> tuple[bytes, bytes]:
    digest = _digest(before, entry.kind, entry.payload)
    return _HEAD.pack(len(entry.payload), entry.kind, digest) + entry.payload, digest


def _write_all(file: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]


def _frames(
    path: Path,
    number: int,
    *,
    start: int = 0,
    end: int | None = None,
    chain: bytes | None,
) -> Iterator[Record]:
    """Frames of a segment from an offset; ``chain`` is the digest before it, ``None`` trusts the first."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size if end is None else end
        file.seek(start)
        offset = start
        while offset < size:
            kind, digest, payload = _next_frame(file, offset, size)
            if chain is not None and _digest(chain, kind, payload) != digest:
                raise _TornError(offset, "a record does not fit its digest")
            offset += _HEAD.size + len(payload)
            yield Record(kind, payload, digest, Position(number, offset))
            chain = digest


def _next_frame(file: BinaryIO, offset: int, size: int) -> tuple[Kind, bytes, bytes]:
    head = file.read(_HEAD.size)
    if len(head) < _HEAD.size:
        raise _TornError(offset, "a frame's head is cut")
    length, kind, digest = _HEAD.unpack(head)
    if length > LARGEST_PAYLOAD or kind not in _KINDS:
        raise _TornError(offset, "a frame's head is not one")
    payload = file.read(length) if offset + _HEAD.size + length <= size else b""
    if len(payload) < length:
        raise _TornError(offset, "a record is cut")
    return Kind(kind), digest, payload


def _intact_behind(data: bytes, offset: int) -> bool:
    """Whether two frames that fit each other lie behind a place that is no frame."""
    for candidate in _HEAD_SHAPE.finditer(data, offset):
        start = candidate.start()
        if start + _HEAD.size > len(data):
            return False
        length, _kind, digest = _HEAD.unpack_from(data, start)
        following = start + _HEAD.size + length
        if following + _HEAD.size > len(data):
            continue
        next_length, kind, next_digest = _HEAD.unpack_from(data, following)
        payload = data[following + _HEAD.size : following + _HEAD.size + next_length]
        if len(payload) == next_length and kind in _KINDS and _digest(digest, kind, payload) == next_digest:
            return True
    return False
