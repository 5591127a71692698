"""Connections between the gateways that end in the middle, in either direction: told as such, never twice."""

import socket
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from pendopo_gateway.tests.loops import run
from pendopo_gateway.tests.test_kill import all_records
from pendopo_gateway.tests.world import SERVICE, Got, World, ask, exchange, free_port, persons
from pendopo_wire.access import Side
from tests.faults.proxy import Proxy, proxy

pytestmark = pytest.mark.timeout(120)

UNREACHABLE, LOST = "server.clientproxy.network_error", "server.clientproxy.io_error"
HANDSHAKE = 2200
"""Bytes of a TLS 1.3 handshake with both certificates that each side has sent when the question begins."""


@asynccontextmanager
async def through_a_proxy(folder: Path) -> AsyncIterator[tuple[World, Proxy]]:
    """Both gateways; the hall's dials the office's through a proxy, as the registry tells it to."""
    world = World(folder)
    port = free_port()
    hall, office = world.snapshot.servers
    world.publish(world.changed(servers=(hall, replace(office, address=f"127.0.0.1:{port}"))))
    with proxy(port, ("127.0.0.1", world.provider.peer_port)) as between:
        async with exchange(folder, world=world):
            yield world, between


async def birth(world: World, key: str) -> Got:
    headers = {"Idempotency-Key": key}
    path = f"/r1/{SERVICE}/births"
    return await ask(world.hall, path, method="POST", body=b'{"status": 201}', headers=headers)


def keys_of(world: World) -> Counter[str]:
    """How often the office was asked to do each command."""
    return Counter(
        headers["idempotency-key"] for _, path, headers, _ in world.office.asked if path.endswith("/births")
    )


async def consistent(world: World) -> None:
    """Each look of the office stands once in the records of both gateways."""
    looked = {headers["x-road-request-id"] for _, _, headers, _ in world.office.asked}
    for side in Side:
        found = await all_records(world, side)
        assert set(found.values()) <= {1}
        assert looked <= set(found)


def test_a_peer_that_refuses_is_told_as_unreachable_and_asked_nothing(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with through_a_proxy(tmp_path) as (world, between):
            between.refuses = True
            got = await persons(world)
            assert got.error in {UNREACHABLE, LOST}
            assert world.office.asked == []
            between.mend()
            assert (await persons(world)).error is None
            await consistent(world)

    run(scenario())


@pytest.mark.parametrize("extra", [0, 400, 900])
def test_a_question_cut_in_the_middle_reaches_no_office(tmp_path: Path, extra: int) -> None:
    """Half a handshake, half a head, half a body: the office is never asked."""

    async def scenario() -> None:
        async with through_a_proxy(tmp_path) as (world, between):
            between.cut_question_after = HANDSHAKE // 2 + extra
            got = await birth(world, "cut")
            assert got.error in {UNREACHABLE, LOST}
            assert not keys_of(world)
            between.mend()
            assert (await birth(world, "cut")).status == 201
            assert keys_of(world) == {"cut": 1}
            await consistent(world)

    run(scenario())


@pytest.mark.parametrize("fault", ["cut", "flipped"])
def test_an_answer_lost_after_the_command_is_asked_for_again_by_its_key(tmp_path: Path, fault: str) -> None:
    """The office acted; the connection broke before the whole answer, and half an answer is none."""

    async def scenario() -> None:
        async with through_a_proxy(tmp_path) as (world, between):
            after = HANDSHAKE + 600
            between.cut_answer_after, between.flip_answer_at = (
                (after, None) if fault == "cut" else (None, after)
            )
            got = await birth(world, "lost")
            assert got.error == LOST
            assert keys_of(world) == {"lost": 1}
            between.mend()
            assert (await birth(world, "lost")).status == 201
            assert keys_of(world) == {"lost": 2}  # with one key: the office does it once
            await consistent(world)

    run(scenario())


def test_half_a_request_holds_no_gateway_up(tmp_path: Path) -> None:
    """Peers and strangers that begin a request and leave, or only connect: others are answered meanwhile."""

    async def scenario() -> None:
        async with through_a_proxy(tmp_path) as (world, _):
            port = world.provider.peer_port
            silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(20)]
            with suppress(OSError):
                silent[0].sendall(b"GET / HTTP/1.1\r\n")
            assert (await persons(world)).error is None
            for connection in silent:
                connection.close()
            system = socket.create_connection(("127.0.0.1", world.hall.system_port))
            system.sendall(f"POST /r1/{SERVICE}/persons HTTP/1.1\r\nContent-Length: 100\r\n\r\nhalf".encode())
            assert (await persons(world)).error is None
            system.close()
            assert len(world.office.asked) == 2

    run(scenario())
