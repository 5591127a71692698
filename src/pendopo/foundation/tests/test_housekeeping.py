"""The sweep takes what is spent and never what waits."""

import datetime as dt

import pytest

from pendopo.foundation import housekeeping, models
from pendopo.foundation.clock import now

pytestmark = pytest.mark.django_db

LONG_AGO = dt.timedelta(days=40)


def _event(*, done: bool, age: dt.timedelta) -> models.OutboxEvent:
    event = models.OutboxEvent.objects.create(topic="t", payload={}, created_at=now() - age)
    models.OutboxDelivery.objects.create(event=event, subscriber="s", done_at=now() if done else None)
    return event


def test_only_old_and_delivered_events_go() -> None:
    _event(done=True, age=LONG_AGO)
    waiting = _event(done=False, age=LONG_AGO)
    recent = _event(done=True, age=dt.timedelta(days=1))
    assert housekeeping.sweep() == 1
    assert set(models.OutboxEvent.objects.values_list("id", flat=True)) == {waiting.id, recent.id}


def test_spent_counters_go() -> None:
    models.RateCounter.objects.create(key=b"1" * 32, window_ends=now() - dt.timedelta(seconds=1), count=1)
    models.RateCounter.objects.create(key=b"2" * 32, window_ends=now() + dt.timedelta(hours=1), count=1)
    housekeeping.sweep()
    assert models.RateCounter.objects.count() == 1
