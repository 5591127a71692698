"""What casework hands across its door: frozen values, never rows."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from pendopo.casework.states import CaseState, ClockKind, CommandState, CorrectionState, EventKind, Outcome


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a person holds after sending: ``tracking_code`` has its dash; ``token`` opens tracking."""

    case_id: UUID
    number: str
    tracking_code: str
    token: str
    agency: str
    service: str
    service_version_id: UUID
    submitted_at: dt.datetime
    promise_due_at: dt.datetime | None
    legal_due_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a timeline. ``note`` is what was written to the other side, already opened, or empty."""

    at: dt.datetime
    kind: EventKind
    by_officer: bool
    actor_id: UUID | None
    post_id: UUID | None
    note: str


@dataclass(frozen=True, slots=True)
class ClockView:
    """One clock now. ``due_at`` is None while it stands still (``paused_for`` says why) or has stopped.

    ``remaining`` is working time still allowed, negative when it is exceeded.
    """

    kind: ClockKind
    running: bool
    paused_for: str
    due_at: dt.datetime | None
    remaining: dt.timedelta
    overdue: bool


@dataclass(frozen=True, slots=True)
class DraftLine:
    """An unsent application in a person's own list."""

    id: UUID
    agency: str
    service: str
    service_version_id: UUID
    saved_at: dt.datetime
    waits_for: str


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a person's own list."""

    id: UUID
    number: str
    agency: str
    service: str
    service_version_id: UUID
    state: CaseState
    waits_for: str
    submitted_at: dt.datetime
    promise_due_at: dt.datetime | None
    has_document: bool


@dataclass(frozen=True, slots=True)
class WorkLine:
    """A case in an officer's worklist."""

    id: UUID
    number: str
    agency: str
    service: str
    service_version_id: UUID
    applicant: str
    state: CaseState
    waits_for: str
    submitted_at: dt.datetime
    closed_at: dt.datetime | None
    promise_due_at: dt.datetime | None
    legal_due_at: dt.datetime | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class WorkPage:
    """A page of the worklist; ``next_cursor`` is None on the last one."""

    lines: tuple[WorkLine, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class DayLoad:
    """How many cases came in and were closed on one day of the zone."""

    day: dt.date
    submitted: int
    closed: int


@dataclass(frozen=True, slots=True)
class TrackView:
    """What number and tracking code open without sign-in: no name, no answer, no document."""

    number: str
    agency: str
    service: str
    service_version_id: UUID
    state: CaseState
    waits_for: str
    submitted_at: dt.datetime
    promise_due_at: dt.datetime | None
    has_document: bool
    moments: tuple[Moment, ...]  # without notes
    token: str
    survey_open: bool  # whether to ask how it was


@dataclass(frozen=True, slots=True)
class FileView:
    """A file given as evidence."""

    id: UUID
    field: str
    file_id: UUID
    filename: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class CommandView:
    """How far a register command came."""

    child: int
    state: CommandState
    attempts: int
    last_attempt_at: dt.datetime | None
    last_error: str


@dataclass(frozen=True, slots=True)
class CertificateView:
    """The present document of one child."""

    child: int
    document_id: UUID
    code: str
    issued_at: dt.datetime


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """A request to correct an issued certificate; changes and reason are opened."""

    id: UUID
    child: int
    state: CorrectionState
    changes: tuple[tuple[str, str], ...]  # (field, new value)
    reason: str
    answer: str
    requested_at: dt.datetime
    by_officer: bool


@dataclass(frozen=True, slots=True)
class DecisionView:
    """What was decided."""

    outcome: Outcome
    reason: str
    decided_at: dt.datetime
    decided_by: UUID


class Match(StrEnum):
    """How an answer stands to what the register said."""

    SAME = "same"
    DIFFERENT = "different"
    ONLY_ANSWER = "only_answer"
    ONLY_REGISTER = "only_register"


@dataclass(frozen=True, slots=True)
class Source:
    """Where register data came from: the body, when it was read, and for which purpose, in words."""

    body: str
    read_at: dt.datetime
    purpose: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a case as people read it, already in the reader's language.

    ``page`` and ``index`` lead back to where it was answered; empty when it was not answered on a page.
    """

    label: str
    answer: str
    register: str = ""
    match: Match = Match.ONLY_ANSWER
    file: FileView | None = None
    page: str = ""
    index: int | None = None
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A titled group of rows; ``source`` is set where a register answered."""

    title: str
    rows: tuple[Row, ...]
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class OfficerCase:
    """Everything that an officer of the deciding body may see of one case."""

    line: WorkLine
    channel: str
    sections: tuple[Section, ...]
    warnings: tuple[str, ...]  # what the definition says an officer should look at
    files: tuple[FileView, ...]
    moments: tuple[Moment, ...]
    clocks: tuple[ClockView, ...]
    decision: DecisionView | None
    commands: tuple[CommandView, ...]
    certificates: tuple[CertificateView, ...]
    corrections: tuple[CorrectionView, ...]
    children: tuple[str, ...]
    actions: frozenset[str]  # what this officer can do now
    return_pages: tuple[tuple[str, str], ...]  # (page id, title) that can be asked again


@dataclass(frozen=True, slots=True)
class CaseAtHand:
    """As much of a case as an officer needs who is asked whether an action is really meant."""

    line: WorkLine
    actions: frozenset[str]
    return_pages: tuple[tuple[str, str], ...]
    told_to_register: bool  # whether an approval goes on to a register
    gives_up_deciding: bool  # whether this officer could decide, and no longer can after taking the case


@dataclass(frozen=True, slots=True)
class OwnCase:
    """Everything that an applicant sees of their own case."""

    line: CaseLine
    draft_id: UUID
    sections: tuple[Section, ...]
    moments: tuple[Moment, ...]
    clocks: tuple[ClockView, ...]
    decision: DecisionView | None
    returned_for: tuple[tuple[str, str], ...]  # (page id, title)
    return_reason: str
    survey_open: bool  # whether to ask how it was
    certificates: tuple[CertificateView, ...]
    corrections: tuple[CorrectionView, ...]
    children: tuple[str, ...]
