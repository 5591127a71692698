"""Tables of the log: tiles of the tree, checkpoints, counters, access records."""

from typing import ClassVar

from django.db import models

from pendopo.foundation.clock import now
from pendopo.foundation.models import Record


class Tile(models.Model):
    """Up to 256 hashes of one level of the tree (C2SP tlog-tiles)."""

    level = models.SmallIntegerField()
    number = models.BigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        """Each tile is there once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["level", "number"], name="ledger_tile_once")]


class Checkpoint(models.Model):
    """The log's size and root, signed. ``note`` is the C2SP signed note; the other columns repeat it."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    counters_root = models.BinaryField(max_length=32)
    note = models.TextField()
    created_at = models.DateTimeField(default=now, editable=False)


class Counter(models.Model):
    """How many sequenced entries concern one person; the key tells nothing without the pseudonym."""

    key = models.BinaryField(primary_key=True, max_length=32)
    bucket = models.IntegerField(db_index=True)
    count = models.BigIntegerField()


class CounterRow(models.Model):
    """256 hashes of the counter tree: number 0..255 is a group of buckets, 256 is the row of all groups."""

    number = models.SmallIntegerField(primary_key=True)
    hashes = models.BinaryField()


class AccessRecord(Record):
    """Somebody looked at somebody's data. Content and salt can be erased; the row and its commitment stay."""

    message_id = models.CharField(max_length=128, unique=True)
    at = models.DateTimeField()
    commitment_id = models.UUIDField(unique=True)
    salt = models.BinaryField(max_length=16, null=True)
    sealed_record = models.BinaryField(null=True)
    erased_at = models.DateTimeField(null=True)


class AccessSubject(models.Model):
    """Whom an access record concerns, by counter key."""

    entry = models.ForeignKey(AccessRecord, on_delete=models.PROTECT, related_name="subjects")
    key = models.BinaryField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        """A person's list, newest first; a person is counted once an entry."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["entry", "key"], name="ledger_subject_once")]
        indexes: ClassVar = [models.Index(fields=["key", "-at", "-entry_id"], name="ledger_list_of_person")]


class AccessEvidence(Record):
    """What a gateway signed about an access: one side's statement, kept to show that both sides agree."""

    entry = models.ForeignKey(AccessRecord, on_delete=models.CASCADE, related_name="evidence")
    side = models.CharField(max_length=16)
    sealed_statement = models.BinaryField()
    agrees = models.BooleanField()

    class Meta(Record.Meta):
        """One statement a side."""

        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "side"], name="ledger_one_statement_a_side")
        ]
