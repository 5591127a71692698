"""What pages of minutes, decisions and tasks show: frozen values, already filtered for the reader."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from pendopo.cabinet.minutes import Content
from pendopo.cabinet.values import Classification, Outcome


@dataclass(frozen=True, slots=True)
class SeatName:
    """A seat and its office in the reader's language."""

    id: UUID
    code: str
    office: str


@dataclass(frozen=True, slots=True)
class Approval:
    """What a seat said of a version of the minutes; None: nothing yet.

    The remark is read by those who may read every item of the minutes.
    """

    seat: SeatName
    approved: bool | None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class MinutesView:
    """The last version of a session's minutes with the items that the reader may know of."""

    session_id: UUID
    version: int
    content: Content
    due_at: dt.datetime
    signed_at: dt.datetime | None
    late: bool
    approvals: tuple[Approval, ...]
    mine: tuple[SeatName, ...]
    leads: bool
    document_id: UUID | None


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision in the register."""

    id: UUID
    item_id: UUID
    number: str
    title: str
    outcome: Outcome
    tally: dict[str, int] | None
    decided_at: dt.datetime
    embargo_until: dt.datetime | None


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision whole, or an item that waits for its decision (``id`` None)."""

    id: UUID | None
    item_id: UUID
    session_id: UUID
    number: str
    title: str
    outcome: Outcome
    by_consent: bool
    tally: dict[str, int] | None
    dissent: tuple[str, ...]
    legal_form: str
    classification: Classification
    text: str
    docset_hash: str
    poll: str
    decided_at: dt.datetime
    orders: tuple["OrderView", ...]
    published: "Published | None"
    seats: tuple[SeatName, ...]
    leads: bool
    writable: bool


@dataclass(frozen=True, slots=True)
class Published:
    """What the public reads."""

    id: UUID
    number: str
    body: str
    specimen: bool
    title: str
    text: str
    title_en: str
    text_en: str
    outcome: Outcome
    decided_at: dt.datetime
    embargo_until: dt.datetime

    def titled(self, language: str) -> tuple[str, str]:
        """Return the title for a reader of the language, and the language that it is in."""
        return (self.title_en, "en") if language == "en" and self.title_en else (self.title, "id")


@dataclass(frozen=True, slots=True)
class Report:
    """One report on a task."""

    at: dt.datetime
    text: str
    progress: int


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task; ``state`` is open, overdue, report (a report is awaited), done or dropped."""

    id: UUID
    text: str
    owner: SeatName
    due_on: dt.date
    next_report_on: dt.date
    report_every_months: int
    budget_line: str
    progress: int | None
    state: str
    days_late: int


@dataclass(frozen=True, slots=True)
class OrderView:
    """A directive and its tasks."""

    text: str
    tasks: tuple[TaskLine, ...]


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task with where it comes from and what was reported."""

    line: TaskLine
    order: str
    title: str
    number: str
    item_id: UUID
    reports: tuple[Report, ...]
    mine: bool
    leads: bool
