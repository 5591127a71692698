"""Bodies, their seats, who holds them and who may stand in."""

from typing import ClassVar, override

from django.db import models

from pendopo.cabinet.models.columns import CLASSES, WORD, words
from pendopo.cabinet.values import Role
from pendopo.foundation.models import Record


class Body(Record):
    """A body that decides. ``configuration`` is the text it was founded with, as JSON (``configuration``)."""

    code = models.CharField(max_length=48, unique=True)
    agency_id = models.UUIDField()  # the public body whose secretariat runs it: the tenant
    configuration = models.JSONField()
    configuration_sha256 = models.BinaryField(max_length=32)

    @override
    def __str__(self) -> str:
        """Name the body by its code."""
        return self.code


class Seat(Record):
    """An office in a body; people come and go (:class:`Mandate`)."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="seats")
    code = models.CharField(max_length=48)
    office_id = models.CharField(max_length=200)
    office_en = models.CharField(max_length=200)
    role = models.CharField(max_length=WORD, choices=words(Role))
    ceiling = models.PositiveSmallIntegerField(choices=CLASSES)
    order = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=48, blank=True)

    class Meta(Record.Meta):
        """A code is unique within its body."""

        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "code"], name="cabinet_seat_code_in_body")
        ]

    @override
    def __str__(self) -> str:
        """Name the seat by its code."""
        return self.code


class Mandate(Record):
    """One person in one seat, from a moment to another. Never deleted."""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="mandates")
    subject_id = models.UUIDField(db_index=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        """A seat has one standing mandate."""

        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["seat"], name="cabinet_one_mandate_a_seat", condition=models.Q(ends_at__isnull=True)
            )
        ]


class Delegation(Record):
    """A person stands in for a seat, for some acts and some time. ``scopes`` are :class:`values.Scope`."""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="delegations")
    given_by = models.UUIDField()
    to_subject_id = models.UUIDField(db_index=True)
    scopes = models.JSONField()
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
