"""The client of the population office: what it sends, and what it makes of every answer."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from pendopo.exchange import context as contexts
from pendopo.exchange import gateway
from pendopo.exchange.api import (
    BirthAttendant,
    BirthCommand,
    BirthPlaceKind,
    Child,
    CommandRefused,
    Context,
    ExchangeDenied,
    ExchangeMisconfigured,
    FamilyNotFound,
    Hop,
    MarriageProof,
    PersonField,
    PersonNotFound,
    PopulationAnswerInvalid,
    PopulationUnavailable,
    UnknownPurpose,
    name_actors_by,
    population,
    pseudonym,
)
from pendopo.exchange.tests.crooked import CrookedGateway, Reply, crooked_gateway
from pendopo.foundation.actor import SYSTEM, Actor, ActorKind
from pendopo.foundation.settings import current
from pendopo.kernel.nik import Nik
from pendopo.kernel.sex import Sex

MOTHER = Nik.parse("3314995508040001")
CONTEXT = Context("identity.activation", SYSTEM, issue="AKT-1")
BIRTH = Context("civil-registration.birth", SYSTEM, issue="AK-2026-000001")


@contextmanager
def gateway_says(*replies: Reply) -> Iterator[CrookedGateway]:
    with pytest.MonkeyPatch.context() as patch, crooked_gateway(*replies) as told:
        patch.setenv("PENDOPO_GATEWAY_URL", told.url)
        current.cache_clear()
        yield told
        gateway.http_client().close()
        gateway._client.cache_clear()
    current.cache_clear()


def shown(body: dict[str, Any], *subjects: Nik, status: int = 200) -> Reply:
    names = ",".join(pseudonym(nik) for nik in subjects)
    return Reply(status, {"X-Exchange-Subjects": names}, json.dumps(body).encode())


def problem(status: int, **members: str) -> Reply:
    return Reply(status, {"Content-Type": "application/problem+json"}, json.dumps(members).encode())


def ask() -> Any:
    return population.person(MOTHER, fields=[PersonField.NAME], context=CONTEXT)


def command() -> BirthCommand:
    child = Child(
        name="Sekar Ayu",
        sex=Sex.FEMALE,
        birth_date=date(2026, 11, 1),
        birth_place_code="33.14",
        place_kind=BirthPlaceKind.HOME,
        attendant=BirthAttendant.MIDWIFE,
        birth_order=1,
    )
    return BirthCommand(child, MOTHER, None, MarriageProof.NONE, MOTHER, "AK-2026-000001", datetime.now(UTC))


def test_a_question_carries_purpose_basis_case_and_pseudonym_and_no_nik_in_its_address() -> None:
    reply = shown({"nik": MOTHER.value, "name": "Rini Ningrum"}, MOTHER)
    with gateway_says(reply) as told:
        found = ask()
    assert (found.name, found.fields, found.sex) == ("Rini Ningrum", {PersonField.NAME}, None)
    seen = told.seen[0]
    assert seen.path == "/r1/ID-DEMO/GOV/DUKCAPIL-CONTOH/KEPENDUDUKAN/population-v1/persons"
    assert seen.headers["x-road-client"] == "ID-DEMO/GOV/PEMDA-CONTOH/PENDOPO"
    assert seen.headers["x-exchange-purpose"] == "identity.activation"
    assert seen.headers["x-exchange-legal-basis"] == "permendagri-72-2022"
    assert seen.headers["x-exchange-subject"] == pseudonym(MOTHER)
    assert seen.headers["x-road-issue"] == "AKT-1"
    assert "x-road-userid" not in seen.headers
    assert MOTHER.value not in json.dumps(seen.headers)
    assert json.loads(seen.body) == {"nik": MOTHER.value, "fields": ["name"]}


def test_the_acting_person_travels_as_a_pseudonym() -> None:
    known = list(contexts._resolvers)
    subject = uuid4()
    name_actors_by(lambda found: f"pseudonym-of-{found}")
    try:
        with gateway_says(shown({"nik": MOTHER.value, "name": "A B"}, MOTHER)) as told:
            actor = Actor(ActorKind.OFFICER, subject_id=subject)
            population.person(
                MOTHER, fields=[PersonField.NAME], context=Context("identity.activation", actor)
            )
    finally:
        contexts._resolvers[:] = known
    assert told.seen[0].headers["x-road-userid"] == f"pseudonym-of-{subject}"


def test_a_command_carries_its_key() -> None:
    with gateway_says(problem(503)) as told, pytest.raises(PopulationUnavailable):
        population.register_birth(command(), context=BIRTH, idempotency_key="key-1")
    assert told.seen[0].headers["idempotency-key"] == "key-1"


def test_nobody_listens() -> None:
    with pytest.raises(PopulationUnavailable) as caught:
        ask()
    assert (caught.value.hop, caught.value.cause, caught.value.retryable) == (
        Hop.OWN_GATEWAY,
        "connect",
        True,
    )


def test_no_answer_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "QUESTION_SECONDS", 0.3)
    with gateway_says(Reply(delay=1.0)), pytest.raises(PopulationUnavailable) as caught:
        ask()
    assert caught.value.cause == "timeout"


def test_an_answer_cut_in_the_middle_is_no_answer() -> None:
    reply = shown({"nik": MOTHER.value, "name": "Rini Ningrum"}, MOTHER)
    reply.cut = True
    with gateway_says(reply), pytest.raises(PopulationUnavailable):
        ask()


@pytest.mark.parametrize(
    ("code", "hop", "word"),
    [
        ("server.clientproxy.network_error", Hop.REMOTE_GATEWAY, "network_error"),
        ("server.clientproxy.io_error", Hop.REMOTE_GATEWAY, "io_error"),
        ("server.serverproxy.service_failed.network_error", Hop.POPULATION_OFFICE, "network_error"),
        ("server.serverproxy.service_failed.io_error", Hop.POPULATION_OFFICE, "io_error"),
        ("server.clientproxy.global_conf_outdated", Hop.OWN_GATEWAY, "global_conf_outdated"),
        ("server.clientproxy.logging_failed", Hop.OWN_GATEWAY, "logging_failed"),
    ],
)
def test_a_gateway_that_cannot_reach_the_office_means_try_later(code: str, hop: Hop, word: str) -> None:
    with (
        gateway_says(Reply(500, {"X-Road-Error": code}, b"{}")),
        pytest.raises(PopulationUnavailable) as caught,
    ):
        ask()
    assert (caught.value.hop, caught.value.cause) == (hop, word)


@pytest.mark.parametrize(
    ("code", "hop"),
    [
        ("server.clientproxy.inconsistent_response", Hop.REMOTE_GATEWAY),
        ("server.serverproxy.service_failed.invalid_response", Hop.POPULATION_OFFICE),
    ],
)
def test_an_answer_that_a_gateway_does_not_pass_on_is_a_wrong_answer_and_no_refusal(
    code: str, hop: Hop
) -> None:
    with (
        gateway_says(Reply(500, {"X-Road-Error": code}, b"{}")),
        pytest.raises(PopulationAnswerInvalid) as caught,
    ):
        ask()
    assert caught.value.hop is hop


@pytest.mark.parametrize(
    "code",
    [
        "server.serverproxy.access_denied",
        "server.clientproxy.access_denied",
        "server.serverproxy.unknown_service",
        "client.bad_request",
    ],
)
def test_a_gateway_that_refuses_means_no(code: str) -> None:
    status = 500 if code.startswith("server") else 400
    with gateway_says(Reply(status, {"X-Road-Error": code}, b"not json")), pytest.raises(ExchangeDenied):
        ask()


WRONG_ANSWERS = {
    "not json": b"<html>",
    "empty": b"",
    "a list": b"[]",
    "unknown key": json.dumps({"nik": MOTHER.value, "name": "A B", "extra": 1}).encode(),
    "another person": json.dumps({"nik": MOTHER.value[:-1] + "2", "name": "A B"}).encode(),
    "a field not asked": json.dumps({"nik": MOTHER.value, "name": "A B", "sex": "female"}).encode(),
    "a wrong type": json.dumps({"nik": MOTHER.value, "name": 5}).encode(),
    "no nik": json.dumps({"nik": "12", "name": "A B"}).encode(),
    "a nik that is none": json.dumps({"nik": "0000000000000000", "name": "A B"}).encode(),
}


@pytest.mark.parametrize("body", WRONG_ANSWERS.values(), ids=WRONG_ANSWERS)
def test_a_wrong_answer_is_not_used(body: bytes) -> None:
    reply = Reply(200, {"X-Exchange-Subjects": pseudonym(MOTHER)}, body)
    with gateway_says(reply), pytest.raises(PopulationAnswerInvalid) as caught:
        ask()
    assert MOTHER.value not in str(caught.value)


def test_an_answer_that_names_no_subject_is_not_used() -> None:
    with gateway_says(shown({"nik": MOTHER.value, "name": "A B"})), pytest.raises(PopulationAnswerInvalid):
        ask()


def test_something_else_on_the_port_is_no_exchange() -> None:
    with gateway_says(Reply(200, {}, b"hello", echo_id=False)), pytest.raises(PopulationAnswerInvalid):
        ask()
    with gateway_says(Reply(401, {}, b"", echo_id=False)), pytest.raises(ExchangeDenied):
        ask()


def test_what_the_office_itself_says() -> None:
    with gateway_says(problem(404, code="registers.person_not_found")), pytest.raises(PersonNotFound):
        ask()
    with gateway_says(problem(404, code="registers.family_not_found")), pytest.raises(FamilyNotFound):
        population.family(MOTHER, context=BIRTH)
    with (
        gateway_says(problem(403, code="registers.denied", reason="subject")),
        pytest.raises(ExchangeDenied) as no,
    ):
        ask()
    assert (no.value.hop, no.value.reason) == (Hop.POPULATION_OFFICE, "subject")
    with gateway_says(problem(404, code="")), pytest.raises(PopulationAnswerInvalid):
        ask()
    with (
        gateway_says(problem(500, code="registers.failed")),
        pytest.raises(PopulationAnswerInvalid) as broken,
    ):
        ask()
    assert (broken.value.hop, broken.value.retryable) == (Hop.POPULATION_OFFICE, True)
    for status in (429, 502, 503, 504):
        with gateway_says(problem(status)), pytest.raises(PopulationUnavailable) as down:
            ask()
        assert type(down.value) is PopulationUnavailable
    refusal = problem(409, code="registers.command_refused", reason="duplicate-birth", reference="3314-LU-1")
    with gateway_says(refusal), pytest.raises(CommandRefused) as refused:
        population.register_birth(command(), context=BIRTH, idempotency_key="k")
    assert (refused.value.reason, refused.value.reference) == ("duplicate-birth", "3314-LU-1")


def test_unknown_purpose_and_missing_gateway_stop_before_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    with gateway_says(Reply()) as told, pytest.raises(UnknownPurpose):
        population.person(MOTHER, fields=[PersonField.NAME], context=Context("curiosity", SYSTEM))
    assert told.seen == []
    monkeypatch.delenv("PENDOPO_GATEWAY_URL")
    current.cache_clear()
    with pytest.raises(ExchangeMisconfigured):
        ask()
    monkeypatch.undo()
    current.cache_clear()


def test_production_asks_nobody_about_fiction(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "PRODUCTION": "1",
        "DEMO": "0",
        "PROFILE": "hall",
        "BASE_URL": "https://x.example",
    }.items():
        monkeypatch.setenv(f"PENDOPO_{name}", value)
    with gateway_says(Reply()) as told:
        with pytest.raises(PersonNotFound):
            ask()
        with pytest.raises(ExchangeDenied):
            population.register_birth(command(), context=BIRTH, idempotency_key="k")
    assert told.seen == []
    monkeypatch.undo()
    current.cache_clear()


def test_pseudonyms_are_43_characters_and_depend_on_the_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = pseudonym(MOTHER)
    assert len(name) == 43
    assert name == pseudonym(Nik.parse(MOTHER.value))
    assert name != pseudonym(Nik.parse(MOTHER.value[:-1] + "2"))
    other = tmp_path / "subject.key"
    other.write_bytes(bytes(32))
    other.chmod(0o600)
    monkeypatch.setenv("PENDOPO_SUBJECT_KEY_FILE", str(other))
    current.cache_clear()
    found = pseudonym(MOTHER)
    monkeypatch.undo()
    current.cache_clear()
    # printf 3314995508040001 | openssl dgst -sha256 -mac HMAC -macopt hexkey:00…00 -binary | base64,
    # url alphabet
    assert found == "UHS1aEcHibvkGT7pNZ4NJpznFNbB3eqScd-9u8TBD-Q"
