"""The pages of the inbox, as their person and as a stranger."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from pendopo.foundation.actor import Actor, ActorKind
from pendopo.inbox import api
from pendopo.inbox.errors import MessageNotFound
from pendopo.inbox.pages import views
from pendopo.kernel.ids import uuid7

pytestmark = pytest.mark.django_db


def _request(path: str, person: UUID, lang: str = "id") -> HttpRequest:
    request = RequestFactory().get(path)
    request.actor = Actor(ActorKind.PERSON, person, 2)  # type: ignore[attr-defined]  # set by the middleware
    request.language = lang  # type: ignore[attr-defined]  # same
    return request


def _text(answer: HttpResponse) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_shows_what_is_unread_and_is_never_cached() -> None:
    person = uuid7()
    api.send(person, "inbox.contact_changed")
    answer = views.messages(_request("/my/inbox", person))
    assert "Ada 1 pesan yang belum Anda baca." in _text(answer)
    assert "Alamat surel Anda diganti" in _text(answer)
    assert answer["Cache-Control"] == "private, no-store"


def test_an_empty_list_says_what_will_come() -> None:
    assert "Belum ada pesan" in _text(views.messages(_request("/my/inbox", uuid7())))


def test_opening_shows_the_message_and_its_way_on() -> None:
    person = uuid7()
    message_id = api.send(person, "inbox.contact_changed", link=("inbox.messages", {}))
    body = _text(views.message(_request("/x", person, "en"), message_id))
    assert "Your e-mail address was changed" in body
    assert "See the details" in body
    assert "2 unread" not in _text(views.messages(_request("/my/inbox", person, "en")))
    assert api.unread_count(person) == 0


def test_a_stranger_finds_nothing() -> None:
    message_id = api.send(uuid7(), "inbox.contact_changed")
    with pytest.raises(MessageNotFound):
        views.message(_request("/x", uuid7()), message_id)


@pytest.mark.parametrize("cursor", ["x", "1 OR 1=1", "../..", "00000000"])
def test_an_impossible_cursor_is_not_found(cursor: str) -> None:
    request = _request("/my/inbox", uuid7())
    request.GET = request.GET.copy()
    request.GET["before"] = cursor
    with pytest.raises(MessageNotFound):
        views.messages(request)


def test_a_cursor_of_another_person_reveals_nothing() -> None:
    person = uuid7()
    api.send(uuid7(), "inbox.contact_changed")
    request = _request(f"/my/inbox?before={uuid4()}", person)
    assert "Belum ada pesan" in _text(views.messages(request))


def test_the_list_costs_the_same_however_long_it_is(
    django_assert_num_queries: Callable[..., object],
) -> None:
    person = uuid7()
    for _ in range(25):
        api.send(person, "inbox.contact_changed")
    with django_assert_num_queries(2):  # type: ignore[attr-defined]  # a context manager
        views.messages(_request("/my/inbox", person))
