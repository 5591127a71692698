"""The whole session as a state machine: whatever people try in whatever order, the rules of the house hold.

The machine keeps its own plain record of what was accepted and holds the session against it. Each rule has a
planted bug below; a machine that does not find it is no proof.
"""

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import Phase as Step
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from pendopo.cabinet.errors import CabinetError
from pendopo.cabinet.live import commands
from pendopo.cabinet.live import events as ev
from pendopo.cabinet.live.commands import Stamp
from pendopo.cabinet.live.state import EMPTY, Phase, SessionState, apply, fold
from pendopo.cabinet.tally import Result
from pendopo.cabinet.values import Basis, Choice, Classification, DecisionMode, Outcome, Path, Presence, Tie

SEATS = ("chair", "a", "b", "c", "d")
ITEMS = ("i1", "i2", "i3")
PEOPLE = ("p0", "p1", "p2", "p3", "p4", "p5")
START = dt.datetime(2026, 11, 26, 3, 0, tzinfo=dt.UTC)
FRACTION = ev.Share(numerator=1, denominator=2)

seats = st.sampled_from((*SEATS, "observer"))
items = st.sampled_from((*ITEMS, "unknown"))
people = st.sampled_from(PEOPLE)


def rules(mode: DecisionMode, tie: Tie, basis: Basis) -> ev.Rules:
    return ev.Rules(
        mode=mode,
        tie=tie,
        basis=basis,
        qualified=ev.Share(numerator=2, denominator=3),
        quorum_share=FRACTION,
        quorum_more_than=False,
        chair_required=True,
        emergency_members=1,
        second_vote_for_deputies=False,
        chair="chair",
        counted=SEATS,
    )


def item(name: str, order: int) -> ev.Item:
    return ev.Item(
        id=name,
        order=order,
        path=Path.CONSENT if order > 1 else Path.DEBATE,
        docset_hash="v0",
        planned_minutes=5,
        classification=Classification.OPEN,
        recused=("d",) if name == "i1" else (),
        wants_to_speak=("a",),
    )


class SessionMachine(RuleBasedStateMachine):
    """People act at random; refused acts change nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.state: SessionState = EMPTY
        self.history: list[ev.Event] = []
        self.at = START
        self.papers = dict.fromkeys(ITEMS, 0)
        self.votes: dict[str, list[tuple[str, str]]] = {}
        self.polls = 0

    def attempt(
        self, command: Callable[..., tuple[ev.Event, ...]], *args: Any, by: str = "", **more: Any
    ) -> bool:
        self.at += dt.timedelta(seconds=7)
        with suppress(CabinetError):
            added = command(self.state, Stamp(self.at, by), *args, **more)
            for event in added:
                self.check_before(event)
                self.state = apply(self.state, event)
                self.history.append(event)
            return bool(added)
        return False

    def check_before(self, event: ev.Event) -> None:
        """Hold an accepted event against the plain rules, written down a second time."""
        here = {seat for seat, where in self.state.presence.items() if where is not Presence.ABSENT}
        enough = "chair" in here or self.state.chair in here
        enough = enough and len(here) >= (2 if self.state.emergency else 3)
        match event:
            case ev.BallotCast(poll=poll, seat=seat, by=by):
                cast = self.votes.setdefault(poll, [])
                matter = self.state.polls[poll]
                assert seat not in [one for one, _ in cast], "one vote a seat"
                assert by not in [one for _, one in cast], "one vote a person"
                assert seat in here, "present"
                assert seat not in self.state.items[matter.item].recused, "not recused"
                assert matter.docset_hash == f"v{self.papers[matter.item]}", "on the papers that lie here"
                assert not matter.closed
                cast.append((seat, by))
            case ev.ConsentAdopted(items=adopted):
                assert enough, "consent needs quorum"
                assert not set(adopted) & set(self.state.disposed)
                assert all(self.state.items[one].path is Path.CONSENT for one in adopted)
                assert not set(adopted) & set(self.state.pulled)
            case ev.Decided(item=decided, outcome=outcome):
                assert decided not in self.state.disposed, "once"
                if outcome in {Outcome.ADOPTED, Outcome.REJECTED}:
                    assert enough, "a decision needs quorum"
                    assert event.docset_hash == f"v{self.papers[decided]}"
            case ev.PollClosed(result=result):
                assert enough or result is Result.NO_QUORUM, "no result without quorum"
            case ev.MotionPut():
                assert enough
                assert self.state.open_poll is None
            case _:
                """Nothing that others could be wronged by."""

    @initialize(mode=st.sampled_from(DecisionMode), tie=st.sampled_from(Tie), basis=st.sampled_from(Basis))
    def open(self, mode: DecisionMode, tie: Tie, basis: Basis) -> None:
        agenda = [item(name, order) for order, name in enumerate(ITEMS)]
        assert self.attempt(commands.open_session, rules(mode, tie, basis), agenda)
        for seat in SEATS[:4]:
            self.attempt(commands.attend, seat, Presence.ROOM)

    @rule(seat=seats, presence=st.sampled_from(Presence), deputy=st.booleans())
    def attend(self, seat: str, presence: Presence, deputy: bool) -> None:
        self.attempt(commands.attend, seat, presence, deputy=deputy)

    @rule(seat=seats)
    def preside(self, seat: str) -> None:
        self.attempt(commands.take_chair, seat)

    @rule()
    def emergency(self) -> None:
        self.attempt(commands.invoke_emergency, "security-threat")

    @rule(name=items)
    def open_item(self, name: str) -> None:
        self.attempt(commands.open_item, name)

    @rule(name=items, seat=seats)
    def pull(self, name: str, seat: str) -> None:
        self.attempt(commands.pull_item, name, seat)

    @rule(name=st.sampled_from(ITEMS))
    def replace_paper(self, name: str) -> None:
        if name not in self.state.disposed:
            self.papers[name] += 1
            self.attempt(commands.change_documents, name, f"v{self.papers[name]}")

    @rule()
    def adopt(self) -> None:
        self.attempt(commands.adopt_by_consent, [one.id for one in self.state.bundle()])

    @rule()
    def close_item(self) -> None:
        self.attempt(commands.close_item)

    @rule(seat=seats, order=st.booleans())
    def speak(self, seat: str, order: bool) -> None:
        self.attempt(commands.ask_floor, seat, point_of_order=order)
        self.attempt(commands.give_floor, seat)

    @rule()
    def end_speech(self) -> None:
        self.attempt(commands.end_floor)

    @rule()
    def motion(self) -> None:
        self.polls += 1
        self.attempt(commands.put_motion, f"poll{self.polls}", self.state.current or "i1", "Setuju?")

    @rule(seat=seats, person=people, choice=st.sampled_from(Choice), old=st.booleans())
    def vote(self, seat: str, person: str, choice: Choice, old: bool) -> None:
        poll = self.state.open_poll
        name = poll.item if poll else "i1"
        seen = f"v{self.papers[name] - 1}" if old else f"v{self.papers[name]}"
        poll_id = poll.id if poll else f"poll{self.polls}"
        self.attempt(commands.cast, poll_id, seat=seat, choice=choice, docset_hash=seen, by=person)

    @rule(name=st.sampled_from(ITEMS))
    def start_a_vote(self, name: str) -> None:
        """The usual way to a vote, so that the machine is often in one."""
        for seat in SEATS:
            self.attempt(commands.attend, seat, Presence.ROOM)
        self.attempt(commands.open_item, name)
        self.motion()

    @rule(person=people, first=st.sampled_from(SEATS), second=st.sampled_from(SEATS))
    def one_person_for_two_seats(self, person: str, first: str, second: str) -> None:
        for seat in (first, second):
            self.vote(seat, person, Choice.YES, old=False)

    @rule()
    def everybody_votes(self) -> None:
        if poll := self.state.open_poll:
            for seat, person in zip(SEATS, PEOPLE, strict=False):
                papers = f"v{self.papers[poll.item]}"
                self.attempt(
                    commands.cast, poll.id, seat=seat, choice=Choice.YES, docset_hash=papers, by=person
                )

    @rule()
    def close_poll(self) -> None:
        self.attempt(commands.close_poll, f"poll{self.polls}")

    @rule(choice=st.sampled_from(Choice))
    def break_tie(self, choice: Choice) -> None:
        self.attempt(commands.break_tie, f"poll{self.polls}", choice)

    @rule(name=items, outcome=st.sampled_from(Outcome))
    def decide(self, name: str, outcome: Outcome) -> None:
        self.attempt(commands.decide, name, outcome, poll=f"poll{self.polls}")

    @rule()
    def interrupt(self) -> None:
        self.attempt(commands.adjourn)
        self.attempt(commands.resume)

    @rule(back=st.integers(1, 3600))
    def clock_goes_back(self, back: int) -> None:
        self.at -= dt.timedelta(seconds=back)

    @invariant()
    def replay_gives_the_same(self) -> None:
        stored = [ev.dump(event) for event in self.history]
        again = fold(ev.parse(one) for one in stored)
        assert again == self.state
        assert again.seq == len(self.history)

    @invariant()
    def stored_results_are_what_a_recount_gives(self) -> None:
        for poll in self.state.polls.values():
            if poll.closed:
                assert poll.counted == self.state.recount(poll.id)
                assert len(self.votes.get(poll.id, [])) == poll.counted.cast
                assert poll.counted.entitled >= poll.counted.cast

    @invariant()
    def nothing_is_open_on_old_papers(self) -> None:
        poll = self.state.open_poll
        assert poll is None or poll.docset_hash == f"v{self.papers[poll.item]}"
        for one in self.state.bundle():
            assert self.papers[one.id] == 0, "a changed paper leaves the bundle"

    @invariant()
    def time_never_runs_backwards(self) -> None:
        assert all(spent >= dt.timedelta() for spent in self.state.spent.values())
        if self.state.phase is Phase.RUNNING and self.state.current:
            assert self.state.time_on(self.state.current, self.at) >= dt.timedelta()


FEW = settings(
    max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
MANY = settings(  # the first failure is enough: no time is spent on making it small
    FEW,
    max_examples=2000,
    database=None,
    derandomize=True,
    print_blob=False,
    report_multiple_bugs=False,
    phases=[Step.generate],
)


def test_the_rules_of_the_house_hold_whatever_people_try() -> None:
    run_state_machine_as_test(SessionMachine, settings=FEW)


def _nothing(*_: object, **__: object) -> None:
    """Stand in for a check that somebody forgot."""


def _no_presence(state: SessionState, given: ev.Rules, poll: Any, seat: str, by: str) -> None:
    if seat in poll.ballots or by in poll.cast_by.values():
        raise CabinetError


def _second_votes(state: SessionState, given: ev.Rules, poll: Any, seat: str, by: str) -> None:
    if seat in poll.ballots or seat not in state.present or seat in state.items[poll.item].recused:
        raise CabinetError


def _seat_votes_twice(state: SessionState, given: ev.Rules, poll: Any, seat: str, by: str) -> None:
    if by in poll.cast_by.values() or seat not in state.present or seat in state.items[poll.item].recused:
        raise CabinetError


def _deaf_to_papers(state: SessionState, stamp: Stamp, name: str, docset_hash: str) -> tuple[ev.Event, ...]:
    return ()


def _lossy(event: ev.Event) -> bytes:
    return ev._ADAPTER.dump_json(event.model_copy(update={"by": ""}))


PLANTED = {
    "decisions without quorum": (commands, "_quorate", _nothing),
    "decided twice": (commands, "_undisposed", _nothing),
    "two votes at once": (commands, "_no_open_poll", _nothing),
    "absent and recused people vote": (commands, "_may_vote", _no_presence),
    "a deputy votes twice": (commands, "_may_vote", _second_votes),
    "a seat votes twice": (commands, "_may_vote", _seat_votes_twice),
    "papers change unseen": (commands, "change_documents", _deaf_to_papers),
    "events lose who acted": (ev, "dump", _lossy),
}


@pytest.mark.parametrize("bug", PLANTED)
def test_the_machine_finds_a_planted_bug(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, name, broken = PLANTED[bug]
    monkeypatch.setattr(module, name, broken)
    with pytest.raises(Exception):  # noqa: B017, PT011  # whatever the broken session does first
        run_state_machine_as_test(SessionMachine, settings=MANY)
