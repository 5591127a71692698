"""Activation at a counter: the visit, and the code that the person takes home."""

from typing import ClassVar

from django.db import models

from pendopo.foundation.models import Record
from pendopo.identity.models.subjects import Subject


class CounterVisit(Record):
    """What an officer looked up for the person in front of the counter; sealed, kept for minutes."""

    officer_id = models.UUIDField()
    post_id = models.UUIDField(null=True)
    body_id = models.UUIDField(null=True)
    person = models.BinaryField()
    expires_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)


class ActivationCode(Record):
    """A one-time code, kept as a fingerprint. Entering it turns it into a browser-bound activation."""

    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="activation_codes")
    digest = models.BinaryField(max_length=32, unique=True)
    expires_at = models.DateTimeField()
    redeemed_at = models.DateTimeField(null=True)
    browser_digest = models.BinaryField(max_length=32, null=True, unique=True)
    finished_at = models.DateTimeField(null=True)
    pending_totp = models.BinaryField(null=True)
    pending_password = models.CharField(max_length=200, blank=True)

    class Meta(Record.Meta):
        """A new code voids the older ones of the same person."""

        abstract = False
        indexes: ClassVar = [models.Index(fields=["subject"], name="identity_codes_of_subject")]
