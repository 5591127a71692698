"""Cycles, assessments and indicators as their pages show them."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from pendopo.maturity.actions.giving import Place
from pendopo.maturity.index import Outcome
from pendopo.maturity.instruments import Aspect, Indicator, Instrument
from pendopo.maturity.judging import Flag, Given, Judgement, LiveState
from pendopo.maturity.values import CycleKind, CycleState, EvidenceKind, Stage


@dataclass(frozen=True, slots=True)
class Head:
    """What every page of an assessment says first. ``is_current``: the instrument's file still is so."""

    assessment_id: UUID
    cycle_id: UUID
    agency: str
    instrument: Instrument
    year: int
    kind: CycleKind
    state: CycleState
    is_current: bool

    @property
    def is_final(self) -> bool:
        """Whether nothing changes any more."""
        return self.state is CycleState.CLOSED


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator in a list. ``row`` is above 0 only where the indicator is scored more than once."""

    item_id: UUID
    indicator: Indicator
    row: int
    judgement: Judgement
    answerer: str
    is_mine: bool
    evidence: int

    @property
    def number(self) -> str:
        """Return the number with its row."""
        return f"{self.indicator.number}-{self.row}" if self.row else self.indicator.number


@dataclass(frozen=True, slots=True)
class Block:
    """An aspect with those of its indicators that are shown."""

    aspect: Aspect
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """An index of what is there so far; ``missing`` indicators have no level and count as the lowest."""

    outcome: Outcome
    missing: int


@dataclass(frozen=True, slots=True)
class AssessmentView:
    """The list of indicators. ``counts`` by view; indices only for those who see the whole."""

    head: Head
    blocks: tuple[Block, ...]
    counts: dict[str, int]
    own: Index | None
    assessed: Index | None
    may_give: bool
    may_read: bool


@dataclass(frozen=True, slots=True)
class ReadingView:
    """One reading, its value in words. ``whole``: its digest still fits the row."""

    value: str
    of: int
    taken_at: dt.datetime
    expires_at: dt.datetime
    since: dt.date
    until: dt.date
    failed: str
    sha256: str
    whole: bool


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """A piece of evidence with, where it is live, its last good reading, the last attempt and its state."""

    id: UUID
    level: int
    kind: EvidenceKind
    title: str
    url: str
    measure: str
    says: str
    threshold: str
    scope: str
    page: str
    state: LiveState | None
    reading: ReadingView | None
    last: ReadingView | None
    at: dt.datetime
    by: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A measure that the instrument binds to a level and that nobody has read yet."""

    level: int
    measure: str
    title: str
    says: str
    threshold: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment."""

    level: int | None
    text: str
    at: dt.datetime
    by: str


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of an indicator's history: an answer, evidence that came or went, a remark."""

    kind: str
    at: dt.datetime
    by: str
    stage: Stage | None = None
    level: Decimal | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A level with everything that belongs to it."""

    level: int
    name: str
    criterion: str
    is_accepted: bool
    is_claimed: bool
    evidence: tuple[EvidenceView, ...]
    offers: tuple[Offer, ...]
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Raise:
    """What would lift an indicator to its next level: points of the index, and what is missing for it."""

    level: int
    points: Decimal
    criterion: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """The page of one indicator."""

    head: Head
    line: Line
    aspect: Aspect
    revision: int
    own_by: str
    assessed_by: str
    objection_by: str
    newest: Given | None
    newest_by: str
    steps: tuple[Step, ...]
    remarks: tuple[Remark, ...]
    history: tuple[Happened, ...]
    stages: tuple[Stage, ...]
    raised: Raise | None
    may_add: bool
    may_remove: bool
    previous: UUID | None
    next: UUID | None


@dataclass(frozen=True, slots=True)
class CycleLine:
    """A cycle in the list, with the assessments that the officer sees."""

    id: UUID
    instrument: Instrument
    year: int
    kind: CycleKind
    state: CycleState
    assessments: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one agency's assessment is."""

    assessment_id: UUID
    agency: str
    items: int
    claimed: int
    assessed: int
    flags: dict[Flag, int]
    index: Index
    result: tuple[str, str, str] | None
    """Index, exact index and predicate as they were when the cycle closed."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A step of a cycle."""

    kind: str
    at: dt.datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class CycleView:
    """The page of a cycle. ``following`` is its next state but the close; ``close_asked``: by whom, when."""

    line: CycleLine
    is_current: bool
    leads: bool
    following: CycleState | None
    close_asked: tuple[str, dt.datetime] | None
    asked_by_reader: bool
    progress: tuple[Progress, ...]
    steps: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class GivingLine:
    """An indicator and who answers for it; ``place`` is none where the agency itself does."""

    item_id: UUID
    number: str
    name: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class GivingView:
    """Who answers for what, and who could."""

    head: Head
    lines: tuple[GivingLine, ...]
    places: tuple[tuple[Place, str], ...]


@dataclass(frozen=True, slots=True)
class YearView:
    """One cycle of an agency beside others. ``index`` is final where the cycle is closed."""

    assessment_id: UUID
    instrument: Instrument
    year: int
    is_final: bool
    index: Decimal
    exact: str
    predicate: str
    missing: int


@dataclass(frozen=True, slots=True)
class Carried:
    """An indicator with the levels of those that it takes over. Our reading, not law."""

    number: str
    name: str
    level: Decimal | None
    sources: tuple[tuple[str, str, Decimal | None], ...]
    note: str


@dataclass(frozen=True, slots=True)
class Compared:
    """An agency's years, and what is carried over into this one."""

    head: Head
    years: tuple[YearView, ...]
    before: YearView | None
    carried: tuple[Carried, ...]
