"""Answers to the satisfaction survey (SKM) that were collected elsewhere. Nobody's name, nobody's case."""

from typing import ClassVar

from django.db import models

from pendopo.foundation.models import Record
from pendopo.maturity.models.columns import DIGEST, WORD, Act, words
from pendopo.maturity.models.results import NAME
from pendopo.maturity.published import ImportState


class SurveyImport(Act):
    """One file of answers about one agency, handed in by an officer of ``body_id`` (null: on the machine)."""

    body_id = models.UUIDField(null=True)
    agency = models.CharField(max_length=NAME)
    source = models.CharField(max_length=NAME)
    sha256 = models.CharField(max_length=DIGEST)
    state = models.CharField(max_length=WORD, choices=words(ImportState), default=ImportState.DRAFT)
    published_by = models.UUIDField(null=True)
    published_at = models.DateTimeField(null=True)

    class Meta(Act.Meta):
        """One file of an agency counts once."""

        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agency", "sha256"],
                name="maturity_survey_once",
                condition=~models.Q(state=ImportState.DROPPED),
            )
        ]


class SurveyAnswer(Record):
    """What one person answered, by element (``{"U1": 3}``), in a month (its first day)."""

    survey = models.ForeignKey(SurveyImport, on_delete=models.PROTECT, related_name="answers")
    month = models.DateField()
    service = models.CharField(max_length=NAME, blank=True)
    elements = models.JSONField(default=dict)

    class Meta(Record.Meta):
        """Counted by month."""

        abstract = False
        indexes: ClassVar = [models.Index(fields=["survey", "month"], name="maturity_survey_months")]
