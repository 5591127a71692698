"""Ballots while the web server is shot: every acknowledged ballot is there once, and none is there twice."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import httpx
import pytest

from pendopo.cabinet import configuration as texts
from pendopo.cabinet.actions import session_live
from pendopo.cabinet.actions.live import state_of
from pendopo.cabinet.live import commands
from pendopo.cabinet.models import Ballot, LiveEvent
from pendopo.cabinet.testing.browsers import at_seat
from pendopo.cabinet.testing.house import House, found
from pendopo.cabinet.values import Presence
from tests.sitting import Processes, processes

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]

VOTERS = 200
THREADS = 8
PATIENCE = 120.0
TAKEN, AGAIN = 303, 409


@pytest.fixture
def chamber(monkeypatch: pytest.MonkeyPatch) -> House:
    """A council of two hundred members, all present, with a question put to the vote."""
    load = texts.load

    def larger(path: object) -> texts.BodyConfiguration:
        text = load(path)  # type: ignore[arg-type]  # a path, as given
        member = next(seat for seat in text.seats if seat.role == "member")
        more = tuple(member.model_copy(update={"code": f"kursi-{number:03d}"}) for number in range(VOTERS))
        return text.model_copy(update={"seats": (*text.seats, *more)})

    monkeypatch.setattr(texts, "load", larger)
    house = found("dprd-contoh")
    session = house.session(house.dossier("keputusan", "wakil-1"))
    voters = [seat for seat in house.seats if seat.startswith("kursi-")]
    house.open(session, "ketua", *voters)
    chair, item = house.actor("ketua"), str(session.items.get().id)
    session_live.lead(chair, session.id, partial(commands.open_item, item=item))
    put = partial(commands.put_motion, poll=session_live.new_poll(), item=item, question="Setuju?")
    session_live.lead(chair, session.id, put)
    return house


def test_every_acknowledged_ballot_is_there_once_after_the_server_was_shot(chamber: House) -> None:
    session = LiveEvent.objects.latest("seq").session
    poll = next(iter(state_of(session.id).polls.values()))
    voters = [seat for seat in chamber.seats if seat.startswith("kursi-")]
    path = f"/cabinet/sessions/{session.id}/live/ballot/"
    cookies = {}
    for seat in voters:
        cookies[seat] = {name: morsel.value for name, morsel in at_seat(chamber, seat).cookies.items()}

    with processes() as running:
        urn = Urn(running, chamber, path, poll.id, poll.docset_hash)
        acknowledged, shots = _vote_under_fire(urn, cookies)

    assert shots > 0
    state = state_of(session.id)
    cast = state.polls[poll.id].ballots
    assert set(voters) == acknowledged == set(cast)
    assert Ballot.objects.filter(session=session).count() == VOTERS
    assert LiveEvent.objects.filter(session=session, kind="ballot").count() == VOTERS
    seqs = list(LiveEvent.objects.filter(session=session).order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, len(seqs) + 1))
    session_live.lead(chamber.actor("ketua"), session.id, partial(commands.close_poll, poll_id=poll.id))
    counted = state_of(session.id).polls[poll.id].counted
    assert counted is not None
    assert (counted.yes, counted.no) == (VOTERS // 2, VOTERS // 2)
    assert state_of(session.id).presence["kursi-000"] is Presence.ROOM


@dataclass(frozen=True, slots=True)
class Urn:
    """Where ballots go, and what stands on each."""

    running: Processes
    chamber: House
    path: str
    poll: str
    papers: str


def _vote_under_fire(urn: Urn, cookies: dict[str, dict[str, str]]) -> tuple[set[str], int]:
    """Let everybody vote, trying again until answered, while the web server is shot twice on the way."""
    running, voters, path = urn.running, list(cookies), urn.path
    acknowledged: set[str] = set()
    guard, shots = threading.Lock(), 0

    def vote(seat: str) -> None:
        number = voters.index(seat)
        until = time.monotonic() + PATIENCE
        choice = "yes" if number % 2 else "no"
        sent = {
            "poll": urn.poll,
            "seat": str(urn.chamber.seats[seat]),
            "choice": choice,
            "papers": urn.papers,
        }
        with httpx.Client(base_url=running.base, cookies=cookies[seat], timeout=20) as client:
            while time.monotonic() < until:
                try:
                    page = client.get(path.removesuffix("ballot/"), headers={"X-Part": "own"})
                    token = page.text.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
                    answer = client.post(
                        path, data=sent | {"csrfmiddlewaretoken": token}, headers={"Origin": running.base}
                    )
                except httpx.HTTPError:
                    time.sleep(0.2)
                    continue
                if answer.status_code in {TAKEN, AGAIN}:  # 409 after a lost answer: the ballot is in
                    with guard:
                        acknowledged.add(seat)
                    return
                time.sleep(0.2)

    with ThreadPoolExecutor(THREADS) as pool:
        work = [pool.submit(vote, seat) for seat in voters]
        for share in (0.2, 0.6):
            while len(acknowledged) < share * VOTERS and not all(one.done() for one in work):
                time.sleep(0.01)
            running.web.shoot()
            shots += 1
            running.web.start()
        for one in work:
            one.result()
    return acknowledged, shots
