"""What a gateway refuses from its peers: the other side may be anybody, and may lie."""

import ssl
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from pendopo_gateway import config
from pendopo_gateway.process import Gateway
from pendopo_gateway.tests.authority import Authority
from pendopo_gateway.tests.dialer import Dialer, Lie, honest, put, without
from pendopo_gateway.tests.world import HALL, OFFICE, OTHER, SERVICE, World, exchange, records, wait_for
from pendopo_wire.access import Side
from pendopo_wire.identifiers import ServerId, SubsystemId
from pendopo_wire.keyids import public_key_text
from pendopo_wire.snapshot import Server, Subsystem

PREFIX = "server.serverproxy."


async def test_the_honest_dialer_is_answered(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        got = await honest(world).send(Lie())
        assert (got.status, got.error) == (200, None)


async def test_no_certificate_no_connection(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        dialer = Dialer(world.authority.file, world.provider, None, world.hall.key)
        with pytest.raises((aiohttp.ClientError, ssl.SSLError, OSError)):
            await dialer.send(Lie())
        assert world.office.asked == []


async def test_tls_before_1_3_makes_no_connection(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        old = replace(honest(world), newest_tls=ssl.TLSVersion.TLSv1_2)
        with pytest.raises((aiohttp.ClientError, ssl.SSLError, OSError)):
            await old.send(Lie())


async def test_a_certificate_of_another_authority_makes_no_connection(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        foreign = Authority("foreign", tmp_path).issue("stranger")
        dialer = Dialer(world.authority.file, world.provider, foreign, world.hall.key)
        with pytest.raises((aiohttp.ClientError, ssl.SSLError, OSError)):
            await dialer.send(Lie())


async def test_a_certificate_that_is_not_registered_is_refused(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        unregistered = world.authority.issue("unregistered")
        got = await Dialer(world.authority.file, world.provider, unregistered, world.hall.key).send(Lie())
        assert got.error == PREFIX + "ssl_authentication_failed"
        assert world.office.asked == []


def with_other_member(world: World) -> Dialer:
    """Register a gateway of a third member; returns it."""
    tls, key = world.authority.issue("other"), generate_private_key(SECP256R1())
    server = Server(
        ServerId(OTHER.member, "GW1"), "127.0.0.1:9", (tls.hash,), (public_key_text(key.public_key()),)
    )
    subsystems = (*world.snapshot.subsystems[:2], Subsystem(OTHER, "BANSOS", (server.id,)))
    world.publish(world.changed(servers=(*world.snapshot.servers, server), subsystems=subsystems))
    return Dialer(world.authority.file, world.provider, tls, key)


async def test_another_member_may_not_speak_for_the_hall(tmp_path: Path) -> None:
    world = World(tmp_path)
    other = with_other_member(world)
    async with exchange(tmp_path, world=world):
        assert (await other.send(Lie())).error == PREFIX + "ssl_authentication_failed"
        stolen = Dialer(world.authority.file, world.provider, other.tls, world.hall.key)
        assert (await stolen.send(Lie())).error == PREFIX + "invalid_signature_value"
        borrowed = Dialer(world.authority.file, world.provider, world.hall.tls, other.key)
        assert (await borrowed.send(Lie())).error == PREFIX + "invalid_signature_value"
        own = Lie(client=OTHER)
        assert (await other.send(own)).error == PREFIX + "access_denied"
        assert world.office.asked == []
        assert await records(world, Side.PROVIDER) == []


async def test_access_records_of_others_are_not_shown(tmp_path: Path) -> None:
    world = World(tmp_path)
    other = with_other_member(world)
    async with exchange(tmp_path, world=world):
        assert (await honest(world).send(Lie())).status == 200
        path = f"/r1/{OFFICE}/listAccessRecords?after=&limit=10"
        mine = await honest(world).send(Lie(method="GET", path=path, body=b""))
        theirs = await other.send(Lie(method="GET", path=path, body=b"", client=OTHER))
        assert mine.body.count(b'"record"') == 1
        assert theirs.status == 200
        assert theirs.body.count(b'"record"') == 0


@pytest.mark.parametrize(
    "lie",
    [
        pytest.param(Lie(sent_body=b'{"nik":"y"}'), id="body changed"),
        pytest.param(Lie(sent_body=b""), id="body dropped"),
        pytest.param(Lie(sent_path=f"/r1/{SERVICE}/births"), id="another endpoint"),
        pytest.param(Lie(sent_path=f"/r1/{SERVICE}/persons?all=1"), id="query added"),
        pytest.param(Lie(change=put("x-exchange-purpose", "statistics")), id="purpose changed"),
        pytest.param(Lie(change=put("x-exchange-subject", "somebody")), id="subject changed"),
        pytest.param(Lie(change=without("x-exchange-subject")), id="subject dropped"),
        pytest.param(Lie(change=put("idempotency-key", "k")), id="idempotency key added"),
        pytest.param(Lie(change=put("accept-language", "en")), id="language added"),
        pytest.param(Lie(change=put("x-road-client", str(OTHER))), id="client changed"),
        pytest.param(Lie(change=without("signature")), id="no signature"),
        pytest.param(Lie(change=without("content-digest")), id="no digest"),
        pytest.param(Lie(created=-70), id="expired"),
        pytest.param(Lie(created=30), id="from the future"),
        pytest.param(Lie(life=600), id="lives too long"),
    ],
)
async def test_what_was_not_signed_is_refused(tmp_path: Path, lie: Lie) -> None:
    async with exchange(tmp_path) as world:
        got = await honest(world).send(lie)
        assert got.error == PREFIX + "invalid_signature_value"
        assert world.office.asked == []
        assert await records(world, Side.PROVIDER) == []


@pytest.mark.parametrize(
    ("lie", "code"),
    [
        pytest.param(
            Lie(headers={"idempotency-key": "k" * 8001}), "invalid_request", id="a header that is too long"
        ),
        pytest.param(Lie(headers={"x-exchange-purpose": "statistics"}), "access_denied", id="purpose"),
        pytest.param(Lie(headers={"x-exchange-legal-basis": "uu-16-1997"}), "access_denied", id="basis"),
        pytest.param(Lie(method="DELETE"), "access_denied", id="method"),
        pytest.param(Lie(path=f"/r1/{SERVICE}/births/1"), "access_denied", id="endpoint"),
        pytest.param(Lie(path=f"/r1/{OFFICE}/none-v1/persons"), "unknown_service", id="service"),
        pytest.param(Lie(path=f"/r1/{SERVICE}/births/../persons"), "invalid_request", id="traversal"),
        pytest.param(Lie(path=f"/r1/{SERVICE}/%2e%2e/persons"), "invalid_request", id="encoded traversal"),
        pytest.param(Lie(path=f"/r1/{SERVICE}/%70ersons"), "invalid_request", id="another spelling"),
        pytest.param(Lie(path="/elsewhere"), "invalid_request", id="not r1"),
        pytest.param(
            Lie(client=SubsystemId(HALL.member, "LAIN")), "access_denied", id="client that is not registered"
        ),
        pytest.param(Lie(body=b"x" * 200_001), "invalid_request", id="too large"),
    ],
)
async def test_what_is_signed_but_not_permitted_is_refused(tmp_path: Path, lie: Lie, code: str) -> None:
    async with exchange(tmp_path) as world:
        got = await honest(world).send(lie)
        assert got.error == PREFIX + code
        assert world.office.asked == []
        assert await records(world, Side.PROVIDER) == []


async def test_a_message_counts_once_also_after_a_restart(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        lie = Lie()
        request = honest(world).signed(lie)
        again = Lie(change=lambda _request: request)
        assert (await honest(world).send(again)).error is None
        assert (await honest(world).send(again)).error == PREFIX + "message_replayed"
    await world.office.start()
    async with Gateway(config.load(world.provider.config)).running():
        assert (await honest(world).send(again)).error == PREFIX + "message_replayed"
        assert (await honest(world).send(Lie())).error is None
        assert len(await records(world, Side.PROVIDER)) == 2
    await world.office.stop()


async def test_a_certificate_taken_from_the_registry_stops_counting(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        assert (await honest(world).send(Lie())).error is None
        hall, office = world.snapshot.servers
        new = world.authority.issue("renewed")
        world.publish(
            world.changed(servers=(Server(hall.id, hall.address, (new.hash,), hall.signing_keys), office))
        )
        refused = await wait_for(lambda: honest(world).send(Lie()), lambda got: got.error is not None)
        assert refused.error == PREFIX + "ssl_authentication_failed"
