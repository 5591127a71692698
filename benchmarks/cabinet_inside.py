"""Inside a hall that only benchmarks use: bodies made for measuring, and what their verbs take.

``python -m benchmarks.cabinet_inside agenda`` builds an agenda of 60 items with positions and prints times;
``ballots N`` lets N members vote; ``session N`` opens a session for N viewers and prints their tickets; then
it takes one word a line, ``click``, acts, and prints the moment before the act and the event's number.
"""

import datetime as dt
import json
import sys
import time
from functools import partial
from typing import Any
from uuid import UUID

import django

django.setup()

from pendopo.agencies import api as agencies  # noqa: E402  # after Django is set up
from pendopo.cabinet import configuration, tickets  # noqa: E402
from pendopo.cabinet.actions import ballots, bodies, dossiers, positions, session_live, sessions  # noqa: E402
from pendopo.cabinet.actions.dossiers import Text  # noqa: E402
from pendopo.cabinet.actions.live import state_of  # noqa: E402
from pendopo.cabinet.actions.positions import Said  # noqa: E402
from pendopo.cabinet.configuration import BodyConfiguration  # noqa: E402
from pendopo.cabinet.live import commands  # noqa: E402
from pendopo.cabinet.models import Body, Seat, Session  # noqa: E402
from pendopo.cabinet.queries import agenda  # noqa: E402
from pendopo.cabinet.standing import standing_of  # noqa: E402
from pendopo.cabinet.testing.house import House, person  # noqa: E402
from pendopo.cabinet.values import Choice, Presence, Stance  # noqa: E402
from pendopo.foundation.actor import SYSTEM  # noqa: E402
from pendopo.foundation.clock import now  # noqa: E402
from pendopo.kernel.ids import uuid7  # noqa: E402

ITEMS, READS = 60, 20
VIEWERS_A_MEMBER = 50


def _body(base: str, **changes: Any) -> House:
    """Found a copy of a shipped body under a code of its own, with a person in every seat."""
    text = configuration.load(configuration.folder() / f"{base}.yaml")
    code = f"bench-{uuid7().hex[-12:]}"
    text = BodyConfiguration.model_validate(text.model_dump() | changes | {"code": code})
    try:
        agencies.body_by_code(text.agency)
    except agencies.UnknownBody:
        agencies.create_body(text.agency, name_id="Contoh", name_en="Example", actor=SYSTEM)
    bodies.found(text, actor=SYSTEM)
    people = {}
    for seat in text.seats:
        people[seat.code] = person(uuid7())
        bodies.seat_person(code, seat.code, people[seat.code].subject_id or uuid7(), actor=SYSTEM)
    body = Body.objects.get(code=code)
    return House(body, people, dict(Seat.objects.filter(body=body).values_list("code", "id")))


def _matter(house: House, kind: str, place: int) -> UUID:
    clerk = house.actor(house.clerk)
    text = Text(title=f"Butir ukur {place}", summary="Untuk mengukur")
    owner = next(code for code in house.seats if code != house.clerk)
    made = dossiers.open_dossier(clerk, house.body.code, item_type=kind, owner_seat=owner, text=text)
    dossiers.add_document(clerk, made, name="Naskah", data=house.paper(), filename="naskah.pdf")
    dossiers.submit(clerk, made)
    return made


def _session(house: House, matters: list[UUID]) -> Session:
    clerk = house.actor(house.clerk)
    start = now() + dt.timedelta(days=3)
    made = sessions.plan(clerk, house.body.code, sessions.Plan("Ukur", "Measure", "Pendopo", start))
    for matter in matters:
        sessions.schedule(clerk, made, matter)
    sessions.open_positions(clerk, made)
    return Session.objects.get(id=made)


def measure_agenda() -> dict[str, Any]:
    """Return seconds of position writes and of reading the agenda."""
    house = _body("rapim-contoh")
    session = _session(house, [_matter(house, "perbup", place) for place in range(ITEMS)])
    writes = []
    for item in session.items.select_related("dossier"):
        for seat, actor in house.people.items():
            if seat != house.clerk:
                said = Said(Stance.NO_OBJECTION, item.dossier.docset_hash)
                begun = time.perf_counter()
                positions.state_position(actor, item.id, house.seats[seat], said)
                writes.append(time.perf_counter() - begun)
    reads, items = [], 0
    for _ in range(READS):
        begun = time.perf_counter()
        items = len(agenda.of_session(house.actor("wabup"), session.id, "id").items)
        reads.append(time.perf_counter() - begun)
    return {"writes": writes, "reads": reads, "items": items}


def _council(members: int) -> tuple[House, Session, str]:
    """A council with this many members, everybody present, its first item open."""
    text = configuration.load(configuration.folder() / "dprd-contoh.yaml").model_dump()
    fixed = [seat for seat in text["seats"] if not seat["code"].startswith("anggota-")]
    chosen = [
        {"code": f"anggota-{n:04d}", "office": {"id": f"Anggota {n}", "en": f"Member {n}"}, "role": "member"}
        for n in range(members)
    ]
    house = _body("dprd-contoh", seats=[*fixed, *chosen])
    session = _session(house, [_matter(house, "keputusan", 1)])
    clerk = house.actor(house.clerk)
    sessions.lock(clerk, session.id)
    session_live.open_session(clerk, session.id)
    for seat in ["ketua", *(f"anggota-{n:04d}" for n in range(members))]:
        session_live.attend(clerk, session.id, house.seats[seat], Presence.ROOM)
    item = str(session.items.get().id)
    session_live.lead(house.actor("ketua"), session.id, partial(commands.open_item, item=item))
    return house, session, item


def measure_ballots(members: int) -> dict[str, Any]:
    """Return the seconds that all ballots took one after the other, and how many were counted at the end."""
    house, session, item = _council(members)
    poll = session_live.new_poll()
    chair = house.actor("ketua")
    put = partial(commands.put_motion, poll=poll, item=item, question="Setuju?")
    papers = session_live.lead(chair, session.id, put).items[item].docset_hash
    begun = time.perf_counter()
    for place in range(members):
        seat = f"anggota-{place:04d}"
        ballots.cast(
            house.actor(seat),
            session.id,
            poll,
            seat_id=house.seats[seat],
            choice=Choice.YES if place % 3 else Choice.NO,
            docset_hash=papers,
            answer=None,
        )
    spent = time.perf_counter() - begun
    session_live.lead(chair, session.id, partial(commands.close_poll, poll_id=poll))
    counted = state_of(session.id).polls[poll].counted
    return {"seconds": spent, "counted": counted.cast if counted else 0}


def serve_session(viewers: int) -> None:
    """Open a session, print tickets, then act once for every line that comes in."""
    house, session, _ = _council(max(20, -(-viewers // VIEWERS_A_MEMBER)))
    members = [f"anggota-{place:04d}" for place in range(-(-viewers // VIEWERS_A_MEMBER))]
    standings = [standing_of(house.actor(seat)) for seat in members]
    issue = partial(tickets.issue, session.id, house.body.id, language="id", screen=tickets.Screen.OWN)
    _say({"tickets": [issue(standings[place % len(members)]) for place in range(viewers)]})
    clerk, there = house.actor(house.clerk), False
    for _ in sys.stdin:
        presence = Presence.ROOM if there else Presence.ABSENT
        there = not there
        begun = time.time()
        state = session_live.attend(clerk, session.id, house.seats["anggota-0007"], presence)
        _say({"at": begun, "seq": state.seq})


def _say(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["agenda"]:
            _say(measure_agenda())
        case ["ballots", count]:
            _say(measure_ballots(int(count)))
        case ["session", count]:
            serve_session(int(count))
        case _:
            raise SystemExit(__doc__)
