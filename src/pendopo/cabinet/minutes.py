"""The minutes (risalah): what a session's events tell, put in order. Pure.

Facts come from the events and from decisions written down; by hand are only the remarks and the words on an
item's debate. The content holds every item of the session: who may read which is decided when it is read
(``queries.minutes``), so that one text serves readers of every class.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict

from pendopo.cabinet.live import events as ev
from pendopo.cabinet.live.state import EMPTY, Poll, SessionState, apply
from pendopo.cabinet.tally import Result
from pendopo.cabinet.values import Choice, Classification, DecisionMode, Outcome, Path, Presence, Role


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Stay(_Frozen):
    """One stretch of presence; ``until`` is None for who was there at the end of an open session."""

    since: dt.datetime
    until: dt.datetime | None
    where: Presence
    deputy: bool = False


class Attendee(_Frozen):
    """A seat of the body and when it was there; no stays: absent."""

    seat: str
    office_id: str
    office_en: str
    role: Role
    stays: tuple[Stay, ...] = ()


class Quorate(_Frozen):
    """The quorum from a moment on."""

    at: dt.datetime
    present: int
    needed: int
    reached: bool


class Speech(_Frozen):
    """One speech; ``seconds`` from being given the floor to its end."""

    seat: str
    at: dt.datetime
    seconds: int
    point_of_order: bool = False


class Vote(_Frozen):
    """One seat's named ballot; ``signed`` with the voter's passkey."""

    seat: str
    choice: Choice
    signed: bool


class Motion(_Frozen):
    """A question put to the vote; ``result`` is None for a vote that was void."""

    poll: str
    question: str
    at: dt.datetime
    yes: int = 0
    no: int = 0
    abstain: int = 0
    entitled: int = 0
    result: Result | None = None
    tie_broken: bool = False
    votes: tuple[Vote, ...] = ()

    @property
    def dissent(self) -> tuple[str, ...]:
        """Seats that voted against what was carried."""
        return tuple(vote.seat for vote in self.votes if vote.choice is Choice.NO)


class OrderLine(_Frozen):
    """A task of a directive."""

    owner: str
    text: str
    due_on: dt.date


class Order(_Frozen):
    """A directive (arahan)."""

    text: str
    tasks: tuple[OrderLine, ...] = ()


class Ruling(_Frozen):
    """A decision as written down."""

    number: str
    text: str
    legal_form: str = ""
    orders: tuple[Order, ...] = ()


class Entry(_Frozen):
    """One item: how it was meant to go, how it went, what came of it. Times are in seconds where so named."""

    item: str
    dossier: str
    title: str
    kind_id: str
    kind_en: str
    classification: Classification
    path: Path
    reasons: tuple[tuple[str, str], ...] = ()
    urgent: bool = False
    planned_minutes: int
    spent_seconds: int = 0
    outcome: Outcome | None = None
    by_consent: bool = False
    disposed_at: dt.datetime | None = None
    speeches: tuple[Speech, ...] = ()
    motions: tuple[Motion, ...] = ()
    ruling: Ruling | None = None
    debate: str = ""


class Content(_Frozen):
    """The minutes of one session."""

    body: str
    body_id: str
    body_en: str
    mode: DecisionMode
    number: int
    title_id: str
    title_en: str
    place: str
    planned_start: dt.datetime
    opened_at: dt.datetime
    closed_at: dt.datetime
    emergency_ground: str = ""
    attendees: tuple[Attendee, ...]
    quorum: tuple[Quorate, ...]
    entries: tuple[Entry, ...]
    remarks: str = ""

    @property
    def roll(self) -> tuple[Attendee, ...]:
        """Seats that are called: whoever only keeps the minutes or looks on is neither there nor absent."""
        return tuple(one for one in self.attendees if one.role not in {Role.SECRETARY, Role.OBSERVER})

    def office(self, seat: str, language: str) -> str:
        """Return the office of a seat by its code."""
        for one in self.attendees:
            if one.seat == seat:
                return one.office_en if language == "en" else one.office_id
        return seat


@dataclass(frozen=True, slots=True)
class Frame:
    """What the session's row and its body say."""

    body: str
    body_id: str
    body_en: str
    number: int
    title_id: str
    title_en: str
    place: str
    planned_start: dt.datetime
    seats: Sequence[Attendee]


@dataclass(frozen=True, slots=True)
class Paper:
    """What the rows say of one item; ``ruling`` once the decision was written."""

    dossier: str
    title: str
    kind_id: str
    kind_en: str
    reasons: tuple[tuple[str, str], ...] = ()
    urgent: bool = False
    ruling: Ruling | None = None
    debate: str = ""


@dataclass
class _Reading:
    """What is gathered while the events are folded once."""

    state: SessionState = EMPTY
    stays: dict[str, list[Stay]] = field(default_factory=dict)
    quorum: list[Quorate] = field(default_factory=list)
    speeches: dict[str, list[Speech]] = field(default_factory=dict)
    put_at: dict[str, dt.datetime] = field(default_factory=dict)
    signed: set[tuple[str, str]] = field(default_factory=set)
    tied: set[str] = field(default_factory=set)
    orderly: set[str] = field(default_factory=set)
    ground: str = ""

    def take(self, event: ev.Event) -> None:
        """Read one event more."""
        self._end_speech(event)
        self.state = apply(self.state, event)
        match event:
            case ev.AttendanceChanged():
                self._attendance(event)
            case ev.EmergencyInvoked(ground=ground):
                self.ground = ground
            case ev.FloorAsked(seat=seat, point_of_order=True):
                self.orderly.add(seat)
            case ev.MotionPut(poll=poll, at=at):
                self.put_at[poll] = at
            case ev.BallotCast(poll=poll, seat=seat, evidence=evidence) if evidence:
                self.signed.add((poll, seat))
            case ev.TieBroken(poll=poll):
                self.tied.add(poll)
            case _:
                pass
        self._count(event.at)

    def _attendance(self, event: ev.AttendanceChanged) -> None:
        stays = self.stays.setdefault(event.seat, [])
        if stays and stays[-1].until is None:
            stays[-1] = stays[-1].model_copy(update={"until": event.at})
        if event.presence is not Presence.ABSENT:
            stays.append(Stay(since=event.at, until=None, where=event.presence, deputy=event.deputy))

    def _end_speech(self, event: ev.Event) -> None:
        """A speech ends with whatever takes the floor away: look at the state before the event and after."""
        before, item = self.state.speaking, self.state.current
        if before is None or item is None or apply(self.state, event).speaking == before:
            return
        seconds = max(0, round((event.at - before.asked_at).total_seconds()))
        orderly = before.seat in self.orderly
        self.orderly.discard(before.seat)
        self.speeches.setdefault(item, []).append(
            Speech(seat=before.seat, at=before.asked_at, seconds=seconds, point_of_order=orderly)
        )

    def _count(self, at: dt.datetime) -> None:
        """Note when the quorum is reached or lost; while people arrive only the last count is told."""
        quorum = self.state.quorum
        if quorum is None:
            return
        now = Quorate(at=at, present=quorum.present, needed=quorum.needed, reached=quorum.reached)
        last = self.quorum[-1] if self.quorum else None
        arriving = last is not None and not last.reached and not now.reached
        if last is None or arriving or (last.needed, last.reached) != (now.needed, now.reached):
            self.quorum[-1:] = [now] if arriving else [*self.quorum[-1:], now]


def compose(
    events: Sequence[ev.Event], frame: Frame, papers: Mapping[str, Paper], *, remarks: str = ""
) -> Content:
    """Put a closed session's events in order; raises ``ValueError`` for one that was not closed."""
    reading = _Reading()
    for event in events:
        reading.take(event)
    state = reading.state
    if state.rules is None or state.opened_at is None or state.closed_at is None:
        message = "minutes are written of a session that was opened and closed"
        raise ValueError(message)
    items = sorted(state.items.values(), key=lambda item: item.order)
    return Content(
        body=frame.body,
        body_id=frame.body_id,
        body_en=frame.body_en,
        mode=state.rules.mode,
        number=frame.number,
        title_id=frame.title_id,
        title_en=frame.title_en,
        place=frame.place,
        planned_start=frame.planned_start,
        opened_at=state.opened_at,
        closed_at=state.closed_at,
        emergency_ground=reading.ground,
        attendees=tuple(_attendee(seat, reading, state.closed_at) for seat in frame.seats),
        quorum=tuple(reading.quorum),
        entries=tuple(_entry(item, papers[item.id], reading) for item in items),
        remarks=remarks,
    )


def _attendee(seat: Attendee, reading: _Reading, closed_at: dt.datetime) -> Attendee:
    stays = [
        stay if stay.until is not None else stay.model_copy(update={"until": closed_at})
        for stay in reading.stays.get(seat.seat, [])
    ]
    return seat.model_copy(update={"stays": tuple(stays)})


def _entry(item: ev.Item, paper: Paper, reading: _Reading) -> Entry:
    state = reading.state
    disposed = state.disposed.get(item.id)
    return Entry(
        item=item.id,
        dossier=paper.dossier,
        title=paper.title,
        kind_id=paper.kind_id,
        kind_en=paper.kind_en,
        classification=item.classification,
        path=item.path,
        reasons=paper.reasons,
        urgent=paper.urgent,
        planned_minutes=item.planned_minutes,
        spent_seconds=round(state.spent.get(item.id, dt.timedelta()).total_seconds()),
        outcome=disposed.outcome if disposed else None,
        by_consent=bool(disposed and disposed.by_consent),
        disposed_at=disposed.at if disposed else None,
        speeches=tuple(reading.speeches.get(item.id, ())),
        motions=tuple(_motion(poll, reading) for poll in state.polls.values() if poll.item == item.id),
        ruling=paper.ruling,
        debate=paper.debate,
    )


def _motion(poll: Poll, reading: _Reading) -> Motion:
    counted = poll.counted
    votes = tuple(
        Vote(seat=seat, choice=choice, signed=(poll.id, seat) in reading.signed)
        for seat, choice in poll.ballots.items()
    )
    numbers = (
        {}
        if counted is None
        else {key: getattr(counted, key) for key in ("yes", "no", "abstain", "entitled")}
    )
    return Motion(
        poll=poll.id,
        question=poll.question,
        at=reading.put_at[poll.id],
        result=None if poll.void else poll.result,
        tie_broken=poll.id in reading.tied,
        votes=votes,
        **numbers,
    )
