"""Statements written once: they read and write what Django would, and several writes go as one."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from pendopo.foundation.clock import now
from pendopo.foundation.models import Commitment, OutboxDelivery, OutboxEvent
from pendopo.foundation.statements import first, insert, together, write
from pendopo.kernel.ids import uuid7

type Queries = Callable[[int], AbstractContextManager[Any]]

RENAME = "UPDATE foundation_outboxevent SET topic = %s WHERE id = %s"

pytestmark = pytest.mark.django_db


def an_event(topic: str = "test.written") -> OutboxEvent:
    return OutboxEvent(topic=topic, payload={"n": 1, "names": ["a", None]})


def a_delivery(event: OutboxEvent) -> OutboxDelivery:
    return OutboxDelivery(event=event, subscriber="test.note")


def values_of(row: Any) -> dict[str, object]:
    return {name: value for name, value in vars(row).items() if name != "_state"}


def test_an_inserted_row_reads_as_it_was_written() -> None:
    event, commitment = an_event(), Commitment(kind="test", digest=b"\x00" * 32)
    insert(event)
    insert(commitment)
    assert values_of(OutboxEvent.objects.get()) == values_of(event)
    assert values_of(Commitment.objects.get()) == values_of(commitment)
    assert not event._state.adding


def test_a_row_is_read_as_django_reads_it() -> None:
    event = an_event()
    event.save()
    found = first(OutboxEvent, "WHERE id = %s", [event.id])
    assert found is not None
    assert values_of(found) == values_of(OutboxEvent.objects.get(id=event.id))
    assert found._state.db == "default"
    assert not found._state.adding


def test_a_row_that_is_not_there_is_none() -> None:
    assert first(OutboxEvent, "WHERE id = %s", [uuid7()]) is None


def test_what_is_written_together_is_one_statement(django_assert_num_queries: Queries) -> None:
    event, older = an_event(), an_event()
    older.save()
    with django_assert_num_queries(1), together():
        insert(event)
        insert(a_delivery(event))
        with together():
            write(RENAME, ("test.renamed", older.id))
    assert event.deliveries.count() == 1
    older.refresh_from_db()
    assert older.topic == "test.renamed"


def test_writes_that_belong_together_fail_together() -> None:
    with pytest.raises(IntegrityError):
        _write_one_delivery_twice(an_event())
    assert not OutboxEvent.objects.exists()


@transaction.atomic
def _write_one_delivery_twice(event: OutboxEvent) -> None:
    with together():
        insert(event)
        insert(a_delivery(event))
        insert(a_delivery(event))


def test_after_an_error_nothing_of_the_block_is_written() -> None:
    with pytest.raises(LookupError):
        _write_and_fail()
    assert not OutboxEvent.objects.exists()
    with together():
        insert(an_event("test.later"))
    assert [row.topic for row in OutboxEvent.objects.all()] == ["test.later"]


def _write_and_fail() -> None:
    with together():
        insert(an_event())
        raise LookupError


def test_what_a_savepoint_takes_back_is_not_written_at_the_end_of_the_block() -> None:
    with transaction.atomic(), together():
        insert(an_event("test.stays"))
        with transaction.atomic():
            insert(an_event("test.taken-back"))
            transaction.set_rollback(True)
    assert [row.topic for row in OutboxEvent.objects.all()] == ["test.stays"]


def test_a_moment_keeps_its_microseconds() -> None:
    moment = now()
    insert(OutboxEvent(topic="test.moment", payload={}, created_at=moment))
    assert OutboxEvent.objects.get(topic="test.moment").created_at == moment
