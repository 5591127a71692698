"""Tables of the plumbing, and the abstract row that every room's tables start from."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from pendopo.foundation.clock import now
from pendopo.kernel.ids import uuid7


class Record(models.Model):
    """A row with a UUIDv7 key and the moment it was made."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        """Rooms inherit this."""

        abstract = True


class Commitment(Record):
    """A salted digest of something that happened; the ledger's sequencer gives it its place in the log.

    ``digest`` is SHA-256(salt || canonical record). The record and its salt live with their owner and
    can be erased; this row stays.
    """

    kind = models.CharField(max_length=64)
    digest = models.BinaryField(max_length=32)
    leaf_index = models.BigIntegerField(null=True, unique=True)

    class Meta(Record.Meta):
        """Finds what waits for its number."""

        abstract = False
        indexes: ClassVar = [
            models.Index(
                fields=["created_at"], name="commitment_waiting", condition=models.Q(leaf_index=None)
            )
        ]


class AuditRow(Record):
    """One act of one actor. Carries identifiers and codes only, never personal data."""

    event = models.CharField(max_length=96)
    actor_kind = models.CharField(max_length=16)
    actor_id = models.UUIDField(null=True)
    body_id = models.UUIDField(null=True)
    object_id = models.UUIDField(null=True)
    request_id = models.CharField(max_length=64, blank=True)
    detail = models.JSONField(default=dict)
    salt = models.BinaryField(max_length=16)
    commitment_id = models.UUIDField(unique=True)

    class Meta(Record.Meta):
        """Found by the thing that it is about."""

        abstract = False
        indexes: ClassVar = [models.Index(fields=["object_id", "created_at"], name="audit_by_object")]


class OutboxEvent(Record):
    """What happened, written in the transaction in which it happened."""

    topic = models.CharField(max_length=96)
    payload = models.JSONField()


class OutboxDelivery(Record):
    """One event on its way to one subscriber."""

    event = models.ForeignKey(OutboxEvent, on_delete=models.CASCADE, related_name="deliveries")
    subscriber = models.CharField(max_length=96)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(default=now)
    done_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta(Record.Meta):
        """Each subscriber gets an event once; the worker looks for what is due."""

        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "subscriber"], name="outbox_once_a_subscriber")
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="outbox_due", condition=models.Q(done_at=None)),
        ]


class RateCounter(models.Model):
    """The admitted attempts of one key in the last window.

    The key is a fingerprint, so no address or name is kept.
    ``count`` is how many there were at the last attempt, with that attempt: beyond the limit it was refused.
    After ``window_ends`` the row says nothing any more.
    """

    key = models.BinaryField(primary_key=True, max_length=32)
    window_ends = models.DateTimeField()
    count = models.PositiveIntegerField()
    attempts = ArrayField(models.DateTimeField(), default=list, db_default=[])


class Drill(Record):
    """A drill that was carried out and what it came to; the signed report lies outside the database."""

    drill = models.CharField(max_length=32)
    began_at = models.DateTimeField()
    seconds = models.PositiveIntegerField()
    ok = models.BooleanField()
    findings = models.PositiveIntegerField()
    report_sha256 = models.CharField(max_length=64, unique=True)

    class Meta(Record.Meta):
        """The newest of a kind is asked for."""

        abstract = False
        indexes: ClassVar = [models.Index(fields=["drill", "-began_at"], name="foundation_newest_drill")]


class Figure(models.Model):
    """The newest reading of one measure, for pages that show it; ``value`` null: nothing to count."""

    key = models.CharField(max_length=64, primary_key=True)
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    of = models.PositiveIntegerField()
    read_at = models.DateTimeField()
    failed = models.BooleanField()
