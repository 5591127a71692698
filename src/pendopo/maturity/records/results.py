"""What pages and files show of published results."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from pendopo.maturity.published import AgencyKind, Flag, ImportState


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure with the band that it lies in, counted from the lowest (0); nothing where it was blank."""

    value: Decimal | None
    band: int | None


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One agency in one cycle; ``history`` is its index by year, ``domains`` in the instrument's order."""

    id: UUID
    place: int | None
    agency: str
    kind: AgencyKind
    region: str
    instrument: str
    year: int
    index: Decimal | None
    exact: str
    predicate: str
    band: int | None
    domains: tuple[Cell, ...]
    flags: tuple[Flag, ...]
    source: str
    history: Mapping[int, Decimal]

    @property
    def is_told(self) -> bool:
        """Whether any domain was printed, so that there is something to hold against the index."""
        return any(cell.value is not None for cell in self.domains)


@dataclass(frozen=True, slots=True)
class CycleOf:
    """An instrument in a year with how many results it has."""

    instrument: str
    year: int
    count: int


@dataclass(frozen=True, slots=True)
class BandCount:
    """How many agencies of a cycle earned a predicate."""

    key: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """A page of a cycle's ranking. ``found`` counts what the filters leave; ``bands`` the whole cycle."""

    cycles: tuple[CycleOf, ...]
    cycle: CycleOf | None
    domains: tuple[tuple[str, str], ...]
    years: tuple[int, ...]
    lines: tuple[ResultLine, ...]
    found: int
    bands: tuple[BandCount, ...]
    regions: tuple[str, ...]
    after: UUID | None
    """Where the next page begins, if there is one."""


@dataclass(frozen=True, slots=True)
class AgencyResults:
    """Everything published of one agency, newest year first."""

    agency: str
    kind: AgencyKind
    region: str
    lines: tuple[ResultLine, ...]


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One import in the list of a body."""

    id: UUID
    source: str
    state: ImportState
    at: datetime
    rows: int
    flagged: int


@dataclass(frozen=True, slots=True)
class Change:
    """What a draft would change of a published result; ``before`` is empty where it is new."""

    line: int
    agency: str
    year: int
    before: str
    after: str
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class ImportView:
    """One import with what publishing it would do, and the lines to look at first."""

    head: ImportLine
    new: int
    changed: int
    same: int
    flagged: tuple[Change, ...]
    changes: tuple[Change, ...]
