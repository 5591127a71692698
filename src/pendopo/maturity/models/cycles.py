"""Cycles of an instrument, and the agencies that are assessed in them."""

from typing import ClassVar

from django.db import models

from pendopo.foundation.models import Record
from pendopo.maturity.models.columns import DIGEST, WORD, Act, words
from pendopo.maturity.values import CycleKind, CycleState


class InstrumentText(Record):
    """An instrument's file as it was when a cycle began, so that no later edit changes a running one."""

    instrument_id = models.CharField(max_length=48)
    digest = models.CharField(max_length=DIGEST, unique=True)
    content = models.JSONField()


class Cycle(Act):
    """One instrument in one year, run by ``body_id``, whose coordinators open and close it.

    ``close_print`` is the fingerprint of all levels when the first of two coordinators asked to close.
    """

    body_id = models.UUIDField()
    instrument_id = models.CharField(max_length=48)
    instrument_hash = models.CharField(max_length=DIGEST)
    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=WORD, choices=words(CycleKind))
    state = models.CharField(max_length=WORD, choices=words(CycleState), default=CycleState.OPEN)
    close_asked_by = models.UUIDField(null=True)
    close_asked_at = models.DateTimeField(null=True)
    close_print = models.CharField(max_length=DIGEST, blank=True)
    closed_by = models.UUIDField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta(Act.Meta):
        """A body runs an instrument once a year."""

        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body_id", "instrument_id", "year"], name="maturity_cycle_once"),
            models.CheckConstraint(
                condition=models.Q(closed_by=None)
                | (models.Q(close_asked_by__isnull=False) & ~models.Q(closed_by=models.F("close_asked_by"))),
                name="maturity_cycle_closed_by_two",
            ),
        ]


class CycleStep(Act):
    """A cycle went into a state, or somebody asked to close it and took that back."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=WORD)
    reason = models.TextField(blank=True)

    class Meta(Act.Meta):
        """Told in order."""

        abstract = False
        indexes: ClassVar = [models.Index(fields=["cycle", "created_at"], name="maturity_steps")]


class Assessment(Record):
    """One agency in one cycle. ``result`` is what the index was when the cycle closed; until then interim.

    ``result``: ``{"index", "exact", "predicate", "domains", "aspects", "levels"}``, all figures as text.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="assessments")
    agency_id = models.UUIDField()
    result = models.JSONField(null=True)

    class Meta(Record.Meta):
        """An agency is assessed once in a cycle; its years are found by it."""

        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["cycle", "agency_id"], name="maturity_assessed_once")
        ]
        indexes: ClassVar = [models.Index(fields=["agency_id"], name="maturity_of_agency")]
