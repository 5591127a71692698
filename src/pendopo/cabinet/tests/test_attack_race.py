"""At the same moment: many hands on one ballot, many closes of one vote, positions that meet the lock."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from uuid import uuid4

import pytest

from pendopo.cabinet.actions import ballots, bodies, positions, session_live, sessions
from pendopo.cabinet.actions.live import state_of
from pendopo.cabinet.actions.positions import Said
from pendopo.cabinet.live import commands
from pendopo.cabinet.models import Ballot, LiveEvent, Position, Session
from pendopo.cabinet.positions import content_of
from pendopo.cabinet.testing.house import House, found, person
from pendopo.cabinet.tests.rooms import outcome
from pendopo.cabinet.values import Choice, Scope, Stance
from pendopo.foundation.clock import now

pytestmark = pytest.mark.django_db(transaction=True)

PRESENT = ("ketua", "wakil-1", "wakil-2", "anggota-01", "anggota-02", "anggota-03")


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Begin all acts at the same moment; return how each ended."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        gate.wait()
        return outcome(act)

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def deputy_of(house: House, seat: str) -> str:
    subject = uuid4()
    bodies.delegate(
        house.actor(seat),
        house.seats[seat],
        to_subject_id=subject,
        scopes=[Scope.VOTE],
        valid_from=now() - dt.timedelta(minutes=1),
        valid_to=now() + dt.timedelta(days=1),
    )
    house.people[f"deputy of {seat}"] = person(subject)
    return f"deputy of {seat}"


def test_a_seat_has_one_ballot_however_many_hands_cast_it_at_once() -> None:
    house = found("dprd-contoh")
    matter = house.dossier("keputusan", "wakil-1")
    session = house.session(matter)
    house.open(session, *PRESENT)
    deputy = deputy_of(house, "wakil-1")
    item, poll, chair = str(session.items.get().id), session_live.new_poll(), house.actor("ketua")
    session_live.lead(chair, session.id, partial(commands.open_item, item=item))
    put = partial(commands.put_motion, poll=poll, item=item, question="Setuju?")
    session_live.lead(chair, session.id, put)

    def cast(who: str, choice: Choice) -> Callable[[], object]:
        return lambda: ballots.cast(
            house.actor(who),
            session.id,
            poll,
            seat_id=house.seats["wakil-1"],
            choice=choice,
            docset_hash=matter.docset_hash,
            answer=None,
        )

    ended = at_once(*[cast(who, choice) for who in ("wakil-1", deputy) for choice in Choice])
    assert sorted(ended) == ["cabinet.already_voted"] * 5 + ["done"]
    close = partial(commands.close_poll, poll_id=poll)
    seen = state_of(session.id).seq
    shut = at_once(*[lambda: session_live.lead(chair, session.id, close, expected_seq=seen)] * 3)
    assert shut.count("done") == 1
    assert Ballot.objects.filter(session=session).count() == 1
    assert LiveEvent.objects.filter(session=session, kind="ballot").count() == 1
    state = state_of(session.id)
    assert state.recount(poll) == state.polls[poll].counted


def test_a_position_is_before_the_lock_and_counted_or_it_is_refused() -> None:
    house = found("sidang-paripurna")
    matter = house.dossier("rperpres", "menkeu")
    session = house.session(matter)
    item = session.items.get()

    def state(seat: str) -> Callable[[], object]:
        said = Said(Stance.OBJECT, matter.docset_hash)
        return lambda: positions.state_position(house.actor(seat), item.id, house.seats[seat], said)

    seats = ("menkes", "menpan", "menkeu", "mendagri", "wapres")
    ended = at_once(*map(state, seats), lambda: sessions.lock(house.actor("presiden"), session.id))
    assert ended[-1] == "done"
    assert set(ended[:-1]) <= {"done", "cabinet.locked"}
    rows = list(Position.objects.filter(item=item).select_related("seat"))
    assert len(rows) == ended[:-1].count("done")
    assert all(content_of(row) is not None for row in rows), "every envelope was opened"
    item.refresh_from_db()
    against = {seat for code, seat in item.reasons if code == "objection"}
    assert against == {row.seat.code for row in rows}
    assert Session.objects.get(id=session.id).seal_released_at is not None
