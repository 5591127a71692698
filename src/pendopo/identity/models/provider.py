"""The OpenID Provider's clients, pending requests, codes and tokens."""

from typing import ClassVar

from django.db import models

from pendopo.foundation.models import Record
from pendopo.identity.models.sessions import ProviderSession
from pendopo.identity.models.subjects import Subject


class Client(Record):
    """A registered relying party. ``sector`` decides the pairwise ``sub``; ``keys`` is a JWK Set or null."""

    client_id = models.CharField(max_length=100, unique=True)
    name_id = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    redirect_uris = models.JSONField(default=list)
    post_logout_redirect_uris = models.JSONField(default=list)
    authentication = models.CharField(
        max_length=20, choices=[("private_key_jwt", "private_key_jwt"), ("none", "none")]
    )
    keys = models.JSONField(null=True)
    sector = models.CharField(max_length=200)
    first_party = models.BooleanField(default=False)
    disabled_at = models.DateTimeField(null=True)


class Interaction(Record):
    """A valid authorization request that waits for the person. ``parameters`` is the checked request."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    parameters = models.JSONField()
    browser_digest = models.BinaryField(max_length=32)
    expires_at = models.DateTimeField()
    consented_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        """Old ones are swept."""

        abstract = False
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="identity_interaction_expiry")]


class AuthorizationCode(Record):
    """A code, kept as a fingerprint and bound to client, return address, PKCE challenge and session."""

    digest = models.BinaryField(max_length=32, unique=True)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="+")
    session = models.ForeignKey(ProviderSession, on_delete=models.CASCADE, related_name="+")
    redirect_uri = models.CharField(max_length=500)
    code_challenge = models.CharField(max_length=43)
    scope = models.CharField(max_length=200)
    nonce = models.CharField(max_length=500, blank=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        """Old ones are swept."""

        abstract = False
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="identity_code_expiry")]


class AccessToken(Record):
    """An opaque token for the userinfo endpoint, kept as a fingerprint; it dies with its code's reuse."""

    digest = models.BinaryField(max_length=32, unique=True)
    code = models.ForeignKey(AuthorizationCode, on_delete=models.CASCADE, related_name="tokens")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="+")
    scope = models.CharField(max_length=200)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)


class SeenAssertion(models.Model):
    """The ``jti`` of a client assertion, so that it is good once (RFC 7523 section 3)."""

    digest = models.BinaryField(primary_key=True, max_length=32)
    expires_at = models.DateTimeField()


class Pairwise(Record):
    """The ``sub`` under which one sector knows a person (OpenID Connect Core 8.1)."""

    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="+")
    sector = models.CharField(max_length=200)
    sub = models.CharField(max_length=43, unique=True)

    class Meta(Record.Meta):
        """One a sector."""

        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "sector"], name="identity_one_sub_a_sector")
        ]
