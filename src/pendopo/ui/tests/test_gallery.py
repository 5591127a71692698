"""The gallery shows every component, as pages call it, and nobody sees it in production."""

from dataclasses import replace

import pytest
from django.test import Client

from pendopo.foundation.settings import current
from pendopo.ui.gallery import GROUPS, examples, macros
from pendopo.ui.tests.markup import Markup


def _page(client: Client, address: str) -> Markup:
    answer = client.get(address)
    assert answer.status_code == 200
    return Markup.read(answer.content.decode())


def test_every_component_stands_in_the_gallery() -> None:
    shown = {example.macro for group in GROUPS for example in examples(group)}
    assert set(macros()) - shown == set(), "write an example in ui/templates/ui/gallery"


@pytest.mark.parametrize("group", GROUPS)
def test_each_example_uses_the_component_that_it_is_for(group: str) -> None:
    assert examples(group)
    wrong = [one for one in examples(group) if f"{one.macro}(" not in one.source]
    assert wrong == []


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.django_db
def test_a_group_is_one_sound_page(client: Client, group: str, language: str) -> None:
    page = _page(client, f"{language}/ui/{group}/")
    assert page.broken_references() == []
    assert sorted(page.ids()) == sorted(set(page.ids()))
    assert page.open == []
    assert not any("autofocus" in element.attributes for element in page.elements)


@pytest.mark.django_db
def test_the_overview_leads_to_every_component(client: Client) -> None:
    page = _page(client, "/ui/")
    led = {link.attributes["href"].partition("#component-")[2] for link in page.all("a")}
    assert set(macros()) <= led


@pytest.mark.parametrize("address", ["/ui/", "/ui/forms/"])
@pytest.mark.django_db
def test_production_does_not_answer(client: Client, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setattr("pendopo.ui.pages.gallery.current", lambda: replace(current(), production=True))
    assert client.get(address).status_code == 404


@pytest.mark.django_db
def test_an_unknown_group_is_not_found(client: Client) -> None:
    assert client.get("/ui/nothing/").status_code == 404
