"""What follows a session: decisions, minutes, publication, directives and tasks."""

from typing import ClassVar

from django.db import models

from pendopo.cabinet.models.bodies import Seat
from pendopo.cabinet.models.columns import CLASSES, WORD, words
from pendopo.cabinet.models.sessions import AgendaItem, Session
from pendopo.cabinet.values import DecisionMode, Outcome
from pendopo.foundation.models import Record


class Decision(Record):
    """What the body decided on an item, with tally, dissent and the papers it was taken on."""

    item = models.OneToOneField(AgendaItem, on_delete=models.PROTECT, related_name="decision")
    number = models.CharField(max_length=80, unique=True)
    outcome = models.CharField(max_length=WORD, choices=words(Outcome))
    mode = models.CharField(max_length=WORD, choices=words(DecisionMode))
    by_consent = models.BooleanField()
    docset_hash = models.CharField(max_length=64)
    tally = models.JSONField(null=True)  # {"yes", "no", "abstain", "entitled"}
    dissent = models.JSONField(default=list)  # seat codes
    legal_form = models.CharField(max_length=64, blank=True)
    classification = models.PositiveSmallIntegerField(choices=CLASSES)
    sealed_text = models.BinaryField()
    decided_at = models.DateTimeField()


class Minutes(Record):
    """A version of the minutes (risalah); a new text is a new version, approvals belong to one version."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="minutes")
    version = models.PositiveSmallIntegerField()
    sealed_content = models.BinaryField()
    sha256 = models.BinaryField(max_length=32)
    due_at = models.DateTimeField()
    document_id = models.UUIDField(null=True)
    signed_at = models.DateTimeField(null=True)
    written_by = models.UUIDField(null=True)

    class Meta(Record.Meta):
        """Versions are numbered."""

        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "version"], name="cabinet_minutes_version")
        ]


class MinutesApproval(Record):
    """A seat approves a version of the minutes, or says what is wrong with it."""

    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="approvals")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    by_subject_id = models.UUIDField()
    approved = models.BooleanField()
    sealed_remark = models.BinaryField(null=True)

    class Meta(Record.Meta):
        """One a seat and version."""

        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["minutes", "seat"], name="cabinet_approved_once")
        ]


class Publication(Record):
    """What the public reads of a decision, from when. ``text`` is open and passed a redaction by hand.

    The English words are the body's own; they are empty where it wrote none, and nothing translates.
    """

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="publication")
    title_id = models.CharField(max_length=300)
    text_id = models.TextField()
    title_en = models.CharField(max_length=300, blank=True, default="", db_default="")
    text_en = models.TextField(blank=True, default="", db_default="")
    embargo_until = models.DateTimeField()
    published_by = models.UUIDField()


class Directive(Record):
    """What the chair ordered (arahan) with a decision."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="directives")
    sealed_text = models.BinaryField()


class Task(Record):
    """Who does what until when. ``state`` is open, done or dropped."""

    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="tasks")
    owner = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="tasks")
    sealed_text = models.BinaryField()
    due_on = models.DateField()
    report_every_months = models.PositiveSmallIntegerField()
    next_report_on = models.DateField()
    reminded_on = models.DateField(null=True)
    budget_line = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=8, default="open")
    closed_at = models.DateTimeField(null=True)


class TaskReport(Record):
    """What the owner reports; ``progress`` in percent."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="reports")
    sealed_text = models.BinaryField()
    progress = models.PositiveSmallIntegerField()
    by_subject_id = models.UUIDField()
