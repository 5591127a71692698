"""The OpenID Provider: what it accepts, and every request that it must refuse."""

import base64
import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.clock import now
from pendopo.identity import cookies, models
from pendopo.identity.client import registration
from pendopo.identity.cookies import Cookie
from pendopo.identity.provider import clients, endpoints, sessions
from pendopo.identity.records import SubjectView

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

pytestmark = pytest.mark.django_db
BACK = "https://app.example.id/back"
OUT = "https://app.example.id/bye"
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
AT = dt.datetime(2026, 11, 22, 3, 0, tzinfo=dt.UTC)


@dataclass(slots=True)
class App:
    """A confidential client of another body, with its own key."""

    key: ECKey = field(default_factory=lambda: ECKey.import_key(ec.generate_private_key(ec.SECP256R1())))

    def register(self, *, client_id: str = "app", first_party: bool = True) -> None:
        entry = clients.Registration(
            client_id=client_id,
            name_id="Aplikasi",
            name_en="Application",
            redirect_uris=(BACK,),
            post_logout_redirect_uris=(OUT,),
            keys={"keys": [cast("dict[str, str]", self.key.as_dict(private=False))]},
            first_party=first_party,
        )
        clients.register(entry, actor=SYSTEM)

    def assertion(self, **changed: object) -> str:
        moment = int(now().timestamp())
        claims = {"iss": "app", "sub": "app", "aud": endpoints.issuer(), "iat": moment, "exp": moment + 60}
        claims |= {"jti": cookies.new_token()} | changed
        return jwt.encode({"alg": "ES256"}, claims, self.key)


@pytest.fixture
def app() -> App:
    registration.ensure()
    made = App()
    made.register()
    return made


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def browser(app: App, sari: SubjectView) -> Client:
    """A browser that the provider knows."""
    token = sessions.open_session(sari.id, authentication=2, amr=("pop", "mfa"), device="", replaces="")
    client = Client(headers={"accept": "text/html"})
    client.cookies[cookies.name_of(Cookie.PROVIDER)] = token
    return client


def ask(browser: Client, **changed: str | None) -> "Answer":
    query: dict[str, str | None] = {
        "client_id": "app",
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": "openid profile",
        "state": "s-1",
        "nonce": "n-1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    given = {name: value for name, value in (query | changed).items() if value is not None}
    return browser.get("/id/authorize", given)


def answer_of(response: "Answer") -> dict[str, str]:
    """Return what the client is told, after checking that it is told at its own address."""
    assert response.status_code == 303
    parts = urlsplit(response["Location"])
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == BACK
    return {name: values[0] for name, values in parse_qs(parts.query).items()}


def code_of(browser: Client, **changed: str | None) -> str:
    return answer_of(ask(browser, **changed))["code"]


def exchange(app: App, code: str, /, **changed: str | None) -> "Answer":
    fields: dict[str, str | None] = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
        "client_assertion_type": clients.ASSERTION_TYPE,
        "client_assertion": app.assertion(),
    }
    given = {name: value for name, value in (fields | changed).items() if value is not None}
    return Client().post("/id/token", given)


def test_code_and_token_and_what_the_id_token_says(app: App, browser: Client, sari: SubjectView) -> None:
    answer = answer_of(ask(browser))
    assert answer["state"] == "s-1"
    assert answer["iss"] == endpoints.issuer()
    given = exchange(app, answer["code"])
    assert given.status_code == 200
    assert given["Cache-Control"] == "no-store"
    body = given.json()
    keys = KeySet.import_key_set(Client().get("/id/jwks").json())
    claims = jwt.decode(body["id_token"], keys, algorithms=["ES256"]).claims
    assert claims["iss"] == endpoints.issuer()
    assert claims["aud"] == "app"
    assert claims["nonce"] == "n-1"
    assert claims["acr"] == "urn:pendopo:assurance:id3:au2"
    assert claims["amr"] == ["pop", "mfa"]
    assert str(sari.id) not in json.dumps(claims)
    half = hashlib.sha256(body["access_token"].encode()).digest()[:16]
    assert claims["at_hash"] == base64.urlsafe_b64encode(half).rstrip(b"=").decode()
    info = Client().get("/id/userinfo", headers={"authorization": f"Bearer {body['access_token']}"}).json()
    assert info == {"sub": claims["sub"], "name": "Sari Wulandari"}


def test_two_clients_know_a_person_under_two_names(app: App, browser: Client) -> None:
    first = jwt_claims(exchange(app, code_of(browser)))
    app.register(client_id="other")
    code = answer_of(ask(browser, client_id="other"))["code"]
    assertion = app.assertion(iss="other", sub="other")
    second = jwt_claims(exchange(app, code, client_assertion=assertion))
    assert first["sub"] != second["sub"]
    assert jwt_claims(exchange(app, code_of(browser)))["sub"] == first["sub"]


def jwt_claims(response: "Answer") -> dict[str, object]:
    payload = response.json()["id_token"].split(".")[1]
    found: dict[str, object] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return found


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": "nobody"},
        {"client_id": None},
        {"redirect_uri": None},
        {"redirect_uri": "https://app.example.id/back/"},
        {"redirect_uri": "https://app.example.id/back?x=1"},
        {"redirect_uri": "https://app.example.id.evil.example/back"},
        {"redirect_uri": "http://app.example.id/back"},
    ],
)
def test_an_unknown_client_or_address_is_never_answered_there(
    browser: Client, changed: dict[str, str | None]
) -> None:
    response = ask(browser, **changed)
    assert response.status_code == 400
    assert "Location" not in response


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"request": "eyJ"}, "request_not_supported"),
        ({"request_uri": "https://x.example/r"}, "request_uri_not_supported"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"nonce": "n" * 600}, "invalid_request"),
    ],
)
def test_a_wrong_request_is_told_to_the_client(
    browser: Client, changed: dict[str, str | None], error: str
) -> None:
    answer = answer_of(ask(browser, **changed))
    assert answer["error"] == error
    assert answer["state"] == "s-1"
    assert answer["iss"] == endpoints.issuer()
    assert "code" not in answer


def test_a_doubled_parameter_is_refused(browser: Client) -> None:
    query = f"client_id=app&redirect_uri={BACK}&response_type=code&scope=openid&state=a&state=b"
    assert answer_of(browser.get(f"/id/authorize?{query}"))["error"] == "invalid_request"


def test_prompt_none_never_asks(app: App, browser: Client) -> None:
    assert "code" in answer_of(ask(browser, prompt="none"))
    assert answer_of(ask(Client(), prompt="none"))["error"] == "login_required"


def test_max_age_and_prompt_login_ask_again(
    app: App, sari: SubjectView, clock: time_machine.Traveller
) -> None:
    browser = Client(headers={"accept": "text/html"})
    token = sessions.open_session(sari.id, authentication=2, amr=(), device="", replaces="")
    browser.cookies[cookies.name_of(Cookie.PROVIDER)] = token
    clock.shift(dt.timedelta(minutes=11))
    assert "code" in answer_of(ask(browser, max_age="700"))
    assert "/id/sign-in/" in ask(browser, max_age="600")["Location"]
    assert "/id/sign-in/" in ask(browser, prompt="login")["Location"]
    assert answer_of(ask(browser, max_age="600", prompt="none"))["error"] == "login_required"


def test_a_higher_level_is_asked_for_in_place(app: App, sari: SubjectView) -> None:
    browser = Client(headers={"accept": "text/html"})
    token = sessions.open_session(sari.id, authentication=1, amr=("pwd",), device="", replaces="")
    browser.cookies[cookies.name_of(Cookie.PROVIDER)] = token
    assert "code" in answer_of(ask(browser))
    assert "/id/sign-in/" in ask(browser, acr_values="urn:pendopo:assurance:id0:au2")["Location"]
    assert "code" in answer_of(ask(browser, acr_values="urn:other:level"))


def test_a_code_is_good_once_and_reuse_revokes_its_token(app: App, browser: Client) -> None:
    code = code_of(browser)
    bearer = exchange(app, code).json()["access_token"]
    again = exchange(app, code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    info = Client().get("/id/userinfo", headers={"authorization": f"Bearer {bearer}"})
    assert info.status_code == 401


@pytest.mark.parametrize(
    "changed",
    [
        {"code_verifier": "w" * 64},
        {"code_verifier": None},
        {"redirect_uri": OUT},
        {"redirect_uri": None},
        {"code": "nothing"},
        {"code": None},
    ],
)
def test_a_code_is_bound_to_its_request(app: App, browser: Client, changed: dict[str, str | None]) -> None:
    refused = exchange(app, code_of(browser), **changed)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")


def test_a_code_is_bound_to_its_client(app: App, browser: Client) -> None:
    app.register(client_id="other")
    assertion = app.assertion(iss="other", sub="other")
    refused = exchange(app, code_of(browser), client_assertion=assertion)
    assert refused.json()["error"] == "invalid_grant"


def test_a_code_lives_sixty_seconds(app: App, sari: SubjectView, clock: time_machine.Traveller) -> None:
    browser = Client(headers={"accept": "text/html"})
    token = sessions.open_session(sari.id, authentication=2, amr=(), device="", replaces="")
    browser.cookies[cookies.name_of(Cookie.PROVIDER)] = token
    code = code_of(browser)
    clock.shift(dt.timedelta(seconds=61))
    assert exchange(app, code).json()["error"] == "invalid_grant"


def test_a_code_dies_with_its_session(app: App, browser: Client) -> None:
    code = code_of(browser)
    models.ProviderSession.objects.update(ended_at=now())
    assert exchange(app, code).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "https://elsewhere.example"},
        {"aud": None},
        {"iss": "other"},
        {"sub": "other"},
        {"exp": 1},
        {"exp": int(AT.timestamp()) + 86_400},
        {"exp": None},
        {"jti": None},
        {"iat": int(AT.timestamp()) + 3600},
    ],
)
def test_a_wrong_client_assertion_is_refused(
    app: App, clock: time_machine.Traveller, changed: dict[str, object]
) -> None:
    refused = exchange(app, "any", client_assertion=app.assertion(**changed))
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")


def test_an_assertion_for_issuer_and_others_together_is_refused(app: App) -> None:
    several = app.assertion(aud=[endpoints.issuer(), "https://elsewhere.example"])
    assert exchange(app, "any", client_assertion=several).json()["error"] == "invalid_client"


def test_an_assertion_is_good_once(app: App, browser: Client) -> None:
    assertion = app.assertion()
    assert exchange(app, code_of(browser), client_assertion=assertion).status_code == 200
    again = exchange(app, code_of(browser), client_assertion=assertion)
    assert again.json()["error"] == "invalid_client"


def test_another_key_or_algorithm_is_refused(app: App, browser: Client) -> None:
    forged = App().assertion()
    assert exchange(app, "any", client_assertion=forged).json()["error"] == "invalid_client"
    header, payload, _ = app.assertion().split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    assert exchange(app, "any", client_assertion=f"{none}.{payload}.").status_code == 401
    assert exchange(app, "any", client_assertion=f"{header}.{payload}").status_code == 401


def test_a_confidential_client_must_prove_itself(app: App, browser: Client) -> None:
    refused = exchange(app, code_of(browser), client_assertion=None, client_id="app")
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")


def test_a_public_client_has_pkce_alone(browser: Client, app: App) -> None:
    entry = clients.Registration("phone", "Ponsel", "Phone", (BACK,), first_party=True)
    clients.register(entry, actor=SYSTEM)
    code = code_of(browser, client_id="phone")
    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "client_id": "phone"}
    assert Client().post("/id/token", fields | {"code_verifier": "x"}).json()["error"] == "invalid_grant"
    assert Client().post("/id/token", fields | {"code_verifier": VERIFIER}).status_code == 200


@pytest.mark.parametrize("grant", ["refresh_token", "password", "client_credentials", None])
def test_other_grants_are_not_served(app: App, grant: str | None) -> None:
    assert exchange(app, "any", grant_type=grant).json()["error"] == "unsupported_grant_type"


@pytest.mark.parametrize(
    "address",
    [
        "http://app.example.id/",
        "https://app.example.id/#x",
        "https://*.example.id/",
        "app:/x",
        "https://a@b/",
    ],
)
def test_a_dangerous_return_address_cannot_be_registered(address: str) -> None:
    with pytest.raises(clients.InvalidRegistrationError):
        clients.register(clients.Registration("x", "X", "X", (address,)), actor=SYSTEM)


def test_another_body_needs_the_persons_consent(app: App, browser: Client) -> None:
    app.register(first_party=False)
    assert answer_of(ask(browser, prompt="none"))["error"] == "consent_required"
    form = ask(browser)["Location"]
    waiting = parse_qs(urlsplit(form).query)["i"][0]
    step = browser.get("/id/continue/", {"i": waiting})["Location"]
    page = browser.get(step).content.decode()
    assert "Aplikasi" in page
    done = browser.post("/id/consent/", {"i": waiting, "decision": "allow"})["Location"]
    assert "code" in answer_of(browser.get(done))
    assert browser.get(done).status_code == 400


def test_declining_is_told_to_the_client(app: App, browser: Client) -> None:
    app.register(first_party=False)
    waiting = parse_qs(urlsplit(ask(browser)["Location"]).query)["i"][0]
    declined = browser.post("/id/consent/", {"i": waiting, "decision": "deny"})
    assert answer_of(declined)["error"] == "access_denied"


def test_the_form_may_end_at_the_client_and_nowhere_else(app: App) -> None:
    page = Client(headers={"accept": "text/html"})
    form = ask(page)["Location"]
    policy = page.get(form)["Content-Security-Policy"]
    assert "form-action 'self' https://app.example.id;" in policy + ";"


def test_signing_out_with_our_hint_goes_back_at_once(app: App, browser: Client) -> None:
    id_token = exchange(app, code_of(browser)).json()["id_token"]
    query = {"id_token_hint": id_token, "post_logout_redirect_uri": OUT, "state": "z"}
    response = browser.get("/id/end-session", query)
    assert response["Location"] == f"{OUT}?state=z"
    assert models.ProviderSession.objects.get().ended_at is not None


def test_signing_out_without_a_hint_asks_the_person_first(app: App, browser: Client) -> None:
    page = browser.get("/id/end-session", {"client_id": "app", "post_logout_redirect_uri": OUT})
    assert page.status_code == 200
    assert models.ProviderSession.objects.get().ended_at is None
    assert browser.post("/id/end-session/confirm/")["Location"] == "/"
    assert models.ProviderSession.objects.get().ended_at is not None


@pytest.mark.parametrize("wanted", ["https://evil.example/", f"{OUT}/x", BACK])
def test_signing_out_leads_to_registered_addresses_only(app: App, browser: Client, wanted: str) -> None:
    id_token = exchange(app, code_of(browser)).json()["id_token"]
    query = {"id_token_hint": id_token, "post_logout_redirect_uri": wanted}
    assert browser.get("/id/end-session", query)["Location"] == "/"


@pytest.mark.parametrize("bearer", ["", "Bearer", "Bearer nothing", "Basic abc"])
def test_userinfo_needs_a_living_token(bearer: str) -> None:
    refused = Client().get("/id/userinfo", headers={"authorization": bearer})
    assert refused.status_code == 401
    assert "invalid_token" in refused["WWW-Authenticate"]


def test_the_metadata_is_found_at_both_addresses_and_names_only_what_exists() -> None:
    found = Client().get("/id/.well-known/openid-configuration").json()
    assert found == Client().get("/.well-known/oauth-authorization-server/id").json()
    assert found["issuer"] == endpoints.issuer()
    assert found["code_challenge_methods_supported"] == ["S256"]
    assert found["response_types_supported"] == ["code"]
