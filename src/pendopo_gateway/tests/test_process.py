"""The event loop that a gateway runs in."""

import asyncio
import sys
from pathlib import Path

import pytest
import uvloop

from pendopo_gateway.process import loop_factory
from pendopo_gateway.tests.loops import run
from pendopo_gateway.tests.world import exchange, persons


def test_a_gateway_runs_in_uvloop() -> None:
    loop = loop_factory()()
    try:
        assert isinstance(loop, uvloop.Loop)
    finally:
        loop.close()


def test_without_uvloop_a_gateway_says_so_and_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "uvloop", None)

    async def question() -> tuple[int, bool]:
        async with exchange(tmp_path) as world:
            return (await persons(world)).status, isinstance(asyncio.get_running_loop(), uvloop.Loop)

    assert run(question()) == (200, False)
    assert "gateway.slow_loop" in caplog.text
