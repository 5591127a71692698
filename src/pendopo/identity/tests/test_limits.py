"""Floods at the provider's doors are refused with the time to wait, as a page and as a problem document."""

import pytest
from django.test import Client

from pendopo.foundation.limits import rate_limit
from pendopo.identity import models
from pendopo.identity.client import registration
from pendopo.identity.policy import ATTEMPTS_PER_ADDRESS, CHALLENGES_PER_REQUEST, REQUESTS_PER_ADDRESS
from pendopo.identity.tests.browser import Browser, Hall
from pendopo.kernel.errors import TooManyRequests

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE = "127.0.0.1", "192.0.2.7"


def _exhaust(name: str, key: str, limit: tuple[int, int]) -> None:
    requests, seconds = limit
    for _ in range(requests):
        rate_limit(f"identity.{name}", key=key, limit=requests, seconds=seconds)
    with pytest.raises(TooManyRequests):
        rate_limit(f"identity.{name}", key=key, limit=requests, seconds=seconds)


def test_a_flood_of_authorisation_requests_is_told_to_wait_on_a_page() -> None:
    registration.ensure()
    _exhaust("authorize", HERE, REQUESTS_PER_ADDRESS)
    answer = Client().get("/id/authorize", {"client_id": "x"}, headers={"Accept": "text/html"})
    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= REQUESTS_PER_ADDRESS[1]
    assert "menit, lalu coba lagi" in answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"
    assert not models.Interaction.objects.exists()


def test_a_flood_of_authorisation_requests_is_told_to_wait_in_a_document() -> None:
    _exhaust("authorize", HERE, REQUESTS_PER_ADDRESS)
    answer = Client().get("/id/authorize", headers={"Accept": "application/json"})
    assert (answer.status_code, answer["Content-Type"]) == (429, "application/problem+json")
    assert answer.json()["code"] == "kernel.too_many_requests"
    assert int(answer["Retry-After"]) >= 1


def test_another_address_signs_in_while_one_floods() -> None:
    _exhaust("authorize", HERE, REQUESTS_PER_ADDRESS)
    answer = Client(REMOTE_ADDR=ELSEWHERE).get("/id/authorize", headers={"Accept": "text/html"})
    assert answer.status_code == 400, "it says what is wrong with the request instead"


def _challenge(browser: Browser) -> int:
    fields = {"csrfmiddlewaretoken": browser.hidden("csrfmiddlewaretoken"), "i": browser.hidden("i")}
    headers = {"Referer": str(browser.page.url), "Accept": "*/*"}
    return browser.client.post("/id/passkey/challenge/", data=fields, headers=headers).status_code


def test_one_sign_in_is_given_so_many_challenges_and_no_more(hall: Hall) -> None:
    browser = Browser(hall)
    browser.open("/my/cases/")
    answers = [_challenge(browser) for _ in range(CHALLENGES_PER_REQUEST[0] + 1)]
    assert answers == [200] * CHALLENGES_PER_REQUEST[0] + [429]
    assert models.Ceremony.objects.count() == CHALLENGES_PER_REQUEST[0]
    again = Browser(hall)
    again.open("/my/cases/")
    assert _challenge(again) == 200, "a sign-in begun anew is not held to the other's"


def test_one_address_is_given_so_many_challenges_over_all_sign_ins(hall: Hall) -> None:
    browser = Browser(hall)
    browser.open("/my/cases/")
    _exhaust("challenge.address", HERE, REQUESTS_PER_ADDRESS)
    assert _challenge(browser) == 429


def test_too_many_passwords_are_told_when_to_come_again(hall: Hall) -> None:
    browser = Browser(hall)
    browser.open("/my/cases/")
    _exhaust("password.address", HERE, ATTEMPTS_PER_ADDRESS)
    answer = browser.send("/id/sign-in/", nik="3314995603960001", password="x", code="000000")
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= ATTEMPTS_PER_ADDRESS[1]
