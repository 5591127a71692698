"""What may happen next in a session: each command returns the events to add, or raises why it may not.

Pure. Who acts for which seat was checked before; here are the rules of the session itself: phase, presence,
quorum, one vote a seat, documents as they are now. ``at`` is an aware moment; a clock that went back changes
no rule, since order is the order of events, but durations never count below zero.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from pendopo.cabinet import errors, tally, texts
from pendopo.cabinet.live import events as ev
from pendopo.cabinet.live.state import Phase, Poll, SessionState
from pendopo.cabinet.tally import Result
from pendopo.cabinet.values import Choice, DecisionMode, Outcome, Presence

type Events = tuple[ev.Event, ...]

LONGEST_QUESTION = 1000


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a command is given and by whom (the id of a subject as text)."""

    at: dt.datetime
    by: str = ""


def open_session(state: SessionState, stamp: Stamp, rules: ev.Rules, items: Sequence[ev.Item]) -> Events:
    """Open the session with its rules and agenda pinned."""
    if state.phase is not Phase.NOT_OPEN:
        raise errors.StateDoesNotAllow
    return (ev.Opened(at=stamp.at, by=stamp.by, rules=rules, items=tuple(items)),)


def attend(  # who arrives has these parts
    state: SessionState,
    stamp: Stamp,
    seat: str,
    presence: Presence,
    *,
    deputy: bool = False,
    sitter: str = "",
) -> Events:
    """Let a seat arrive, change between room and remote, or leave; saying what is so already adds nothing.

    One person is counted once: who sits for a counted seat does not sit for another, unless the body lets
    deputies vote twice.
    """
    rules = _running(state, or_adjourned=True)
    if seat not in (*rules.counted, *rules.speakers):
        raise errors.NotEntitled
    if presence is not Presence.ABSENT and not rules.second_vote_for_deputies and seat in rules.counted:
        others = {state.sitters.get(one, "") for one in rules.counted if one != seat and one in state.present}
        if sitter and sitter in others:
            raise errors.SitsAlready
    same = state.presence.get(seat, Presence.ABSENT) is presence and (seat in state.deputies) is deputy
    if same and (presence is Presence.ABSENT or state.sitters.get(seat, "") == sitter):
        return ()
    return (
        ev.AttendanceChanged(
            at=stamp.at, by=stamp.by, seat=seat, presence=presence, deputy=deputy, sitter=sitter
        ),
    )


def take_chair(state: SessionState, stamp: Stamp, seat: str) -> Events:
    """Let another present member preside."""
    rules = _running(state, or_adjourned=True)
    if seat not in rules.counted:
        raise errors.NotEntitled
    if seat not in state.present:
        raise errors.NotPresent
    return () if state.chair == seat else (ev.ChairTaken(at=stamp.at, by=stamp.by, seat=seat),)


def invoke_emergency(state: SessionState, stamp: Stamp, ground: str) -> Events:
    """Put the emergency quorum in force for the rest of the session."""
    rules = _running(state)
    if rules.emergency_members is None:
        raise errors.StateDoesNotAllow
    return () if state.emergency else (ev.EmergencyInvoked(at=stamp.at, by=stamp.by, ground=ground),)


def add_item(state: SessionState, stamp: Stamp, item: ev.Item) -> Events:
    """Add an urgent item at the end of the agenda."""
    _running(state)
    if item.id in state.items:
        raise errors.StateDoesNotAllow
    last = max((one.order for one in state.items.values()), default=0)
    added = item.model_copy(update={"order": last + 1})
    return (ev.ItemAdded(at=stamp.at, by=stamp.by, item=added),)


def pull_item(state: SessionState, stamp: Stamp, item: str, seat: str) -> Events:
    """Take an item out of the consent bundle; ``seat`` is empty for clerk and chair, else it is present."""
    _running(state)
    _undisposed(state, item)
    if seat and seat not in state.present:
        raise errors.NotPresent
    return () if item in state.pulled else (ev.ItemPulled(at=stamp.at, by=stamp.by, item=item, seat=seat),)


def change_documents(state: SessionState, stamp: Stamp, item: str, docset_hash: str) -> Events:
    """Tell the session that an item's papers changed; what was disposed of stays as it was decided."""
    if state.phase in {Phase.NOT_OPEN, Phase.CLOSED} or item not in state.items:
        return ()
    if item in state.disposed or state.items[item].docset_hash == docset_hash:
        return ()
    return (ev.DocumentsChanged(at=stamp.at, by=stamp.by, item=item, docset_hash=docset_hash),)


def adopt_by_consent(state: SessionState, stamp: Stamp, items: Sequence[str]) -> Events:
    """Declare the bundle adopted; ``items`` must be the bundle as it is now, so that nobody is surprised."""
    _running(state)
    _quorate(state)
    bundle = {item.id for item in state.bundle()}
    if not items or set(items) != bundle:
        raise errors.NotInBundle
    ordered = tuple(item.id for item in state.bundle())
    return (ev.ConsentAdopted(at=stamp.at, by=stamp.by, items=ordered),)


def open_item(state: SessionState, stamp: Stamp, item: str) -> Events:
    """Begin or go on with the debate on an item; the one before it pauses."""
    _running(state)
    _undisposed(state, item)
    _no_open_poll(state)
    return () if state.current == item else (ev.ItemOpened(at=stamp.at, by=stamp.by, item=item),)


def close_item(state: SessionState, stamp: Stamp) -> Events:
    """End the debate on the present item without disposing of it."""
    _running(state)
    _no_open_poll(state)
    if state.current is None:
        return ()
    return (ev.ItemClosed(at=stamp.at, by=stamp.by, item=state.current),)


def ask_floor(state: SessionState, stamp: Stamp, seat: str, *, point_of_order: bool = False) -> Events:
    """Put a present seat on the speakers' list; asking twice is asking once."""
    rules = _running(state)
    if seat not in (*rules.counted, *rules.speakers):
        raise errors.NotEntitled
    if seat not in state.present:
        raise errors.NotPresent
    if state.current is None or seat in state.items[state.current].barred:
        raise errors.StateDoesNotAllow  # of an item that the seat may not know of it is not told more
    if any(one.seat == seat and one.point_of_order == point_of_order for one in state.waiting):
        return ()
    return (ev.FloorAsked(at=stamp.at, by=stamp.by, seat=seat, point_of_order=point_of_order),)


def withdraw_floor(state: SessionState, stamp: Stamp, seat: str) -> Events:
    """Take a seat off the speakers' list."""
    _running(state)
    if all(one.seat != seat for one in state.waiting):
        return ()
    return (ev.FloorWithdrawn(at=stamp.at, by=stamp.by, seat=seat),)


def give_floor(state: SessionState, stamp: Stamp, seat: str) -> Events:
    """Let a seat from the list speak; who spoke before has ended."""
    _running(state)
    if all(one.seat != seat for one in state.waiting):
        raise errors.NotPresent
    return (*end_floor(state, stamp), ev.FloorGiven(at=stamp.at, by=stamp.by, seat=seat))


def end_floor(state: SessionState, stamp: Stamp) -> Events:
    """End the present speech."""
    _running(state)
    if state.speaking is None:
        return ()
    return (ev.FloorEnded(at=stamp.at, by=stamp.by, seat=state.speaking.seat),)


def put_motion(state: SessionState, stamp: Stamp, poll: str, item: str, question: str) -> Events:
    """Put a question on the present documents of the open item to the vote."""
    rules = _running(state)
    if rules.mode is DecisionMode.CHAIR_DECIDES:
        raise errors.NoVotesHere
    _undisposed(state, item)
    _no_open_poll(state)
    _quorate(state)
    text = texts.required(question, "question", LONGEST_QUESTION)
    if state.current != item or poll in state.polls:
        raise errors.StateDoesNotAllow
    papers = state.items[item].docset_hash
    return (ev.MotionPut(at=stamp.at, by=stamp.by, poll=poll, item=item, question=text, docset_hash=papers),)


def cast(
    state: SessionState,
    stamp: Stamp,
    poll_id: str,
    *,
    seat: str,
    choice: Choice,
    docset_hash: str,
    evidence: str = "",
) -> Events:
    """Cast a named ballot for a seat. ``docset_hash`` is what the voter had before them."""
    rules = _running(state)
    poll = state.polls.get(poll_id)
    if poll is None or not poll.is_open:
        raise errors.PollClosed
    _may_vote(state, rules, poll, seat, stamp.by)
    if docset_hash != poll.docset_hash or docset_hash != state.items[poll.item].docset_hash:
        raise errors.DocumentsChanged
    ballot = ev.BallotCast(
        at=stamp.at, by=stamp.by, poll=poll_id, seat=seat, choice=choice, evidence=evidence
    )
    return (ballot,)


def close_poll(state: SessionState, stamp: Stamp, poll_id: str) -> Events:
    """End the vote and count. Without quorum at this moment it comes to nothing, whatever the ballots say."""
    rules = _running(state)
    poll = state.polls.get(poll_id)
    if poll is None or not poll.is_open:
        raise errors.PollClosed
    counted = tally.count(poll.ballots, len(state.entitled(poll.item) | set(poll.ballots)))
    quorum = state.quorum
    result = tally.result(
        rules.voting,
        counted,
        has_quorum=quorum is not None and quorum.reached,
        chair=poll.ballots.get(state.chair or ""),
    )
    stored = ev.Counted(yes=counted.yes, no=counted.no, abstain=counted.abstain, entitled=counted.entitled)
    return (ev.PollClosed(at=stamp.at, by=stamp.by, poll=poll_id, counted=stored, result=result),)


def break_tie(state: SessionState, stamp: Stamp, poll_id: str, choice: Choice) -> Events:
    """Let the presiding member break a tie."""
    _running(state)
    _quorate(state)
    poll = state.polls.get(poll_id)
    if poll is None or poll.result is not Result.TIED or choice is Choice.ABSTAIN:
        raise errors.StateDoesNotAllow
    return (ev.TieBroken(at=stamp.at, by=stamp.by, poll=poll_id, choice=choice),)


def decide(state: SessionState, stamp: Stamp, item: str, outcome: Outcome, *, poll: str = "") -> Events:
    """Dispose of an item.

    Adopting or rejecting needs quorum and, where the body votes, a closed vote of that result on the present
    documents. Deferring, returning and noting need neither a vote nor quorum: they decide nothing.
    """
    rules = _running(state)
    _undisposed(state, item)
    _no_open_poll(state)
    if outcome in {Outcome.ADOPTED, Outcome.REJECTED}:
        _quorate(state)
        if rules.mode in {DecisionMode.MAJORITY, DecisionMode.QUALIFIED}:
            _result_is(state, item, poll, outcome)
    papers = state.items[item].docset_hash
    done = ev.Decided(at=stamp.at, by=stamp.by, item=item, outcome=outcome, docset_hash=papers, poll=poll)
    closing = (ev.ItemClosed(at=stamp.at, by=stamp.by, item=item),) if state.current == item else ()
    return (done, *closing)


def adjourn(state: SessionState, stamp: Stamp) -> Events:
    """Interrupt the session; a vote has to be closed first."""
    _running(state)
    _no_open_poll(state)
    return (ev.Adjourned(at=stamp.at, by=stamp.by),)


def resume(state: SessionState, stamp: Stamp) -> Events:
    """Go on after an interruption."""
    if state.phase is not Phase.ADJOURNED:
        raise errors.StateDoesNotAllow
    return (ev.Resumed(at=stamp.at, by=stamp.by),)


def close(state: SessionState, stamp: Stamp) -> Events:
    """End the session. Items that nobody disposed of stay undecided and go back to the board."""
    _running(state, or_adjourned=True)
    _no_open_poll(state)
    return (ev.Closed(at=stamp.at, by=stamp.by),)


def _running(state: SessionState, *, or_adjourned: bool = False) -> ev.Rules:
    allowed = {Phase.RUNNING, Phase.ADJOURNED} if or_adjourned else {Phase.RUNNING}
    if state.rules is None or state.phase not in allowed:
        raise errors.StateDoesNotAllow
    return state.rules


def _quorate(state: SessionState) -> None:
    quorum = state.quorum
    if quorum is None or not quorum.reached:
        raise errors.NoQuorum


def _undisposed(state: SessionState, item: str) -> None:
    if item not in state.items:
        raise errors.NoSuchItem
    if item in state.disposed:
        raise errors.AlreadyDisposed


def _no_open_poll(state: SessionState) -> None:
    if state.open_poll is not None:
        raise errors.PollOpen


def _may_vote(state: SessionState, rules: ev.Rules, poll: Poll, seat: str, by: str) -> None:
    if seat not in rules.counted:
        raise errors.NotEntitled
    if seat in state.items[poll.item].barred:
        raise errors.PollClosed  # there is no such vote for them
    if seat in state.items[poll.item].recused:
        raise errors.Recused
    if seat not in state.present:
        raise errors.NotPresent
    if seat in poll.ballots:
        raise errors.AlreadyVoted
    if by and by in poll.cast_by.values() and not rules.second_vote_for_deputies:
        raise errors.SecondVote


def _result_is(state: SessionState, item: str, poll_id: str, outcome: Outcome) -> None:
    poll = state.polls.get(poll_id)
    wanted = Result.CARRIED if outcome is Outcome.ADOPTED else Result.LOST
    if poll is None or poll.item != item or poll.result is not wanted:
        raise errors.StateDoesNotAllow
    if poll.docset_hash != state.items[item].docset_hash:
        raise errors.DocumentsChanged
