"""What the dashboard of an assessment and its report show."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from pendopo.maturity.index import Levels, Outcome
from pendopo.maturity.instruments import Aspect, Indicator
from pendopo.maturity.records.assessment import EvidenceView, Head
from pendopo.maturity.records.results import Cell


@dataclass(frozen=True, slots=True)
class AspectLine:
    """An aspect now, and as the agency itself sees it where an assessor has spoken too."""

    aspect: Aspect
    value: Cell
    own: Decimal | None


@dataclass(frozen=True, slots=True)
class Part:
    """What one indicator adds to the index and could add; ``level`` is what counts now, if anything."""

    item_id: UUID
    indicator: Indicator
    level: Decimal | None
    points: Decimal
    possible: Decimal
    room: Decimal
    answerer: str


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit with the mean level of its indicators in each aspect (simple mean, for the eye)."""

    name: str
    indicators: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class TimePoint:
    """An index of one year: of an assessment here (``assessment_id``) or as published (``result_id``)."""

    year: int
    instrument: str
    index: Decimal
    exact: str
    predicate: str
    is_final: bool
    assessment_id: UUID | None = None
    result_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Wall:
    """Live evidence of one indicator."""

    item_id: UUID
    number: str
    name: str
    evidence: tuple[EvidenceView, ...]


@dataclass(frozen=True, slots=True)
class Peers:
    """Published results of the same kind of agency in the newest cycle of the instrument."""

    year: int
    kind: str
    count: int
    below: int
    median: Decimal
    best: Decimal


@dataclass(frozen=True, slots=True)
class Dashboard:
    """All of it. ``missing`` indicators have no level yet and count as the lowest."""

    head: Head
    at: dt.datetime
    outcome: Outcome
    missing: int
    own: Decimal | None
    levels: Levels
    aspects: tuple[AspectLine, ...]
    domains: tuple[Cell, ...]
    parts: tuple[Part, ...]
    units: tuple[UnitRow, ...]
    times: tuple[TimePoint, ...]
    carried_from: str | None
    walls: tuple[Wall, ...]
    peers: Peers | None
    flags: Mapping[str, int]
