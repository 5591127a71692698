"""Tables: bodies, units, posts. A subject is a bare UUID that ``identity`` owns."""

from typing import ClassVar, override

from django.db import models

from pendopo.foundation.models import Record


class Body(Record):
    """One public body, the tenant. ``member_id`` is its exchange member (``ID-DEMO/GOV/X``), if any."""

    code = models.CharField(max_length=48, unique=True)
    name_id = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    member_id = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001  # unique: many have none

    @override
    def __str__(self) -> str:
        """Name the body by its code."""
        return self.code


class Unit(Record):
    """A part of a body: an office, a section, a counter."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="units")
    code = models.CharField(max_length=48)
    name_id = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)

    class Meta(Record.Meta):
        """A code is unique within its body."""

        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "code"], name="agencies_unit_code_in_body"),
        ]

    @override
    def __str__(self) -> str:
        """Name the unit by its code."""
        return self.code


class Post(Record):
    """One person in one function of one body, from appointment to end. Never deleted: cases point to it."""

    subject_id = models.UUIDField()
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts", null=True)
    title_id = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    permissions = models.JSONField(default=list)
    ended_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        """Found by the person at each request of an officer, and by the body on its own page."""

        abstract = False
        indexes: ClassVar = [
            models.Index(
                fields=["subject_id"],
                name="agencies_standing_posts",
                condition=models.Q(ended_at__isnull=True),
            ),
            models.Index(fields=["body", "created_at"], name="agencies_posts_of_body"),
        ]

    @override
    def __str__(self) -> str:
        """Name the post by its title."""
        return self.title_id
