"""Tables of the catalogue: published versions, which never change, and what search reads.

``ServiceVersion.files`` is the whole definition as text, so that a case can be read under the version it
pinned for as long as it is kept.
"""

from typing import ClassVar, override

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from pendopo.foundation.models import Record


class ServiceVersion(Record):
    """One published version. ``current`` marks the one that new applications use."""

    agency = models.CharField(max_length=64)
    code = models.CharField(max_length=64)
    version = models.CharField(max_length=32)
    hash = models.CharField(max_length=64)
    manifest = models.BinaryField()
    files = models.JSONField()
    kid = models.CharField(max_length=128)
    signature = models.BinaryField()
    published_at = models.DateTimeField()
    current = models.BooleanField(default=False)

    class Meta:
        """One text a version number, one current version a service."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "code", "version"], name="catalogue_version_once"),
            models.UniqueConstraint(
                fields=["agency", "code"], condition=models.Q(current=True), name="catalogue_one_current"
            ),
        ]

    @override
    def __str__(self) -> str:
        """Name the version."""
        return f"{self.agency}/{self.code} {self.version}"


class SearchEntry(Record):
    """What is searched for one service in one language; rewritten when a version becomes current."""

    version = models.ForeignKey(ServiceVersion, on_delete=models.CASCADE, related_name="search_entries")
    language = models.CharField(max_length=2)
    name = models.TextField()
    words = models.TextField()
    vector = SearchVectorField()

    class Meta:
        """Found by the words of a language."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "language"], name="catalogue_search_once")
        ]
        indexes: ClassVar = [GinIndex(fields=["vector"], name="catalogue_search_vector")]
