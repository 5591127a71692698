"""The e-mail carrier against a server that speaks SMTP, also when it misbehaves."""

import email
import email.policy
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest

from pendopo.foundation.actor import Actor, ActorKind
from pendopo.foundation.clock import now
from pendopo.foundation.models import OutboxDelivery
from pendopo.foundation.settings import current
from pendopo.inbox import actions, api, carrier
from pendopo.inbox.models import CarrierState, Message
from pendopo.inbox.tests.conftest import Post
from pendopo.kernel.ids import uuid7

type Person = Callable[..., UUID]
type Deliver = Callable[[], int]

ADDRESS = "sari.wulandari@contoh.test"


@pytest.fixture
def configured(post: Post, monkeypatch: pytest.MonkeyPatch) -> Post:
    settings = replace(current(), smtp_host="127.0.0.1", smtp_port=post.port)
    monkeypatch.setattr(carrier, "current", lambda: settings)
    return post


def _send(person: UUID) -> Message:
    message_id = api.send(person, "inbox.contact_changed", link=("inbox.messages", {}))
    return Message.objects.get(id=message_id)


def _state(row: Message) -> str:
    row.refresh_from_db()
    return row.carrier


def _again() -> None:
    OutboxDelivery.objects.filter(done_at=None).update(due_at=now())


@pytest.mark.django_db
def test_the_notice_goes_out_and_holds_nothing_personal(
    configured: Post, person: Person, deliver: Deliver
) -> None:
    row = _send(person(ADDRESS))
    deliver()
    (taken,) = configured.messages()
    mail = email.message_from_string(taken, policy=email.policy.default)
    assert mail["X-Envelope-To"] == ADDRESS
    assert mail["Subject"] == "Ada pesan baru di Pendopo"
    assert mail["Message-ID"] == f"<{row.id}@{current().host}>"
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_content()
    for absent in ("http", "://", "Alamat surel Anda diganti", "Sari", "sari", current().host):
        assert absent not in text
    assert _state(row) == CarrierState.SENT


@pytest.mark.django_db
def test_a_busy_server_is_asked_again_until_it_takes_the_mail(
    configured: Post, person: Person, deliver: Deliver
) -> None:
    row = _send(person(ADDRESS))
    configured.order("451 4.3.0 try later")
    deliver()
    assert _state(row) == CarrierState.WAITING
    waiting = OutboxDelivery.objects.get(subscriber="inbox.mail", done_at=None)
    assert waiting.last_error == "mail: smtp 451"
    assert ADDRESS not in waiting.last_error
    configured.behave()
    _again()
    deliver()
    assert _state(row) == CarrierState.SENT
    assert len(configured.messages()) == 1


@pytest.mark.django_db
def test_a_refusal_is_final_and_the_message_stays_in_the_portal(
    configured: Post, person: Person, deliver: Deliver
) -> None:
    row = _send(person(ADDRESS))
    configured.order("550 5.1.1 no such mailbox")
    deliver()
    assert _state(row) == CarrierState.REFUSED
    assert not OutboxDelivery.objects.filter(done_at=None).exists()
    assert len(api.messages_of(row.subject_id)) == 1


@pytest.mark.django_db
def test_a_server_that_is_away_is_asked_again(
    configured: Post, person: Person, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(current(), smtp_host="127.0.0.1", smtp_port=1)
    monkeypatch.setattr(carrier, "current", lambda: settings)
    row = _send(person(ADDRESS))
    deliver()
    assert _state(row) == CarrierState.WAITING
    assert OutboxDelivery.objects.filter(subscriber="inbox.mail", done_at=None).exists()


@pytest.mark.django_db
def test_a_delivery_that_is_repeated_sends_no_second_mail(
    configured: Post, person: Person, deliver: Deliver
) -> None:
    _send(person(ADDRESS))
    deliver()
    OutboxDelivery.objects.update(done_at=None, due_at=now())
    deliver()
    assert len(configured.messages()) == 1


@pytest.mark.django_db
def test_who_has_read_it_needs_no_mail(configured: Post, person: Person, deliver: Deliver) -> None:
    row = _send(person(ADDRESS))
    actions.mark_read(Actor(ActorKind.PERSON, row.subject_id, 2), row.id)
    deliver()
    assert _state(row) == CarrierState.NOT_NEEDED
    assert configured.messages() == []


@pytest.mark.django_db
def test_without_an_address_nothing_is_sent_and_nothing_waits(
    configured: Post, person: Person, deliver: Deliver
) -> None:
    row = _send(person())
    deliver()
    assert _state(row) == CarrierState.NO_ADDRESS
    assert not OutboxDelivery.objects.filter(done_at=None).exists()


@pytest.mark.django_db
def test_without_a_mail_server_the_portal_is_enough(person: Person, deliver: Deliver) -> None:
    assert current().smtp_host is None
    row = _send(person(ADDRESS))
    deliver()
    assert _state(row) == CarrierState.NO_CARRIER


def test_a_header_cannot_be_smuggled_in_by_an_address() -> None:
    with pytest.raises(ValueError, match=r"(?i)header|newline|linefeed"):
        carrier.notice(uuid7(), "a@contoh.test\r\nBcc: all@contoh.test")
