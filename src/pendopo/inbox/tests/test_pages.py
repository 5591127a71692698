"""The pages of the inbox, as their person and as a stranger."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from pendopo.foundation.actor import Actor, ActorKind
from pendopo.foundation.http import View
from pendopo.inbox import api
from pendopo.inbox.errors import MessageNotFound
from pendopo.inbox.pages import views
from pendopo.kernel.ids import uuid7

pytestmark = pytest.mark.django_db


def _open(view: View, person: UUID, query: str = "", lang: str = "id", **arguments: object) -> HttpResponse:
    request = RequestFactory().get(f"/my/inbox{query}")
    request.actor = Actor(ActorKind.PERSON, person, 2)  # type: ignore[attr-defined]  # set by the middleware
    request.language = lang  # type: ignore[attr-defined]  # same
    answer = view(request, **arguments)
    assert isinstance(answer, HttpResponse)
    return answer


def _text(answer: HttpResponse) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_shows_what_is_unread_and_is_never_cached() -> None:
    person = uuid7()
    api.send(person, "inbox.contact_changed")
    answer = _open(views.messages, person)
    assert "Ada 1 pesan yang belum Anda baca." in _text(answer)
    assert "Alamat surel Anda diganti" in _text(answer)
    assert answer["Cache-Control"] == "private, no-store"


def test_an_empty_list_says_what_will_come() -> None:
    assert "Belum ada pesan" in _text(_open(views.messages, uuid7()))


def test_opening_shows_the_message_and_its_way_on() -> None:
    person = uuid7()
    message_id = api.send(person, "inbox.contact_changed", link=("inbox.messages", {}))
    body = _text(_open(views.message, person, lang="en", message_id=message_id))
    assert "Your e-mail address was changed" in body
    assert "See the details" in body
    assert "2 unread" not in _text(_open(views.messages, person, lang="en"))
    assert api.unread_count(person) == 0


def test_a_stranger_finds_nothing() -> None:
    message_id = api.send(uuid7(), "inbox.contact_changed")
    with pytest.raises(MessageNotFound):
        _open(views.message, uuid7(), message_id=message_id)


@pytest.mark.parametrize("cursor", ["x", "1 OR 1=1", "../..", "00000000"])
def test_an_impossible_cursor_is_not_found(cursor: str) -> None:
    with pytest.raises(MessageNotFound):
        _open(views.messages, uuid7(), "?" + urlencode({"before": cursor}))


def test_a_cursor_of_another_person_reveals_nothing() -> None:
    person = uuid7()
    api.send(uuid7(), "inbox.contact_changed")
    assert "Belum ada pesan" in _text(_open(views.messages, person, f"?before={uuid4()}"))


def test_the_list_costs_the_same_however_long_it_is(
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    person = uuid7()
    for _ in range(25):
        api.send(person, "inbox.contact_changed")
    with django_assert_num_queries(2):
        _open(views.messages, person)
