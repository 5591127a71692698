"""A replaced address hears of changes in signing in: mail to the new one alone would reach only a thief."""

import email
import email.policy
from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage
from uuid import UUID

import pytest

from pendopo.foundation.actor import Actor, ActorKind
from pendopo.foundation.clock import now
from pendopo.foundation.models import OutboxDelivery, OutboxEvent
from pendopo.foundation.outbox import emit
from pendopo.foundation.settings import current
from pendopo.identity import events as identity
from pendopo.inbox import actions, api, carrier
from pendopo.inbox.models import Message
from pendopo.inbox.tests.conftest import Post

type Person = Callable[..., UUID]
type Replaced = Callable[..., UUID]
type Deliver = Callable[[], int]

OLD, NEW = "sari.wulandari@contoh.test", "pencuri@contoh.test"

pytestmark = pytest.mark.django_db


@pytest.fixture
def configured(post: Post, monkeypatch: pytest.MonkeyPatch) -> Post:
    settings = replace(current(), smtp_host="127.0.0.1", smtp_port=post.port)
    monkeypatch.setattr(carrier, "current", lambda: settings)
    return post


def _mails(post: Post) -> dict[str, EmailMessage]:
    taken = [email.message_from_string(text, policy=email.policy.default) for text in post.messages()]
    return {str(mail["X-Envelope-To"]): mail for mail in taken}


@pytest.mark.parametrize("topic", [identity.CONTACT_CHANGED, identity.ACTIVATED, identity.CREDENTIAL_ADDED])
def test_a_change_of_sign_in_is_told_to_both_addresses(
    configured: Post, person: Person, replaced: Replaced, deliver: Deliver, topic: str
) -> None:
    sari = person(NEW)
    replaced(sari, OLD)
    emit(topic, {"subject_id": str(sari)})
    deliver()
    mails = _mails(configured)
    assert set(mails) == {OLD, NEW}
    assert mails[OLD]["To"] == OLD
    text = mails[OLD].get_content()
    assert "loket Dukcapil" in text
    for absent in ("http", "://", "Sari", "sari", "pencuri", NEW, current().host):
        assert absent not in text
    assert OLD not in str([event.payload for event in OutboxEvent.objects.all()])


def test_opening_the_message_at_once_does_not_keep_it_from_the_owner(
    configured: Post, person: Person, replaced: Replaced, deliver: Deliver
) -> None:
    sari = person(NEW)
    replaced(sari, OLD)
    row = api.send(sari, "inbox.contact_changed", security=True)
    actions.mark_read(Actor(ActorKind.PERSON, sari, 2), row)
    deliver()
    assert set(_mails(configured)) == {OLD}


def test_other_messages_are_for_the_present_address_alone(
    configured: Post, person: Person, replaced: Replaced, deliver: Deliver
) -> None:
    sari = person(NEW)
    replaced(sari, OLD)
    api.send(sari, "inbox.activated")
    deliver()
    assert set(_mails(configured)) == {NEW}


def test_an_address_whose_time_passed_and_one_that_is_present_again_get_no_extra_mail(
    configured: Post, person: Person, replaced: Replaced, deliver: Deliver
) -> None:
    sari = person(OLD)
    replaced(sari, OLD)
    replaced(sari, NEW, days=-1)
    emit(identity.CONTACT_CHANGED, {"subject_id": str(sari)})
    deliver()
    assert len(configured.messages()) == 1
    assert set(_mails(configured)) == {OLD}


def test_a_busy_server_is_asked_again_and_a_refusal_is_final(
    configured: Post, person: Person, replaced: Replaced, deliver: Deliver
) -> None:
    sari = person()
    replaced(sari, OLD)
    api.send(sari, "inbox.contact_changed", security=True)
    configured.order("451 4.3.0 try later")
    deliver()
    waiting = OutboxDelivery.objects.get(subscriber="inbox.mail_former", done_at=None)
    assert waiting.last_error == "mail: smtp 451"
    configured.order("550 5.1.1 no such mailbox")
    OutboxDelivery.objects.filter(done_at=None).update(due_at=now())
    deliver()
    assert not OutboxDelivery.objects.filter(done_at=None).exists()
    assert Message.objects.count() == 1
