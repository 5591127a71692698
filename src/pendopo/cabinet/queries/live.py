"""Reading a live session: its agenda and offices from rows, its screens from its state."""

import datetime as dt
from collections.abc import Iterable, Mapping
from uuid import UUID

from pendopo.cabinet import sealed, visibility
from pendopo.cabinet.live import events as ev
from pendopo.cabinet.live.state import Phase, Poll, SessionState
from pendopo.cabinet.models import AgendaItem, Ballot, Seat, Session
from pendopo.cabinet.records.live import (
    Debate,
    Fact,
    Head,
    House,
    Line,
    NamedBallot,
    Office,
    Place,
    Stage,
    Timer,
    Turn,
    Vote,
)
from pendopo.cabinet.standing import Standing
from pendopo.cabinet.tickets import Screen
from pendopo.cabinet.values import Classification, Presence, Role

type Unsigned = Mapping[str, frozenset[str]]
"""By vote, the seats whose ballot no passkey signed."""

_NOT_SEATED = frozenset({Role.SECRETARY, Role.OBSERVER})


def house(session: Session) -> House:
    """Return the offices of a session's body and the facts of its agenda, titles opened."""
    seats = Seat.objects.filter(body_id=session.body_id).order_by("order")
    offices = {
        seat.code: Office(str(seat.id), seat.code, seat.office_id, seat.office_en, Role(seat.role))
        for seat in seats
    }
    rows = (
        AgendaItem.objects.filter(session=session, removed_at=None)
        .select_related("dossier")
        .order_by("order")
    )
    return House(
        offices=offices,
        facts={str(row.id): _fact(row) for row in rows},
        planned_start=_ms(session.planned_start),
        room_ceiling=Classification(session.room_ceiling),
    )


def known_items(standing: Standing, session: Session, screen: Screen) -> frozenset[str]:
    """Return the items of the session that may be shown to these seats on this screen.

    The wall of a room shows what everybody who may enter the room may read, whoever opened the page.
    """
    rows = visibility.items(standing, session)
    if screen is Screen.WALL:
        rows = rows.filter(
            dossier__classification__lte=session.room_ceiling, dossier__need_to_know__isnull=True
        )
    return frozenset(str(item_id) for item_id in rows.values_list("id", flat=True))


def unsigned_ballots(poll_ids: Iterable[str]) -> Unsigned:
    """Return the seats whose ballots carry no signature, by vote; one query."""
    wanted = [UUID(one) for one in poll_ids]
    found: dict[str, set[str]] = {str(one): set() for one in wanted}
    rows = Ballot.objects.filter(poll_id__in=wanted, assertion__isnull=True)
    for poll_id, seat in rows.values_list("poll_id", "seat__code"):
        found[str(poll_id)].add(seat)
    return {poll: frozenset(seats) for poll, seats in found.items()}


def items_of(state: SessionState, event: ev.Event) -> frozenset[str]:
    """Return the items that an event speaks of; ``state`` is where the session was before it.

    What is said on the floor speaks of the item that is open.
    """
    match event:
        case ev.ConsentAdopted(items=items):
            return frozenset(items)
        case ev.ItemAdded(item=item):
            return frozenset({item.id})
        case ev.BallotCast(poll=poll) | ev.PollClosed(poll=poll) | ev.TieBroken(poll=poll):
            return frozenset({state.polls[poll].item})
        case ev.FloorAsked() | ev.FloorGiven() | ev.FloorEnded() | ev.FloorWithdrawn():
            return frozenset({state.current}) if state.current else frozenset()
        case (
            ev.ItemPulled(item=one)
            | ev.DocumentsChanged(item=one)
            | ev.ItemOpened(item=one)
            | ev.ItemClosed(item=one)
            | ev.MotionPut(item=one)
            | ev.Decided(item=one)
        ):
            return frozenset({one})
        case _:
            return frozenset()


def stage(state: SessionState, about: House, known: frozenset[str], unsigned: Unsigned) -> Stage:
    """Return the shared screen of everybody who may know exactly the items ``known``. Pure."""
    bundle = frozenset(item.id for item in state.bundle())
    return Stage(
        head=_head(state, about, known),
        debate=_debate(state, about, known),
        vote=_vote(state, about, known, unsigned),
        lines=tuple(_line(state, fact, bundle) for fact in _in_order(about, known) if fact.id in state.items),
        places=tuple(
            Place(office, state.presence.get(office.code, Presence.ABSENT), office.code in state.deputies)
            for office in about.offices.values()
            if office.role not in _NOT_SEATED
        ),
    )


def shown_poll(state: SessionState, known: frozenset[str]) -> Poll | None:
    """Return the vote that screens show: the open one, else the last one of the item that is open."""
    polls = [poll for poll in state.polls.values() if poll.item in known]
    running = next((poll for poll in polls if poll.is_open), None)
    if running is not None:
        return running
    last = polls[-1] if polls else None
    return last if last is not None and state.current in {last.item, None} else None


def _fact(row: AgendaItem) -> Fact:
    dossier = row.dossier
    return Fact(
        id=str(row.id),
        number=dossier.number,
        title=sealed.open_text(dossier.sealed_title, column="dossier.title", row=dossier.id),
        classification=Classification(dossier.classification),
        narrow=dossier.need_to_know is not None,
        order=row.order,
        planned_minutes=row.planned_minutes,
        dossier_id=str(dossier.id),
    )


def _in_order(about: House, known: frozenset[str]) -> list[Fact]:
    return [fact for fact in about.facts.values() if fact.id in known]


def _head(state: SessionState, about: House, known: frozenset[str]) -> Head:
    limit = 60 * sum(fact.planned_minutes for fact in _in_order(about, known))
    running = state.phase in {Phase.RUNNING, Phase.ADJOURNED}
    since = _ms(state.opened_at) if state.opened_at and running else None
    base = 0
    if state.opened_at and state.closed_at:
        base = max(0, int((state.closed_at - state.opened_at).total_seconds()))
    return Head(
        phase=state.phase,
        mode=state.rules.mode if state.rules else None,
        quorum=state.quorum,
        emergency=state.emergency,
        chair=about.offices.get(state.chair) if state.chair else None,
        timer=Timer(base, since, limit),
    )


def _debate(state: SessionState, about: House, known: frozenset[str]) -> Debate | None:
    if state.current is None:
        return None
    fact = about.facts.get(state.current)
    if fact is None or state.current not in known:
        return Debate(None, None, None, None, None, (), ())
    item = state.items[state.current]
    base = int(state.spent.get(item.id, dt.timedelta()).total_seconds())
    since = _ms(state.opened_items[item.id]) if state.phase is Phase.RUNNING else None
    speaking = state.speaking
    return Debate(
        fact=fact,
        path=item.path,
        timer=Timer(base, since, 60 * item.planned_minutes),
        speaking=about.offices[speaking.seat] if speaking else None,
        speaking_timer=Timer(0, _ms(speaking.asked_at), 0) if speaking else None,
        waiting=tuple(Turn(about.offices[one.seat], one.point_of_order) for one in state.waiting),
        recused=tuple(about.offices[seat] for seat in item.recused if seat in about.offices),
    )


def _vote(state: SessionState, about: House, known: frozenset[str], unsigned: Unsigned) -> Vote | None:
    poll = shown_poll(state, known)
    if poll is None or poll.item not in about.facts:
        return None
    told = poll.ballots if poll.closed else {}
    bare = unsigned.get(poll.id, frozenset())
    entitled = poll.counted.entitled if poll.counted else len(state.entitled(poll.item) | set(poll.ballots))
    return Vote(
        id=poll.id,
        fact=about.facts[poll.item],
        question=poll.question,
        is_open=poll.is_open,
        void=poll.void,
        cast=len(poll.ballots),
        entitled=entitled,
        counted=poll.counted,
        result=poll.result,
        ballots=tuple(
            NamedBallot(office, told[code], code not in bare)
            for code, office in about.offices.items()
            if code in told
        ),
    )


def _line(state: SessionState, fact: Fact, bundle: frozenset[str]) -> Line:
    item = state.items[fact.id]
    disposed = state.disposed.get(fact.id)
    where = (
        "current" if state.current == fact.id else "paused" if fact.id in state.opened_items else "waiting"
    )
    return Line(
        fact=fact,
        path=item.path,
        state=disposed.outcome.value if disposed else where,
        by_consent=disposed is not None and disposed.by_consent,
        in_bundle=fact.id in bundle,
        pulled=fact.id in state.pulled,
        spent=int(state.spent.get(fact.id, dt.timedelta()).total_seconds()),
    )


def _ms(moment: dt.datetime) -> int:
    return int(moment.timestamp() * 1000)
