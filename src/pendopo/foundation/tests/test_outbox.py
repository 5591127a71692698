"""The outbox: nothing without its transaction, at least once, for ever, one broken subscriber alone."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import transaction

from pendopo.foundation import models, outbox
from pendopo.foundation.clock import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def seen() -> Iterator[list[outbox.OutboxEvent]]:
    events: list[outbox.OutboxEvent] = []
    outbox.subscriber("test.happened", name="test.note")(events.append)
    yield events
    outbox._subscribers.pop("test.happened")


def test_an_event_reaches_its_subscriber_once(seen: list[outbox.OutboxEvent]) -> None:
    key = outbox.emit("test.happened", {"n": 1})
    assert outbox.deliver_due() == 1
    assert outbox.deliver_due() == 0
    assert [(event.id, event.payload, event.attempt) for event in seen] == [(key, {"n": 1}, 1)]


def test_a_rolled_back_change_tells_nobody(seen: list[outbox.OutboxEvent]) -> None:
    with transaction.atomic():
        outbox.emit("test.happened", {})
        transaction.set_rollback(True)
    assert outbox.deliver_due() == 0
    assert seen == []


def test_a_failure_is_tried_again_later_and_keeps_its_id(seen: list[outbox.OutboxEvent]) -> None:
    attempts: list[outbox.OutboxEvent] = []

    def fail_once(event: outbox.OutboxEvent) -> None:
        attempts.append(event)
        if len(attempts) == 1:
            raise outbox.Retry("office down", after=30)

    outbox.subscriber("test.happened", name="test.flaky")(fail_once)
    outbox.emit("test.happened", {})
    assert outbox.deliver_due() == 2
    waiting = models.OutboxDelivery.objects.get(done_at=None)
    assert waiting.last_error == "office down"
    assert waiting.due_at > now() + dt.timedelta(seconds=20)
    models.OutboxDelivery.objects.filter(id=waiting.id).update(due_at=now())
    outbox.deliver_due()
    assert len(attempts) == 2
    assert attempts[0].id == attempts[1].id
    assert len(seen) == 1


def test_a_broken_subscriber_does_not_hold_up_the_others(seen: list[outbox.OutboxEvent]) -> None:
    def broken(_event: outbox.OutboxEvent) -> None:
        message = "bug"
        raise RuntimeError(message)

    outbox.subscriber("test.happened", name="test.a-broken")(broken)
    outbox.emit("test.happened", {})
    outbox.deliver_due()
    assert len(seen) == 1
    assert models.OutboxDelivery.objects.get(subscriber="test.a-broken").last_error == "RuntimeError"
