"""Gateways killed at random moments under traffic: nothing acknowledged is lost, nothing is doubled."""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest

from pendopo_gateway.journal import Journal
from pendopo_gateway.tests.world import Site, World, ask, persons, records, wait_for
from pendopo_wire.access import Side

WORKERS = 6


class Process:
    """A gateway as a process of its own."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.running: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        self.running = self._spawn()
        for _ in range(200):
            with suppress(aiohttp.ClientError):
                if (await ask(self.site, "/readyz")).status == 200:
                    return
            await asyncio.sleep(0.05)
        raise AssertionError("the gateway did not start")

    def _spawn(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "pendopo_gateway", "--config", str(self.site.config)]
        with (self.site.folder / "log.jsonl").open("ab") as log:
            return subprocess.Popen(command, stderr=log)

    def stop(self, number: signal.Signals) -> int:
        assert self.running is not None
        self.running.send_signal(number)
        code = self.running.wait(20)
        self.running = None
        return code


async def traffic(world: World, answered: list[str], stop: asyncio.Event) -> None:
    """Ask until told to stop; remember the exchanges that were answered with data."""
    while not stop.is_set():
        try:
            got = await persons(world)
        except aiohttp.ClientError:
            await asyncio.sleep(0.02)
            continue
        if got.error is None:
            answered.append(got.headers["X-Road-Request-Id"])


async def rounds(world: World, gateways: list[Process], kills: int) -> list[str]:
    """Kill and restart one gateway or the other under traffic; returns what was answered."""
    choose = random.Random(20260302)  # noqa: S311  # moments to kill at, the same in each run
    answered: list[str] = []
    stop = asyncio.Event()
    workers = [asyncio.create_task(traffic(world, answered, stop)) for _ in range(WORKERS)]
    for number in range(kills):
        await asyncio.sleep(choose.uniform(0.05, 0.5))
        gateways[number % 2].stop(signal.SIGKILL)
        await gateways[number % 2].start()
    before = len(answered)
    await asyncio.sleep(0.5)
    stop.set()
    await asyncio.gather(*workers)
    assert len(answered) > before
    return answered


async def all_records(world: World, side: Side) -> Counter[str]:
    """How often each exchange was recorded."""
    site, after, found = (world.hall if side is Side.CONSUMER else world.provider), "", Counter[str]()
    while True:
        page = json.loads((await ask(site, f"/accessRecords?limit=500&after={after}")).body)
        found.update(record.id for record in world.read(page))
        after = page["next"]
        if not page["more"]:
            return found


@pytest.mark.fault
@pytest.mark.parametrize("kills", [4, pytest.param(24, marks=pytest.mark.slow)])
async def test_kill_9_loses_nothing_and_doubles_nothing(tmp_path: Path, kills: int) -> None:
    world = World(tmp_path)
    gateways = [Process(world.provider), Process(world.hall)]
    await world.office.start()
    try:
        for gateway in gateways:
            await gateway.start()
        answered = await rounds(world, gateways, kills)
        for gateway in gateways:
            gateway.stop(signal.SIGKILL)
            await gateway.start()
        provider, consumer = await all_records(world, Side.PROVIDER), await all_records(world, Side.CONSUMER)
        looked = Counter(
            headers["x-road-request-id"] for _method, _path, headers, _body in world.office.asked
        )
        assert set(looked.values()) == {1}
        assert set(provider.values()) == set(consumer.values()) == {1}
        assert set(answered) <= set(looked) <= set(provider)
        assert set(answered) <= set(consumer)
        assert set(provider) <= set(consumer)
        for gateway in gateways:
            assert gateway.stop(signal.SIGTERM) == 0
            assert Journal(gateway.site.messages).verify() > len(answered)
    finally:
        for gateway in gateways:
            if gateway.running is not None:
                gateway.stop(signal.SIGKILL)
        await world.office.stop()


@pytest.mark.fault
async def test_a_look_that_a_kill_left_open_is_recorded_once(tmp_path: Path) -> None:
    world = World(tmp_path, service_seconds=20, peer_seconds=30)
    world.office.delay = 3
    provider, hall = Process(world.provider), Process(world.hall)
    await world.office.start()
    try:
        await provider.start()
        await hall.start()
        pending = asyncio.create_task(persons(world))
        for _ in range(100):
            if world.office.asked:
                break
            await asyncio.sleep(0.05)
        provider.stop(signal.SIGKILL)
        assert (await pending).error == "server.clientproxy.io_error"
        (ours,) = await records(world, Side.CONSUMER)
        assert ours.status is None
        for _ in range(2):
            await provider.start()
            (theirs,) = await records(world, Side.PROVIDER)
            assert (theirs.id, theirs.status, theirs.subjects) == (ours.id, None, ("mother",))
            provider.stop(signal.SIGKILL)
    finally:
        for gateway in (provider, hall):
            if gateway.running is not None:
                gateway.stop(signal.SIGKILL)
        await world.office.stop()


async def test_what_is_under_way_is_finished_before_a_gateway_stops(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.office.delay = 1.0
    gateways = [Process(world.provider), Process(world.hall)]
    await world.office.start()
    try:
        for gateway in gateways:
            await gateway.start()
        pending = asyncio.create_task(persons(world))
        for _ in range(100):
            if world.office.asked:
                break
            await asyncio.sleep(0.02)
        stopping = [asyncio.to_thread(gateway.stop, signal.SIGTERM) for gateway in gateways]
        assert await asyncio.gather(*stopping) == [0, 0]
        assert (await pending).status == 200
    finally:
        await world.office.stop()


async def test_a_gateway_starts_without_a_snapshot_and_takes_it_when_it_comes(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.snapshot_file.rename(tmp_path / "later")
    hall = Process(world.hall)
    start = asyncio.create_task(hall.start())
    try:
        for _ in range(100):
            with suppress(aiohttp.ClientError):
                if (await ask(world.hall, "/readyz")).status == 503:
                    break
            await asyncio.sleep(0.05)
        assert (await persons(world)).error == "server.clientproxy.global_conf_outdated"
        (tmp_path / "later").rename(world.snapshot_file)
        await start
        await wait_for(lambda: ask(world.hall, "/readyz"), lambda got: got.status == 200)
    finally:
        hall.stop(signal.SIGTERM)


def test_the_command_line(tmp_path: Path) -> None:
    world = World(tmp_path)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pendopo_gateway", "--config", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, env=dict(os.environ))

    assert run(str(world.hall.config), "--check-config").returncode == 0
    assert run(str(world.hall.config), "--verify-log").stdout == "0 records, chain whole\n"
    missing = run(str(tmp_path / "none.toml"), "--check-config")
    assert (missing.returncode, "none.toml" in missing.stderr) == (2, True)
