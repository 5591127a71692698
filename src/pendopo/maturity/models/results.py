"""Results that somebody published of agencies and years: imported, looked at as a draft, then made public."""

from typing import ClassVar

from django.db import models

from pendopo.foundation.models import Record
from pendopo.maturity.models.columns import DIGEST, WORD, Act, words
from pendopo.maturity.published import UNRANKED, AgencyKind, ImportState

NAME = 200


class ResultImport(Act):
    """One file of results, handed in by an officer of ``body_id`` (null: on the machine).

    ``rows`` are its lines as they were read and judged (``published.Judged``), in order.
    """

    body_id = models.UUIDField(null=True)
    source = models.CharField(max_length=NAME)
    sha256 = models.CharField(max_length=DIGEST)
    state = models.CharField(max_length=WORD, choices=words(ImportState), default=ImportState.DRAFT)
    rows = models.JSONField(default=list)
    published_by = models.UUIDField(null=True)
    published_at = models.DateTimeField(null=True)

    class Meta(Act.Meta):
        """The newest is asked for."""

        abstract = False
        indexes: ClassVar = [models.Index(fields=["-created_at"], name="maturity_imports")]


class PublishedResult(Record):
    """The index of one agency in one cycle, as published.

    ``agency_key`` is the name as it is compared (``published.key_of``). ``domains`` holds figures as text by
    the domain's key, as printed. ``place`` is the rank by the printed index within instrument and year,
    ``UNRANKED`` without one. ``flags`` are words of ``published.Flag``: what cannot be as it stands.
    ``exact`` is the only exact index that fits all that was printed, as text, empty where there are several.
    """

    agency = models.CharField(max_length=NAME)
    agency_key = models.CharField(max_length=NAME)
    kind = models.CharField(max_length=WORD, choices=words(AgencyKind))
    region = models.CharField(max_length=NAME, blank=True)
    instrument_id = models.CharField(max_length=48)
    year = models.PositiveSmallIntegerField()
    domains = models.JSONField(default=dict)
    index = models.DecimalField(max_digits=6, decimal_places=4, null=True)
    predicate = models.CharField(max_length=48, blank=True)
    exact = models.CharField(max_length=32, blank=True)
    place = models.PositiveIntegerField(default=UNRANKED)
    flags = models.JSONField(default=list)
    source = models.CharField(max_length=NAME)
    imported = models.ForeignKey(ResultImport, on_delete=models.PROTECT, related_name="results")

    class Meta(Record.Meta):
        """An agency has one result a cycle; a cycle is read by place, an agency by year."""

        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agency_key", "instrument_id", "year"], name="maturity_result_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["instrument_id", "year", "place", "agency_key"], name="maturity_ranking")
        ]
