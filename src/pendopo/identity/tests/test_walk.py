"""The whole way over HTTP with cookies: counter, activation, sign-in through the provider, signing out."""

import re
import time

import httpx
import pytest

from pendopo.identity import testing, totp
from pendopo.identity.tests.conftest import PASSWORD, SECRET

pytestmark = pytest.mark.django_db(transaction=True)
HTML = {"Accept": "text/html"}


def field(page: httpx.Response, name: str) -> str:
    """Return the value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found, f"{name} in {page.url}: {page.status_code}"
    return found[1]


@pytest.fixture
def browser(served: str) -> httpx.Client:
    """A browser without script."""
    return httpx.Client(base_url=served, headers=HTML, follow_redirects=True, trust_env=False)


def test_a_person_signs_in_with_password_and_code(browser: httpx.Client) -> None:
    sari = testing.a_person()
    from pendopo.identity.actions import credentials

    credentials.store_password(sari.id, PASSWORD)
    credentials.store_totp(sari.id, SECRET, 0)
    page = browser.get("/sign-in/?next=/my/security/")
    assert page.status_code == 200, page.text
    done = browser.post(
        page.url.copy_with(query=None),
        data={
            "csrfmiddlewaretoken": field(page, "csrfmiddlewaretoken"),
            "i": field(page, "i"),
            "nik": testing.a_nik().value,
            "password": PASSWORD,
            "code": totp.code_at(SECRET, int(time.time()) // 30),
        },
    )
    assert done.status_code == 200, done.text
    assert done.url.path == "/my/security/"
