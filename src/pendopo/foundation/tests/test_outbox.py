"""The outbox: nothing without its transaction, at least once, for ever, one broken subscriber alone."""

import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction

from pendopo.foundation import models, outbox
from pendopo.foundation.clock import now

type Queries = Callable[[int], AbstractContextManager[Any]]

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


def _all_at_once(calls: int) -> list[int]:
    """Let so many workers look for work at the same time."""

    def look(_number: int) -> int:
        try:
            return outbox.deliver_due()
        finally:
            connection.close()

    with ThreadPoolExecutor(calls) as pool:
        return list(pool.map(look, range(calls)))


@pytest.fixture
def short_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "LEASE", dt.timedelta(seconds=2))
    monkeypatch.setattr(outbox, "RENEW_SECONDS", 0.05)


@pytest.mark.django_db(transaction=True)
def test_a_slow_delivery_outlives_its_lease_and_still_runs_once(
    seen: list[outbox.OutboxEvent], short_lease: None
) -> None:
    others: list[int] = []

    def slow(_event: outbox.OutboxEvent) -> None:
        first = now() + outbox.LEASE
        while models.OutboxDelivery.objects.get(subscriber="test.slow").due_at < first + outbox.LEASE:
            others.extend(_all_at_once(2))

    outbox.subscriber("test.happened", name="test.slow")(slow)
    outbox.emit("test.happened", {})
    outbox.deliver_due()
    assert sum(others) <= 1, "the only other work was the quick subscriber"
    assert len(seen) == 1
    assert [row.attempts for row in models.OutboxDelivery.objects.all()] == [1, 1]


@pytest.mark.django_db(transaction=True)
def test_what_a_slow_delivery_stands_in_front_of_is_not_leased_with_it(
    seen: list[outbox.OutboxEvent], short_lease: None
) -> None:
    before: list[int] = []

    def slow(_event: outbox.OutboxEvent) -> None:
        before.append(sum(_all_at_once(1)))

    outbox.subscriber("test.slow", name="test.slow")(slow)
    outbox.emit("test.slow", {})
    for number in range(5):
        outbox.emit("test.happened", {"n": number})
    outbox.deliver_due()
    outbox._subscribers.pop("test.slow")
    assert before == [5], "another worker did them while the slow one worked"
    assert len(seen) == 5


@pytest.mark.django_db(transaction=True)
def test_what_a_dead_worker_held_is_taken_up_when_its_lease_has_run_out(
    seen: list[outbox.OutboxEvent],
) -> None:
    outbox.emit("test.happened", {})
    assert outbox._claim(None) is not None, "and then it dies"
    assert outbox.deliver_due() == 0
    with time_machine.travel(now() + outbox.LEASE + dt.timedelta(seconds=1)):
        assert outbox.deliver_due() == 1
    assert [event.attempt for event in seen] == [2]


@pytest.mark.django_db(transaction=True)
def test_many_workers_deliver_each_event_once(seen: list[outbox.OutboxEvent]) -> None:
    for number in range(60):
        outbox.emit("test.happened", {"n": number})
    assert sum(_all_at_once(4)) == 60
    assert sorted(int(str(event.payload["n"])) for event in seen) == list(range(60))


@pytest.mark.django_db(transaction=True)
def test_one_statement_settles_a_delivery_and_claims_the_next(
    seen: list[outbox.OutboxEvent], django_assert_num_queries: Queries
) -> None:
    for number in range(3):
        outbox.emit("test.happened", {"n": number})
    with django_assert_num_queries(4):
        assert outbox.deliver_due() == 3
    assert len(seen) == 3
    assert not models.OutboxDelivery.objects.filter(done_at=None).exists()


def test_the_last_delivery_of_a_round_is_settled_too(seen: list[outbox.OutboxEvent]) -> None:
    for number in range(2):
        outbox.emit("test.happened", {"n": number})
    assert outbox.deliver_due(limit=1) == 1
    assert models.OutboxDelivery.objects.filter(done_at=None).count() == 1


def test_a_failure_that_is_told_late_does_not_undo_what_another_worker_did(
    seen: list[outbox.OutboxEvent],
) -> None:
    def overtaken(_event: outbox.OutboxEvent) -> None:
        models.OutboxDelivery.objects.filter(subscriber="test.a-overtaken").update(done_at=now())
        raise outbox.Retry("too late")

    outbox.subscriber("test.happened", name="test.a-overtaken")(overtaken)
    outbox.emit("test.happened", {})
    outbox.deliver_due()
    assert not models.OutboxDelivery.objects.filter(done_at=None).exists()
