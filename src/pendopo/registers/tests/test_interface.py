"""The REST interface: who gets in, who may ask about whom, what is shown, how commands repeat."""

import json
import threading
from dataclasses import dataclass
from importlib import resources
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from pendopo.exchange.api import PersonField, pseudonym
from pendopo.foundation.http import Audience, access_of
from pendopo.foundation.models import AuditRow
from pendopo.kernel.nik import Nik
from pendopo.registers import models, queries
from pendopo.registers.rest.interface import api
from pendopo.registers.rest.urls import urlpatterns
from pendopo.registers.synthetic.people import Cast
from pendopo.registers.tests import builders

HALL = "ID-DEMO/GOV/PEMDA-CONTOH/PENDOPO"


@dataclass(slots=True)
class Asker:
    """A gateway with the right token; every header can be changed."""

    token: str

    def post(self, path: str, body: object, *subjects: Nik, **headers: str) -> HttpResponse:
        sent = {
            "Authorization": f"Bearer {self.token}",
            "X-Road-Client": HALL,
            "X-Exchange-Purpose": "civil-registration.birth",
            "X-Exchange-Legal-Basis": "uu-23-2006",
            "X-Exchange-Subject": ",".join(pseudonym(nik) for nik in subjects),
            "X-Road-Issue": "AK-1",
        }
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        data = body if isinstance(body, (str, bytes)) else json.dumps(body)
        response = Client().post(f"/population/v1{path}", data, content_type="application/json", headers=sent)
        assert isinstance(response, HttpResponse)
        return response


@pytest.fixture
def asker(gateway_token: str) -> Asker:
    return Asker(gateway_token)


def question(nik: Nik, *fields: PersonField) -> dict[str, Any]:
    return {"nik": nik.value, "fields": [field.value for field in fields or (PersonField.NAME,)]}


def problem(response: HttpResponse, status: int, code: str, reason: str = "") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(response.content)
    assert (response.status_code, found["code"], found["reason"]) == (status, code, reason)
    assert response["Content-Type"] == "application/problem+json"
    return found


def test_only_the_fields_asked_are_shown_and_named(register: Cast, asker: Asker) -> None:
    mother = register.mothers[0]
    response = asker.post("/persons", question(mother.nik, PersonField.SEX, PersonField.ALIVE), mother.nik)
    assert response.status_code == 200
    assert json.loads(response.content) == {"nik": mother.nik.value, "sex": "female", "alive": True}
    assert response["X-Exchange-Subjects"] == pseudonym(mother.nik)
    assert response["X-Exchange-Fields"] == "nik,alive,sex"
    assert response["Cache-Control"] == "no-store"
    row = AuditRow.objects.get(event="registers.person_shown")
    assert row.detail == {"client": HALL, "purpose": "civil-registration.birth", "persons": 1}


def test_every_field_can_be_read(register: Cast, asker: Asker) -> None:
    """One purpose or another allows each field but religion, which none asks for."""
    mother = register.mothers[0]
    birth = asker.post("/persons", question(mother.nik, *_allowed("civil-registration.birth")), mother.nik)
    shown = json.loads(birth.content)
    assert shown["address"]["regency"] == "Kabupaten Sragen"
    assert len(shown["family_card"]) == 16
    assert shown["marital_status"] == "married"
    activation = asker.post(
        "/persons",
        question(mother.nik, *_allowed("identity.activation")),
        mother.nik,
        X_Exchange_Purpose="identity.activation",
    )
    assert json.loads(activation.content)["email"].endswith("@contoh.example")


def _allowed(code: str) -> list[PersonField]:
    from pendopo.exchange.api import purpose

    return sorted(purpose(code).person_fields)


def test_a_family_names_everybody_whose_data_it_shows(register: Cast, asker: Asker) -> None:
    mother = next(m for m in register.mothers if builders.next_order(m) > 2)
    response = asker.post("/families", {"nik": mother.nik.value}, mother.nik)
    shown = json.loads(response.content)
    niks = {member["nik"] for member in shown["members"]}
    assert {mother.nik.value, mother.husband.value if mother.husband else ""} < niks
    assert set(response["X-Exchange-Subjects"].split(",")) == {pseudonym(Nik.parse(nik)) for nik in niks}
    assert shown["marriages"][0]["wife"]["nik"] == mother.nik.value


def test_a_large_family_costs_no_more_questions_to_the_database(
    register: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    sizes = sorted(register.mothers, key=builders.next_order)
    for mother in (sizes[0], sizes[-1]):
        with django_assert_num_queries(5):
            queries.family(mother.nik)


def test_nobody_gets_in_without_the_token(register: Cast, asker: Asker) -> None:
    nik = register.midwife
    for value in ("", "Bearer wrong", f"Basic {asker.token}", "Bearer "):
        response = asker.post("/persons", question(nik), nik, Authorization=value)
        problem(response, 401, "registers.unauthenticated")
        assert response["WWW-Authenticate"] == "Bearer"
    for path in ("/families", "/births", "/births/x/corrections"):
        problem(asker.post(path, {}, Authorization="Bearer no"), 401, "registers.unauthenticated")


def test_without_a_configured_token_nobody_gets_in(
    register: Cast, asker: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pendopo.foundation.settings import current

    monkeypatch.delenv("PENDOPO_PROVIDER_TOKEN_FILE")
    current.cache_clear()
    response = asker.post("/persons", question(register.midwife), register.midwife)
    monkeypatch.undo()
    current.cache_clear()
    problem(response, 401, "registers.unauthenticated")


def test_the_envelope_must_name_exactly_the_persons_in_the_body(register: Cast, asker: Asker) -> None:
    nik, other = register.mothers[0].nik, register.mothers[1].nik
    problem(asker.post("/persons", question(nik)), 403, "registers.denied", "subject")
    problem(asker.post("/persons", question(nik), other), 403, "registers.denied", "subject")
    problem(asker.post("/persons", question(nik), nik, other), 403, "registers.denied", "subject")


@pytest.mark.parametrize(
    ("header", "value", "reason"),
    [
        ("X_Exchange_Purpose", "curiosity", "purpose"),
        ("X_Exchange_Purpose", "", "purpose"),
        ("X_Exchange_Legal_Basis", "perpres-95-2018", "legal-basis"),
        ("X_Exchange_Legal_Basis", "", "legal-basis"),
        ("X_Road_Client", "ID-DEMO/GOV/OTHER/SYSTEM", "agreement"),
        ("X_Road_Client", "", "agreement"),
    ],
)
def test_purpose_basis_and_agreement_are_checked(
    register: Cast, asker: Asker, header: str, value: str, reason: str
) -> None:
    nik = register.midwife
    response = asker.post("/persons", question(nik), nik, **{header: value})
    problem(response, 403, "registers.denied", reason)


def test_a_purpose_opens_only_its_endpoints_and_fields(register: Cast, asker: Asker) -> None:
    nik = register.midwife
    activation = {"X_Exchange_Purpose": "identity.activation"}
    problem(
        asker.post("/families", {"nik": nik.value}, nik, **activation), 403, "registers.denied", "agreement"
    )
    asked = question(nik, PersonField.NAME, PersonField.ADDRESS)
    problem(asker.post("/persons", asked, nik, **activation), 403, "registers.denied", "field")
    problem(
        asker.post("/persons", question(nik, PersonField.RELIGION), nik), 403, "registers.denied", "field"
    )


def test_unknown_people(register: Cast, asker: Asker) -> None:
    stranger = Nik.parse(register.midwife.value[:12] + "9998")
    problem(asker.post("/persons", question(stranger), stranger), 404, "registers.person_not_found")
    problem(asker.post("/families", {"nik": stranger.value}, stranger), 404, "registers.person_not_found")
    models.FamilyLine.objects.filter(person__births=None).delete()
    response = asker.post("/families", {"nik": register.midwife.value}, register.midwife)
    problem(response, 404, "registers.family_not_found")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "body"),
        ("not json", "body"),
        ("[]", "body"),
        ('{"nik": "3314995508040001"}', "fields"),
        ('{"nik": "33149955080400", "fields": ["name"]}', "nik"),
        ('{"nik": "0014995508040001", "fields": ["name"]}', "nik"),
        ('{"nik": "3314995508040001", "fields": []}', "fields"),
        ('{"nik": "3314995508040001", "fields": ["secret"]}', "fields.0"),
        ('{"nik": "3314995508040001", "fields": ["name"], "extra": 1}', "extra"),
    ],
)
def test_bad_bodies_are_named_by_place_and_never_quoted(
    register: Cast, asker: Asker, body: str, reason: str
) -> None:
    response = asker.post("/persons", body, register.midwife)
    problem(response, 400, "registers.request_invalid", reason)
    assert b"33149955080400" not in response.content


def test_a_command_is_answered_once(register: Cast, asker: Asker) -> None:
    mother = register.mothers[0]
    body = builders.body(builders.birth(mother))
    subjects = (mother.nik, mother.husband) if mother.husband else (mother.nik,)
    first = asker.post("/births", body, *subjects, Idempotency_Key="k1")
    again = asker.post("/births", body, *subjects, Idempotency_Key="k1")
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert first["X-Exchange-Subjects"] == again["X-Exchange-Subjects"]
    child = json.loads(first.content)["certificate"]["child_nik"]
    assert pseudonym(Nik.parse(child)) in first["X-Exchange-Subjects"].split(",")
    assert models.Birth.objects.count() == 1
    other = json.dumps(body).replace("Sekar", "Laras")
    problem(
        asker.post("/births", other, *subjects, Idempotency_Key="k1"),
        422,
        "registers.command_refused",
        "idempotency-key-reused",
    )
    refused = asker.post("/births", body, *subjects, Idempotency_Key="k2")
    found = problem(refused, 409, "registers.command_refused", "duplicate-birth")
    assert found["reference"] == json.loads(first.content)["certificate"]["number"]
    assert asker.post("/births", body, *subjects, Idempotency_Key="k2").content != b""
    assert models.Command.objects.count() == 2


def test_a_refusal_is_repeated_even_when_the_register_changed(register: Cast, asker: Asker) -> None:
    mother = register.mothers[0]
    body = builders.body(builders.birth(mother))
    subjects = (mother.nik, mother.husband) if mother.husband else (mother.nik,)
    row = models.Person.objects.filter(births=None, children_of_mother=None)
    row.update(died_on="2020-01-01")
    models.Person.objects.update(died_on="2020-01-01")
    first = asker.post("/births", body, *subjects, Idempotency_Key="k1")
    models.Person.objects.update(died_on=None)
    again = asker.post("/births", body, *subjects, Idempotency_Key="k1")
    assert (first.status_code, again.status_code) == (409, 409)
    assert json.loads(first.content)["reason"] == json.loads(again.content)["reason"]
    assert models.Birth.objects.count() == 0


def test_a_body_beyond_all_measure_is_refused(register: Cast, asker: Asker) -> None:
    body = json.dumps({"nik": register.midwife.value, "fields": ["name"], "more": "x" * 3_000_000})
    problem(asker.post("/persons", body, register.midwife), 400, "registers.request_invalid", "body")


def test_a_command_needs_a_key(register: Cast, asker: Asker) -> None:
    mother = register.single_mother
    body = builders.body(builders.birth(mother))
    for key in ("", "x" * 201):
        response = asker.post("/births", body, mother.nik, Idempotency_Key=key)
        problem(response, 400, "registers.request_invalid", "idempotency-key")


def test_a_correction_over_the_interface(register: Cast, asker: Asker) -> None:
    mother = register.single_mother
    entered = json.loads(
        asker.post("/births", builders.body(builders.birth(mother)), mother.nik, Idempotency_Key="k").content
    )
    number, child = entered["certificate"]["number"], Nik.parse(entered["certificate"]["child_nik"])
    body = {
        "child_nik": child.value,
        "child_name": "Sekar Ayu Lestary",
        "reason": "Salah tulis",
        "case_number": "PA-1",
        "decided_at": "2026-11-22T08:00:00+07:00",
    }
    correction = {"X_Exchange_Purpose": "civil-registration.correction", "Idempotency_Key": "c1"}
    response = asker.post(f"/births/{number}/corrections", body, child, **correction)
    assert response.status_code == 201, response.content
    shown = json.loads(response.content)
    assert (shown["replaced"], shown["certificate"]["version"]) == (number, 2)
    assert shown["certificate"]["corrected"] == ["child_name"]
    wrong = asker.post(f"/births/{number}/corrections", body, child, Idempotency_Key="c2")
    problem(wrong, 403, "registers.denied", "agreement")


def test_inconsistent_commands_do_not_parse(register: Cast, asker: Asker) -> None:
    mother = register.single_mother
    good: dict[str, Any] = builders.body(builders.birth(mother))
    for change in (
        {"father": {"nik": None, "stated_name": None}},
        {"father": {"nik": mother.nik.value, "stated_name": "A B"}},
        {"decided_at": "2026-11-22T08:00:00"},
        {"child": {**good["child"], "delivery_order": 2}},
        {"child": {**good["child"], "birth_date": "22-11-2026"}},
        {"child": {**good["child"], "weight_grams": 31}},
    ):
        response = asker.post("/births", good | change, mother.nik, Idempotency_Key="k")
        assert response.status_code == 400, change
    assert models.Command.objects.count() == 0


def test_every_route_states_its_access() -> None:
    routes = urlpatterns[0].url_patterns
    assert len(routes) >= 4
    for route in routes:
        stated = access_of(route.callback)
        assert stated is not None, route
        assert stated.audience is Audience.SERVICE


def test_no_personal_data_stands_open_in_the_tables(register: Cast, asker: Asker) -> None:
    """A dump of the tables shows neither the NIK nor the name of anybody who was entered."""
    mother = register.single_mother
    asker.post("/births", builders.body(builders.birth(mother)), mother.nik, Idempotency_Key="k")
    seen = ""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(("registers_", "foundation_")) and table != "registers_region":
                cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")  # noqa: S608  # our own names
                row = cursor.fetchone()
                seen += (row[0] or "") if row else ""
    assert "Sekar" not in seen
    assert mother.nik.value not in seen
    assert b"Sekar".hex() not in seen
    assert mother.nik.value.encode().hex() not in seen


def test_the_published_description_is_what_the_code_does() -> None:
    """``population-v1`` is a promise to other bodies: a change shows here and needs a new version."""
    file = resources.files("pendopo.registers") / "rest" / "population-v1.json"
    published = json.loads(file.read_text(encoding="utf-8"))
    assert json.loads(json.dumps(api.get_openapi_schema(), default=str)) == published
    assert sorted(published["paths"]) == [
        "/population/v1/births",
        "/population/v1/births/{certificate}/corrections",
        "/population/v1/families",
        "/population/v1/persons",
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_body_breaks_the_interface(register: Cast, asker: Asker, data: st.DataObject) -> None:
    """A good body with one value replaced by anything, and anything at all: never a failure of the office."""
    mother = register.single_mother
    good = builders.body(builders.birth(mother))
    if data.draw(st.booleans()):
        body: object = data.draw(JSON)
    else:
        place = data.draw(st.sampled_from([*good, *(f"child.{name}" for name in good["child"])]))
        outer, _, inner = place.partition(".")
        value = data.draw(JSON)
        body = good | ({outer: {**good["child"], inner: value}} if inner else {outer: value})
    with transaction.atomic():
        response = asker.post("/births", body, mother.nik, Idempotency_Key=str(uuid4()))
        transaction.set_rollback(True)
    assert response.status_code < 500, (body, response.content)


@pytest.mark.django_db(transaction=True)
def test_one_key_sent_at_once_is_carried_out_once(busy_register: Cast, asker: Asker) -> None:
    mother = busy_register.single_mother
    body = builders.body(builders.birth(mother))
    answers: list[bytes] = []

    def run() -> None:
        try:
            answers.append(asker.post("/births", body, mother.nik, Idempotency_Key="k").content)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 6
    assert len(set(answers)) == 1
    assert models.Birth.objects.count() == 1
    assert models.Command.objects.count() == 1


def test_the_same_command_written_otherwise_is_the_same_command(register: Cast, asker: Asker) -> None:
    """Order of keys, spaces and left-out defaults may change when a hall is updated between two attempts."""
    mother = register.single_mother
    body = builders.body(builders.birth(mother))
    first = asker.post("/births", body, mother.nik, Idempotency_Key="k")
    child = {name: value for name, value in reversed(body["child"].items()) if name != "delivery_count"}
    again = asker.post(
        "/births", json.dumps(body | {"child": child}, indent=2), mother.nik, Idempotency_Key="k"
    )
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
