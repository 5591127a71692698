"""Activation from both sides: the officer at the counter, the person with the slip."""

import base64
import datetime as dt
import re
import time
from collections.abc import Iterator
from uuid import UUID

import pytest
import time_machine
from django.test import Client

from pendopo.agencies import api as agencies
from pendopo.exchange.api import PersonNotFound, PopulationUnavailable
from pendopo.foundation.actor import ANONYMOUS, Actor
from pendopo.foundation.models import AuditRow, OutboxEvent
from pendopo.foundation.settings import current
from pendopo.identity import api, events, models, passkeys, queries, testing, totp
from pendopo.identity.actions import activation, counter, credentials, sign_in
from pendopo.identity.actions.first import appoint_officer, dismiss_officer, first_administrator
from pendopo.identity.errors import (
    ActivationCodeRefused,
    ActivationExpired,
    CodeRefused,
    FaceNotChecked,
    InvalidEmail,
    OwnActivation,
    PasswordTooWeak,
    PersonNotAlive,
    SignInRefused,
    TooManyAttempts,
    VisitExpired,
)
from pendopo.identity.tests.authenticator import Device
from pendopo.identity.tests.conftest import PASSWORD
from pendopo.identity.tests.office import Office, open_office
from pendopo.kernel.errors import Forbidden, PendopoError, TooManyRequests

pytestmark = pytest.mark.django_db
SARI = testing.a_nik(1)
PERFORM = "identity:activation:perform"


@pytest.fixture
def office() -> Iterator[Office]:
    with open_office() as made:
        made.enter(SARI, "SARI WULANDARI")
        yield made


@pytest.fixture
def desk(db: None) -> Actor:
    """The counter officer."""
    person = testing.a_person(testing.a_nik(50), "Dewi Lestari")
    return testing.officer(person.id, testing.a_post(person.id, PERFORM))


def slip(desk: Actor) -> str:
    visit = counter.look_up(SARI, actor=desk)
    return counter.issue_code(visit, checked=True, actor=desk).code


def redeem(code: str) -> str:
    return activation.redeem(code, address="192.0.2.1")


def finish_with_password(token: str) -> tuple[str, ...]:
    activation.choose_password(token, PASSWORD, PASSWORD)
    secret = activation.propose_totp(token)
    return activation.finish_with_password(token, totp.code_at(secret, int(time.time()) // 30))


def test_the_officer_sees_what_the_register_says(office: Office, desk: Actor) -> None:
    found = counter.visit(counter.look_up(SARI, actor=desk), actor=desk)
    assert (found.name, found.birth_date) == ("SARI WULANDARI", dt.date(1996, 3, 12))
    assert found.masked_nik == SARI.masked
    assert not found.has_identity
    purpose, user, path = office.asked[0]
    assert purpose == "identity.activation"
    assert user == api.pseudonym_of(desk.subject_id or UUID(int=0))
    assert SARI.value not in path


def test_a_look_up_needs_the_permission(office: Office, desk: Actor) -> None:
    other = testing.a_person(testing.a_nik(51), "Eko Prasetyo")
    clerk = testing.officer(other.id, testing.a_post(other.id, "casework:case:read"))
    for actor in (clerk, ANONYMOUS):
        with pytest.raises(Forbidden):
            counter.look_up(SARI, actor=actor)
    assert not office.asked


def test_a_visit_belongs_to_its_officer_and_body(office: Office, desk: Actor) -> None:
    visit = counter.look_up(SARI, actor=desk)
    other = testing.a_person(testing.a_nik(51), "Eko Prasetyo")
    foreign = testing.officer(other.id, testing.a_post(other.id, PERFORM, body="dinsos"))
    with pytest.raises(VisitExpired):
        counter.visit(visit, actor=foreign)
    with pytest.raises(VisitExpired):
        counter.issue_code(visit, checked=True, actor=foreign)


def test_without_comparing_card_and_face_there_is_no_code(office: Office, desk: Actor) -> None:
    visit = counter.look_up(SARI, actor=desk)
    with pytest.raises(FaceNotChecked):
        counter.issue_code(visit, checked=False, actor=desk)
    assert not models.ActivationCode.objects.exists()


def test_a_visit_hands_out_one_code(office: Office, desk: Actor) -> None:
    visit = counter.look_up(SARI, actor=desk)
    counter.issue_code(visit, checked=True, actor=desk)
    with pytest.raises(VisitExpired):
        counter.issue_code(visit, checked=True, actor=desk)


def test_an_old_visit_is_over(office: Office, desk: Actor) -> None:
    with time_machine.travel(dt.datetime.now(dt.UTC), tick=False) as clock:
        visit = counter.look_up(SARI, actor=desk)
        clock.shift(dt.timedelta(minutes=16))
        with pytest.raises(VisitExpired):
            counter.visit(visit, actor=desk)


def test_nobody_activates_herself(office: Office, desk: Actor) -> None:
    with pytest.raises(OwnActivation):
        counter.look_up(testing.a_nik(50), actor=desk)


def test_the_dead_the_unknown_and_a_silent_office(office: Office, desk: Actor) -> None:
    office.enter(testing.a_nik(2), "BUDI", alive=False)
    with pytest.raises(PersonNotAlive):
        counter.look_up(testing.a_nik(2), actor=desk)
    with pytest.raises(PersonNotFound):
        counter.look_up(testing.a_nik(3), actor=desk)
    office.is_down = True
    with pytest.raises(PopulationUnavailable):
        counter.look_up(SARI, actor=desk)
    assert not models.CounterVisit.objects.exists()


def test_an_officer_cannot_browse_the_population(office: Office, desk: Actor) -> None:
    for _ in range(60):
        counter.look_up(SARI, actor=desk)
    with pytest.raises(TooManyRequests):
        counter.look_up(SARI, actor=desk)


def test_nothing_about_the_person_lies_open_in_the_tables(office: Office, desk: Actor) -> None:
    code = slip(desk)
    tables = (models.Subject, models.CounterVisit, models.ActivationCode)
    stored = repr([list(table.objects.values_list()) for table in tables])
    for secret in (SARI.value, "SARI", "1996-03-12", code, code.replace("-", "")):
        assert secret not in stored


def test_password_and_app_make_an_identity_that_signs_in(office: Office, desk: Actor) -> None:
    token = redeem(slip(desk))
    activation.give_email(token, "sari@example.id")
    recovery = finish_with_password(token)
    sari = api.subject_by_nik(SARI)
    assert sari is not None
    assert sari.active
    assert sari.assurance == 3
    assert api.email_of(sari.id) == "sari@example.id"
    assert len(recovery) == 8
    sign_in.with_password(SARI, PASSWORD, recovery[0], address="", device="")


def test_a_passkey_makes_an_identity_too(office: Office, desk: Actor) -> None:
    token = redeem(slip(desk))
    device = Device(origin=current().base_url, rp_id=current().host)
    started = passkeys.start_registration(activation.running(token).subject)
    activation.finish_with_passkey(token, str(started.id), device.create(started.options), label="Ponsel")
    asked = passkeys.start_authentication()
    sign_in.with_passkey(str(asked.id), device.get(asked.options), address="", device="")
    with pytest.raises(ActivationExpired):
        activation.running(token)


def test_a_code_is_good_once_and_for_two_hours(office: Office, desk: Actor) -> None:
    code = slip(desk)
    redeem(code.lower())
    with pytest.raises(ActivationCodeRefused):
        redeem(code)
    with time_machine.travel(dt.datetime.now(dt.UTC), tick=False) as clock:
        late = slip(desk)
        clock.shift(dt.timedelta(hours=2, seconds=1))
        with pytest.raises(ActivationCodeRefused):
            redeem(late)


def test_a_new_slip_voids_the_old_one(office: Office, desk: Actor) -> None:
    first, second = slip(desk), slip(desk)
    with pytest.raises(ActivationCodeRefused):
        redeem(first)
    redeem(second)


def test_guessing_codes_is_stopped(db: None) -> None:
    for _ in range(20):
        with pytest.raises(ActivationCodeRefused):
            redeem("0000-0000-0000")
    with pytest.raises(TooManyAttempts):
        redeem("0000-0000-0000")


def test_between_the_steps_nobody_is_signed_in_and_time_runs_out(office: Office, desk: Actor) -> None:
    with time_machine.travel(dt.datetime.now(dt.UTC), tick=False) as clock:
        token = redeem(slip(desk))
        assert not models.ProviderSession.objects.exists()
        clock.shift(dt.timedelta(minutes=31))
        with pytest.raises(ActivationExpired):
            finish_with_password(token)


def test_wrong_input_leaves_the_activation_open(office: Office, desk: Actor) -> None:
    token = redeem(slip(desk))
    for wrong in ("", "sari", "sari@", "a b@example.id", "sari@localhost", "x@" + "y" * 300 + ".id"):
        with pytest.raises(InvalidEmail):
            activation.give_email(token, wrong)
    with pytest.raises(PasswordTooWeak):
        activation.choose_password(token, PASSWORD, "something else")
    activation.choose_password(token, PASSWORD, PASSWORD)
    with pytest.raises(CodeRefused):
        activation.finish_with_password(token, "000000")
    assert finish_with_password(token)


def test_coming_again_replaces_every_older_credential(office: Office, desk: Actor) -> None:
    token = redeem(slip(desk))
    recovery = finish_with_password(token)
    sari = api.subject_by_nik(SARI)
    assert sari is not None
    sign_in.with_password(SARI, PASSWORD, recovery[0], address="", device="")
    again = counter.visit(counter.look_up(SARI, actor=desk), actor=desk)
    assert again.has_identity
    token = redeem(counter.issue_code(again.id, checked=True, actor=desk).code)
    device = Device(origin=current().base_url, rp_id=current().host)
    started = passkeys.start_registration(activation.running(token).subject)
    assert credentials.has_password(sari.id)
    activation.finish_with_passkey(token, str(started.id), device.create(started.options), label="Baru")
    assert not credentials.has_password(sari.id)
    assert models.ProviderSession.objects.get().ended_at is not None
    with pytest.raises(SignInRefused):
        sign_in.with_password(SARI, PASSWORD, recovery[1], address="", device="")
    assert [entry.label for entry in queries.passkeys_of(sari.id)] == ["Baru"]


def test_an_address_changed_by_an_unfinished_activation_is_told(office: Office, desk: Actor) -> None:
    """For a first activation there is nobody to tell; for a repeated one the owner must hear of it."""
    token = redeem(slip(desk))
    activation.give_email(token, "sari@example.org")
    assert not OutboxEvent.objects.filter(topic=events.CONTACT_CHANGED).exists()
    finish_with_password(token)
    activation.give_email(redeem(slip(desk)), "other@example.org")
    sari = api.subject_by_nik(SARI)
    assert sari is not None
    (event,) = OutboxEvent.objects.filter(topic=events.CONTACT_CHANGED)
    assert event.payload == {"subject_id": str(sari.id)}


def test_every_step_leaves_an_audit_row(office: Office, desk: Actor) -> None:
    finish_with_password(redeem(slip(desk)))
    names = set(AuditRow.objects.values_list("event", flat=True))
    assert names >= {
        "identity.person_looked_up",
        "identity.activation_code_issued",
        "identity.activation_code_redeemed",
        "identity.activated",
    }


def test_the_first_administrator_enters_through_the_exchange(office: Office) -> None:
    body = testing.a_body("pemda-contoh")
    issued = first_administrator(SARI, body)
    redeem(issued.code)
    found = api.subject_by_nik(SARI)
    assert found is not None
    assert office.asked[0][0] == "identity.officer-verification"


def test_the_operator_appoints_an_officer_and_then_gives_another_post(office: Office) -> None:
    body = testing.a_body("pemda-contoh")
    verify, decide = ["casework:case:verify"], ["casework:case:decide"]
    issued = appoint_officer(SARI, body, title_id="Verifikator", title_en="Verifier", permissions=verify)
    assert issued is not None
    finish_with_password(redeem(issued.code))
    again = appoint_officer(SARI, body, title_id="Pejabat", title_en="Registrar", permissions=decide)
    assert again is None
    found = api.subject_by_nik(SARI)
    assert found is not None
    assert [one.title_id for one in agencies.posts_of(found.id)] == ["Verifikator", "Pejabat"]


def test_the_operator_lets_an_officer_go_at_once(office: Office) -> None:
    here, there = testing.a_body("pemda-contoh"), testing.a_body("dukcapil")
    officer = testing.a_person(SARI, "Sari Wulandari")
    client = Client(headers={"accept": "text/html"})
    testing.sign_in(client, officer.id, post=testing.a_post(officer.id, PERFORM, body=here.code))
    testing.a_post(officer.id, PERFORM, body=there.code)
    assert client.get("/counter/activation/").status_code == 200

    assert [one.body_code for one in dismiss_officer(SARI, here)] == [here.code]
    assert client.get("/counter/activation/").status_code != 200
    assert [one.body_code for one in dismiss_officer(SARI)] == [there.code]
    assert agencies.posts_of(officer.id) == []
    assert AuditRow.objects.filter(event="agencies.post_ended").count() == 2


def test_letting_go_whom_nobody_appointed_says_so(office: Office) -> None:
    testing.a_person(SARI, "Sari Wulandari")
    with pytest.raises(agencies.UnknownPost):
        dismiss_officer(SARI)
    with pytest.raises(api.UnknownSubject):
        dismiss_officer(testing.a_nik(77))


def test_a_post_with_an_unknown_permission_is_refused(office: Office) -> None:
    body = testing.a_body("pemda-contoh")
    with pytest.raises(PendopoError):
        appoint_officer(SARI, body, title_id="X", title_en="X", permissions=["casework:case:own"])


def field(html: str, name: str) -> str:
    found = re.search(rf"{name}[^>]*>([^<]+)<", html)
    assert found, html
    return found[1].strip()


def test_the_counters_pages(office: Office) -> None:
    officer = testing.a_person(testing.a_nik(50), "Dewi Lestari")
    client = Client(headers={"accept": "text/html"})
    testing.sign_in(client, officer.id, post=testing.a_post(officer.id, PERFORM))
    assert client.get("/counter/activation/").status_code == 200
    wrong = client.post("/counter/activation/", {"nik": "12"})
    assert wrong.status_code == 422
    found = client.post("/counter/activation/", {"nik": SARI.value})
    assert found.status_code == 303
    assert SARI.value not in found["Location"]
    page = client.get(found["Location"]).content.decode()
    assert "SARI WULANDARI" in page
    assert SARI.value not in page
    assert client.post(found["Location"], {"checked": "face"}).status_code == 422
    made = client.post(found["Location"], {"checked": ["card", "face"]})
    assert made["Cache-Control"] == "private, no-store"
    code = field(made.content.decode(), "data-activation-code")
    assert client.post(found["Location"], {"checked": ["card", "face"]}).status_code == 410
    phone = Client(headers={"accept": "text/html"})
    assert phone.post("/activate/", {"code": code})["Location"] == "/activate/email/"
    assert phone.post("/activate/email/", {"email": "x"}).status_code == 422
    assert phone.post("/activate/email/", {"email": "sari@example.id"})["Location"] == "/activate/method/"
    assert phone.post("/activate/method/", {}).status_code == 422
    assert phone.post("/activate/method/", {"method": "password"})["Location"] == "/activate/password/"
    typed = {"password": PASSWORD, "password_again": PASSWORD}
    assert phone.post("/activate/password/", typed)["Location"] == "/activate/authenticator/"
    assert phone.get("/activate/passkey/").status_code == 200
    setup = phone.get("/activate/authenticator/").content.decode()
    secret = base64.b32decode(field(setup, '"pd-code"').replace(" ", ""))
    done = phone.post("/activate/authenticator/", {"code": totp.code_at(secret, int(time.time()) // 30)})
    assert done.status_code == 200
    assert done.content.decode().count("<li><code>") == 8
    assert phone.get("/activate/email/").status_code == 410


def test_the_activation_pages_without_a_code_lead_to_the_start(db: None) -> None:
    client = Client(headers={"accept": "text/html"})
    for step in ("email", "method", "passkey", "password", "authenticator"):
        answer = client.get(f"/activate/{step}/")
        assert answer.status_code == 410
        assert 'href="/activate/"' in answer.content.decode()
