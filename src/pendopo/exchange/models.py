"""Tables of the exchange's control plane; purposes and legal bases stay text in ``definitions``."""

from typing import ClassVar, override

from django.db import models

from pendopo.foundation.models import Record


class Member(Record):
    """An organisation that takes part: ``ID-DEMO/GOV/X``."""

    identifier = models.CharField(max_length=200, unique=True)
    name_id = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)

    @override
    def __str__(self) -> str:
        """Name the member by its identifier."""
        return self.identifier


class Server(Record):
    """A gateway of a member, with hashes of its TLS certificates and its message keys, newest first.

    Two of each are kept, so that a key can change without a gap and yesterday's records still verify.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="servers")
    identifier = models.CharField(max_length=200, unique=True)
    address = models.CharField(max_length=260)
    tls_certificates = models.JSONField(default=list)
    signing_keys = models.JSONField(default=list)

    @override
    def __str__(self) -> str:
        """Name the gateway by its identifier."""
        return self.identifier


class Subsystem(Record):
    """An information system of a member; all gateways of the member serve it."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="subsystems")
    identifier = models.CharField(max_length=200, unique=True)
    name_id = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)

    @override
    def __str__(self) -> str:
        """Name the system by its identifier."""
        return self.identifier


class Service(Record):
    """What an information system offers, and the interface that it speaks."""

    subsystem = models.ForeignKey(Subsystem, models.PROTECT, related_name="services")
    identifier = models.CharField(max_length=200, unique=True)
    interface = models.CharField(max_length=60)
    name_id = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)

    @override
    def __str__(self) -> str:
        """Name the service by its identifier."""
        return self.identifier


class Endpoint(Record):
    """A method and a path pattern of a service."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="endpoints")
    method = models.CharField(max_length=8)
    path = models.CharField(max_length=200)

    class Meta(Record.Meta):
        """Once a service."""

        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["service", "method", "path"], name="exchange_endpoint_once"),
        ]

    @override
    def __str__(self) -> str:
        """Method and path."""
        return f"{self.method} {self.path}"


class Agreement(Record):
    """What one client may ask of one service for one purpose, between two days (both included)."""

    document = models.CharField(max_length=120)
    client = models.ForeignKey(Subsystem, models.PROTECT, related_name="agreements")
    service = models.ForeignKey(Service, models.PROTECT, related_name="agreements")
    purpose = models.CharField(max_length=100)
    endpoints = models.ManyToManyField(Endpoint, related_name="agreements")
    valid_from = models.DateField()
    valid_to = models.DateField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        """One row for each purpose of a signed document."""

        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "purpose"], name="exchange_agreement_once"),
        ]

    @override
    def __str__(self) -> str:
        """Document and purpose."""
        return f"{self.document} {self.purpose}"


class IssuedSnapshot(Record):
    """A signed registry snapshot; ``digest`` is SHA-256 of its text, ``content`` of its matter alone."""

    version = models.BigIntegerField(unique=True)
    expires_at = models.DateTimeField()
    digest = models.BinaryField(max_length=32)
    content = models.BinaryField(max_length=32)


class PullCursor(models.Model):
    """How far the access records of one gateway were read."""

    source = models.CharField(max_length=200, primary_key=True)
    cursor = models.CharField(max_length=200, blank=True)
    moved_at = models.DateTimeField()

    @override
    def __str__(self) -> str:
        """Name the gateway."""
        return self.source


class RejectedRecord(Record):
    """What a gateway handed out as an access record and is none: kept for whoever investigates."""

    source = models.CharField(max_length=200)
    cursor = models.CharField(max_length=200)
    reason = models.CharField(max_length=200)
    statement_digest = models.BinaryField(max_length=32)

    class Meta(Record.Meta):
        """Once a place in the gateway's log."""

        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "cursor"], name="exchange_rejected_once"),
        ]
