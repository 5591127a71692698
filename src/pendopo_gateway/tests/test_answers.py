"""What a gateway refuses from the gateway it asked: an answer counts only with its signature."""

import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from pendopo_gateway.tests.world import SERVICE, Got, World, exchange, persons, records
from pendopo_wire import signatures
from pendopo_wire.access import Side
from pendopo_wire.keyids import thumbprint
from pendopo_wire.signatures import Request, Response

type Behaviour = Callable[[web.Request], Awaitable[web.StreamResponse]]
INCONSISTENT = "server.clientproxy.inconsistent_response"
ANSWER = b'{"name":"Siti"}'


@asynccontextmanager
async def rogue(world: World, behaviour: Behaviour) -> AsyncIterator[None]:
    """A server with the provider's own certificate that answers as it likes."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=world.authority.file)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_cert_chain(world.provider.tls.certificate, world.provider.tls.key)
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", behaviour)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", world.provider.peer_port, ssl_context=context).start()
    try:
        yield
    finally:
        await runner.cleanup()


def signed(
    request: web.Request,
    world: World,
    *,
    key: EllipticCurvePrivateKey,
    created: int = 0,
    changes: dict[str, str] | None = None,
) -> dict[str, str]:
    """Headers of an answer to a request, signed."""
    asked = Request(
        request.method,
        f"https://127.0.0.1:{world.provider.peer_port}{request.raw_path}",
        tuple(request.headers.items()),
    )
    headers = {
        "content-type": "application/json",
        "content-digest": signatures.content_digest(ANSWER),
        "x-road-client": request.headers["x-road-client"],
        "x-road-id": request.headers["x-road-id"],
        "x-road-service": str(SERVICE),
        "x-road-request-id": signatures.request_exchange_id(asked),
    } | (changes or {})
    added = signatures.sign_response(
        Response(200, tuple(headers.items())),
        asked,
        key=key,
        keyid=thumbprint(key.public_key()),
        created=int(time.time()) + created,
    )
    return headers | dict(added)


async def asked_of(folder: Path, behave: Callable[[World, web.Request], web.Response]) -> tuple[Got, World]:
    """Ask once while the provider's gateway behaves in some way; a look is recorded whatever came back."""
    world = World(folder)

    async def behaviour(request: web.Request) -> web.Response:
        await request.read()
        return behave(world, request)

    async with exchange(folder, world=world, provider_runs=False), rogue(world, behaviour):
        got = await persons(world)
        found = await records(world, Side.CONSUMER)
        statuses = [record.status for record in found]
        assert statuses == ([200] if got.status == 200 else [None] if got.error == INCONSISTENT else [])
        return got, world


async def test_a_signed_answer_is_accepted(tmp_path: Path) -> None:
    got, _world = await asked_of(
        tmp_path,
        lambda world, request: web.Response(
            body=ANSWER, headers=signed(request, world, key=world.provider.key)
        ),
    )
    assert (got.status, got.body) == (200, ANSWER)


async def test_an_unsigned_answer_is_refused(tmp_path: Path) -> None:
    got, _world = await asked_of(tmp_path, lambda _world, _request: web.json_response({"name": "Siti"}))
    assert got.error == INCONSISTENT
    assert b"Siti" not in got.body


async def test_a_changed_answer_is_refused(tmp_path: Path) -> None:
    got, _world = await asked_of(
        tmp_path,
        lambda world, request: web.Response(
            body=b'{"name":"Budi"}', headers=signed(request, world, key=world.provider.key)
        ),
    )
    assert got.error == INCONSISTENT


async def test_an_answer_signed_by_another_member_is_refused(tmp_path: Path) -> None:
    got, _world = await asked_of(
        tmp_path,
        lambda world, request: web.Response(body=ANSWER, headers=signed(request, world, key=world.hall.key)),
    )
    assert got.error == INCONSISTENT


async def test_a_field_added_to_the_answer_is_refused(tmp_path: Path) -> None:
    got, _world = await asked_of(
        tmp_path,
        lambda world, request: web.Response(
            body=ANSWER,
            headers=signed(request, world, key=world.provider.key) | {"X-Exchange-Subjects": "nobody"},
        ),
    )
    assert got.error == INCONSISTENT


@pytest.mark.parametrize("name", ["x-road-id", "x-road-client", "x-road-service", "x-road-request-id"])
async def test_an_answer_that_names_something_else_is_refused(tmp_path: Path, name: str) -> None:
    got, _world = await asked_of(
        tmp_path,
        lambda world, request: web.Response(
            body=ANSWER,
            headers=signed(request, world, key=world.provider.key, changes={name: "A/B/C/D/E"}),
        ),
    )
    assert got.error == INCONSISTENT


async def test_an_old_answer_is_refused(tmp_path: Path) -> None:
    got, _world = await asked_of(
        tmp_path,
        lambda world, request: web.Response(
            body=ANSWER, headers=signed(request, world, key=world.provider.key, created=-120)
        ),
    )
    assert got.error == INCONSISTENT


async def test_an_unsigned_refusal_is_passed_on_but_shows_no_data(tmp_path: Path) -> None:
    problem = {"X-Road-Error": "server.serverproxy.internal_error"}
    got, _world = await asked_of(
        tmp_path,
        lambda _world, _request: web.Response(
            status=500, body=b"{}", headers=problem, content_type="application/problem+json"
        ),
    )
    assert (got.status, got.error) == (500, "server.serverproxy.internal_error")


async def test_a_refusal_that_claims_success_is_refused(tmp_path: Path) -> None:
    problem = {"X-Road-Error": "server.serverproxy.internal_error"}
    got, _world = await asked_of(
        tmp_path, lambda _world, _request: web.Response(status=200, body=ANSWER, headers=problem)
    )
    assert got.error == INCONSISTENT
