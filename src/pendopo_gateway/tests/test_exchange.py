"""One exchange through two gateways: what passes, what is recorded, what is refused."""

import json
from pathlib import Path

from pendopo_gateway.tests.world import SERVICE, World, ask, exchange, persons
from pendopo_wire import access
from pendopo_wire.access import AccessRecord, Side


async def records(world: World, side: Side) -> list[AccessRecord]:
    """Access records that one gateway wrote."""
    site = world.hall if side is Side.CONSUMER else world.provider
    got = await ask(site, "/accessRecords?limit=500")
    assert got.status == 200
    return [access.verify_with(item["record"], world.snapshot) for item in json.loads(got.body)["records"]]


async def test_a_question_is_answered_and_recorded_on_both_sides(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        got = await persons(world, X_Road_Id="ID-DEMO-77", Idempotency_Key="key-1", X_Secret="hidden")
        assert (got.status, got.body) == (200, b'{"name": "Siti Aminah"}')
        assert got.error is None
        assert got.headers["X-Road-Id"] == "ID-DEMO-77"
        assert got.headers["X-Road-Service"] == str(SERVICE)
        assert got.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in got.headers
        assert "Server" not in got.headers

        (method, path, headers, body) = world.office.asked[0]
        assert (method, path, body) == ("POST", "/population/v1/persons", b'{"nik":"x"}')
        assert headers["x-exchange-purpose"] == "civil-registration.birth"
        assert headers["x-exchange-subject"] == "mother"
        assert headers["idempotency-key"] == "key-1"
        assert not {"x-secret", "signature", "user-agent", "cookie"} & headers.keys()

        (ours,), (theirs,) = await records(world, Side.CONSUMER), await records(world, Side.PROVIDER)
        assert ours.id == theirs.id == got.headers["X-Road-Request-Id"]
        assert (ours.side, theirs.side) == (Side.CONSUMER, Side.PROVIDER)
        for record in (ours, theirs):
            assert record.subjects == ("mother", "child")
            assert record.fields == ("name",)
            assert (record.purpose, record.legal_basis) == ("civil-registration.birth", "uu-24-2013")
            assert (record.user, record.issue, record.status) == ("officer", "case-1", 200)
            assert (record.method, record.path, record.message_id) == ("POST", "/persons", "ID-DEMO-77")
