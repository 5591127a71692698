"""What a person can sign in with."""

from typing import ClassVar

from django.db import models

from pendopo.foundation.models import Record
from pendopo.identity.models.subjects import Subject


class Passkey(Record):
    """One WebAuthn credential. ``public_key`` is COSE; ``label`` is chosen by the person."""

    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="passkeys")
    credential_id = models.BinaryField(max_length=1023, unique=True)
    public_key = models.BinaryField()
    sign_count = models.BigIntegerField()
    transports = models.JSONField(default=list)
    label = models.CharField(max_length=60)
    backed_up = models.BooleanField()
    last_used_at = models.DateTimeField(null=True)
    suspect_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        """Listed on the person's own page."""

        abstract = False
        indexes: ClassVar = [
            models.Index(
                fields=["subject"], name="identity_present_passkeys", condition=models.Q(removed_at=None)
            )
        ]


class Password(Record):
    """An Argon2id hash in its own encoded form, which carries its parameters."""

    subject = models.OneToOneField(Subject, on_delete=models.CASCADE, related_name="password")
    hash = models.CharField(max_length=200)
    changed_at = models.DateTimeField()


class Totp(Record):
    """An authenticator's secret (RFC 6238), sealed; ``last_step`` refuses a code that was used."""

    subject = models.OneToOneField(Subject, on_delete=models.CASCADE, related_name="totp")
    secret = models.BinaryField()
    last_step = models.BigIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True)


class RecoveryCode(Record):
    """A code from the printed sheet: 80 random bits, kept as a fingerprint, good once."""

    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.BinaryField(max_length=32, unique=True)
    used_at = models.DateTimeField(null=True)


class Ceremony(Record):
    """A WebAuthn challenge that waits for its one answer. ``subject`` is set when a passkey is being made."""

    challenge = models.BinaryField(max_length=64)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="+", null=True)
    expires_at = models.DateTimeField()

    class Meta(Record.Meta):
        """Old ones are swept."""

        abstract = False
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="identity_ceremony_expiry")]
