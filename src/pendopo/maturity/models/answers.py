"""What is asked of an agency, one row an indicator, and the levels and remarks given on it."""

from typing import ClassVar

from django.db import models

from pendopo.foundation.models import Record
from pendopo.maturity.models.columns import NUMBER, WORD, Act, words
from pendopo.maturity.models.cycles import Assessment
from pendopo.maturity.values import Stage


class Item(Record):
    """One indicator of an assessment (one row of it, where it is scored more than once).

    ``body_id`` and ``unit_id`` say who answers for it; without a unit the body's contacts, without a body
    those of the assessed agency. ``revision`` counts the answers.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="items")
    number = models.CharField(max_length=NUMBER)
    row = models.PositiveSmallIntegerField(default=1)
    order = models.PositiveSmallIntegerField()
    body_id = models.UUIDField(null=True)
    unit_id = models.UUIDField(null=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta(Record.Meta):
        """Each row once; what is given to a body is found by it."""

        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "number", "row"], name="maturity_item_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["body_id"],
                name="maturity_given_to",
                condition=models.Q(body_id__isnull=False),
            )
        ]


class Answer(Act):
    """A level that somebody gave, with the reason. Never changed: a new one follows.

    ``accepted`` is the highest level whose criteria an assessor accepted, all below included; null for what
    the agency says of itself.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="answers")
    revision = models.PositiveIntegerField()
    stage = models.CharField(max_length=WORD, choices=words(Stage))
    level = models.DecimalField(max_digits=5, decimal_places=2)
    accepted = models.PositiveSmallIntegerField(null=True)
    reason = models.TextField()

    class Meta(Act.Meta):
        """Of two who answer at once, one has the revision."""

        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "revision"], name="maturity_answer_revision")
        ]


class Comment(Act):
    """A remark on an indicator, or on the criterion of one of its levels."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="comments")
    level = models.PositiveSmallIntegerField(null=True)
    text = models.TextField()
