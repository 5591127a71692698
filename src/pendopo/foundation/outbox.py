"""The outbox: events written with the change that they tell of, delivered at least once afterwards.

A subscriber runs outside any transaction and must be idempotent: ``event.id`` never changes between
attempts. A failed delivery is tried again for ever, with growing pauses up to ten minutes.

Each delivery is claimed alone, with a lease that is renewed while its subscriber works: a slow one does not
run twice while its worker lives, and what a dead worker held is taken up when the lease has run out. A worker
that stands still longer than a lease (a suspended machine) may find its delivery done by another.

Emitting is written out as statements, and so is settling a delivery, which claims the next one: every request
emits, and every delivery is claimed and settled, so that building the same SQL again was a good part of it.
"""

import datetime as dt
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from django.db import connection
from django.db.utils import Error as DatabaseError

from pendopo.foundation import models, tracing
from pendopo.foundation.clock import now
from pendopo.foundation.commitments import JSON
from pendopo.foundation.logs import bind_request_id, get
from pendopo.foundation.statements import together, write
from pendopo.kernel.errors import PendopoError
from pendopo.kernel.ids import uuid7

LEASE = dt.timedelta(minutes=2)
RENEW_SECONDS = 30.0
LONGEST_PAUSE_SECONDS = 600
CLOCK_WAS_WRONG = dt.timedelta(hours=1)
"""Nothing is put off as long as this: a later moment was written by a machine whose clock ran ahead."""

log = get(__name__)


@dataclass(frozen=True, slots=True)
class OutboxEvent:
    """An event as a subscriber sees it."""

    id: UUID
    topic: str
    payload: Mapping[str, JSON]
    attempt: int


class Retry(Exception):  # it asks for something; it is not an error
    """Raised by a subscriber: not now. ``after`` is in seconds, under an hour; None: the growing pause."""

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


def subscriptions() -> dict[str, tuple[str, ...]]:
    """Return topic → names of the subscribers that this process knows; the reference is written from it."""
    return {topic: tuple(sorted(named)) for topic, named in sorted(_subscribers.items())}


_EVENT = "INSERT INTO foundation_outboxevent (id, created_at, topic, payload) VALUES (%s, %s, %s, %s::jsonb)"
_DELIVERY = """
    INSERT INTO foundation_outboxdelivery (id, created_at, event_id, subscriber, attempts, due_at, last_error)
    VALUES (%s, %s, %s, %s, 0, %s, '')
"""
_CLAIM = """
    WITH {settled} due AS MATERIALIZED (
        SELECT id FROM foundation_outboxdelivery
        WHERE done_at IS NULL AND (due_at <= %(now)s OR due_at > %(wrong)s) AND id IS DISTINCT FROM %(before)s
        ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
    UPDATE foundation_outboxdelivery AS d SET due_at = %(lease)s, attempts = d.attempts + 1
    FROM due, foundation_outboxevent AS e WHERE d.id = due.id AND e.id = d.event_id
    RETURNING d.id, d.subscriber, d.attempts, e.id, e.topic, e.payload
"""
_SETTLE = """
    UPDATE foundation_outboxdelivery SET done_at = coalesce(%(done)s, done_at),
        due_at = coalesce(%(again)s, due_at), last_error = %(reason)s WHERE id = %(before)s
"""
_FIRST = _CLAIM.format(settled="")
_NEXT = _CLAIM.format(settled=f"settled AS ({_SETTLE}),")
_RENEW = """
    UPDATE foundation_outboxdelivery SET due_at = %s WHERE id = %s AND attempts = %s AND done_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class _Delivery:
    """A claimed delivery: one event on its way to one subscriber."""

    id: UUID
    subscriber: str
    event: OutboxEvent


def emit(topic: str, payload: Mapping[str, JSON]) -> UUID:
    """Write the event and one delivery a subscriber in the caller's transaction; return the event's id."""
    event_id, moment = uuid7(), now()
    with together():
        write(_EVENT, (event_id, moment, topic, json.dumps(payload)))
        for name in _subscribers.get(topic, {}):
            write(_DELIVERY, (uuid7(), moment, event_id, name, moment))
    return event_id


def deliver_due(limit: int = 20) -> int:
    """Deliver what is due, one after the other; return how many were tried. Several workers may call this."""
    delivery, tried = _claim(None), 0
    if delivery is None:
        return 0
    with _LeaseKeeper() as keeper:
        while delivery is not None:
            settled = _deliver(delivery, keeper)
            tried += 1
            if tried == limit:
                _settle(settled)
                break
            delivery = _claim(settled)
    return tried


def waiting_since() -> dt.datetime | None:
    """Return when the oldest undelivered event was written, for health and pages that say what waits."""
    row = models.OutboxDelivery.objects.filter(done_at=None).order_by("created_at").first()
    return row.created_at if row else None


type _Values = dict[str, UUID | str | dt.datetime | None]


@dataclass(frozen=True, slots=True)
class _Settled:
    """What became of a delivery: done at a moment, or to be tried again at one."""

    before: UUID
    done: dt.datetime | None
    again: dt.datetime | None = None
    reason: str = ""

    def values(self) -> "_Values":
        """Return them as the statement names them."""
        return {"before": self.before, "done": self.done, "again": self.again, "reason": self.reason}


def _claim(settled: _Settled | None) -> _Delivery | None:
    """Take the next delivery; what became of the one before is written in the same statement."""
    moment = now()
    values: _Values = {"before": None} if settled is None else settled.values()
    values |= {"now": moment, "wrong": moment + CLOCK_WAS_WRONG, "lease": moment + LEASE}
    with connection.cursor() as cursor:
        cursor.execute(_FIRST if settled is None else _NEXT, values)
        row = cursor.fetchone()
    if row is None:
        return None
    key, subscriber_name, attempts, event_id, topic, payload = row
    return _Delivery(key, subscriber_name, OutboxEvent(event_id, topic, json.loads(payload), attempts))


class _LeaseKeeper:
    """Renews, from a thread of its own, the lease of the delivery that is being worked on."""

    def __init__(self) -> None:
        self._done = threading.Event()
        self._lock = threading.Lock()
        self._held: _Delivery | None = None
        self._thread = threading.Thread(target=self._run, name="outbox-lease", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    @contextmanager
    def holding(self, delivery: _Delivery) -> Iterator[None]:
        """Renew inside the block, and never behind it, so that what is written then stays."""
        with self._lock:
            self._held = delivery
        try:
            yield
        finally:
            with self._lock:
                self._held = None

    def _run(self) -> None:
        while not self._done.wait(RENEW_SECONDS):
            with self._lock:
                if self._held is not None:
                    _renew(self._held)


def _renew(delivery: _Delivery) -> None:
    """Only the attempt that holds the lease renews it; a database that is away for a while is tried again."""
    try:
        write(_RENEW, (now() + LEASE, delivery.id, delivery.event.attempt))
    except DatabaseError:
        log.warning("outbox_lease_not_renewed", subscriber=delivery.subscriber)
    finally:
        connection.close()


def _settle(settled: _Settled) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, settled.values())


def _deliver(delivery: _Delivery, keeper: _LeaseKeeper) -> _Settled:
    event = delivery.event
    bind_request_id(event.id.hex)
    function = _subscribers.get(event.topic, {}).get(delivery.subscriber)
    if function is None:
        return _again(delivery, "no such subscriber in this process", None)
    try:
        with keeper.holding(delivery), tracing.span(f"outbox {event.topic}"):
            function(event)
    except Retry as ask:
        return _again(delivery, str(ask), ask.after)
    except PendopoError as error:
        log.warning("outbox_delivery_failed", subscriber=delivery.subscriber, error_code=error.code)
        return _again(delivery, error.code, None)
    except Exception as error:  # a broken subscriber must not stop the others
        log.exception("outbox_delivery_broke", subscriber=delivery.subscriber)
        return _again(delivery, type(error).__name__, None)
    return _Settled(delivery.id, now())


def _again(delivery: _Delivery, reason: str, after: float | None) -> _Settled:
    pause = min(2.0 ** min(delivery.event.attempt, 10), LONGEST_PAUSE_SECONDS) if after is None else after
    return _Settled(delivery.id, None, now() + dt.timedelta(seconds=pause), reason[:200])
