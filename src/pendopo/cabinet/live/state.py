"""Where a session is after its events: a frozen value and the fold that makes it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import reduce
from types import MappingProxyType

from pendopo.cabinet import quorum as quorums
from pendopo.cabinet.live import events as ev
from pendopo.cabinet.quorum import Quorum
from pendopo.cabinet.tally import Count, Result, count
from pendopo.cabinet.values import Choice, Outcome, Path, Presence


class Phase(StrEnum):
    """Whether a session is going on."""

    NOT_OPEN = "not_open"
    RUNNING = "running"
    ADJOURNED = "adjourned"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Poll:
    """A vote: its question's documents, the ballots by seat, who cast them, and what came out."""

    id: str
    item: str
    question: str
    docset_hash: str
    ballots: Mapping[str, Choice] = field(default_factory=dict)
    cast_by: Mapping[str, str] = field(default_factory=dict)
    closed: bool = False
    void: bool = False
    counted: Count | None = None
    result: Result | None = None

    @property
    def is_open(self) -> bool:
        """Whether ballots are taken."""
        return not self.closed and not self.void


@dataclass(frozen=True, slots=True)
class Floor:
    """A place on the speakers' list."""

    seat: str
    asked_at: dt.datetime
    point_of_order: bool = False


@dataclass(frozen=True, slots=True)
class Disposed:
    """What became of an item."""

    outcome: Outcome
    docset_hash: str
    at: dt.datetime
    by_consent: bool = False
    poll: str = ""


@dataclass(frozen=True, slots=True)
class SessionState:
    """Everything that the screens of a session show. ``seq`` is the number of events folded in.

    ``led`` is the place of the last event that was no arrival, no ballot and no request to speak: what many
    do at once, and what takes nothing away from the command that clerk or chair is about to give.
    """

    seq: int = 0
    led: int = 0
    phase: Phase = Phase.NOT_OPEN
    rules: ev.Rules | None = None
    items: Mapping[str, ev.Item] = field(default_factory=dict)
    presence: Mapping[str, Presence] = field(default_factory=dict)
    deputies: frozenset[str] = frozenset()
    sitters: Mapping[str, str] = field(default_factory=dict)
    chair: str | None = None
    emergency: bool = False
    pulled: Mapping[str, str] = field(default_factory=dict)
    current: str | None = None
    opened_items: Mapping[str, dt.datetime] = field(default_factory=dict)
    spent: Mapping[str, dt.timedelta] = field(default_factory=dict)
    waiting: tuple[Floor, ...] = ()
    speaking: Floor | None = None
    polls: Mapping[str, Poll] = field(default_factory=dict)
    disposed: Mapping[str, Disposed] = field(default_factory=dict)
    opened_at: dt.datetime | None = None
    closed_at: dt.datetime | None = None

    @property
    def present(self) -> frozenset[str]:
        """Seats that take part now, in the room or remote."""
        return frozenset(seat for seat, where in self.presence.items() if where is not Presence.ABSENT)

    @property
    def quorum(self) -> Quorum | None:
        """Quorum now; None before the session was opened."""
        if self.rules is None:
            return None
        return quorums.quorum(
            self.rules.quorum,
            counted=self.rules.counted,
            present=self.present,
            chair=self.chair,
            emergency=self.emergency,
        )

    @property
    def open_poll(self) -> Poll | None:
        """The vote that takes ballots now; there is never more than one."""
        return next((poll for poll in self.polls.values() if poll.is_open), None)

    def bundle(self) -> tuple[ev.Item, ...]:
        """Return the items that the chair may declare adopted together now, in order."""
        free = [
            item
            for item in self.items.values()
            if item.path is Path.CONSENT and item.id not in self.pulled and item.id not in self.disposed
        ]
        return tuple(sorted(free, key=lambda item: item.order))

    def entitled(self, item: str) -> frozenset[str]:
        """Return the seats that may vote on an item now: counted, present, not recused, not kept from it."""
        if self.rules is None:
            return frozenset()
        about = self.items[item]
        return (frozenset(self.rules.counted) & self.present) - {*about.recused, *about.barred}

    def time_on(self, item: str, moment: dt.datetime) -> dt.timedelta:
        """Return how long an item was debated until ``moment``."""
        spent = self.spent.get(item, dt.timedelta())
        if self.current == item and self.phase is Phase.RUNNING:
            spent += max(moment - self.opened_items[item], dt.timedelta())  # a clock may have gone back
        return spent

    def recount(self, poll_id: str) -> Count:
        """Count a poll's ballots again, against who was entitled when it closed (or is now)."""
        poll = self.polls[poll_id]
        entitled = poll.counted.entitled if poll.counted else len(self.entitled(poll.item))
        return count(poll.ballots, entitled)


EMPTY = SessionState()
OF_MANY = (ev.AttendanceChanged, ev.BallotCast, ev.FloorAsked, ev.FloorWithdrawn)


def fold(events: Iterable[ev.Event], start: SessionState = EMPTY) -> SessionState:
    """Return the state after the events, beginning from ``start``."""
    return reduce(apply, events, start)


def apply(state: SessionState, event: ev.Event) -> SessionState:  # noqa: C901, PLR0911, PLR0912  # one arm an event, read as a table
    """Return the state after one more event. Whether it may happen was decided before: this never refuses."""
    seq = state.seq + 1
    state = replace(state, seq=seq, led=state.led if isinstance(event, OF_MANY) else seq)
    match event:
        case ev.Opened():
            return _opened(state, event)
        case ev.AttendanceChanged():
            return _attendance(state, event)
        case ev.ChairTaken(seat=seat):
            return replace(state, chair=seat)
        case ev.EmergencyInvoked():
            return replace(state, emergency=True)
        case ev.ItemAdded(item=item):
            return replace(state, items=_with(state.items, item.id, item))
        case ev.ItemPulled(item=item_id, seat=seat):
            return replace(state, pulled=_with(state.pulled, item_id, seat))
        case ev.DocumentsChanged():
            return _documents_changed(state, event)
        case ev.ConsentAdopted():
            return _consent(state, event)
        case ev.ItemOpened():
            return _item_opened(state, event)
        case ev.ItemClosed(at=at):
            return _pause_item(state, at)
        case ev.FloorAsked(seat=seat, at=at, point_of_order=order):
            return replace(state, waiting=_queued(state.waiting, Floor(seat, at, order)))
        case ev.FloorWithdrawn(seat=seat):
            return replace(state, waiting=tuple(one for one in state.waiting if one.seat != seat))
        case ev.FloorGiven(seat=seat, at=at):
            rest = tuple(one for one in state.waiting if one.seat != seat)
            return replace(state, speaking=Floor(seat, at), waiting=rest)
        case ev.FloorEnded():
            return replace(state, speaking=None)
        case ev.MotionPut(poll=poll_id):
            poll = Poll(poll_id, event.item, event.question, event.docset_hash)
            return replace(state, polls=_with(state.polls, poll_id, poll))
        case ev.BallotCast():
            return _ballot(state, event)
        case ev.PollClosed(poll=poll_id):
            closed = replace(
                state.polls[poll_id], closed=True, counted=event.counted.count, result=event.result
            )
            return replace(state, polls=_with(state.polls, poll_id, closed))
        case ev.TieBroken(poll=poll_id, choice=choice):
            broken = Result.CARRIED if choice is Choice.YES else Result.LOST
            return replace(
                state, polls=_with(state.polls, poll_id, replace(state.polls[poll_id], result=broken))
            )
        case ev.Decided(item=item_id):
            done = Disposed(event.outcome, event.docset_hash, event.at, poll=event.poll)
            return replace(state, disposed=_with(state.disposed, item_id, done))
        case ev.Adjourned(at=at):
            return replace(_pause_item(state, at), phase=Phase.ADJOURNED)
        case ev.Resumed():
            return replace(state, phase=Phase.RUNNING)
        case ev.Closed(at=at):
            return replace(_pause_item(state, at), phase=Phase.CLOSED, closed_at=at)


def _with[K, V](mapping: Mapping[K, V], key: K, value: V) -> Mapping[K, V]:
    return MappingProxyType({**mapping, key: value})


def _opened(state: SessionState, event: ev.Opened) -> SessionState:
    return replace(
        state,
        phase=Phase.RUNNING,
        rules=event.rules,
        items=MappingProxyType({item.id: item for item in event.items}),
        chair=event.rules.chair,
        opened_at=event.at,
    )


def _attendance(state: SessionState, event: ev.AttendanceChanged) -> SessionState:
    deputies = state.deputies - {event.seat}
    if event.deputy and event.presence is not Presence.ABSENT:
        deputies |= {event.seat}
    waiting, speaking = state.waiting, state.speaking
    if event.presence is Presence.ABSENT:
        waiting = tuple(one for one in waiting if one.seat != event.seat)
        speaking = None if speaking is not None and speaking.seat == event.seat else speaking
    presence = _with(state.presence, event.seat, event.presence)
    sitter = "" if event.presence is Presence.ABSENT else event.sitter
    return replace(
        state,
        presence=presence,
        deputies=deputies,
        sitters=_with(state.sitters, event.seat, sitter),
        waiting=waiting,
        speaking=speaking,
    )


def _documents_changed(state: SessionState, event: ev.DocumentsChanged) -> SessionState:
    """A new paper voids the vote that is open on the item, and nobody has consented to it."""
    item = state.items[event.item].model_copy(update={"docset_hash": event.docset_hash})
    polls = {
        poll.id: replace(poll, void=True) if poll.item == event.item and poll.is_open else poll
        for poll in state.polls.values()
    }
    pulled = state.pulled
    if item.path is Path.CONSENT and event.item not in state.disposed:
        pulled = _with(pulled, event.item, "")
    return replace(
        state,
        items=_with(state.items, event.item, item),
        polls=MappingProxyType(polls),
        pulled=pulled,
    )


def _consent(state: SessionState, event: ev.ConsentAdopted) -> SessionState:
    adopted = {
        item: Disposed(Outcome.ADOPTED, state.items[item].docset_hash, event.at, by_consent=True)
        for item in event.items
    }
    return replace(state, disposed=MappingProxyType({**state.disposed, **adopted}))


def _item_opened(state: SessionState, event: ev.ItemOpened) -> SessionState:
    """Open an item; who announced beforehand that they want to speak stands on the list already."""
    item = state.items[event.item]
    waiting: tuple[Floor, ...] = ()
    if event.item not in state.opened_items:
        waiting = tuple(Floor(seat, event.at) for seat in item.wants_to_speak if seat in state.present)
    return replace(
        _pause_item(state, event.at),
        current=event.item,
        opened_items=_with(state.opened_items, event.item, event.at),
        waiting=waiting,
        speaking=None,
    )


def _pause_item(state: SessionState, at: dt.datetime) -> SessionState:
    if state.current is None:
        return state
    spent = _with(state.spent, state.current, state.time_on(state.current, at))
    return replace(state, current=None, spent=spent, waiting=(), speaking=None)


def _queued(waiting: tuple[Floor, ...], new: Floor) -> tuple[Floor, ...]:
    """Points of order stand before everything else, each kind in the order of asking."""
    others = [one for one in waiting if one.seat != new.seat]
    return tuple(sorted([*others, new], key=lambda one: not one.point_of_order))


def _ballot(state: SessionState, event: ev.BallotCast) -> SessionState:
    poll = state.polls[event.poll]
    cast = replace(
        poll,
        ballots=_with(poll.ballots, event.seat, event.choice),
        cast_by=_with(poll.cast_by, event.seat, event.by),
    )
    return replace(state, polls=_with(state.polls, event.poll, cast))
