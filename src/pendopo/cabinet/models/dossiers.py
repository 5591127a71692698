"""Dossiers, their papers, coordination, and who read what."""

from typing import ClassVar

from django.db import models

from pendopo.cabinet.models.bodies import Body, Seat
from pendopo.cabinet.models.columns import CLASSES, WORD, words
from pendopo.cabinet.values import DossierState, Response, Verdict
from pendopo.foundation.models import Record


class Dossier(Record):
    """A matter for a body to decide. ``docset_hash`` stands for papers and words in force: ``docsets``."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="dossiers")
    number = models.CharField(max_length=80, unique=True)
    item_type = models.CharField(max_length=48)
    owner = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    sealed_title = models.BinaryField()
    sealed_summary = models.BinaryField()  # {"summary", "legal_basis", "alternatives": [{"title", "effect"}]}
    classification = models.PositiveSmallIntegerField(choices=CLASSES)
    need_to_know = models.JSONField(null=True)  # seat codes; null: every seat with the class
    state = models.CharField(max_length=WORD, choices=words(DossierState), default=DossierState.DRAFT)
    docset_hash = models.CharField(max_length=64, blank=True)
    text_version = models.PositiveSmallIntegerField(default=0, db_default=0)  # how often its words changed
    planned_minutes = models.PositiveSmallIntegerField()
    budget_line = models.CharField(max_length=64, blank=True)
    created_by = models.UUIDField()
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)

    class Meta(Record.Meta):
        """The board of a body, by state."""

        abstract = False
        indexes: ClassVar = [models.Index(fields=["body", "state", "-created_at"], name="cabinet_board")]


class DocumentVersion(Record):
    """One version of one paper; the file is kept by ``documents``. Only ``superseded_by`` ever changes."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="documents")
    paper = models.UUIDField()  # the same for all versions of one paper
    n = models.PositiveSmallIntegerField()
    sealed_name = models.BinaryField()
    file_id = models.UUIDField()
    sha256 = models.BinaryField(max_length=32)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    pages = models.PositiveSmallIntegerField(null=True)  # counted afterwards; 0: cannot be counted
    uploaded_by = models.UUIDField()
    superseded_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        """A paper has one version of each number."""

        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["paper", "n"], name="cabinet_version_of_paper")
        ]


class CoordinationRound(Record):
    """One round of asking the others before the body sees a dossier."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="rounds")
    n = models.PositiveSmallIntegerField()
    docset_hash = models.CharField(max_length=64)
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        """Rounds are numbered; one is open at a time."""

        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dossier", "n"], name="cabinet_round_number"),
            models.UniqueConstraint(
                fields=["dossier"], name="cabinet_one_open_round", condition=models.Q(closed_at__isnull=True)
            ),
        ]


class CoordinationRequest(Record):
    """What one seat was asked and answered."""

    round = models.ForeignKey(CoordinationRound, on_delete=models.PROTECT, related_name="requests")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    mandatory = models.BooleanField()
    response = models.CharField(max_length=WORD, choices=words(Response), blank=True, default="")
    sealed_points = models.BinaryField(null=True)  # [{"point", "condition"}]
    responded_at = models.DateTimeField(null=True)
    responded_by = models.UUIDField(null=True)
    docset_hash = models.CharField(max_length=64, blank=True, default="", db_default="")  # answered on these

    class Meta(Record.Meta):
        """A seat is asked once a round."""

        abstract = False
        constraints: ClassVar = [models.UniqueConstraint(fields=["round", "seat"], name="cabinet_asked_once")]


class Difference(Record):
    """A point on which a seat and the owner do not agree, until it is resolved."""

    request = models.ForeignKey(CoordinationRequest, on_delete=models.PROTECT, related_name="differences")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="differences")
    sealed_point = models.BinaryField()
    sealed_answer = models.BinaryField(null=True)
    verdict = models.CharField(
        max_length=WORD, choices=words(Verdict), blank=True, default="", db_default=""
    )  # the owner's, with the answer
    sealed_resolution = models.BinaryField(null=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.UUIDField(null=True)


class Read(Record):
    """Somebody opened a dossier or a paper under a seat; each is also an audit row with its commitment."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="reads")
    document = models.ForeignKey(DocumentVersion, null=True, on_delete=models.PROTECT, related_name="reads")
    seat = models.ForeignKey(Seat, null=True, on_delete=models.PROTECT, related_name="+")
    subject_id = models.UUIDField()
    docset_hash = models.CharField(max_length=64)
    audit_id = models.UUIDField()

    class Meta(Record.Meta):
        """Newest first; and whether a seat has seen a set of papers."""

        abstract = False
        indexes: ClassVar = [
            models.Index(fields=["dossier", "-created_at"], name="cabinet_reads"),
            models.Index(fields=["dossier", "seat", "docset_hash"], name="cabinet_delivered"),
        ]
