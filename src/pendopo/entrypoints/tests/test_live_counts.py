"""What the live process tells of itself: viewers, messages, lag, and who was cut or refused."""

import asyncio
from functools import partial

import pytest
from aiohttp import ClientSession

from pendopo.cabinet.live import commands
from pendopo.cabinet.tickets import read
from pendopo.entrypoints.live.hub import WAITING_MESSAGES, Viewer
from pendopo.entrypoints.tests.test_live import Scene, beside, following, on_stage
from pendopo.foundation import metrics

pytestmark = pytest.mark.django_db(transaction=True)


def value(line: str) -> float:
    found = [rest for rest in metrics.exposition().decode().splitlines() if rest.startswith(line + " ")]
    return float(found[0].rpartition(" ")[2]) if found else 0.0


async def until(line: str, wanted: float) -> None:
    async with asyncio.timeout(10):
        while value(line) != wanted:  # noqa: ASYNC110  # nothing tells when the other side noticed
            await asyncio.sleep(0.02)


def test_viewers_messages_and_lag_are_counted() -> None:
    async def play(scene: Scene) -> None:
        viewers, sent = value("pendopo_live_viewers"), value("pendopo_live_messages_total")
        # A server that was stopped under its viewers leaves its own.
        sessions = value("pendopo_live_sessions")
        seen, late = value("pendopo_live_lag_seconds_count"), value("pendopo_live_lag_seconds_sum")
        first, second = await asyncio.gather(
            beside(lambda: scene.ticket("bkad")), beside(lambda: scene.ticket("dinkes"))
        )
        async with following(scene, first) as one, following(scene, second) as two:
            await one()
            await two()
            assert value("pendopo_live_viewers") == viewers + 2
            assert value("pendopo_live_sessions") == sessions + 1
            assert value("pendopo_live_messages_total") == sent, "first messages are nobody's news"
            await beside(lambda: scene.lead(partial(commands.open_item, item=scene.plain)))
            assert (await one()).kinds == ("item_opened",)
            assert (await two()).kinds == ("item_opened",)
        assert value("pendopo_live_messages_total") == sent + 2
        assert value("pendopo_live_lag_seconds_count") == seen + 1
        assert 0 < value("pendopo_live_lag_seconds_sum") - late < 10
        await until("pendopo_live_viewers", viewers)
        await until("pendopo_live_sessions", sessions)

    on_stage(play)


def test_refused_streams_are_counted_by_reason() -> None:
    async def play(scene: Scene) -> None:
        false, used = (f'pendopo_live_refused_total{{reason="{one}"}}' for one in ("ticket", "used"))
        before = value(false), value(used)
        ticket = await beside(lambda: scene.ticket("bkad"))
        async with ClientSession() as client, following(scene, ticket):
            for given in ("nonsense", ticket):
                answer = await client.get(f"{scene.address}/live/stream", params={"ticket": given})
                assert answer.status == 403
        assert (value(false), value(used)) == (before[0] + 1, before[1] + 1)

    on_stage(play)


def test_a_viewer_who_takes_nothing_is_cut_and_counted() -> None:
    async def play(scene: Scene) -> None:
        cut = asyncio.Event()
        ticket = read(await beside(lambda: scene.ticket("bkad")))
        viewer, before = Viewer(cut.set, ticket), value("pendopo_live_dropped_total")
        for _ in range(WAITING_MESSAGES):
            viewer.give(b"x")
        assert not cut.is_set()
        viewer.give(b"x")
        assert cut.is_set()
        assert value("pendopo_live_dropped_total") == before + 1

    on_stage(play)
