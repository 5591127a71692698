"""Sessions: agenda, positions before, events during."""

from typing import ClassVar

from django.db import models

from pendopo.cabinet.models.bodies import Body, Seat
from pendopo.cabinet.models.columns import CLASSES, WORD, words
from pendopo.cabinet.models.dossiers import Dossier
from pendopo.cabinet.values import Path, SessionKind, SessionState
from pendopo.foundation.models import Record


class Session(Record):
    """A meeting of a body. ``seal_public``/``sealed_seal_private`` are the envelope of sealed positions."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="sessions")
    number = models.PositiveIntegerField()
    kind = models.CharField(
        max_length=WORD,
        choices=words(SessionKind),
        default=SessionKind.ORDINARY,
        db_default=SessionKind.ORDINARY,
    )
    planned_minutes = models.PositiveSmallIntegerField(default=120, db_default=120)
    title_id = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    place = models.CharField(max_length=200)
    remote_allowed = models.BooleanField(default=True)
    room_ceiling = models.PositiveSmallIntegerField(choices=CLASSES)
    planned_start = models.DateTimeField()
    lock_at = models.DateTimeField()
    locked_at = models.DateTimeField(null=True)
    reopened = models.PositiveSmallIntegerField(
        default=0, db_default=0
    )  # how often locked positions were opened again
    state = models.CharField(max_length=WORD, choices=words(SessionState), default=SessionState.PLANNED)
    seal_public = models.BinaryField(null=True)  # X25519, 32 bytes
    sealed_seal_private = models.BinaryField(null=True)
    seal_released_at = models.DateTimeField(null=True)
    created_by = models.UUIDField()

    class Meta(Record.Meta):
        """Sessions of a body are numbered."""

        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "number"], name="cabinet_session_number")
        ]
        indexes: ClassVar = [models.Index(fields=["body", "-planned_start"], name="cabinet_calendar")]


class AgendaVersion(Record):
    """A published agenda: the items with their papers' hashes, frozen and signed (key ``cabinet-agenda``)."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="agendas")
    n = models.PositiveSmallIntegerField()
    content = models.JSONField()  # ids, order, hashes and minutes; no titles
    sha256 = models.BinaryField(max_length=32)
    kid = models.CharField(max_length=64)
    signature = models.BinaryField()
    published_by = models.UUIDField()

    class Meta(Record.Meta):
        """Versions are numbered."""

        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "n"], name="cabinet_agenda_version")
        ]


class AgendaItem(Record):
    """A dossier on the agenda of a session."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="items")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="items")
    order = models.PositiveSmallIntegerField()
    planned_minutes = models.PositiveSmallIntegerField()
    information_only = models.BooleanField(default=False)
    path = models.CharField(max_length=WORD, choices=words(Path), blank=True, default="")  # set at the lock
    reasons = models.JSONField(default=list)  # consent.Reason at the lock: [code, seat]
    pulled_by = models.ForeignKey(Seat, null=True, on_delete=models.PROTECT, related_name="+")
    pulled_at = models.DateTimeField(null=True)
    urgent = models.BooleanField(default=False)
    removed_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        """A dossier stands on an agenda once."""

        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["session", "dossier"],
                name="cabinet_once_on_agenda",
                condition=models.Q(removed_at__isnull=True),
            )
        ]


class Position(Record):
    """What a seat says about an item, on exactly these papers. Rows are only added; the last one counts.

    While positions of the session are sealed, ``envelope`` holds everything that is said and the readable
    columns are empty; at the lock the contents move to ``sealed_content`` (``sealing``).
    """

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="positions")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="positions")
    by_subject_id = models.UUIDField()
    deputy = models.BooleanField(default=False)
    docset_hash = models.CharField(max_length=64)
    envelope = models.BinaryField(null=True)
    sealed_content = models.BinaryField(null=True)  # {"stance", "wants_to_speak", "text"}

    class Meta(Record.Meta):
        """The last one of a seat on an item."""

        abstract = False
        indexes: ClassVar = [
            models.Index(fields=["item", "seat", "-created_at"], name="cabinet_last_position")
        ]


class Opinion(Record):
    """A written opinion on an item, with its own class; others with the class read it before the session."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="opinions")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    by_subject_id = models.UUIDField()
    docset_hash = models.CharField(max_length=64)
    classification = models.PositiveSmallIntegerField(choices=CLASSES)
    sealed_text = models.BinaryField()


class LiveEvent(Record):
    """One event of a session, in order. ``classification`` is that of the item concerned, 0 for none."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=32)
    item_id = models.UUIDField(null=True)
    classification = models.PositiveSmallIntegerField(choices=CLASSES)
    sealed_event = models.BinaryField()  # live.events, JSON

    class Meta(Record.Meta):
        """Two writers cannot take the same place."""

        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "seq"], name="cabinet_event_place")
        ]


class Ballot(Record):
    """The signed half of a ballot: one a seat and poll, whatever the application thinks."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="ballots")
    poll_id = models.UUIDField()
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    by_subject_id = models.UUIDField()
    sealed_statement = models.BinaryField()  # canonical JSON that was signed; the choice is in it
    assertion = models.BinaryField(null=True)  # sealed: WebAuthn over SHA-256(statement); null: unsigned

    class Meta(Record.Meta):
        """The database itself refuses a second ballot."""

        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["poll_id", "seat"], name="cabinet_one_ballot_a_seat")
        ]
