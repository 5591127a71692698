"""One table: messages. No personal data stands in it beside the subject's id."""

from typing import ClassVar

from django.db import models

from pendopo.foundation.models import Record


class CarrierState(models.TextChoices):
    """What became of the e-mail that points to a message."""

    WAITING = "waiting"
    SENT = "sent"
    NO_ADDRESS = "no_address"
    NO_CARRIER = "no_carrier"
    REFUSED = "refused"
    NOT_NEEDED = "not_needed"


class Message(Record):
    """A message to one person. ``template`` is ``room.name``; ``params`` fill its sentences.

    ``key`` makes sending idempotent for one person; it is the message's own id when the sender gave none.
    """

    subject_id = models.UUIDField()
    template = models.CharField(max_length=96)
    params = models.JSONField(default=dict)
    link_name = models.CharField(max_length=96, blank=True)
    link_arguments = models.JSONField(default=dict)
    key = models.CharField(max_length=128)
    read_at = models.DateTimeField(null=True)
    carrier = models.CharField(max_length=16, choices=CarrierState.choices, default=CarrierState.WAITING)
    carried_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        """Read newest first by one person; a key is used once a person."""

        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject_id", "key"], name="inbox_once_a_key")
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject_id", "-id"], name="inbox_of_person"),
            models.Index(fields=["subject_id"], name="inbox_unread", condition=models.Q(read_at=None)),
        ]
