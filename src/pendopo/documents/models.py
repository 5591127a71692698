"""Tables: sealed content, uploaded files, issued documents and whose they are."""

from typing import ClassVar

from django.db import models

from pendopo.foundation.models import Record


class Content(Record):
    """Encrypted bytes. Kept apart from the rows that describe them, so that lists never load them."""

    sealed = models.BinaryField()


class StoredFile(Record):
    """An uploaded file after it was made harmless. The name may hold personal data, so it is encrypted.

    ``erase_at`` is set until somebody's record holds on to the file, and the file goes when it has passed.
    """

    owner_subject_id = models.UUIDField(db_index=True)
    purpose = models.CharField(max_length=80)
    sealed_filename = models.BinaryField()
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.BinaryField(max_length=32)
    content_id = models.UUIDField(unique=True)
    erase_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        """The sweep looks for what nobody kept."""

        abstract = False
        indexes: ClassVar = [
            models.Index(
                fields=["erase_at"], name="documents_unkept", condition=models.Q(erase_at__isnull=False)
            )
        ]


class IssuedDocument(Record):
    """A sealed PDF that this deployment issued, and whether it is still in force."""

    class SealLevel(models.TextChoices):
        """PAdES baseline levels (ETSI EN 319 142-1): sealed, time-stamped, with all that a check needs."""

        BASIC = "B-B"
        TIME = "B-T"
        LONG_TERM = "B-LT"

    class State(models.TextChoices):
        """Only VALID can change, and only once."""

        VALID = "valid"
        SUPERSEDED = "superseded"
        REVOKED = "revoked"

    code = models.CharField(max_length=26, unique=True)
    template = models.CharField(max_length=160)
    template_sha256 = models.BinaryField(max_length=32)
    case_id = models.UUIDField()
    number = models.CharField(max_length=80)
    body_code = models.CharField(max_length=64)
    sealed_holder = models.BinaryField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.VALID)
    state_reason = models.CharField(max_length=64, blank=True)
    state_changed_at = models.DateTimeField(null=True)
    replaced_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaces")
    sha256 = models.BinaryField(max_length=32, unique=True)
    size = models.PositiveIntegerField()
    seal_certificate_sha256 = models.BinaryField(max_length=32)
    seal_level = models.CharField(
        max_length=4, choices=SealLevel.choices, default=SealLevel.BASIC, db_default=SealLevel.BASIC
    )
    stamped_at = models.DateTimeField(null=True)
    content_id = models.UUIDField(unique=True)

    class Meta(Record.Meta):
        """Issuing twice for one case, template and number is one document."""

        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case_id", "template", "number"], name="documents_issued_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], name="documents_unstamped", condition=models.Q(stamped_at=None))
        ]


class EarlierFile(Record):
    """The fingerprint of a document's file before its time stamp; copies of that file stay genuine."""

    document = models.ForeignKey(IssuedDocument, on_delete=models.CASCADE, related_name="earlier_files")
    sha256 = models.BinaryField(max_length=32, unique=True)


class DocumentSubject(models.Model):
    """Whose document it is; a birth certificate belongs to both parents."""

    document = models.ForeignKey(IssuedDocument, on_delete=models.CASCADE, related_name="subjects")
    subject_id = models.UUIDField(db_index=True)

    class Meta:
        """Once a person."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "subject_id"], name="documents_subject_once")
        ]
