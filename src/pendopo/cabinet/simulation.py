"""What consent and deadlines do, computed: made-up agendas through the real rule and the real session engine.

Four procedures meet the same agendas. Agenda, papers and what members think are drawn from a seeded
generator; how members behave is stated in :class:`Assumed` and is an assumption, not an observation.
Whether an item passes by consent is decided by :mod:`consent`, minutes are what :mod:`live.state` folds from
the events of :mod:`live.commands`, person-hours come from :mod:`metric`. Nothing predicts a real session.
"""

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from pendopo.cabinet import metric
from pendopo.cabinet.configuration import Effort
from pendopo.cabinet.consent import Matter, Stated, reasons_against
from pendopo.cabinet.live import commands
from pendopo.cabinet.live import events as ev
from pendopo.cabinet.live.commands import Stamp
from pendopo.cabinet.live.state import EMPTY, SessionState, apply
from pendopo.cabinet.metric import Hours, ItemWork, SessionWork
from pendopo.cabinet.values import (
    Basis,
    Classification,
    DecisionMode,
    Outcome,
    Path,
    Presence,
    SilencePolicy,
    Stance,
    Tie,
)

START = dt.datetime(2026, 1, 5, 2, 0, tzinfo=dt.UTC)


class Case(StrEnum):
    """A procedure: with or without the consent rule, with or without a deadline for positions."""

    NOTHING = "nothing"
    DEADLINE = "deadline"
    CONSENT = "consent"
    BOTH = "both"

    @property
    def consent(self) -> bool:
        """Whether uncontested items pass together."""
        return self in {Case.CONSENT, Case.BOTH}

    @property
    def deadline(self) -> bool:
        """Whether positions are due before a lock; without one, fewer members take any beforehand."""
        return self in {Case.DEADLINE, Case.BOTH}


@dataclass(frozen=True, slots=True)
class Assumed:
    """How members and papers are taken to be. Shares are of one member and one item; times in minutes."""

    members: int = 12
    items: int = 20
    sessions: int = 10
    seed: int = 2026
    contested: float = 0.2
    objects_if_contested: float = 0.25
    wants_to_speak: float = 0.01
    reads_with_deadline: float = 0.95
    reads_without_deadline: float = 0.5
    states_with_deadline: float = 0.8
    states_without_deadline: float = 0.3
    answers_an_item: int = 3
    fewest_pages: int = 4
    most_pages: int = 20
    presentation_minutes: float = 3.0
    reading_in_session_minutes: float = 4.0
    speech_minutes: float = 2.0
    consent_minutes: float = 1.0


@dataclass(frozen=True, slots=True)
class Result:
    """What a procedure came to over all sessions."""

    case: Case
    items: int
    by_consent: int
    session_minutes: float
    hours: Hours


@dataclass(frozen=True, slots=True)
class _Drawn:
    """One made-up item: what each member thinks, and two numbers a member that decide what they do."""

    pages: int
    stances: tuple[Stance, ...]
    speaks: tuple[bool, ...]
    reads: tuple[float, ...]
    states: tuple[float, ...]


def simulate(assumed: Assumed | None = None, effort: Effort | None = None) -> tuple[Result, ...]:
    """Run the four procedures on the same agendas; the same assumptions give the same numbers."""
    given = assumed or Assumed()
    drawn = random.Random(given.seed)  # noqa: S311  # a seeded draw, nothing is kept secret by it
    agendas = [[_draw(drawn, given) for _ in range(given.items)] for _ in range(given.sessions)]
    return tuple(_run(case, agendas, given, effort or Effort()) for case in Case)


def as_json(assumed: Assumed, results: Sequence[Result]) -> dict[str, object]:
    """Return assumptions and results as JSON values, hours rounded to minutes."""
    return {
        "assumed": asdict(assumed),
        "results": [
            {
                "case": one.case.value,
                "items": one.items,
                "by_consent": one.by_consent,
                "session_minutes": round(one.session_minutes, 1),
                "person_hours": round(one.hours.total, 2),
                "parts": {part: round(value, 2) for part, value in asdict(one.hours).items()},
            }
            for one in results
        ],
    }


def _draw(drawn: random.Random, given: Assumed) -> _Drawn:
    contested = drawn.random() < given.contested
    stances = [
        Stance.OBJECT if contested and drawn.random() < given.objects_if_contested else Stance.NO_OBJECTION
        for _ in range(given.members)
    ]
    return _Drawn(
        pages=drawn.randint(given.fewest_pages, given.most_pages),
        stances=tuple(stances),
        speaks=tuple(drawn.random() < given.wants_to_speak for _ in stances),
        reads=tuple(drawn.random() for _ in stances),
        states=tuple(drawn.random() for _ in stances),
    )


def _run(case: Case, agendas: Sequence[Sequence[_Drawn]], given: Assumed, effort: Effort) -> Result:
    works = [_session(case, agenda, given) for agenda in agendas]
    total = Hours()
    for work in works:
        total += metric.hours(work, effort)
    return Result(
        case=case,
        items=sum(len(work.items) for work in works),
        by_consent=sum(item.by_consent for work in works for item in work.items),
        session_minutes=sum(work.minutes for work in works),
        hours=total,
    )


def _seats(given: Assumed) -> tuple[str, ...]:
    return tuple(f"m{place:02d}" for place in range(given.members))


def _readers(case: Case, item: _Drawn, given: Assumed) -> list[bool]:
    share = given.reads_with_deadline if case.deadline else given.reads_without_deadline
    return [drawn < share for drawn in item.reads]


def _stated(case: Case, item: _Drawn, given: Assumed) -> dict[str, Stated]:
    """Only who read states a position; whoever objects or wants to speak does so whenever they read."""
    share = given.states_with_deadline if case.deadline else given.states_without_deadline
    found = {}
    for place, seat in enumerate(_seats(given)):
        contests = item.stances[place] is Stance.OBJECT or item.speaks[place]
        if _readers(case, item, given)[place] and (contests or item.states[place] < share):
            found[seat] = Stated(item.stances[place], "papers", item.speaks[place])
    return found


def _path(case: Case, item: _Drawn, given: Assumed) -> Path:
    readers = _readers(case, item, given)
    matter = Matter(
        docset_hash="papers",
        locked=True,
        type_allows_consent=case.consent,
        classification=Classification.OPEN,
        room_ceiling=Classification.OPEN,
        silence=SilencePolicy.CONSENT_AFTER_DELIVERY,
        seats=_seats(given),
        positions=_stated(case, item, given),
        delivered=frozenset(seat for seat, read in zip(_seats(given), readers, strict=True) if read),
    )
    return Path.DEBATE if reasons_against(matter) else Path.CONSENT


def _debate_minutes(case: Case, item: _Drawn, given: Assumed) -> float:
    """Presenting, reading there and then for whoever has not, and a speech of everybody who contests."""
    speakers = sum(
        stance is Stance.OBJECT or speaks for stance, speaks in zip(item.stances, item.speaks, strict=True)
    )
    unread = given.reading_in_session_minutes if not all(_readers(case, item, given)) else 0.0
    return given.presentation_minutes + unread + speakers * given.speech_minutes


class _Room:
    """A session whose clock moves by what is said to it."""

    def __init__(self) -> None:
        self.state: SessionState = EMPTY
        self.at = START

    def do(self, added: commands.Events) -> None:
        """Fold the events of a command."""
        for event in added:
            self.state = apply(self.state, event)

    def wait(self, minutes: float) -> None:
        """Let time pass."""
        self.at += dt.timedelta(minutes=minutes)

    @property
    def stamp(self) -> Stamp:
        """The moment."""
        return Stamp(self.at)


def _session(case: Case, agenda: Sequence[_Drawn], given: Assumed) -> SessionWork:
    seats = _seats(given)
    items = {
        str(place): ev.Item(
            id=str(place),
            order=place,
            path=_path(case, item, given),
            docset_hash="papers",
            planned_minutes=10,
            classification=Classification.OPEN,
        )
        for place, item in enumerate(agenda)
    }
    room = _Room()
    room.do(commands.open_session(room.state, room.stamp, _rules(seats), list(items.values())))
    for seat in seats:
        room.do(commands.attend(room.state, room.stamp, seat, Presence.ROOM))
    bundle = [item.id for item in room.state.bundle()]
    if bundle:
        room.wait(given.consent_minutes)
        room.do(commands.adopt_by_consent(room.state, room.stamp, bundle))
    for place, item in enumerate(agenda):
        if str(place) not in room.state.disposed:
            _debate(room, str(place), _debate_minutes(case, item, given))
    room.do(commands.close(room.state, room.stamp))
    minutes = (room.at - START).total_seconds() / metric.MINUTE
    works = tuple(_works(case, agenda, given, room.state))
    return SessionWork(works, minutes, minutes * len(seats))


def _debate(room: _Room, item: str, minutes: float) -> None:
    room.do(commands.open_item(room.state, room.stamp, item))
    room.wait(minutes)
    room.do(commands.decide(room.state, room.stamp, item, Outcome.ADOPTED))


def _works(case: Case, agenda: Sequence[_Drawn], given: Assumed, state: SessionState) -> Iterator[ItemWork]:
    for place, item in enumerate(agenda):
        known = state.items[str(place)]
        yield ItemWork(
            path=known.path,
            by_consent=state.disposed[known.id].by_consent,
            planned_minutes=known.planned_minutes,
            spent_seconds=round(state.spent.get(known.id, dt.timedelta()).total_seconds()),
            pages=item.pages,
            readers=sum(_readers(case, item, given)),
            answers=given.answers_an_item,
            positions=len(_stated(case, item, given)),
        )


def _rules(seats: Sequence[str]) -> ev.Rules:
    return ev.Rules(
        mode=DecisionMode.CHAIR_DECIDES,
        tie=Tie.FALLS,
        basis=Basis.PRESENT,
        qualified=ev.Share(numerator=2, denominator=3),
        quorum_share=ev.Share(numerator=1, denominator=2),
        quorum_more_than=False,
        chair_required=True,
        emergency_members=None,
        second_vote_for_deputies=False,
        chair=seats[0],
        counted=tuple(seats),
    )
