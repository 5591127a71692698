"""What shows that a level is reached: a file, a link, or a reading of what runs."""

from typing import ClassVar

from django.db import models

from pendopo.maturity.models.answers import Item
from pendopo.maturity.models.columns import DIGEST, WORD, Act, words
from pendopo.maturity.values import EvidenceKind


class Evidence(Act):
    """One piece of evidence for one level. It is taken down, never deleted.

    Live evidence names a ``measure`` that the instrument binds to the level, and whose figures it reads
    (``scope_agency``; null: the whole hall). ``reading`` is the last one that gave a value and ``holds`` what
    came of it. ``fell_at`` is when it last went below the threshold. ``failed_at`` and ``failed_with`` tell
    of a later attempt that gave none: the level is frozen at ``reading`` meanwhile.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="evidence")
    level = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=WORD, choices=words(EvidenceKind))
    title = models.CharField(max_length=200, blank=True)
    url = models.CharField(max_length=500, blank=True)
    file_id = models.UUIDField(null=True)
    measure = models.CharField(max_length=80, blank=True)
    scope_agency = models.UUIDField(null=True)
    reading = models.ForeignKey("LiveReading", null=True, on_delete=models.PROTECT, related_name="+")
    holds = models.BooleanField(null=True)
    fell_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failed_with = models.CharField(max_length=40, blank=True)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.UUIDField(null=True)

    class Meta(Act.Meta):
        """A measure shows a level once."""

        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item", "level", "measure"],
                name="maturity_live_once",
                condition=models.Q(kind=EvidenceKind.LIVE, removed_at=None),
            )
        ]


class LiveReading(Act):
    """One attempt to read a measure. ``failed`` is a word for why there is no value, else empty.

    ``sha256`` is the digest of the canonical JSON of the reading (``live.record``), so that a later edit of
    the row can be seen.
    """

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="readings")
    measure = models.CharField(max_length=80)
    agency_id = models.UUIDField(null=True)
    since = models.DateField()
    until = models.DateField()
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    unit = models.CharField(max_length=WORD, blank=True)
    of = models.PositiveIntegerField(default=0)
    detail = models.JSONField(default=dict)
    taken_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    failed = models.CharField(max_length=40, blank=True)
    sha256 = models.CharField(max_length=DIGEST)

    class Meta(Act.Meta):
        """The history of one piece of evidence."""

        abstract = False
        indexes: ClassVar = [models.Index(fields=["evidence", "-taken_at"], name="maturity_readings")]
