"""The one table of the room."""

from django.db import models
from django.db.models import Q

from pendopo.foundation.models import Record


class SigningKey(Record):
    """One key pair. The private part is PKCS#8, encrypted under the root key and bound to this row."""

    class State(models.TextChoices):
        """A retired key signs nothing more, but what it signed still verifies."""

        ACTIVE = "active"
        RETIRED = "retired"

    purpose = models.CharField(max_length=80)
    algorithm = models.CharField(max_length=10)
    kid = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    public_jwk = models.JSONField()
    sealed_private = models.BinaryField()
    chain_pem = models.TextField(default="", blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """At most one active key a purpose, also under two racing workers."""

        constraints = (
            models.UniqueConstraint(
                fields=("purpose",), condition=Q(state="active"), name="keys_one_active_key_a_purpose"
            ),
        )
