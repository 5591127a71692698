"""The message log: what is on disk stays, what is torn is set aside, what is changed is noticed."""

import asyncio
import errno
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pendopo_gateway import journal, metrics
from pendopo_gateway.errors import JournalDamaged, JournalFailed
from pendopo_gateway.journal import Entry, Journal, Kind, Position, parse_position
from pendopo_gateway.tests.loops import run

BEGINNING = Position(1, 0)


@asynccontextmanager
async def opened(folder: Path, segment_bytes: int = journal.SEGMENT_BYTES) -> AsyncIterator[Journal]:
    log = Journal(folder, segment_bytes=segment_bytes)
    log.open()
    try:
        yield log
    finally:
        log.close()


def payloads(log: Journal) -> list[bytes]:
    found = log.read(BEGINNING, most_bytes=2**40)
    return [record.payload for record in found if record.kind is not Kind.SEGMENT]


async def write(folder: Path, count: int, segment_bytes: int = journal.SEGMENT_BYTES) -> None:
    async with opened(folder, segment_bytes) as log:
        for number in range(count):
            await log.append(Entry(Kind.REQUEST, b"record %d" % number))


def segments(folder: Path) -> list[Path]:
    return list(folder.glob("*.log"))


def segment(folder: Path, number: int = 1) -> Path:
    return folder / f"{number:09}.log"


async def test_records_are_there_after_reopening_over_several_segments(tmp_path: Path) -> None:
    await write(tmp_path, 20, segment_bytes=200)
    async with opened(tmp_path, 200) as log:
        await log.append(Entry(Kind.OUTCOME, b"last"), Entry(Kind.ACCESS, b"together"))
        assert payloads(log) == [*(b"record %d" % number for number in range(20)), b"last", b"together"]
        assert len(segments(tmp_path)) > 3
        assert log.verify() == 22 + len(segments(tmp_path))


async def test_many_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path, 10_000) as log:
        await asyncio.gather(*(log.append(Entry(Kind.REQUEST, b"%d" % number)) for number in range(500)))
        assert sorted(payloads(log), key=int) == [b"%d" % number for number in range(500)]
    assert Journal(tmp_path).verify() > 500


async def test_a_reader_sees_only_what_is_on_disk(tmp_path: Path) -> None:
    async with opened(tmp_path) as log:
        await log.append(Entry(Kind.REQUEST, b"one"))
        with segment(tmp_path).open("ab") as file:
            file.write(b"not yet synced")
        assert payloads(log) == [b"one"]


async def test_cursors_resume_where_reading_stopped(tmp_path: Path) -> None:
    await write(tmp_path, 10, segment_bytes=200)
    async with opened(tmp_path, 200) as log:
        seen, position = [], BEGINNING
        while found := list(log.read(position, most_bytes=1)):
            seen += [record.payload for record in found if record.kind is Kind.REQUEST]
            position = found[-1].end
        assert seen == payloads(log)
        assert position == log.durable
        assert parse_position(str(position)) == position
        with pytest.raises(JournalDamaged):
            list(log.read(Position(1, 5), most_bytes=100))


@pytest.mark.parametrize("text", ["x", "0-0", "1", "1-", "-1", "1-2-3", "1-99999999999999", " 1-2"])
def test_cursors_of_no_log(text: str) -> None:
    assert parse_position(text) is None


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(cut=st.integers(0, 400))
def test_a_torn_tail_is_set_aside_at_a_record_boundary(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    folder = tmp_path_factory.mktemp("torn")
    run(write(folder, 5))
    path = segment(folder)
    whole = path.read_bytes()
    cut = min(cut, len(whole))
    path.write_bytes(whole[:cut])

    async def reopen() -> list[bytes]:
        async with opened(folder) as log:
            await log.append(Entry(Kind.REQUEST, b"after"))
            return payloads(log)

    found = run(reopen())
    assert found[-1] == b"after"
    assert found[:-1] == [b"record %d" % number for number in range(len(found) - 1)]
    assert Journal(folder).verify() == len(found) + 1
    aside = list(folder.glob("*.torn-*"))
    kept = sum(path.stat().st_size for path in aside)
    assert kept == 0 or whole[:cut].endswith(aside[0].read_bytes())


async def test_zeros_at_the_end_are_a_torn_tail(tmp_path: Path) -> None:
    await write(tmp_path, 3)
    with segment(tmp_path).open("ab") as file:
        file.write(bytes(5000))
    async with opened(tmp_path) as log:
        assert len(payloads(log)) == 3


@pytest.mark.parametrize("offset", [4, 10, 38, 100, 130, 190])
async def test_damage_before_intact_records_is_not_taken_for_a_torn_tail(tmp_path: Path, offset: int) -> None:
    await write(tmp_path, 10)
    data = bytearray(segment(tmp_path).read_bytes())
    data[offset] ^= 0x40
    segment(tmp_path).write_bytes(data)
    with pytest.raises(JournalDamaged):
        Journal(tmp_path).verify()
    if offset > 100:
        with pytest.raises(JournalDamaged):
            Journal(tmp_path).open()


async def test_a_record_taken_out_or_a_segment_replaced_is_noticed(tmp_path: Path) -> None:
    await write(tmp_path / "a", 20, segment_bytes=200)
    await write(tmp_path / "b", 40, segment_bytes=200)
    segment(tmp_path / "a", 2).write_bytes(segment(tmp_path / "b", 3).read_bytes())
    with pytest.raises(JournalDamaged):
        Journal(tmp_path / "a").verify()
    segment(tmp_path / "b", 2).unlink()
    with pytest.raises(JournalDamaged):
        Journal(tmp_path / "b").verify()


async def test_after_a_failed_write_nothing_is_accepted(tmp_path: Path) -> None:
    async with opened(tmp_path) as log:
        await log.append(Entry(Kind.REQUEST, b"good"))
        full = os.open("/dev/full", os.O_WRONLY)
        os.dup2(full, log._file)
        os.close(full)
        for _ in range(3):
            with pytest.raises(JournalFailed):
                await log.append(Entry(Kind.REQUEST, b"lost"))
        assert not log.is_writable
    async with opened(tmp_path) as log:
        assert payloads(log) == [b"good"]


async def test_a_full_disk_leaves_no_trace_and_what_is_owed_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a record is written before the room ends; with room again the log goes on by itself."""
    write_all = journal._write_all

    def half(file: int, data: bytes) -> None:
        write_all(file, data[: len(data) // 2])
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(journal, "LOOK_AGAIN_SECONDS", 0.02)
    async with opened(tmp_path, 200) as log:
        await log.append(Entry(Kind.REQUEST, b"good"))
        monkeypatch.setattr(journal, "_write_all", half)
        for _ in range(3):
            with pytest.raises(JournalFailed):
                await log.append(Entry(Kind.REQUEST, b"refused" * 40))
        log.owe(Entry(Kind.OUTCOME, b"owed"))
        assert log.state == "full"
        monkeypatch.setattr(journal, "_write_all", write_all)
        while not log.is_writable:  # noqa: ASYNC110  # a thread of the log's own looks for room
            await asyncio.sleep(0.01)
        await log.append(Entry(Kind.REQUEST, b"later"))
    async with opened(tmp_path) as log:
        assert payloads(log) == [b"good", b"owed", b"later"]
        assert log.verify() == 3 + len(segments(tmp_path))


async def test_a_closed_log_accepts_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path) as log:
        pass
    with pytest.raises(JournalFailed):
        await log.append(Entry(Kind.REQUEST, b"late"))


async def test_two_processes_cannot_write_one_log(tmp_path: Path) -> None:
    async with opened(tmp_path):
        with pytest.raises(JournalFailed):
            Journal(tmp_path).open()
    async with opened(tmp_path) as log:
        assert log.is_writable


async def test_an_empty_newest_segment_is_passed_over(tmp_path: Path) -> None:
    await write(tmp_path, 3)
    segment(tmp_path, 2).touch()
    async with opened(tmp_path) as log:
        assert len(payloads(log)) == 3
        await log.append(Entry(Kind.REQUEST, b"more"))
    assert Journal(tmp_path).verify() == 5


async def test_what_is_ready_in_one_moment_is_synced_together(tmp_path: Path) -> None:
    async with opened(tmp_path) as log:
        before = syncs()
        await asyncio.gather(*(log.append(Entry(Kind.REQUEST, b"%d" % number)) for number in range(50)))
        assert syncs() - before <= 2, "one, and another if the thread was awake already"
        await log.append(Entry(Kind.REQUEST, b"alone"))
        assert len(payloads(log)) == 51


async def test_who_gives_up_waiting_does_not_take_the_records_along(tmp_path: Path) -> None:
    async with opened(tmp_path) as log:
        waiting = asyncio.create_task(log.append(Entry(Kind.REQUEST, b"kept")))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await log.append(Entry(Kind.REQUEST, b"after"))
        assert payloads(log) == [b"kept", b"after"]


def syncs() -> float:
    return metrics.REGISTRY.get_sample_value("pendopo_gateway_journal_sync_seconds_count") or 0.0
