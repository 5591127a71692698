"""What happens in a live session. Events are only added, never changed; each fits one JSON object.

Seats are named by their code, items and polls by their id as text. Moments are aware UTC. ``by`` is the id of
the person who acted, for the one-person-one-vote rule and the audit; no event holds a name.
"""

import datetime as dt
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from pendopo.cabinet.quorum import QuorumRule
from pendopo.cabinet.tally import Count, Result, VotingRule
from pendopo.cabinet.values import Basis, Choice, Classification, DecisionMode, Outcome, Path, Presence, Tie


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Share(_Frozen):
    """A fraction as two whole numbers."""

    numerator: int = Field(ge=0)
    denominator: int = Field(gt=0)

    @property
    def fraction(self) -> Fraction:
        """The number."""
        return Fraction(self.numerator, self.denominator)


class Rules(_Frozen):
    """The body's rules when the session was opened; a later change of the body changes nothing."""

    mode: DecisionMode
    tie: Tie
    basis: Basis
    qualified: Share
    quorum_share: Share
    quorum_more_than: bool
    chair_required: bool
    emergency_members: int | None
    second_vote_for_deputies: bool
    chair: str
    counted: tuple[str, ...]
    speakers: tuple[str, ...] = ()

    @property
    def quorum(self) -> QuorumRule:
        """The rule for :mod:`pendopo.cabinet.quorum`."""
        return QuorumRule(
            self.quorum_share.fraction, self.quorum_more_than, self.chair_required, self.emergency_members
        )

    @property
    def voting(self) -> VotingRule:
        """The rule for :mod:`pendopo.cabinet.tally`."""
        return VotingRule(self.mode, self.tie, self.basis, self.qualified.fraction)


class Item(_Frozen):
    """An item as the session knows it; titles stay in the dossier. ``barred`` seats may not know of it."""

    id: str
    order: int
    path: Path
    docset_hash: str
    planned_minutes: int
    classification: Classification
    recused: tuple[str, ...] = ()
    wants_to_speak: tuple[str, ...] = ()
    barred: tuple[str, ...] = ()


class _Event(_Frozen):
    at: dt.datetime
    by: str = ""


class Opened(_Event):
    """The chair opens the session; rules and agenda are pinned."""

    kind: Literal["opened"] = "opened"
    rules: Rules
    items: tuple[Item, ...]


class AttendanceChanged(_Event):
    """A seat arrives, leaves or changes between room and remote; ``deputy``: somebody sits for it.

    ``sitter`` is the id of the person who is there, empty when nobody knows.
    """

    kind: Literal["attendance"] = "attendance"
    seat: str
    presence: Presence
    deputy: bool = False
    sitter: str = ""


class ChairTaken(_Event):
    """Another member presides from now on."""

    kind: Literal["chair"] = "chair"
    seat: str


class EmergencyInvoked(_Event):
    """The chair invokes the emergency quorum, with the ground as a code of the body's configuration."""

    kind: Literal["emergency"] = "emergency"
    ground: str


class ItemAdded(_Event):
    """An urgent item joins the agenda."""

    kind: Literal["item_added"] = "item_added"
    item: Item


class ItemPulled(_Event):
    """An item leaves the consent bundle."""

    kind: Literal["item_pulled"] = "item_pulled"
    item: str
    seat: str


class DocumentsChanged(_Event):
    """A paper of an item was replaced during the session: what was voted on is not what lies here now."""

    kind: Literal["documents_changed"] = "documents_changed"
    item: str
    docset_hash: str


class ConsentAdopted(_Event):
    """The chair declares the items of the bundle adopted."""

    kind: Literal["consent_adopted"] = "consent_adopted"
    items: tuple[str, ...]


class ItemOpened(_Event):
    """Debate on an item begins."""

    kind: Literal["item_opened"] = "item_opened"
    item: str


class ItemClosed(_Event):
    """Debate on an item ends; without a decision it stays open for later in the session."""

    kind: Literal["item_closed"] = "item_closed"
    item: str


class FloorAsked(_Event):
    """A seat asks to speak; a point of order goes before everybody else."""

    kind: Literal["floor_asked"] = "floor_asked"
    seat: str
    point_of_order: bool = False


class FloorWithdrawn(_Event):
    """A seat no longer wants to speak."""

    kind: Literal["floor_withdrawn"] = "floor_withdrawn"
    seat: str


class FloorGiven(_Event):
    """A seat speaks now."""

    kind: Literal["floor_given"] = "floor_given"
    seat: str


class FloorEnded(_Event):
    """The speaker has ended."""

    kind: Literal["floor_ended"] = "floor_ended"
    seat: str


class MotionPut(_Event):
    """A question is put to the vote on exactly these documents."""

    kind: Literal["motion_put"] = "motion_put"
    poll: str
    item: str
    question: str
    docset_hash: str


class BallotCast(_Event):
    """A named ballot. ``evidence`` is the id of the signed assertion kept beside it, if it was signed."""

    kind: Literal["ballot"] = "ballot"
    poll: str
    seat: str
    choice: Choice
    evidence: str = ""


class Counted(_Frozen):
    """A count as stored."""

    yes: int
    no: int
    abstain: int
    entitled: int

    @property
    def count(self) -> Count:
        """For :mod:`pendopo.cabinet.tally`."""
        return Count(self.yes, self.no, self.abstain, self.entitled)


class PollClosed(_Event):
    """Voting ends; the result is stored and must be what a recount gives."""

    kind: Literal["poll_closed"] = "poll_closed"
    poll: str
    counted: Counted
    result: Result


class TieBroken(_Event):
    """The presiding member, who abstained, breaks the tie."""

    kind: Literal["tie_broken"] = "tie_broken"
    poll: str
    choice: Choice


class Decided(_Event):
    """The body (or its chair) disposes of an item."""

    kind: Literal["decided"] = "decided"
    item: str
    outcome: Outcome
    docset_hash: str
    poll: str = ""


class Adjourned(_Event):
    """The session is interrupted."""

    kind: Literal["adjourned"] = "adjourned"


class Resumed(_Event):
    """The session goes on."""

    kind: Literal["resumed"] = "resumed"


class Closed(_Event):
    """The session is over."""

    kind: Literal["closed"] = "closed"


type Event = Annotated[
    Opened
    | AttendanceChanged
    | ChairTaken
    | EmergencyInvoked
    | ItemAdded
    | ItemPulled
    | DocumentsChanged
    | ConsentAdopted
    | ItemOpened
    | ItemClosed
    | FloorAsked
    | FloorWithdrawn
    | FloorGiven
    | FloorEnded
    | MotionPut
    | BallotCast
    | PollClosed
    | TieBroken
    | Decided
    | Adjourned
    | Resumed
    | Closed,
    Field(discriminator="kind"),
]

_ADAPTER: TypeAdapter[Event] = TypeAdapter(Event)


def parse(data: bytes) -> Event:
    """Read one stored event; raises pydantic's ``ValidationError`` for anything else."""
    return _ADAPTER.validate_json(data)


def dump(event: Event) -> bytes:
    """Write one event as JSON."""
    return _ADAPTER.dump_json(event)
