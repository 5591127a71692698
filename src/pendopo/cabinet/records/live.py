"""What the screens of a live session show. Moments are milliseconds since 1970 (UTC), spans are seconds."""

from collections.abc import Mapping
from dataclasses import dataclass

from pendopo.cabinet.live.state import Phase
from pendopo.cabinet.quorum import Quorum
from pendopo.cabinet.tally import Count, Result
from pendopo.cabinet.values import Choice, Classification, DecisionMode, Path, Presence, Role


@dataclass(frozen=True, slots=True)
class Office:
    """A seat with its name in both languages."""

    seat_id: str
    code: str
    name_id: str
    name_en: str
    role: Role

    def name(self, language: str) -> str:
        """The office in a language."""
        return self.name_en if language == "en" else self.name_id


@dataclass(frozen=True, slots=True)
class Fact:
    """An agenda item as its dossier has it: what the events leave out."""

    id: str
    number: str
    title: str
    classification: Classification
    narrow: bool
    """Only some seats need to know of it."""
    order: int
    planned_minutes: int
    dossier_id: str


@dataclass(frozen=True, slots=True)
class Timer:
    """A clock that runs in the browser: ``base`` seconds were spent before ``since``; None: it stands."""

    base: int
    since: int | None
    limit: int


@dataclass(frozen=True, slots=True)
class Head:
    """How the session stands as a whole."""

    phase: Phase
    mode: DecisionMode | None
    quorum: Quorum | None
    emergency: bool
    chair: Office | None
    timer: Timer


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody on the speakers' list."""

    office: Office
    point_of_order: bool


@dataclass(frozen=True, slots=True)
class Debate:
    """The item that is being dealt with. ``fact`` None: one that this reader may not know."""

    fact: Fact | None
    path: Path | None
    timer: Timer | None
    speaking: Office | None
    speaking_timer: Timer | None
    waiting: tuple[Turn, ...]
    recused: tuple[Office, ...]


@dataclass(frozen=True, slots=True)
class NamedBallot:
    """How a seat voted; ``signed`` says whether a passkey signed it."""

    office: Office
    choice: Choice
    signed: bool


@dataclass(frozen=True, slots=True)
class Vote:
    """The vote that is open, or the last one. Who voted how is told when it is closed."""

    id: str
    fact: Fact
    question: str
    is_open: bool
    void: bool
    cast: int
    entitled: int
    counted: Count | None
    result: Result | None
    ballots: tuple[NamedBallot, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One item on the agenda: ``state`` is an outcome, or where it is."""

    fact: Fact
    path: Path
    state: str
    by_consent: bool
    in_bundle: bool
    pulled: bool
    spent: int


@dataclass(frozen=True, slots=True)
class Place:
    """A seat and whether somebody sits there."""

    office: Office
    presence: Presence
    deputy: bool


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything that all readers of the same items see alike."""

    head: Head
    debate: Debate | None
    vote: Vote | None
    lines: tuple[Line, ...]
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class House:
    """What of a session's body and agenda does not change by events."""

    offices: Mapping[str, Office]
    facts: Mapping[str, Fact]
    planned_start: int
    room_ceiling: Classification


@dataclass(frozen=True, slots=True)
class BallotPaper:
    """What a seat may do about the open vote."""

    poll: str
    question: str
    number: str
    title: str
    papers: str
    voted: bool
    recused: bool


@dataclass(frozen=True, slots=True)
class MySeat:
    """A seat that the reader acts for, and what it can do now."""

    office: Office
    deputy: bool
    counts: bool
    presence: Presence
    may_speak: bool
    waiting: bool
    ordered: bool
    speaking: bool
    ballot: BallotPaper | None


@dataclass(frozen=True, slots=True)
class Urgent:
    """A dossier that could still be put on the agenda."""

    id: str
    number: str
    title: str


@dataclass(frozen=True, slots=True)
class Console:
    """What clerk and chair see besides the shared screen. ``seq`` goes with every command."""

    seq: int
    can_open: bool
    bundle: tuple[Fact, ...]
    undisposed: tuple[Line, ...]
    not_voted: tuple[Office, ...]
    closed_poll: str
    """The last vote on the open item, for the decision that rests on it."""
    tied: bool
    grounds: tuple[str, ...]
    urgent: tuple[Urgent, ...]


@dataclass(frozen=True, slots=True)
class Screen:
    """One page of a live session for one reader."""

    session_id: str
    title: str
    place: str
    body: str
    specimen: bool
    remote_allowed: bool
    mode: DecisionMode
    planned_start: int
    stage: Stage
    seats: tuple[MySeat, ...]
    bundle: tuple[Fact, ...]
    leads: bool
    console: Console | None
