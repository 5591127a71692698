"""Exchanges through two gateways: what passes, what is recorded, what is refused on the asking side."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pendopo_gateway.tests.world import (
    HALL,
    OFFICE,
    OTHER,
    SERVICE,
    SPY_TOKEN,
    Got,
    ask,
    exchange,
    persons,
    records,
    wait_for,
)
from pendopo_wire.access import Side
from pendopo_wire.identifiers import ServerId


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


async def test_what_the_service_answers_passes_through(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        for status in (201, 304, 404, 403, 500, 503):
            body = json.dumps({"status": status}).encode()
            got = await ask(world.hall, f"/r1/{SERVICE}/births", method="POST", body=body)
            assert (got.status, got.error) == (status, None)
        redirect = await ask(world.hall, f"/r1/{SERVICE}/away")
        assert (redirect.status, redirect.headers["Location"]) == (302, "/population/v1/persons")
        empty = await ask(world.hall, f"/r1/{SERVICE}/empty")
        assert (empty.status, empty.body) == (204, b"")
        head = await ask(world.hall, f"/r1/{SERVICE}/empty", method="HEAD")
        assert (head.status, head.body) == (204, b"")
        found = await records(world, Side.PROVIDER)
        assert [record.status for record in found] == [201, 304, 404, 403, 500, 503, 302, 204, 204]
        assert {record.subjects for record in found} == {("mother",)}


async def test_the_same_message_id_twice_gives_two_records(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        for _ in range(2):
            assert (await persons(world, X_Road_Id="ID-DEMO-1")).status == 200
        found = await records(world, Side.PROVIDER)
        assert len({record.id for record in found}) == 2


def refused(got: Got, code: str, status: int) -> dict[str, object]:
    """Check a refusal and return its problem document."""
    assert (got.error, got.status) == (code, status)
    assert got.headers["Content-Type"] == "application/problem+json"
    document: dict[str, object] = json.loads(got.body)
    assert document["type"] == code
    assert document["status"] == status
    for key in ("cause", "remedy"):
        sentences = document[key]
        assert isinstance(sentences, dict)
        assert sentences["id"] != sentences["en"]
    return document


@pytest.mark.parametrize(
    ("headers", "code", "status"),
    [
        ({"Authorization": None}, "server.clientproxy.ssl_authentication_failed", 500),
        ({"Authorization": "Bearer wrong"}, "server.clientproxy.ssl_authentication_failed", 500),
        ({"Authorization": f"Bearer {SPY_TOKEN}"}, "server.clientproxy.access_denied", 500),
        ({"X-Road-Client": str(OTHER)}, "server.clientproxy.access_denied", 500),
        ({"X-Road-Client": None}, "client.invalid_client_identifier", 400),
        ({"X-Road-Client": "ID-DEMO/GOV"}, "client.invalid_client_identifier", 400),
        ({"X-Road-Id": "with space"}, "client.bad_request", 400),
        ({"X-Road-UserId": "pseudonym é"}, "client.bad_request", 400),
        ({"X-Exchange-Subject": "no; list"}, "client.bad_request", 400),
        ({"X-Exchange-Purpose": None}, "client.bad_request", 400),
        ({"X-Exchange-Legal-Basis": None}, "client.bad_request", 400),
        ({"X-Exchange-Purpose": "statistics"}, "server.clientproxy.access_denied", 500),
        ({"X-Exchange-Purpose": "anything"}, "server.clientproxy.access_denied", 500),
        ({"X-Exchange-Legal-Basis": "uu-16-1997"}, "server.clientproxy.access_denied", 500),
    ],
)
async def test_what_the_own_gateway_refuses(
    tmp_path: Path, headers: dict[str, str | None], code: str, status: int
) -> None:
    async with exchange(tmp_path) as world:
        got = await ask(world.hall, f"/r1/{SERVICE}/persons", method="POST", body=b"{}", headers=headers)
        refused(got, code, status)
        assert world.office.asked == []
        assert await records(world, Side.CONSUMER) == []


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("DELETE", "/persons", "server.clientproxy.access_denied"),
        ("GET", "/persons", "server.clientproxy.access_denied"),
        ("POST", "/persons/1", "server.clientproxy.access_denied"),
        ("POST", "/persons/", "server.clientproxy.access_denied"),
        ("POST", "/births/../persons", "client.bad_request"),
        ("POST", "/births/%2e%2e/persons", "client.bad_request"),
        ("POST", "/births%2f..%2fpersons", "client.bad_request"),
        ("POST", "/births/..%5cpersons", "client.bad_request"),
        ("POST", "/%252e%252e/persons", "client.bad_request"),
        ("POST", "//persons", "client.bad_request"),
    ],
)
async def test_endpoints_that_are_not_agreed_and_paths_that_lie(
    tmp_path: Path, method: str, path: str, code: str
) -> None:
    async with exchange(tmp_path) as world:
        refused(
            await ask(world.hall, f"/r1/{SERVICE}{path}", method=method), code, 400 if code[0] == "c" else 500
        )
        assert world.office.asked == []


async def test_services_and_members_that_are_not_there(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        unknown = await ask(world.hall, f"/r1/{OFFICE}/other-v1/persons")
        refused(unknown, "server.clientproxy.unknown_service", 500)
        for path in ("/r1/ID-DEMO/GOV/X", "/elsewhere"):
            refused(await ask(world.hall, path), "client.bad_request", 400)
        nobody = await ask(world.hall, f"/r1/{OTHER}/listMethods")
        refused(nobody, "server.clientproxy.unknown_member", 500)


async def test_the_reason_is_told_in_both_languages(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        document = refused(
            await persons(world, X_Exchange_Purpose="statistics"), "server.clientproxy.access_denied", 500
        )
        assert document["hop"] == "consumer-gateway"
        assert document["cause"] == {
            "id": (
                "Registri tidak memuat perjanjian untuk klien, layanan, titik akses, tujuan, "
                "dan dasar hukum ini. "
                "Perjanjian tidak mencakup tujuan ini."
            ),
            "en": (
                "The registry holds no agreement for this client, service, endpoint, purpose and legal "
                "basis. The agreement does not cover this purpose."
            ),
        }


async def test_a_member_may_ask_itself_through_the_exchange(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        (agreement,) = world.snapshot.agreements
        own = replace(agreement, id="PKS-2", client=OFFICE)
        world.publish(world.changed(agreements=(agreement, own)))

        async def attempt() -> Got:
            return await ask(world.provider, f"/r1/{SERVICE}/persons", method="POST", body=b"{}")

        await wait_for(attempt, lambda got: got.status == 200)
        first, second = await records(world, Side.PROVIDER)
        assert first.id == second.id
        assert {first.side, second.side} == {Side.CONSUMER, Side.PROVIDER}


async def test_a_body_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        got = await ask(world.hall, f"/r1/{SERVICE}/persons", method="POST", body=b"x" * 200_001)
        refused(got, "client.bad_request", 400)
        assert world.office.asked == []
        fits = await ask(world.hall, f"/r1/{SERVICE}/persons", method="POST", body=b"x" * 200_000)
        assert fits.status == 200


async def test_a_provider_system_that_is_down(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        await world.office.stop()
        document = refused(await persons(world), "server.serverproxy.service_failed.network_error", 500)
        assert document["hop"] == "provider-service"
        assert await records(world, Side.PROVIDER) == []
        assert await records(world, Side.CONSUMER) == []


async def test_a_provider_system_that_is_slow(tmp_path: Path) -> None:
    async with exchange(tmp_path, service_seconds=0.5) as world:
        world.office.delay = 2.0
        refused(await persons(world), "server.serverproxy.service_failed.io_error", 500)
        for side in Side:
            (record,) = await records(world, side)
            assert (record.status, record.subjects) == (None, ("mother",))


@pytest.mark.parametrize(
    ("path", "code"),
    [("cut", "io_error"), ("large", "invalid_response"), ("wrong", "invalid_response")],
)
async def test_a_provider_system_that_misbehaves(tmp_path: Path, path: str, code: str) -> None:
    async with exchange(tmp_path) as world:
        got = await ask(world.hall, f"/r1/{SERVICE}/{path}")
        refused(got, f"server.serverproxy.service_failed.{code}", 500)
        for side in Side:
            (record,) = await records(world, side)
            assert record.status is None


async def test_a_provider_gateway_that_is_down(tmp_path: Path) -> None:
    async with exchange(tmp_path, provider_runs=False) as world:
        document = refused(await persons(world), "server.clientproxy.network_error", 500)
        assert document["hop"] == "consumer-gateway"
        assert await records(world, Side.CONSUMER) == []


async def test_a_server_with_another_certificate_gets_nothing(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        hall, office = world.snapshot.servers
        world.publish(world.changed(servers=(hall, replace(office, tls_certificates=("0" * 64,)))))
        await wait_for(lambda: persons(world), lambda got: got.error == "server.clientproxy.network_error")
        asked = len(world.office.asked)
        assert (await persons(world)).error == "server.clientproxy.network_error"
        assert len(world.office.asked) == asked


async def test_the_next_gateway_is_tried_when_the_first_is_down(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        hall, office = world.snapshot.servers
        down = replace(
            office,
            id=ServerId(OFFICE.member, "GW0"),
            address="127.0.0.1:9",
            tls_certificates=("1" * 64,),
            signing_keys=(),
        )
        subsystems = (
            world.snapshot.subsystems[0],
            replace(world.snapshot.subsystems[1], servers=(down.id, office.id)),
            world.snapshot.subsystems[2],
        )
        world.publish(world.changed(servers=(hall, office, down), subsystems=subsystems))
        await wait_for(lambda: ask(world.hall, f"/r1/{OFFICE}/listMethods"), lambda got: got.status == 200)
        assert (await persons(world)).status == 200
        assert len(await records(world, Side.CONSUMER)) == 1


async def test_a_snapshot_that_expires_stops_everything(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        assert (await ask(world.hall, "/readyz")).status == 200
        world.publish(world.changed(expires_at=datetime.now(UTC) + timedelta(seconds=2)))
        await wait_for(
            lambda: persons(world), lambda got: got.error == "server.clientproxy.global_conf_outdated"
        )
        assert (await ask(world.hall, "/readyz")).status == 503
        assert (await ask(world.hall, "/livez")).status == 200


async def test_a_false_or_older_snapshot_changes_nothing(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        good = world.snapshot
        world.publish(world.changed(agreements=()), key=Ed25519PrivateKey.generate())
        older = replace(good, version=0, agreements=())
        world.publish(older)
        newer = replace(good, version=9, purposes=(*good.purposes, replace(good.purposes[0], code="more")))
        assert (await persons(world)).status == 200
        world.publish(newer)
        assert (await persons(world)).status == 200


async def test_an_agreement_that_is_withdrawn_counts_within_seconds(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        assert (await persons(world)).status == 200
        world.publish(world.changed(agreements=()))
        denied = "server.clientproxy.access_denied"
        refused(await wait_for(lambda: persons(world), lambda got: got.error == denied), denied, 500)


async def test_the_catalogue(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        clients = json.loads((await ask(world.hall, "/listClients")).body)["member"]
        assert {"id", "name", "subsystem_name"} == clients[3].keys()
        assert [item["id"].get("subsystem_code") for item in clients][3:] == [
            HALL.code,
            OFFICE.code,
            OTHER.code,
        ]
        methods = json.loads((await ask(world.hall, f"/r1/{OFFICE}/listMethods")).body)["service"]
        assert [item["service_code"] for item in methods] == ["population-v1"]
        assert {"method": "DELETE", "path": "/persons"} in methods[0]["endpoint_list"]
        allowed = json.loads((await ask(world.hall, f"/r1/{OFFICE}/allowedMethods")).body)["service"]
        assert {"method": "DELETE", "path": "/persons"} not in allowed[0]["endpoint_list"]
        assert {"method": "POST", "path": "/persons"} in allowed[0]["endpoint_list"]
        for tail in (
            "listMethods/x",
            "getOpenAPI",
            "listAccessRecords?limit=0",
            "listAccessRecords?after=zzz",
        ):
            refused(await ask(world.hall, f"/r1/{OFFICE}/{tail}"), "server.serverproxy.invalid_request", 500)
        assert await records(world, Side.PROVIDER) == []


async def test_access_records_come_in_pages_and_only_to_a_party(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        ids = [(await persons(world)).headers["X-Road-Request-Id"] for _ in range(7)]
        after, seen = "", []
        for _ in range(10):
            page = json.loads(
                (await ask(world.hall, f"/r1/{OFFICE}/listAccessRecords?after={after}&limit=3")).body
            )
            assert len(page["records"]) <= 3
            seen += world.read(page)
            after = page["next"]
            if not page["more"]:
                break
        assert [record.id for record in seen] == ids
        assert {record.side for record in seen} == {Side.PROVIDER}
        again = json.loads((await ask(world.hall, f"/r1/{OFFICE}/listAccessRecords?after={after}")).body)
        assert again == {"records": [], "next": after, "more": False}
        assert (await ask(world.hall, "/accessRecords", headers={"Authorization": None})).status == 500
        for cursor in ("1-7", "9-9", f"{after}000", "x"):
            assert (await ask(world.hall, f"/accessRecords?after={cursor}")).status == 400


async def test_access_records_are_shown_only_to_the_information_system_whose_exchange_it_was(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path) as world:
        identifier = (await persons(world)).headers["X-Road-Request-Id"]
        for site in (world.hall, world.provider):
            own = json.loads((await ask(site, "/accessRecords")).body)
            assert [record.id for record in world.read(own)] == [identifier]
            spy = {"Authorization": f"Bearer {SPY_TOKEN}"}
            others = await ask(site, "/accessRecords", headers=spy)
            assert others.status == 200
            page = json.loads(others.body)
            assert page["records"] == []
            assert page["next"] == own["next"]
