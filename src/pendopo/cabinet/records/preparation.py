"""Dossiers on their way to a session, as those who prepare them see them."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from pendopo.cabinet.records.dossiers import AlternativeView, PaperView
from pendopo.cabinet.road import Hand, Next
from pendopo.cabinet.values import Classification, DossierState, Happening, Response, Verdict


class View(StrEnum):
    """Which dossiers a list shows."""

    MINE = "mine"
    ASKED = "asked"
    READY = "ready"
    ALL = "all"


class Verb(StrEnum):
    """What the reader may do with a dossier now."""

    EDIT = "edit"
    PAPERS = "papers"
    ASK = "ask"
    CLOSE_ROUND = "close_round"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class DossierLine:
    """A dossier in a list: where it is, whose act is next, until when."""

    id: UUID
    number: str
    title: str
    type_name: str
    body: str
    owner: str
    mine: bool
    writes: bool
    """The reader may write it: its owner in person, the clerk or the chair."""
    classification: Classification
    state: DossierState
    next: Next
    hand: Hand
    answered: int
    asked: int
    open_points: int
    due_at: dt.datetime | None
    session_id: UUID | None
    session_title: str
    session_at: dt.datetime | None
    request_id: UUID | None
    """The reader's own request that waits for an answer."""
    asked_again: int
    """Seats that were asked again, must answer and still know of it: theirs was given on other papers."""


@dataclass(frozen=True, slots=True)
class DossierPage:
    """A page of a list, newest first; ``before`` continues it. ``opens``: the reader may open a dossier."""

    view: View
    views: tuple[View, ...]
    lines: tuple[DossierLine, ...]
    before: UUID | None
    opens: bool
    bodies: int


@dataclass(frozen=True, slots=True)
class ItemTypeView:
    """A kind of dossier and what follows from choosing it."""

    code: str
    name: str
    consent: bool
    minutes: int
    alternatives: bool
    classification: Classification
    legal_form: str


@dataclass(frozen=True, slots=True)
class SeatChoice:
    """A seat that may be named in a form; ``ceiling`` is the class that it reaches."""

    code: str
    office: str
    ceiling: Classification


@dataclass(frozen=True, slots=True)
class Opening:
    """What a form to open or edit a dossier offers in one body."""

    body_code: str
    body: str
    specimen: bool
    owners: tuple[SeatChoice, ...]
    types: tuple[ItemTypeView, ...]
    seats: tuple[SeatChoice, ...]
    ceiling: Classification


@dataclass(frozen=True, slots=True)
class Written:
    """What a dossier says of itself, as its writers left it."""

    title: str
    summary: str
    legal_basis: str
    alternatives: tuple[AlternativeView, ...]
    classification: Classification
    need_to_know: tuple[str, ...] | None
    planned_minutes: int
    budget_line: str


@dataclass(frozen=True, slots=True)
class Work:
    """A dossier as those see it who prepare it. ``stated``: positions on exactly these papers."""

    line: DossierLine
    offer: Opening
    kind: ItemTypeView
    written: Written
    edition: str
    docset_hash: str
    papers: tuple[PaperView, ...]
    stated: int
    verbs: frozenset[Verb]
    returned: str
    """Why the dossier was returned, while it is; empty otherwise."""


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of a dossier's history; ``facts`` are parameters of its sentence."""

    kind: Happening
    at: dt.datetime
    by: str
    docset_hash: str
    facts: dict[str, str | int]


@dataclass(frozen=True, slots=True)
class HistoryView:
    """A dossier's steps, newest first."""

    line: DossierLine
    steps: tuple[StepView, ...]
    docset_hash: str


class PointState(StrEnum):
    """Where a point stands between the seat that raised it and the owner."""

    UNANSWERED = "unanswered"
    KEPT = "kept"
    ACCEPTED = "accepted"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Point:
    """One point of an answer. ``settles``: the reader may say that it is settled."""

    id: UUID
    text: str
    answer: str
    verdict: Verdict | None
    resolution: str
    resolved_at: dt.datetime | None
    state: PointState
    settles: bool
    edition: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What one seat was asked and said; ``mine`` is the reader's request while it may still be answered.

    ``lapsed``: the answer is one of the last round and was given on other papers than those in force.
    """

    office: str
    mandatory: bool
    response: Response | None
    at: dt.datetime | None
    points: tuple[Point, ...]
    lapsed: bool
    mine: UUID | None


@dataclass(frozen=True, slots=True)
class Round:
    """A round with its answers; ``papers_changed`` since it was opened."""

    id: UUID
    n: int
    opened_at: dt.datetime
    due_at: dt.datetime
    closed_at: dt.datetime | None
    papers_changed: bool
    asked: tuple[Asked, ...]

    def count(self, state: PointState) -> int:
        """Return how many points stand so."""
        return sum(point.state is state for one in self.asked for point in one.points)

    @property
    def points(self) -> int:
        """How many points were raised."""
        return sum(len(one.points) for one in self.asked)


@dataclass(frozen=True, slots=True)
class DueChoice:
    """A deadline to choose: working days from now, and the moment that they end."""

    days: int
    due_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Board:
    """A dossier's coordination. ``seats`` and ``due`` are offered to those who may open a round now."""

    line: DossierLine
    edition: str
    docset_hash: str
    rounds: tuple[Round, ...]
    answers: bool
    opens: bool
    closes: bool
    seats: tuple[SeatChoice, ...]
    due: tuple[DueChoice, ...]
    rule_days: int


@dataclass(frozen=True, slots=True)
class Question:
    """What a seat is asked: the dossier, its papers, and what the seat has answered so far."""

    id: UUID
    dossier_id: UUID
    office: str
    line: DossierLine
    written: Written
    papers: tuple[PaperView, ...]
    docset_hash: str
    round_n: int
    opened_at: dt.datetime
    due_at: dt.datetime
    closed_at: dt.datetime | None
    mandatory: bool
    response: Response | None
    points: tuple[str, ...]
    papers_changed: bool
    again: bool
    """The round is closed, but papers changed since the answer: it is asked for once more."""
    edition: str

    @property
    def open(self) -> bool:
        """Whether an answer is taken now."""
        return self.closed_at is None or self.again
