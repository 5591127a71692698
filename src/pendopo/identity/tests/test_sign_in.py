"""Signing in at the provider with NIK, password and code: what counts, and what nobody may learn."""

import datetime as dt
import re
import time
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from pendopo.foundation.models import AuditRow
from pendopo.identity import models, testing, totp
from pendopo.identity.actions import credentials, sign_in
from pendopo.identity.client import registration
from pendopo.identity.errors import SignInRefused, TooManyAttempts
from pendopo.identity.records import SubjectView
from pendopo.identity.tests.conftest import PASSWORD, SECRET
from pendopo.kernel.nik import Nik

pytestmark = pytest.mark.django_db
NIK = testing.a_nik()
AT = dt.datetime(2026, 11, 22, 3, 0, 5, tzinfo=dt.UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


def code(steps: int = 0) -> str:
    return totp.code_at(SECRET, int(time.time()) // 30 + steps)


def enter(
    nik: Nik = NIK, password: str = PASSWORD, given: str | None = None, address: str = "192.0.2.7"
) -> str:
    typed = code() if given is None else given
    return sign_in.with_password(nik, password, typed, address=address, device="")


def test_the_right_three_open_a_session(with_password: SubjectView) -> None:
    enter()
    session = models.ProviderSession.objects.get()
    assert (session.subject_id, session.authentication) == (with_password.id, 2)
    assert session.amr == ["pwd", "otp", "mfa"]


def test_a_code_is_good_once(with_password: SubjectView, clock: time_machine.Traveller) -> None:
    enter()
    with pytest.raises(SignInRefused):
        enter()
    clock.shift(dt.timedelta(seconds=30))
    enter()


def test_a_wrong_password_does_not_spend_the_code(
    with_password: SubjectView, clock: time_machine.Traveller
) -> None:
    with pytest.raises(SignInRefused):
        enter(password="kuda lari pagi huja")
    enter()


@pytest.mark.parametrize(
    ("password", "given"), [("", "000000"), (PASSWORD, ""), (PASSWORD, "000000"), ("x" * 5000, None)]
)
def test_any_part_wrong_is_refused(with_password: SubjectView, password: str, given: str | None) -> None:
    with pytest.raises(SignInRefused):
        enter(password=password, given=given)
    assert not models.ProviderSession.objects.exists()


def test_a_person_without_password_or_an_unconfirmed_app_is_refused(sari: SubjectView) -> None:
    with pytest.raises(SignInRefused):
        enter()
    credentials.store_password(sari.id, PASSWORD)
    with pytest.raises(SignInRefused):
        enter()


def test_a_recovery_code_works_once_in_place_of_the_app(with_password: SubjectView) -> None:
    made = credentials.store_recovery_codes(with_password.id)
    enter(given=made[0].lower().replace("-", " "))
    assert models.ProviderSession.objects.get().amr == ["pwd", "recovery", "mfa"]
    with pytest.raises(SignInRefused):
        enter(given=made[0])
    enter(given=made[1])


def test_another_persons_recovery_code_is_refused(with_password: SubjectView) -> None:
    budi = testing.a_person(testing.a_nik(2), "Budi Santoso")
    with pytest.raises(SignInRefused):
        enter(given=credentials.store_recovery_codes(budi.id)[0])


def test_five_attempts_for_one_person_then_a_pause(
    with_password: SubjectView, clock: time_machine.Traveller
) -> None:
    for number in range(5):
        with pytest.raises(SignInRefused):
            enter(password="wrong but long enough", address=f"192.0.2.{number}")
    with pytest.raises(TooManyAttempts) as refused:
        enter(address="192.0.2.99")
    assert refused.value.params["minutes"] == 5
    clock.shift(dt.timedelta(minutes=6))
    enter()


def test_one_address_cannot_try_many_people(clock: time_machine.Traveller) -> None:
    for number in range(60):
        with pytest.raises(SignInRefused):
            enter(nik=testing.a_nik(100 + number))
    with pytest.raises(TooManyAttempts):
        enter(nik=testing.a_nik(500))
    with pytest.raises(SignInRefused):
        enter(nik=testing.a_nik(500), address="198.51.100.1")


def test_refusals_are_audited_without_telling_who(with_password: SubjectView) -> None:
    with pytest.raises(SignInRefused):
        enter(given="000000")
    row = AuditRow.objects.get(event="identity.authentication_refused")
    assert row.object_id == with_password.id
    assert row.detail == {"by": "password"}


@pytest.fixture
def form() -> tuple[Client, str]:
    """A browser at the sign-in form."""
    registration.ensure()
    client = Client(headers={"accept": "text/html"})
    there = client.get("/sign-in/")
    page = client.get(client.get(there["Location"])["Location"])
    found = re.search(r'name="i" value="([^"]+)"', page.content.decode())
    assert found
    return client, found[1]


def post(form: tuple[Client, str], nik: str, password: str, given: str) -> tuple[int, str]:
    client, waiting = form
    fields = {"i": waiting, "nik": nik, "password": password, "code": given}
    answer = client.post("/id/sign-in/", fields)
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode())
    return answer.status_code, text.replace(nik, "NIK")


def test_nobody_learns_who_is_known(with_password: SubjectView, form: tuple[Client, str]) -> None:
    wrong_password = post(form, NIK.value, "wrong but long enough", code())
    wrong_code = post(form, NIK.value, PASSWORD, "000000")
    unknown = post(form, testing.a_nik(777).value, PASSWORD, code())
    assert wrong_password == wrong_code == unknown
    assert wrong_password[0] == 403


def test_nothing_typed_but_the_nik_comes_back(with_password: SubjectView, form: tuple[Client, str]) -> None:
    _, text = post(form, NIK.value, "very secret indeed", "123456")
    assert "very secret indeed" not in text
    assert "123456" not in text


def test_what_is_no_nik_gets_its_own_sentence(form: tuple[Client, str]) -> None:
    status, text = post(form, "123", PASSWORD, "000000")
    assert status == 422
    assert "16" in text


def test_the_form_without_its_beginning_says_how_to_go_on(db: None) -> None:
    answer = Client(headers={"accept": "text/html"}).get("/id/sign-in/?i=nonsense")
    assert answer.status_code == 400
    assert "/sign-in/" in answer.content.decode()


def test_another_browser_cannot_use_the_form(with_password: SubjectView, form: tuple[Client, str]) -> None:
    stranger = Client(headers={"accept": "text/html"})
    fields = {"i": form[1], "nik": NIK.value, "password": PASSWORD, "code": code()}
    assert stranger.post("/id/sign-in/", fields).status_code == 400
    assert not models.ProviderSession.objects.exists()


def test_the_form_is_protected_against_forgery(form: tuple[Client, str]) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"accept": "text/html"})
    strict.cookies = form[0].cookies
    assert strict.post("/id/sign-in/", {"i": form[1]}).status_code == 403
