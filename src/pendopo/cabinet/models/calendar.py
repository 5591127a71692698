"""Private calendar addresses."""

from typing import ClassVar

from django.db import models

from pendopo.foundation.models import Record


class CalendarFeed(Record):
    """An address under which a person's calendar is read without signing in; only a digest is kept."""

    subject_id = models.UUIDField()
    token_sha256 = models.BinaryField(max_length=32, unique=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        """A person has one address."""

        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject_id"],
                name="cabinet_one_calendar",
                condition=models.Q(revoked_at__isnull=True),
            )
        ]
