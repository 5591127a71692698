"""Counting a vote again: what each ballot says by itself, held against the session and the count. Pure.

Three things are kept of a ballot, in three places: the statement that was (or was not) signed, the event in
the session, and an entry in the log. Whoever changes one has to change the others too, and cannot make a
signature. What does not fit is named by a word of :class:`Fault`; nothing is repaired here.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pendopo.cabinet.live import commands
from pendopo.cabinet.live import events as ev
from pendopo.cabinet.live.commands import Stamp
from pendopo.cabinet.live.state import EMPTY, Poll, SessionState, apply
from pendopo.cabinet.tally import Count, count
from pendopo.cabinet.values import Choice


class Fault(StrEnum):
    """What does not fit about a ballot."""

    UNREADABLE = "unreadable"
    OTHER_VOTE = "other_vote"
    DIFFERS = "differs"
    GONE = "gone"
    EXTRA = "extra"
    OTHER_PERSON = "other_person"
    SIGNATURE = "signature"
    UNSIGNED_SINCE = "unsigned_since"
    OTHER_KEY = "other_key"
    LOG = "log"


class Mark(StrEnum):
    """How a check came out. ``OPEN``: there is nothing to check yet."""

    HOLDS = "holds"
    BROKEN = "broken"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Kept:
    """One ballot row as it lies. ``statement`` None: its seal is broken.

    ``signature_holds`` and ``key_known`` are None for a ballot without a signature; ``in_log`` is None while
    the log has no place for it yet.
    """

    id: str
    seat: str
    by: str
    statement: bytes | None
    signature_holds: bool | None = None
    key_known: bool | None = None
    in_log: bool | None = None


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a session's events say of one vote: the poll at the end, and what closing it came to again."""

    poll: Poll
    ballots: Mapping[str, ev.BallotCast]
    closed: ev.PollClosed | None
    again: ev.PollClosed | None

    @property
    def same(self) -> bool:
        """Whether counting the events again gives the stored count and result."""
        return (
            self.closed is not None
            and self.again is not None
            and (self.closed.counted, self.closed.result) == (self.again.counted, self.again.result)
        )


@dataclass(frozen=True, slots=True)
class Checked:
    """One seat's ballot after all checks; ``choice`` is what its statement says."""

    seat: str
    choice: Choice | None
    faults: tuple[Fault, ...]
    kept: Kept | None


def replay(events: Iterable[ev.Event], poll_id: str) -> Replayed | None:
    """Fold a session's events and stop at the close of a vote to count it again; None: no such vote."""
    state, ballots = EMPTY, dict[str, ev.BallotCast]()
    closed = again = None
    for event in events:
        if isinstance(event, ev.BallotCast) and event.poll == poll_id:
            ballots[event.seat] = event
        if isinstance(event, ev.PollClosed) and event.poll == poll_id:
            closed, again = event, _again(state, event)
        state = apply(state, event)
    poll = state.polls.get(poll_id)
    return None if poll is None else Replayed(poll, ballots, closed, again)


def _again(state: SessionState, event: ev.PollClosed) -> ev.PollClosed | None:
    (made,) = commands.close_poll(state, Stamp(event.at, event.by), event.poll)
    return made if isinstance(made, ev.PollClosed) else None


def check(session: str, replayed: Replayed, kept: Sequence[Kept]) -> tuple[Checked, ...]:
    """Hold every ballot against its event, by seat; ballots that only one side knows are among them."""
    rows = {one.seat: one for one in kept}
    seats = [*replayed.ballots, *(seat for seat in rows if seat not in replayed.ballots)]
    return tuple(_one(session, replayed, seat, rows.get(seat)) for seat in seats)


def tally(checked: Iterable[Checked], entitled: int) -> Count:
    """Count what the statements themselves say."""
    return count({one.seat: one.choice for one in checked if one.choice is not None}, entitled)


def _one(session: str, replayed: Replayed, seat: str, row: Kept | None) -> Checked:
    event = replayed.ballots.get(seat)
    if row is None:
        return Checked(seat, None, (Fault.GONE,), None)
    said = _read(row.statement)
    wanted = {
        "papers": replayed.poll.docset_hash,
        "poll": replayed.poll.id,
        "seat": seat,
        "session": session,
    }
    faults = []
    choice = None
    if said is None:
        faults.append(Fault.UNREADABLE)
    else:
        if {name: said.get(name) for name in wanted} != wanted:
            faults.append(Fault.OTHER_VOTE)
        choice = _choice(said.get("ballot"))
        if event is not None and choice is not event.choice:
            faults.append(Fault.DIFFERS)
    if event is None:
        faults.append(Fault.EXTRA)
    else:
        faults += _against_event(event, row)
    if row.in_log is False:
        faults.append(Fault.LOG)
    return Checked(seat, choice, tuple(faults), row)


def _against_event(event: ev.BallotCast, row: Kept) -> Iterable[Fault]:
    if event.by != row.by:
        yield Fault.OTHER_PERSON
    if event.evidence and (row.signature_holds is None or event.evidence != row.id):
        yield Fault.UNSIGNED_SINCE
    if row.signature_holds is False:
        yield Fault.SIGNATURE
    if row.key_known is False:
        yield Fault.OTHER_KEY


def _read(statement: bytes | None) -> dict[str, object] | None:
    try:
        value = json.loads(statement or b"")
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _choice(value: object) -> Choice | None:
    try:
        return Choice(str(value))
    except ValueError:
        return None
