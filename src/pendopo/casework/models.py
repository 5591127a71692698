"""Tables of casework. Everything that tells who someone is, or what they said, is sealed.

Sealed columns hold canonical JSON (see ``sealed``); the comments name the shape and its parser. There is
no foreign key to another room: ids of versions, bodies, subjects, files and documents are plain UUIDs.
"""

from enum import StrEnum
from typing import ClassVar
from uuid import uuid4

from django.db import models

from pendopo.casework.states import (
    CaseState,
    ClockKind,
    CommandKind,
    CommandState,
    CorrectionState,
    EventKind,
    Outcome,
    SurveyState,
)
from pendopo.foundation.models import Record


def _choices(values: type[StrEnum]) -> list[tuple[str, str]]:
    return [(value.value, value.value) for value in values]


class Draft(Record):
    """An application being filled in. Saved after every page; pins its service version at the start."""

    subject_id = models.UUIDField()
    service_version_id = models.UUIDField()
    agency = models.CharField(max_length=64)
    service = models.CharField(max_length=64)
    language = models.CharField(max_length=2)
    answers = models.BinaryField()  # content.Content.answers: path -> encoded value
    known = models.BinaryField()  # content.Content.known: lookup key -> what a register answered
    remarks = models.BinaryField()  # content.Content.remarks: path -> what the applicant says is right
    saved_at = models.DateTimeField()
    waits_for = models.CharField(max_length=32, blank=True)  # "" or what is missing: see lookups.waits_for
    tried_at = models.DateTimeField(null=True)  # when that was last tried

    class Meta:
        """A person's own drafts, newest first."""

        indexes: ClassVar = [models.Index(fields=["subject_id", "agency", "service", "-saved_at"])]


class Case(Record):
    """A submitted application with everything that is true of it now; history is in ``Event``."""

    number = models.CharField(max_length=20, unique=True)
    draft_id = models.UUIDField(unique=True)  # submitting a draft twice finds the case of the first time
    service_version_id = models.UUIDField()
    agency = models.CharField(max_length=64)
    service = models.CharField(max_length=64)
    body_id = models.UUIDField()  # the tenant: the public body that decides
    subject_id = models.UUIDField()
    language = models.CharField(max_length=2)
    channel = models.CharField(max_length=16, default="web")
    purpose = models.CharField(max_length=96)  # exchange purpose under which officers look at this case
    applicant_name = models.BinaryField()  # sealed text
    pseudonym = models.BinaryField()  # sealed text: the applicant's pseudonym for access records
    answers = models.BinaryField()  # as in Draft
    known = models.BinaryField()
    remarks = models.BinaryField()
    tracking_code = models.BinaryField()  # sealed text, shown again on the receipt
    tracking_index = models.BinaryField()  # keyed index of the code: what tracking compares
    state = models.CharField(max_length=16, choices=_choices(CaseState))
    waits_for = models.CharField(max_length=32, blank=True)
    returned_for = models.JSONField(default=list)  # page ids that the officer asked to complete
    verifier_id = models.UUIDField(null=True)
    submitted_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    working_minutes = models.PositiveIntegerField(null=True)  # on the promise clock, when closed
    promise_kept = models.BooleanField(null=True)
    promise_due_at = models.DateTimeField(null=True)  # null while paused or stopped
    legal_due_at = models.DateTimeField(null=True)
    survey = models.CharField(  # only whether it was asked and answered: see SurveyAnswer
        max_length=8, blank=True, choices=_choices(SurveyState), default=SurveyState.OPEN, db_default=""
    )

    class Meta:
        """The officer's views read (body, state, promise); a person's list reads (subject, time)."""

        indexes: ClassVar = [
            models.Index(fields=["body_id", "state", "promise_due_at", "id"]),
            models.Index(fields=["body_id", "submitted_at"]),
            models.Index(fields=["subject_id", "-submitted_at"]),
            models.Index(fields=["service", "closed_at"]),
            models.Index(fields=["closed_at"], name="casework_closed_at"),
        ]


class Evidence(Record):
    """A file given for one requirement of a draft, and after submission of its case."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="evidence")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="evidence", null=True)
    field = models.CharField(max_length=128)  # path of the question, e.g. "children.0.birth_letter"
    file_id = models.UUIDField()
    filename = models.BinaryField()  # sealed text: people name files after people
    media_type = models.CharField(max_length=64)
    size = models.PositiveIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        """At most one present file a question."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["draft", "field"],
                condition=models.Q(replaced_at__isnull=True),
                name="casework_evidence_one_present_file",
            )
        ]


class Event(Record):
    """One line of the timeline. ``note`` is what an officer or applicant wrote (sealed)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=24, choices=_choices(EventKind))
    actor_kind = models.CharField(max_length=16)
    actor_id = models.UUIDField(null=True)
    post_id = models.UUIDField(null=True)
    note = models.BinaryField(null=True)

    class Meta:
        """Read in order, per case; ids are time-ordered within a tick."""

        indexes: ClassVar = [models.Index(fields=["case", "at", "id"])]


class ClockSegment(Record):
    """A stretch in which one clock ran or stood still; the last one is open while the case is."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clock_segments")
    kind = models.CharField(max_length=8, choices=_choices(ClockKind))
    running = models.BooleanField()
    reason = models.CharField(max_length=32, blank=True)  # why it stands still: key casework.pause.<reason>
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """One open stretch a clock."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=models.Q(ended_at__isnull=True),
                name="casework_clock_one_open_segment",
            )
        ]


class Decision(Record):
    """What was decided, by whom, when and why. One per case; never changed."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=8, choices=_choices(Outcome))
    reason = models.BinaryField(null=True)  # sealed text; required for a refusal
    decided_by = models.UUIDField()
    post_id = models.UUIDField(null=True)
    decided_at = models.DateTimeField()


class RegisterCommand(Record):
    """One thing the register is asked to do; ``key`` makes asking twice the same as asking once."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="commands")
    kind = models.CharField(max_length=16, choices=_choices(CommandKind))
    child = models.PositiveSmallIntegerField()
    correction_id = models.UUIDField(null=True)
    key = models.CharField(max_length=96, unique=True)
    state = models.CharField(max_length=8, choices=_choices(CommandState))
    attempts = models.PositiveIntegerField(default=0)
    last_attempt_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=64, blank=True)  # an error code, never a message
    result = models.BinaryField(null=True)  # sealed registers' answer: NIK, certificate number, family card
    done_at = models.DateTimeField(null=True)


class Certificate(Record):
    """A document that this case led to, one present row a child."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="certificates")
    child = models.PositiveSmallIntegerField()
    document_id = models.UUIDField()
    code = models.CharField(max_length=64)  # the document's verification code
    issued_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        """A correction replaces the row before it."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "child"],
                condition=models.Q(replaced_at__isnull=True),
                name="casework_certificate_one_present",
            )
        ]


class Correction(Record):
    """A request to correct an issued certificate, and what became of it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="corrections")
    child = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=_choices(CorrectionState))
    changes = models.BinaryField()  # sealed: corrections.Changes
    reason = models.BinaryField()  # sealed text, by who asked
    answer = models.BinaryField(null=True)  # sealed text, by the officer who refused
    requested_by = models.UUIDField()
    requested_by_officer = models.BooleanField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        """One open correction a child, so that two cannot race to reissue."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "child"],
                condition=models.Q(state__in=[CorrectionState.REQUESTED, CorrectionState.APPROVED]),
                name="casework_correction_one_open",
            )
        ]


class ListLook(models.Model):
    """That an officer saw an applicant's name in a list on a day: one access record, not one a refresh."""

    case_id = models.UUIDField()
    officer_id = models.UUIDField()
    day = models.DateField()

    class Meta:
        """The constraint is what makes the record once a day."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case_id", "officer_id", "day"], name="casework_list_look_once_a_day"
            )
        ]


def _grade() -> "models.PositiveSmallIntegerField[int | None, int | None]":
    return models.PositiveSmallIntegerField(null=True)


class SurveyAnswer(models.Model):
    """What somebody said about a service: no person, no case, no moment, and an id that tells no time.

    ``overall`` and the nine elements are 1 to 4; an element that was passed over is null. ``stirred`` says
    that the row was written anew among the others of its month (``actions.stir``).
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    month = models.DateField()  # its first day
    agency = models.CharField(max_length=64)
    service = models.CharField(max_length=64)
    channel = models.CharField(max_length=16)
    overall = models.PositiveSmallIntegerField()
    requirements = _grade()
    procedure = _grade()
    time = _grade()
    fee = _grade()
    product = _grade()
    competence = _grade()
    behaviour = _grade()
    complaints = _grade()
    facilities = _grade()
    stirred = models.BooleanField(default=False)

    class Meta:
        """Read by month."""

        indexes: ClassVar = [models.Index(fields=["month", "agency"], name="casework_survey_by_month")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(overall__gte=1, overall__lte=4), name="casework_survey_overall_grade"
            )
        ]
