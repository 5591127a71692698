"""Light or dark: chosen with a plain form, kept in a cookie, and never a way out of the hall."""

import json

import pytest
from django.test import Client

from pendopo.foundation.pages import appearance_cookie
from pendopo.ui.tests.markup import Markup

pytestmark = pytest.mark.django_db


def _root(client: Client) -> dict[str, str]:
    return Markup.read(client.get("/about/").content.decode()).one("html").attributes


def test_a_page_follows_the_device_until_somebody_chooses(client: Client) -> None:
    assert "data-look" not in _root(client)


@pytest.mark.parametrize("chosen", ["light", "dark"])
def test_the_choice_is_kept_for_the_next_page(client: Client, chosen: str) -> None:
    answer = client.post("/appearance/", {"appearance": chosen, "back": "/about/?a=1"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/about/?a=1")
    assert _root(client)["data-look"] == chosen


def test_the_choice_can_be_given_back_to_the_device(client: Client) -> None:
    client.post("/appearance/", {"appearance": "dark", "back": "/"})
    client.post("/appearance/", {"appearance": "auto", "back": "/"})
    assert "data-look" not in _root(client)


def test_the_pressed_button_says_what_is_shown(client: Client) -> None:
    client.post("/appearance/", {"appearance": "dark", "back": "/"})
    page = Markup.read(client.get("/about/").content.decode())
    pressed = {
        one.attributes["value"]: one.attributes["aria-pressed"]
        for one in page.all("button", name="appearance")
    }
    assert pressed == {"auto": "false", "light": "false", "dark": "true"}


@pytest.mark.parametrize(
    "back", ["https://example.org/", "//example.org", "/\\example.org", "", "javascript:alert(1)"]
)
def test_the_way_back_stays_in_the_hall(client: Client, back: str) -> None:
    answer = client.post("/appearance/", {"appearance": "dark", "back": back})
    assert answer.headers["Location"] == "/"


def test_an_unknown_choice_is_refused(client: Client) -> None:
    answer = client.post("/appearance/", {"appearance": "red", "back": "/"})
    assert answer.status_code == 422
    assert appearance_cookie() not in answer.cookies


def test_a_forged_cookie_is_not_written_into_the_page(client: Client) -> None:
    client.cookies[appearance_cookie()] = 'dark" onload="x'
    assert "data-look" not in _root(client)


def test_the_choice_is_not_made_by_following_a_link(client: Client) -> None:
    assert client.get("/appearance/?appearance=dark").status_code == 405


@pytest.mark.parametrize(("prefix", "language"), [("", "id"), ("/en", "en")])
def test_the_manifest_names_icons_that_are_there(client: Client, prefix: str, language: str) -> None:
    answer = client.get(f"{prefix}/manifest.webmanifest")
    told = json.loads(answer.content)
    assert told["lang"] == language
    assert {client.get(icon["src"]).status_code for icon in told["icons"]} == {200}
    assert "maskable" in {icon["purpose"] for icon in told["icons"]}
