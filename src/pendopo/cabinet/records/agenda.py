"""An agenda as one reader may see it: items, how they would pass, and what the reader has said on them."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from pendopo.cabinet.records.bodies import BodyView, MySeat, SessionLine
from pendopo.cabinet.values import Classification, Path, Response, Stance


class Outlook(StrEnum):
    """How an item would pass if nothing more were said. ``WAITING``: only positions are missing."""

    CONSENT = "consent"
    DEBATE = "debate"
    INFORMATION = "information"
    WAITING = "waiting"


class Change(StrEnum):
    """What happened to a paper."""

    ADDED = "added"
    REPLACED = "replaced"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class PaperChange:
    """A paper that changed after a moment; ``n`` is its version."""

    name: str
    n: int
    at: dt.datetime
    change: Change


@dataclass(frozen=True, slots=True)
class ReasonView:
    """Why an item is debated, and the offices that are the reason (none for reasons without a seat)."""

    code: str
    offices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a seat answered in the last coordination round; None: not yet. ``lapsed``: on other papers."""

    office: str
    response: Response | None
    lapsed: bool


@dataclass(frozen=True, slots=True)
class MyPosition:
    """What one of the reader's seats has said. A closed envelope has ``sealed`` and no stance."""

    seat: MySeat
    stance: Stance | None = None
    wants_to_speak: bool = False
    text: str = ""
    stated_at: dt.datetime | None = None
    sealed: bool = False
    changes: tuple[PaperChange, ...] = ()
    stale: bool = False

    @property
    def awaited(self) -> bool:
        """Whether the seat has said nothing on the papers in force."""
        return self.stale or (self.stance is None and not self.sealed)


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item. ``path`` is what the lock decided; before it ``outlook`` says how things stand."""

    id: UUID
    session_id: UUID
    dossier_id: UUID
    order: int
    number: str
    title: str
    type_name: str
    alternatives: int
    owner: str
    classification: Classification
    minutes: int
    urgent: bool
    outlook: Outlook
    path: Path | None
    reasons: tuple[ReasonView, ...]
    docset_hash: str
    version: int
    changed_at: dt.datetime | None
    papers: int
    answers: tuple[Answer, ...]
    mine: tuple[MyPosition, ...]
    stated: int
    asked: int

    @property
    def awaited(self) -> bool:
        """Whether a seat of the reader has yet to say something; information waits for nobody."""
        return self.outlook is not Outlook.INFORMATION and any(one.awaited for one in self.mine)


@dataclass(frozen=True, slots=True)
class Estimate:
    """Planned minutes of the items that the reader sees.

    ``without`` debates every item that is not for information; ``expected`` only what is debated as things
    stand, counting on no objection from those who have yet to speak.
    """

    items: int
    consent: int
    debate: int
    waiting: int
    information: int
    expected: int
    without: int


@dataclass(frozen=True, slots=True)
class PublishedAgenda:
    """The last signed agenda. ``holds``: its signature verifies. ``current``: nothing changed since."""

    n: int
    at: dt.datetime
    sha256: str
    kid: str
    holds: bool
    current: bool


@dataclass(frozen=True, slots=True)
class AgendaView:
    """A session with its items, as one reader sees them."""

    session: SessionLine
    items: tuple[ItemLine, ...]
    estimate: Estimate
    published: PublishedAgenda | None

    @property
    def awaited(self) -> tuple[ItemLine, ...]:
        """Items that wait for the reader, while positions may be stated."""
        return tuple(one for one in self.items if one.awaited) if self.session.takes_positions else ()


@dataclass(frozen=True, slots=True)
class Home:
    """What a member sees first: their bodies, and sessions to come, soonest first, each with its items."""

    bodies: tuple[BodyView, ...]
    agendas: tuple[AgendaView, ...]
