"""Bodies, seats and sessions as a member sees them."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from pendopo.cabinet.values import Classification, Role, Scope, SessionState


@dataclass(frozen=True, slots=True)
class MySeat:
    """A seat that the reader may act for; ``office`` is in the reader's language."""

    id: UUID
    code: str
    office: str
    role: Role
    deputy: bool
    states_positions: bool


@dataclass(frozen=True, slots=True)
class BodyView:
    """A body; ``votes`` says whether its members vote, or take positions on which the chair decides."""

    id: UUID
    code: str
    name: str
    votes: bool
    sealed: bool
    specimen: bool
    seats: tuple[MySeat, ...]

    @property
    def leads(self) -> bool:
        """Whether the reader is the body's clerk or chair, in person."""
        return any(one.role in {Role.CHAIR, Role.SECRETARY} and not one.deputy for one in self.seats)


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session in a list. ``takes_positions`` says that positions may be stated now."""

    id: UUID
    number: int
    title: str
    body: BodyView
    place: str
    remote: bool
    planned_start: dt.datetime
    lock_at: dt.datetime
    state: SessionState
    room_ceiling: Classification
    takes_positions: bool
    positions_sealed: bool


@dataclass(frozen=True, slots=True)
class DeputyView:
    """Somebody who stands in for one of the reader's seats; ``name`` is the deputy's."""

    id: UUID
    office: str
    name: str
    scopes: tuple[Scope, ...]
    valid_from: dt.datetime
    valid_to: dt.datetime
    revoked_at: dt.datetime | None
    runs: bool
