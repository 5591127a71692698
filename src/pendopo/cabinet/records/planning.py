"""Sessions and their agendas in the hands of clerk and chair."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from pendopo.cabinet.records.agenda import ItemLine
from pendopo.cabinet.records.bodies import SessionLine
from pendopo.cabinet.values import Classification, Path, SessionKind
from pendopo.cabinet.versions import Change


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session in a list. ``items`` counts those that the reader may know of; ``version`` 0: unpublished."""

    session: SessionLine
    kind: SessionKind
    minutes: int
    items: int
    version: int
    leads: bool


@dataclass(frozen=True, slots=True)
class SessionPage:
    """A page of sessions, the latest first; ``before`` continues it. ``plans``: the reader may plan one."""

    rows: tuple[SessionRow, ...]
    before: UUID | None
    plans: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """What a body's file says about planning its sessions."""

    body_code: str
    body: str
    lock_hours: int
    open_days: int
    ceiling: Classification
    specimen: bool


@dataclass(frozen=True, slots=True)
class Ready:
    """A dossier that may be put on the agenda."""

    id: UUID
    number: str
    title: str
    type_name: str
    owner: str
    classification: Classification
    minutes: int
    since: dt.datetime
    deferred: bool
    open_points: int


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """An item with the path that is planned for it, and what the reader may do with it."""

    line: ItemLine
    path: Path
    pulled_by: str
    fixed: bool
    """Pulled by a seat that the reader does not hold: its path is not theirs to change."""
    first: bool
    last: bool


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change between two versions of an agenda, with the title of its item."""

    title: str
    change: Change
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A published version and what changed since the one before; ``holds``: its signature verifies."""

    n: int
    at: dt.datetime
    by: str
    sha256: str
    kid: str
    holds: bool
    changes: tuple[ChangeLine, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """The planning desk of one session. ``planned`` is the sum of the items' minutes."""

    session: SessionLine
    kind: SessionKind
    title_id: str
    title_en: str
    minutes: int
    planned: int
    rules: Rules
    items: tuple[PlannedItem, ...]
    ready: tuple[Ready, ...]
    more_ready: bool
    version: int
    published_at: dt.datetime | None
    changes: tuple[ChangeLine, ...]
    edition: str
    chairs: bool
    reopened: int
    reopen_reason: str

    @property
    def left(self) -> int:
        """Minutes left of the session's length; negative when more is planned than fits."""
        return self.minutes - self.planned
