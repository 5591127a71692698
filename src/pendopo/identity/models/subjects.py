"""A person with a Digital ID, and how to reach her."""

from typing import ClassVar

from django.db import models

from pendopo.foundation.models import Record
from pendopo.identity.assurance import Proofing


class Subject(Record):
    """One person. ``nik`` and ``name`` are sealed; ``nik_index`` finds; ``pseudonym`` is for the exchange."""

    nik_index = models.BinaryField(max_length=32, unique=True)
    nik = models.BinaryField()
    name = models.BinaryField()
    pseudonym = models.CharField(max_length=43, unique=True)
    proofing = models.PositiveSmallIntegerField(choices=[(level.value, level.name) for level in Proofing])
    activated_at = models.DateTimeField(null=True)


class Contact(Record):
    """The one contact address of a person: sealed, not proved to be hers."""

    subject = models.OneToOneField(Subject, on_delete=models.CASCADE, related_name="contact")
    email = models.BinaryField()
    changed_at = models.DateTimeField()


class FormerContact(Record):
    """An address that was replaced: sealed, and told of changes in signing in until its time has passed."""

    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="former_contacts")
    email = models.BinaryField()
    until = models.DateTimeField()

    class Meta(Record.Meta):
        """Found by person while they count, swept when they do not."""

        abstract = False
        indexes: ClassVar = [models.Index(fields=["subject", "until"], name="identity_former_of_subject")]
