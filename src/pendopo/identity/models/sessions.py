"""Browsers in which somebody is signed in, and forms that wait for a sign-in."""

from typing import ClassVar

from django.db import models

from pendopo.foundation.models import Record
from pendopo.identity.models.subjects import Subject


class _SignedIn(Record):
    """What both kinds of session know. ``token_digest`` is SHA-256 of the cookie's 256 random bits."""

    token_digest = models.BinaryField(max_length=32, unique=True)
    authentication = models.PositiveSmallIntegerField()
    amr = models.JSONField(default=list)
    authenticated_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    device = models.CharField(max_length=80, blank=True)

    class Meta(Record.Meta):
        """Two tables inherit this."""

        abstract = True


class ProviderSession(_SignedIn):
    """A browser that the OpenID Provider knows."""

    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="provider_sessions")

    class Meta(_SignedIn.Meta):
        """Listed and ended by the person."""

        abstract = False
        indexes: ClassVar = [models.Index(fields=["subject", "ended_at"], name="identity_op_sessions")]


class Session(_SignedIn):
    """A browser that the hall knows. ``post_id`` is the post in which an officer works.

    ``provider_session`` is the provider's session that it came from; ``id_token`` (sealed) is the hint for
    signing out there.
    """

    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="sessions")
    post_id = models.UUIDField(null=True)
    provider_session = models.UUIDField(null=True)
    id_token = models.BinaryField(null=True)

    class Meta(_SignedIn.Meta):
        """Listed and ended by the person; the provider ends what came from it."""

        abstract = False
        indexes: ClassVar = [
            models.Index(fields=["subject", "ended_at"], name="identity_hall_sessions"),
            models.Index(fields=["provider_session"], name="identity_session_origin"),
        ]


class ParkedForm(Record):
    """What was typed when the session ended, sealed, for the same person to find again."""

    key_digest = models.BinaryField(max_length=32, unique=True)
    subject_id = models.UUIDField()
    path = models.CharField(max_length=500)
    fields = models.BinaryField()
    expires_at = models.DateTimeField()
