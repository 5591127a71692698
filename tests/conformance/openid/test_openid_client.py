"""openid-client (a certified relying-party library) signs a person in at the provider."""

import re
import time
from html import unescape
from typing import cast
from urllib.parse import urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc.jwk import ECKey

from pendopo.identity import testing
from tests.conformance.openid.conftest import Party, Served

BACK = "https://app.example.id/back"
OUT = "https://app.example.id/bye"
# One worker: in a fresh clone the client library is installed by the first test that needs it.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("openid")]


class Person:
    """A person's browser; it stops where a redirect leaves the hall."""

    def __init__(self, hall: Served) -> None:
        self.client = httpx.Client(verify=hall.trust, headers={"Accept": "text/html"}, trust_env=False)
        self.hall = hall
        self.secret = testing.give_password(testing.a_person().id, "kuda lari pagi hujan")

    def go(self, response: httpx.Response) -> httpx.Response:
        """Follow redirects inside the hall."""
        while response.is_redirect and self.here(response.headers["Location"]):
            response = self.client.get(httpx.URL(self.hall.base).join(response.headers["Location"]))
        return response

    def here(self, address: str) -> bool:
        return not urlsplit(address).netloc or address.startswith(self.hall.base)

    def send(self, page: httpx.Response, address: str, **fields: str) -> httpx.Response:
        known = {
            name: unescape(re.search(rf'name="{name}" value="([^"]*)"', page.text)[1])  # type: ignore[index]  # a missing field fails the test
            for name in ("csrfmiddlewaretoken", "i")
        }
        headers = {"Referer": str(page.url), "Origin": self.hall.base}
        return self.go(self.client.post(self.hall.base + address, data=known | fields, headers=headers))

    def sign_in(self, address: str) -> str:
        """Sign in, agree, and return where the provider sends the browser."""
        page = self.go(self.client.get(address))
        code = testing.code_now(self.secret)
        nik = testing.a_nik().value
        page = self.send(page, "/id/sign-in/", nik=nik, password="kuda lari pagi hujan", code=code)
        if not page.is_redirect:
            page = self.send(page, "/id/consent/", decision="allow")
        return str(page.headers["Location"])


@pytest.fixture
def person(hall: Served) -> Person:
    return Person(hall)


@pytest.fixture
def confidential(hall: Served, party: Party) -> Party:
    """The relying party, registered with a key of its own."""
    key = ECKey.import_key(ec.generate_private_key(ec.SECP256R1()), {"kid": "app-1"})
    public = cast("dict[str, str]", key.as_dict(private=False))
    testing.register_client("app", BACK, keys={"keys": [public]}, bye=OUT)
    private = key.as_dict(private=True)
    found = party.do("discover", issuer=f"{hall.base}/id", client_id="app", key=private)
    assert found["issuer"] == f"{hall.base}/id"
    return party


def begin(party: Party, **more: str) -> str:
    address: str = party.do("begin", redirect_uri=BACK, scope="openid profile", more=more)["address"]
    return address


def test_code_flow_with_pkce_and_private_key_jwt(confidential: Party, person: Person) -> None:
    began = int(time.time())
    answer = person.sign_in(begin(confidential))
    done = confidential.do("finish", address=answer)
    assert done["user"]["name"] == "Sari Wulandari"
    assert done["claims"]["acr"] == "urn:pendopo:assurance:id3:au2"
    assert done["claims"]["amr"] == ["pwd", "otp", "mfa"]
    assert done["claims"]["auth_time"] >= began
    again = confidential.ask("finish", address=answer)
    assert again["error"] == "invalid_grant"


def test_a_public_client_with_pkce_alone(hall: Served, party: Party, person: Person) -> None:
    testing.register_client("phone", BACK)
    party.do("discover", issuer=f"{hall.base}/id", client_id="phone")
    done = party.do("finish", address=person.sign_in(begin(party)))
    assert done["claims"]["aud"] == "phone"


def test_max_age_is_honoured_and_checked_by_the_library(confidential: Party, person: Person) -> None:
    answer = person.sign_in(begin(confidential, max_age="60"))
    assert confidential.do("finish", address=answer, max_age=60)["claims"]["auth_time"]


def test_the_library_refuses_a_mixed_up_answer(confidential: Party, person: Person) -> None:
    answer = person.sign_in(begin(confidential)).replace("%2Fid", "%2Felsewhere")
    assert "error" in confidential.ask("finish", address=answer)


def test_a_wrong_verifier_is_refused_by_the_provider(confidential: Party, person: Person) -> None:
    answer = person.sign_in(begin(confidential))
    assert confidential.ask("finish", address=answer, verifier="w" * 43)["error"] == "invalid_grant"


def test_prompt_none_tells_that_nobody_is_signed_in(confidential: Party, person: Person) -> None:
    answer = person.go(person.client.get(begin(confidential, prompt="none")))
    told = confidential.ask("finish", address=answer.headers["Location"])
    assert told["error"] == "login_required"


def test_signing_out_at_the_provider(confidential: Party, person: Person) -> None:
    done = confidential.do("finish", address=person.sign_in(begin(confidential)))
    parameters = {"id_token_hint": done["id_token"], "post_logout_redirect_uri": OUT, "state": "z"}
    left = person.go(person.client.get(confidential.do("leave", parameters=parameters)["address"]))
    assert left.headers["Location"] == f"{OUT}?state=z"
    silent = person.go(person.client.get(begin(confidential, prompt="none")))
    assert "login_required" in silent.headers["Location"]
