"""The hall as a client of its provider, over real HTTP: a sign-in, and answers that are not for us."""

import datetime as dt
import threading
import time
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from pendopo.foundation.clock import now
from pendopo.identity import models, queries, testing, totp
from pendopo.identity.actions import credentials
from pendopo.identity.client import flow
from pendopo.identity.records import SubjectView
from pendopo.identity.tests.authenticator import Device
from pendopo.identity.tests.browser import Browser, Hall
from pendopo.identity.tests.conftest import PASSWORD, SECRET

NIK = testing.a_nik()


@pytest.fixture
def person(db: None) -> SubjectView:
    return entered()


def entered() -> SubjectView:
    """Return a person with password and authenticator."""
    made = testing.a_person()
    credentials.store_password(made.id, PASSWORD)
    credentials.store_totp(made.id, SECRET, 0)
    return made


def enter(browser: Browser, form: str = "/id/sign-in/") -> httpx.Response:
    """Fill in and send the provider's form, with a code that was not used yet."""
    models.Totp.objects.update(last_step=0)
    code = totp.code_at(SECRET, int(time.time()) // 30)
    return browser.send(form, nik=NIK.value, password=PASSWORD, code=code)


def hops(response: httpx.Response) -> list[str]:
    return [urlsplit(str(hop.url)).path for hop in (*response.history, response)]


@pytest.mark.django_db(transaction=True)
def test_password_and_code_lead_to_the_page_that_was_wanted(served: Hall) -> None:
    person = entered()
    browser = Browser(served)
    asked = browser.open("/my/security/")
    assert hops(asked) == ["/my/security/", "/sign-in/", "/id/authorize", "/id/sign-in/"]
    done = enter(browser)
    assert hops(done) == ["/id/sign-in/", "/id/continue/", "/sign-in/callback", "/my/security/"]
    assert done.status_code == 200
    session = models.Session.objects.get()
    assert session.subject_id == person.id
    assert session.provider_session == models.ProviderSession.objects.get().id


def test_a_passkey_does_the_same_in_english(hall: Hall, person: SubjectView) -> None:
    browser = Browser(hall)
    browser.open("/my/security/passkey/")
    enter(browser)
    device = Device(origin=hall.base, rp_id="localhost")
    browser.use_passkey(device)
    assert browser.path == "/my/security/"
    other = Browser(hall)
    other.open("/en/my/security/")
    assert other.path == "/en/id/sign-in/"
    assert "Sign in with a passkey" in other.page.text
    other.use_passkey(device)
    assert other.path == "/en/my/security/"
    assert "Account security" in other.page.text


@pytest.mark.django_db(transaction=True)
def test_a_sign_in_begun_in_english_without_a_page_to_return_to_ends_in_english(served: Hall) -> None:
    entered()
    browser = Browser(served)
    browser.open("/en/sign-in/")
    enter(browser, "/en/id/sign-in/")
    assert browser.path == "/en/my/cases/"


@pytest.mark.django_db(transaction=True)
def test_a_sign_in_begun_in_english_fails_in_english(served: Hall) -> None:
    entered()
    browser = Browser(served)
    browser.open("/en/sign-in/")
    browser.client.follow_redirects = False
    step = enter(browser, "/en/id/sign-in/")
    callback = browser.client.get(step.headers["Location"]).headers["Location"]
    failed = browser.open(callback.replace("code=", "code=x"))
    assert failed.status_code >= 400
    assert failed.headers["Content-Language"] == "en"
    assert '<html lang="en"' in failed.text
    assert 'href="/en/sign-in/?' in failed.text


def test_a_known_browser_is_signed_in_without_being_asked(hall: Hall, person: SubjectView) -> None:
    browser = Browser(hall)
    browser.open("/my/security/")
    enter(browser)
    models.Session.objects.all().delete()
    assert hops(browser.open("/my/security/"))[-1] == "/my/security/"


def test_changing_credentials_wants_a_fresh_sign_in(hall: Hall, person: SubjectView) -> None:
    browser = Browser(hall)
    browser.open("/my/security/")
    enter(browser)
    old = now() - dt.timedelta(minutes=11)
    models.Session.objects.update(authenticated_at=old)
    models.ProviderSession.objects.update(authenticated_at=old)
    browser.open("/my/security/password/")
    assert browser.path == "/id/sign-in/"
    assert "sekali lagi" in browser.page.text
    enter(browser)
    assert browser.path == "/my/security/password/"
    assert len(queries.live_sessions(person.id)) == 1


def test_signing_out_ends_both_sessions(hall: Hall, person: SubjectView) -> None:
    browser = Browser(hall)
    browser.open("/my/security/")
    enter(browser)
    left = browser.send("/sign-out/")
    assert hops(left)[:2] == ["/sign-out/", "/id/end-session"]
    assert models.ProviderSession.objects.get().ended_at is not None
    browser.open("/my/security/")
    assert browser.path == "/id/sign-in/"


def begun(hall: Hall) -> tuple[Browser, str]:
    """A browser that stands before the callback, with the address that it would follow."""
    browser = Browser(hall)
    browser.open("/my/security/")
    browser.client.follow_redirects = False
    step = enter(browser)
    step = browser.client.get(step.headers["Location"])
    return browser, step.headers["Location"]


def test_an_answer_belongs_to_the_browser_that_asked(hall: Hall, person: SubjectView) -> None:
    _, address = begun(hall)
    victim = Browser(hall)
    assert victim.open(address).status_code == 400
    assert not models.Session.objects.exists()


@pytest.mark.parametrize(
    ("find", "put"),
    [("iss=", "iss=https%3A%2F%2Fevil.example%2F&was="), ("code=", "code=x"), ("state=", "state=x")],
)
def test_a_changed_answer_is_refused(hall: Hall, person: SubjectView, find: str, put: str) -> None:
    browser, address = begun(hall)
    assert browser.open(address.replace(find, put)).status_code == 400
    assert not models.Session.objects.exists()


def test_an_answer_works_once(hall: Hall, person: SubjectView) -> None:
    browser, address = begun(hall)
    assert browser.open(address).status_code == 303
    browser.client.cookies.delete(next(name for name in browser.client.cookies if name.endswith("_hall")))
    assert browser.open(address).status_code == 400


def test_the_back_button_after_signing_in_leads_on(hall: Hall, person: SubjectView) -> None:
    browser, address = begun(hall)
    browser.open(address)
    assert browser.open(address).status_code == 303


def test_a_refusal_of_the_provider_is_told_with_a_way_on(hall: Hall, person: SubjectView) -> None:
    browser, address = begun(hall)
    query = parse_qs(urlsplit(address).query)
    told = f"/sign-in/callback?error=access_denied&state={query['state'][0]}&iss={query['iss'][0]}"
    answer = browser.open(told)
    assert answer.status_code == 400
    assert "/sign-in/?next=%2Fmy%2Fsecurity%2F" in answer.text


def test_when_all_places_are_taken_the_browser_comes_again(hall: Hall, person: SubjectView) -> None:
    browser, address = begun(hall)
    with flow._place(), flow._place():
        busy = browser.open(address)
    assert busy.status_code == 503
    assert busy.headers["Refresh"] == "1"
    assert browser.open(address).status_code == 303


@pytest.mark.django_db(transaction=True)
def test_many_sign_in_at_once(served: Hall) -> None:
    entered()
    landed: list[str] = []

    def one(number: int) -> None:
        browser = Browser(served)
        browser.open("/my/security/")
        browser.use_passkey(devices[number])
        while browser.page.status_code == 503:
            time.sleep(0.2)
            browser.open(str(browser.page.url))
        landed.append(browser.path)

    devices = [Device(origin=served.base, rp_id="localhost") for _ in range(6)]
    first = Browser(served)
    first.open("/my/security/passkey/")
    enter(first)
    for device in devices:
        first.open("/my/security/passkey/")
        first.use_passkey(device)
    threads = [threading.Thread(target=one, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert landed == ["/my/security/"] * 6


def test_a_level_that_the_provider_cannot_reach_is_told(hall: Hall, person: SubjectView) -> None:
    models.Subject.objects.update(proofing=1)
    browser = Browser(hall)
    browser.open("/sign-in/?next=/my/security/&level=3")
    answer = enter(browser)
    assert answer.status_code == 403
    assert not models.Session.objects.exists()


def test_a_foreign_way_back_is_not_followed(hall: Hall, person: SubjectView) -> None:
    browser = Browser(hall)
    browser.open("/sign-in/?next=https://evil.example/")
    browser.client.follow_redirects = False
    step = enter(browser)
    for _ in range(3):
        assert str(step.next_request.url if step.next_request else hall.base).startswith(hall.base)
        step = browser.client.get(step.headers["Location"])
        if not step.is_redirect:
            break
