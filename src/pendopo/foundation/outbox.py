"""The outbox: events written with the change that they tell of, delivered at least once afterwards.

A subscriber runs outside any transaction and must be idempotent: ``event.id`` never changes between
attempts. A failed delivery is tried again for ever, with growing pauses up to ten minutes.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from pendopo.foundation import models
from pendopo.foundation.clock import now
from pendopo.foundation.commitments import JSON
from pendopo.foundation.logs import bind_request_id, get
from pendopo.kernel.errors import PendopoError

LEASE = dt.timedelta(minutes=2)
LONGEST_PAUSE_SECONDS = 600

log = get(__name__)


@dataclass(frozen=True, slots=True)
class OutboxEvent:
    """An event as a subscriber sees it."""

    id: UUID
    topic: str
    payload: Mapping[str, JSON]
    attempt: int


class Retry(Exception):  # it asks for something; it is not an error
    """Raised by a subscriber: not now. ``after`` is in seconds; None means the usual growing pause."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        """Keep the reason, which is stored and must hold no personal data."""
        self.after = after
        super().__init__(reason)


type Subscriber = Callable[[OutboxEvent], None]

_subscribers: dict[str, dict[str, Subscriber]] = {}


def subscriber(topic: str, *, name: str) -> Callable[[Subscriber], Subscriber]:
    """Register a function for a topic under a lasting name."""

    def register(function: Subscriber) -> Subscriber:
        _subscribers.setdefault(topic, {})[name] = function
        return function

    return register


def emit(topic: str, payload: Mapping[str, JSON]) -> UUID:
    """Write the event and one delivery a subscriber in the caller's transaction; return the event's id."""
    event = models.OutboxEvent.objects.create(topic=topic, payload=dict(payload))
    models.OutboxDelivery.objects.bulk_create(
        models.OutboxDelivery(event=event, subscriber=name) for name in _subscribers.get(topic, {})
    )
    return event.id


def deliver_due(limit: int = 20) -> int:
    """Deliver what is due; return how many were tried. Several workers may call this at once."""
    claimed = _claim(limit)
    for delivery in claimed:
        _deliver(delivery)
    return len(claimed)


def waiting_since() -> dt.datetime | None:
    """Return when the oldest undelivered event was written, for health and pages that say what waits."""
    row = models.OutboxDelivery.objects.filter(done_at=None).order_by("created_at").first()
    return row.created_at if row else None


def _claim(limit: int) -> list[models.OutboxDelivery]:
    with transaction.atomic():
        due = models.OutboxDelivery.objects.filter(done_at=None, due_at__lte=now()).order_by("due_at", "id")
        rows = list(due.select_for_update(skip_locked=True, of=("self",)).select_related("event")[:limit])
        for row in rows:
            # The lease: whoever dies with the work lets go of it by time alone.
            row.due_at = now() + LEASE
            row.attempts += 1
        models.OutboxDelivery.objects.bulk_update(rows, ["due_at", "attempts"])
    return rows


def _deliver(delivery: models.OutboxDelivery) -> None:
    bind_request_id(delivery.event_id.hex)
    function = _subscribers.get(delivery.event.topic, {}).get(delivery.subscriber)
    if function is None:
        _again(delivery, "no such subscriber in this process", None)
        return
    event = OutboxEvent(delivery.event_id, delivery.event.topic, delivery.event.payload, delivery.attempts)
    try:
        function(event)
    except Retry as ask:
        _again(delivery, str(ask), ask.after)
    except PendopoError as error:
        log.warning("outbox_delivery_failed", subscriber=delivery.subscriber, error_code=error.code)
        _again(delivery, error.code, None)
    except Exception as error:  # a broken subscriber must not stop the others
        log.exception("outbox_delivery_broke", subscriber=delivery.subscriber)
        _again(delivery, type(error).__name__, None)
    else:
        delivery.done_at = now()
        delivery.last_error = ""
        delivery.save(update_fields=["done_at", "last_error"])


def _again(delivery: models.OutboxDelivery, reason: str, after: float | None) -> None:
    pause = min(2.0 ** min(delivery.attempts, 10), LONGEST_PAUSE_SECONDS) if after is None else after
    delivery.due_at = now() + dt.timedelta(seconds=pause)
    delivery.last_error = reason[:200]
    delivery.save(update_fields=["due_at", "last_error"])
