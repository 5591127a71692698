"""Columns that many tables of this room have."""

from enum import StrEnum

from django.db import models

from pendopo.foundation.models import Record

WORD = 16
DIGEST = 64
NUMBER = 8
TEXT = 4000


def words(values: type[StrEnum]) -> list[tuple[str, str]]:
    """Return the words of a closed list as choices of a column."""
    return [(value.value, value.value) for value in values]


class Act(Record):
    """A row that somebody made: the person, and the post that they held then. Neither: the system."""

    by_subject_id = models.UUIDField(null=True)
    by_post_id = models.UUIDField(null=True)

    class Meta(Record.Meta):
        """Tables inherit this."""

        abstract = True
