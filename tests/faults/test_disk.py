"""Full disks: what cannot be kept is refused in words, nothing acknowledged is lost, it goes on by itself."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from signal import SIGKILL, SIGTERM

import pytest
from django.db import connection, transaction
from django.test import Client

from pendopo.casework import events
from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.audit import audit
from pendopo.foundation.settings import current
from pendopo.foundation.text import t
from pendopo.kernel.ids import uuid7
from pendopo.ledger import api as ledger
from pendopo_gateway.journal import Journal
from pendopo_gateway.tests.loops import run
from pendopo_gateway.tests.test_kill import Process, all_records
from pendopo_gateway.tests.world import Got, Site, World, ask, persons, wait_for
from pendopo_wire.access import Side
from tests.faults.disk import Disk, small_disk

pytestmark = pytest.mark.timeout(120)

MEGABYTES = 4
UNDER_WAY = 8
"""More than what fits into the page of the log that is already there."""
REFUSED = {
    Side.CONSUMER: "server.clientproxy.logging_failed",
    Side.PROVIDER: "server.serverproxy.logging_failed",
}


@asynccontextmanager
async def gateways(world: World) -> AsyncIterator[dict[Side, Process]]:
    """Both gateways as processes, and the office behind them."""
    running = {Side.PROVIDER: Process(world.provider), Side.CONSUMER: Process(world.hall)}
    await world.office.start()
    try:
        for gateway in running.values():
            await gateway.start()
        yield running
    finally:
        for gateway in running.values():
            if gateway.running is not None:
                gateway.stop(SIGKILL)
        await world.office.stop()


def site_of(world: World, side: Side) -> Site:
    return world.hall if side is Side.CONSUMER else world.provider


async def ready(site: Site) -> Got:
    return await wait_for(lambda: ask(site, "/readyz"), lambda got: got.status == 200)


@pytest.mark.django_db
def test_checkpoints_wait_for_room_and_the_log_grows_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder outside the database is full: entries are numbered and signed; copies follow."""
    with small_disk(tmp_path / "outside", 1) as disk:
        monkeypatch.setenv("PENDOPO_CHECKPOINT_DIR", str(disk.folder))
        current.cache_clear()
        commit_an_entry()
        ledger.sequence()
        disk.fill()
        sizes = []
        for _ in range(2):
            commit_an_entry()
            with pytest.raises(OSError, match="No space"):
                ledger.sequence()
            sizes.append(ledger.latest_checkpoint().size)
        assert sizes[0] < sizes[1]
        assert not list(disk.folder.glob(".*"))
        disk.free()
        assert ledger.sequence() == 0
        copies = {path.name for path in disk.folder.iterdir()}
        assert {f"{size:016d}" for size in sizes} <= copies
        assert (disk.folder / "latest").read_text() == ledger.latest_checkpoint().note
        (disk.folder / "latest").write_text("of an earlier size")
        ledger.sequence()
        assert (disk.folder / "latest").read_text() == ledger.latest_checkpoint().note
    monkeypatch.undo()
    current.cache_clear()


def commit_an_entry() -> None:
    with transaction.atomic():
        audit(events.DRAFT_DISCARDED, actor=SYSTEM, object_id=uuid7())


@pytest.mark.django_db
def test_a_database_without_room_is_told_as_that_and_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL answers 53100: whoever asked reads 503, a sentence and a way out, as page or document."""

    def refuse(*_: object, **__: object) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100', MESSAGE = 'full'; END $$")

    monkeypatch.setattr("pendopo.casework.tracking.by_code", refuse)
    browser = Client(raise_request_exception=False)
    form = {"number": "AK-2026-000001", "code": "ABCD-EFGH"}
    told = browser.post("/track/", form)
    assert told.status_code == 503
    assert told["Content-Type"] == "application/problem+json"
    assert told.json()["code"] == "foundation.database_unavailable"
    page = browser.post("/track/", form, headers={"Accept": "text/html"})
    assert page.status_code == 503
    assert t("foundation.errors.database_unavailable", "id") in page.content.decode()


async def until(holds: Callable[[], bool]) -> None:
    for _ in range(500):
        if holds():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never became so")


@pytest.mark.parametrize("side", list(Side))
def test_a_gateway_on_a_full_disk_refuses_and_goes_on_when_there_is_room(tmp_path: Path, side: Side) -> None:
    world = World(tmp_path)
    with small_disk(site_of(world, side).folder / "data", MEGABYTES) as disk:
        run(_fill_and_free(world, side, disk))


async def _fill_and_free(world: World, side: Side, disk: Disk) -> None:
    site, answered = site_of(world, side), set[str]()
    async with gateways(world) as running:
        answered.add((await persons(world)).headers["X-Road-Request-Id"])
        for spare in (8192, 0):  # once cut in the middle of a record, once with no room at all
            disk.fill(spare)
            refusals = [got for _ in range(40) if (got := await persons(world)).error is not None]
            assert {got.error for got in refusals} <= {REFUSED[side], f"{REFUSED[side]}.outcome"}
            told = json.loads(refusals[-1].body)
            assert refusals[-1].headers["Content-Type"] == "application/problem+json"
            assert told["cause"]["id"]
            assert told["remedy"]["id"]
            assert json.loads((await ask(site, "/readyz")).body)["message_log"] == "full"
            asked = len(world.office.asked)
            assert (await persons(world)).error == REFUSED[side]
            assert len(world.office.asked) == asked  # a question that cannot be logged goes no further
            disk.free()
            await ready(site)
            got = await persons(world)
            assert got.error is None
            answered.add(got.headers["X-Road-Request-Id"])
        looked = Counter(headers["x-road-request-id"] for _, _, headers, _ in world.office.asked)
        recorded = {each: await all_records(world, each) for each in Side}
        assert answered <= set(looked)
        for each in Side:
            assert set(recorded[each].values()) == {1}
            assert set(looked) <= set(recorded[each])  # every look, also those whose answer was refused
        for gateway in running.values():
            assert gateway.stop(SIGTERM) == 0
            assert Journal(gateway.site.messages).verify() > 0


def test_a_look_under_way_when_the_disk_fills_up_is_recorded_when_there_is_room(tmp_path: Path) -> None:
    """The office has answered, the log cannot say so: nothing is told further, the look is not forgotten."""
    world = World(tmp_path)
    with small_disk(world.provider.folder / "data", MEGABYTES) as disk:
        run(_fill_under_way(world, disk))


async def _fill_under_way(world: World, disk: Disk) -> None:
    async with gateways(world):
        world.office.delay = 1.0
        pending = [asyncio.create_task(persons(world)) for _ in range(UNDER_WAY)]
        await until(lambda: len(world.office.asked) == UNDER_WAY)
        disk.fill()
        answers = await asyncio.gather(*pending)
        refused = [got for got in answers if got.error == f"{REFUSED[Side.PROVIDER]}.outcome"]
        assert refused
        assert not any(b"Siti" in got.body for got in refused)
        assert all(got.error is None for got in answers if got not in refused)
        disk.free()
        await ready(world.provider)
        theirs = await all_records(world, Side.PROVIDER)
        ours = await all_records(world, Side.CONSUMER)
        assert (
            theirs == ours == Counter(headers["x-road-request-id"] for _, _, headers, _ in world.office.asked)
        )
