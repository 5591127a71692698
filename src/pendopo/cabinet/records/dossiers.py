"""A dossier as one reader may see it."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from pendopo.cabinet.records.agenda import ItemLine
from pendopo.cabinet.records.bodies import BodyView, SessionLine
from pendopo.cabinet.values import Classification, DossierState, Response, Stance


@dataclass(frozen=True, slots=True)
class AlternativeView:
    """One of the choices of a policy paper."""

    title: str
    effect: str
    recommended: bool = False


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version of a paper."""

    id: UUID
    n: int
    at: dt.datetime
    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class PaperView:
    """A paper with its versions, newest first; ``removed`` papers are kept for the record."""

    id: UUID
    name: str
    removed: bool
    versions: tuple[VersionView, ...]

    @property
    def present(self) -> VersionView:
        """The newest version."""
        return self.versions[0]


@dataclass(frozen=True, slots=True)
class RequestView:
    """What a seat was asked and answered in a round. ``lapsed``: in the last round, on other papers."""

    office: str
    mandatory: bool
    response: Response | None
    at: dt.datetime | None
    points: tuple[str, ...]
    lapsed: bool


@dataclass(frozen=True, slots=True)
class RoundView:
    """A coordination round."""

    n: int
    due_at: dt.datetime
    closed_at: dt.datetime | None
    requests: tuple[RequestView, ...]


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """A point on which a seat and the owner do not agree, or did not."""

    id: UUID
    office: str
    point: str
    answer: str
    resolution: str
    resolved_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class SeatPosition:
    """What another seat says; ``stale`` when it was said on older papers."""

    office: str
    stance: Stance
    wants_to_speak: bool
    text: str
    at: dt.datetime
    deputy: bool
    stale: bool


@dataclass(frozen=True, slots=True)
class OpinionView:
    """A written opinion that the reader's class reaches."""

    office: str
    classification: Classification
    text: str
    at: dt.datetime
    stale: bool


@dataclass(frozen=True, slots=True)
class ReaderView:
    """One look at the dossier or one of its papers, as members see who read it."""

    office: str
    name: str
    at: dt.datetime
    paper: str
    before_last_change: bool


@dataclass(frozen=True, slots=True)
class Readers:
    """The latest looks and how many there are."""

    looks: tuple[ReaderView, ...]
    total: int


@dataclass(frozen=True, slots=True)
class DossierView:
    """A dossier whole."""

    id: UUID
    number: str
    body: BodyView
    title: str
    type_name: str
    owner: str
    classification: Classification
    need_to_know: tuple[str, ...] | None
    state: DossierState
    summary: str
    legal_basis: str
    budget_line: str
    alternatives: tuple[AlternativeView, ...]
    docset_hash: str
    papers: tuple[PaperView, ...]
    rounds: tuple[RoundView, ...]
    differences: tuple[DifferenceView, ...]
    session: SessionLine | None
    item: ItemLine | None
    positions: tuple[SeatPosition, ...]
    positions_sealed: int
    opinions: tuple[OpinionView, ...]
    readers: Readers
    submitted_at: dt.datetime | None
    writes: bool
    """The reader may prepare it: its owner in person, the clerk or the chair."""


@dataclass(frozen=True, slots=True)
class PaperFile:
    """What a download needs: where the file lies, and what to call it."""

    id: UUID
    dossier_id: UUID
    number: str
    name: str
    n: int
    file_id: UUID
    sha256: str
    media_type: str
    size: int
    classification: Classification
