"""Messages: sent once, read by their person only, in the reader's language."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from pendopo.foundation.actor import Actor, ActorKind
from pendopo.foundation.models import AuditRow, OutboxDelivery
from pendopo.foundation.outbox import emit
from pendopo.identity import events as identity
from pendopo.inbox import actions, api
from pendopo.inbox.errors import MessageNotFound, UnknownTemplate
from pendopo.inbox.models import Message
from pendopo.kernel.ids import uuid7

pytestmark = pytest.mark.django_db

WELCOME = "inbox.activated"


def _actor(subject_id: UUID) -> Actor:
    return Actor(ActorKind.PERSON, subject_id, 2)


def test_a_message_is_read_in_the_readers_language() -> None:
    person = uuid7()
    api.send(person, WELCOME)
    (indonesian,) = api.messages_of(person, lang="id")
    (english,) = api.messages_of(person, lang="en")
    assert indonesian.title == "Identitas Digital Anda sudah aktif"
    assert english.title == "Your Digital ID is active"
    assert indonesian.unread


def test_the_same_key_sends_once() -> None:
    person = uuid7()
    first = api.send(person, WELCOME, key="event-1")
    again = api.send(person, "inbox.contact_changed", key="event-1")
    assert again == first
    assert len(api.messages_of(person)) == 1
    assert OutboxDelivery.objects.filter(subscriber="inbox.mail").count() == 1
    assert AuditRow.objects.filter(event="inbox.sent").count() == 1


def test_the_same_key_is_another_message_for_another_person() -> None:
    one, other = uuid7(), uuid7()
    assert api.send(one, WELCOME, key="k") != api.send(other, WELCOME, key="k")


def test_without_a_key_every_send_is_a_message() -> None:
    person = uuid7()
    api.send(person, WELCOME)
    api.send(person, WELCOME)
    assert len(api.messages_of(person)) == 2


def test_the_database_itself_refuses_a_doubled_key() -> None:
    person = uuid7()
    api.send(person, WELCOME, key="k")
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(subject_id=person, template=WELCOME, key="k")


def test_a_template_without_words_is_refused() -> None:
    with pytest.raises(UnknownTemplate):
        api.send(uuid7(), "inbox.no_such_words")
    assert not Message.objects.exists()


def test_a_message_vanishes_with_the_change_it_tells_of() -> None:
    person = uuid7()

    with transaction.atomic():
        api.send(person, WELCOME)
        transaction.set_rollback(True)
    assert api.messages_of(person) == []
    assert not OutboxDelivery.objects.filter(subscriber="inbox.mail").exists()


def test_opening_a_message_makes_it_read_once() -> None:
    person = uuid7()
    message_id = api.send(person, WELCOME)
    assert api.unread_count(person) == 1
    first = actions.mark_read(_actor(person), message_id).read_at
    second = actions.mark_read(_actor(person), message_id).read_at
    assert first == second
    assert api.unread_count(person) == 0
    assert AuditRow.objects.filter(event="inbox.read").count() == 1


def test_nobody_opens_anothers_message() -> None:
    person, stranger = uuid7(), uuid7()
    message_id = api.send(person, WELCOME)
    with pytest.raises(MessageNotFound):
        actions.mark_read(_actor(stranger), message_id)
    with pytest.raises(MessageNotFound):
        actions.mark_read(Actor(ActorKind.ANONYMOUS), message_id)
    assert api.messages_of(stranger) == []
    assert api.unread_count(person) == 1


def test_pages_of_a_long_list_meet_without_gap_or_double() -> None:
    person = uuid7()
    sent = [api.send(person, WELCOME) for _ in range(7)]
    seen: list[UUID] = []
    before = None
    while page := api.messages_of(person, before=before, limit=3):
        seen += [message.id for message in page]
        before = seen[-1]
    assert seen == sent[::-1]


def test_a_link_to_a_page_that_is_gone_leaves_the_message_readable() -> None:
    person = uuid7()
    api.send(person, WELCOME, link=("nowhere.at_all", {}))
    (message,) = api.messages_of(person)
    assert message.href is None


@pytest.mark.parametrize(
    ("topic", "payload", "title"),
    [
        (identity.ACTIVATED, {"again": False}, "Identitas Digital Anda sudah aktif"),
        (identity.ACTIVATED, {"again": True}, "Cara masuk Anda diganti"),
        (identity.CREDENTIAL_ADDED, {"kind": "passkey"}, "Ada cara masuk baru"),
        (identity.CREDENTIAL_REMOVED, {"kind": "passkey"}, "Satu cara masuk dihapus"),
        (identity.CREDENTIAL_SUSPECT, {}, "Satu kunci sandi kami kunci"),
        (identity.CONTACT_CHANGED, {}, "Alamat surel Anda diganti"),
        (identity.RECOVERY_CODE_USED, {"left": 9}, "Kode pemulihan dipakai"),
    ],
)
def test_changes_of_sign_in_reach_the_person(
    deliver: Callable[[], int], topic: str, payload: dict[str, str | int | bool], title: str
) -> None:
    person = uuid7()
    emit(topic, {"subject_id": str(person), **payload})
    deliver()
    assert [message.title for message in api.messages_of(person)] == [title]


def test_an_event_delivered_twice_is_told_once(deliver: Callable[[], int]) -> None:
    person = uuid7()
    emit(identity.CONTACT_CHANGED, {"subject_id": str(person)})
    deliver()
    OutboxDelivery.objects.filter(subscriber="inbox.contact_changed").update(done_at=None)
    deliver()
    assert len(api.messages_of(person)) == 1
