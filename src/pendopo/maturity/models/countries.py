"""The UN's table of countries, by year."""

from typing import ClassVar

from django.db import models

from pendopo.foundation.models import Record
from pendopo.maturity.models.results import NAME


class CountryScore(Record):
    """One country in one edition of the survey, as published; the index is computed from these."""

    country = models.CharField(max_length=NAME)
    year = models.PositiveSmallIntegerField()
    osi = models.DecimalField(max_digits=7, decimal_places=5)
    tii = models.DecimalField(max_digits=7, decimal_places=5)
    hci = models.DecimalField(max_digits=7, decimal_places=5)
    egdi = models.DecimalField(max_digits=7, decimal_places=5, null=True)
    rank = models.PositiveSmallIntegerField(null=True)
    source = models.CharField(max_length=NAME)

    class Meta(Record.Meta):
        """A country stands once in an edition."""

        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year", "country"], name="maturity_country_once")
        ]
