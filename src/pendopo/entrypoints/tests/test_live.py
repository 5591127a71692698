"""The live process as a browser meets it: what arrives, for whom, and what a lost connection costs."""

import asyncio
import datetime as dt
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from uuid import UUID, uuid4

import pytest
from aiohttp import ClientSession, ClientTimeout
from aiohttp.test_utils import TestServer
from django.apps import apps
from django.db import connections
from django.test import Client

from pendopo.cabinet import tickets
from pendopo.cabinet.actions import bodies, session_live
from pendopo.cabinet.live import commands
from pendopo.cabinet.models import Delegation, Mandate, Seat, Session
from pendopo.cabinet.standing import Standing, standing_of
from pendopo.cabinet.testing.browsers import known
from pendopo.cabinet.testing.house import House, found, person
from pendopo.cabinet.tickets import Screen
from pendopo.cabinet.values import Classification, Presence, Scope
from pendopo.entrypoints.live import hub as hubs
from pendopo.entrypoints.live import server as servers
from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.clock import now
from pendopo.identity import testing as identity

pytestmark = pytest.mark.django_db(transaction=True)

MEMBERS = ("bupati", "wabup", "sekda", "asisten-1", "asisten-2", "bappeda", "bkad")
PATIENCE = 30


@dataclass(frozen=True, slots=True)
class Message:
    """One server-sent event."""

    id: int
    kinds: tuple[str, ...]
    parts: dict[str, str]


@dataclass(frozen=True, slots=True)
class Scene:
    """A session with an open item and one above most readers, and the address of a running live server."""

    house: House
    session: Session
    plain: str
    secret: str
    address: str

    def ticket(self, seat: str, language: str = "id", screen: Screen = Screen.OWN) -> str:
        """Return a ticket for whoever sits there."""
        standing = standing_of(self.house.actor(seat))
        return tickets.issue(self.session.id, self.house.body.id, standing, language, screen)

    def lead(self, command: Callable[..., object]) -> None:
        """Give a command as chair."""
        session_live.lead(self.house.actor("bupati"), self.session.id, command)  # type: ignore[arg-type]  # a partial of one


async def beside[T](work: Callable[[], T]) -> T:
    """Run database work in a thread that leaves no connection behind."""

    def run() -> T:
        try:
            return work()
        finally:
            connections.close_all()

    return await asyncio.to_thread(run)


def on_stage(play: Callable[[Scene], Awaitable[None]]) -> None:
    """Found a house, open a session, run the live server, and play."""
    house = found("rapim-contoh")
    secret = house.dossier("pengangkatan", title="Nama rahasia", classification=Classification.SECRET)
    plain = house.dossier(title="Jalan desa")
    session = house.session(secret, plain)
    Session.objects.filter(id=session.id).update(room_ceiling=Classification.SECRET)
    house.open(session, *MEMBERS, "dinkes")
    items = {row.dossier_id: str(row.id) for row in session.items.all()}

    async def run() -> None:
        async with TestServer(servers.application()) as server:
            address = f"http://{server.host}:{server.port}"
            await play(Scene(house, session, items[plain.id], items[secret.id], address))

    asyncio.run(run())


@asynccontextmanager
async def following(
    scene: Scene, ticket: str, last: int | None = None
) -> AsyncIterator[Callable[[], Awaitable[Message]]]:
    """Follow the stream; yield a function that waits for the next message."""
    headers = {} if last is None else {"Last-Event-ID": str(last)}
    address = f"{scene.address}/live/stream"
    async with (
        ClientSession(timeout=ClientTimeout(total=None, sock_read=PATIENCE), read_bufsize=2**20) as client,
        client.get(address, params={"ticket": ticket}, headers=headers) as answer,
    ):
        assert answer.status == 200
        assert answer.content_type == "text/event-stream"

        async def following_message() -> Message:
            number, data = 0, ""
            while True:
                line = (await answer.content.readline()).decode().rstrip("\n")
                if line.startswith("id: "):
                    number = int(line[4:])
                elif line.startswith("data: "):
                    data = line[6:]
                elif not line and data:
                    told = json.loads(data)
                    kinds = tuple(step["kind"] for step in told["steps"])
                    return Message(number, kinds, told["parts"])

        yield following_message


async def silent(following_message: Callable[[], Awaitable[Message]], seconds: float = 1.5) -> bool:
    """Say whether nothing arrives."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await following_message()
            return False
    return True


def test_what_a_clerk_does_arrives_at_once_with_the_part_that_changed() -> None:
    async def play(scene: Scene) -> None:
        ticket = await beside(lambda: scene.ticket("bkad"))
        async with following(scene, ticket) as message:
            first = await message()
            assert set(first.parts) == {"head", "debate", "vote", "agenda", "places"}
            await beside(lambda: scene.lead(partial(commands.open_item, item=scene.plain)))
            news = await message()
            assert news.kinds == ("item_opened",)
            assert news.id == first.id + 1
            assert "Jalan desa" in news.parts["debate"]
            assert "places" not in news.parts

    on_stage(play)


def test_below_the_class_no_title_no_count_and_no_event_arrives() -> None:
    async def play(scene: Scene) -> None:
        low, high = await beside(lambda: (scene.ticket("dinkes"), scene.ticket("wabup")))
        async with following(scene, low) as below, following(scene, high) as above:
            first, full = await below(), await above()
            assert "Nama rahasia" not in "".join(first.parts.values())
            assert "Nama rahasia" in full.parts["agenda"]
            await beside(lambda: scene.lead(partial(commands.open_item, item=scene.secret)))
            closed, opened = await below(), await above()
            assert opened.kinds == ("item_opened",)
            assert (closed.kinds, closed.id) == ((), first.id)
            assert "Butir tertutup" in closed.parts["debate"]
            assert scene.secret not in "".join(closed.parts.values())
            chair = scene.house.actor("bupati")
            await beside(lambda: session_live.ask_floor(chair, scene.session.id, scene.house.seats["bupati"]))
            assert (await above()).kinds == ("floor_asked",)
            assert await silent(below)

    on_stage(play)


def test_who_was_away_is_told_what_was_missed() -> None:
    async def play(scene: Scene) -> None:
        before, after = await beside(lambda: (scene.ticket("bkad"), scene.ticket("bkad")))
        async with following(scene, before) as message:
            last = (await message()).id
        await beside(lambda: scene.lead(partial(commands.open_item, item=scene.plain)))
        await beside(lambda: scene.lead(commands.close_item))
        await beside(lambda: scene.lead(commands.adjourn))
        async with following(scene, after, last) as message:
            told = await message()
            assert told.kinds == ("item_opened", "item_closed", "adjourned")
            assert told.id == last + 3
            assert "Diskors" in told.parts["head"]

    on_stage(play)


def test_each_viewer_reads_in_their_own_language() -> None:
    async def play(scene: Scene) -> None:
        indonesian, english = await beside(lambda: (scene.ticket("bkad"), scene.ticket("bkad", "en")))
        async with following(scene, indonesian) as here, following(scene, english) as there:
            assert "Kehadiran" in (await here()).parts["places"]
            assert "Attendance" in (await there()).parts["places"]

    on_stage(play)


def test_an_urgent_item_reaches_whoever_may_know_of_it() -> None:
    async def play(scene: Scene) -> None:
        def add() -> None:
            matter = scene.house.dossier(title="Jembatan putus", need_to_know=("bkad",))
            session_live.add_urgent_item(scene.house.actor("bupati"), scene.session.id, matter.id)

        known, unknown = await beside(lambda: (scene.ticket("bkad"), scene.ticket("dinkes")))
        async with following(scene, known) as inside, following(scene, unknown) as outside:
            await inside()
            await outside()
            await beside(add)
            told = await inside()
            assert told.kinds == ("item_added",)
            assert "Jembatan putus" in told.parts["agenda"]
            assert await silent(outside)

    on_stage(play)


def test_a_ticket_that_is_not_ours_opens_nothing() -> None:
    async def play(scene: Scene) -> None:
        good = await beside(lambda: scene.ticket("bkad"))
        async with ClientSession() as client:
            for ticket in (good[:-4] + "AAAA", good[:20], "", "é"):
                answer = await client.get(f"{scene.address}/live/stream", params={"ticket": ticket})
                assert answer.status == 403

    on_stage(play)


def test_a_stolen_ticket_that_was_used_opens_nothing() -> None:
    async def play(scene: Scene) -> None:
        ticket = await beside(lambda: scene.ticket("bkad"))
        async with ClientSession() as thief, following(scene, ticket) as message:
            await message()
            answer = await thief.get(f"{scene.address}/live/stream", params={"ticket": ticket})
            assert answer.status == 403
        async with ClientSession() as thief:
            answer = await thief.get(f"{scene.address}/live/stream", params={"ticket": ticket})
            assert answer.status == 403, "nor after its owner has gone"

    on_stage(play)


@pytest.mark.parametrize("lost", ["mandate", "class", "sign-in", "deputy"])
def test_who_may_no_longer_look_is_sent_away_from_an_open_stream(
    lost: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "CHECK_SECONDS", 0.2)

    async def play(scene: Scene) -> None:
        house, subject = scene.house, uuid4()

        def prepare() -> tuple[str, str, Callable[[], object]]:
            sign_ins = apps.get_model("identity", "Session").objects
            take_away: dict[str, Callable[[], object]] = {
                "mandate": lambda: Mandate.objects.filter(seat=house.seats["wabup"]).update(ends_at=now()),
                "class": lambda: Seat.objects.filter(id=house.seats["wabup"]).update(ceiling=0),
                "sign-in": lambda: sign_ins.filter(id=sign_in).update(ended_at=now()),
                "deputy": lambda: Delegation.objects.update(revoked_at=now()),
            }
            known(subject)
            sign_in = identity.sign_in(Client(), subject).id
            if lost == "sign-in":
                bodies.seat_person("rapim-contoh", "wabup", subject, actor=SYSTEM)
                house.people["wabup"] = person(subject)
            if lost == "deputy":
                bodies.delegate(
                    house.actor("wabup"),
                    house.seats["wabup"],
                    to_subject_id=subject,
                    scopes=[Scope.SPEAK],
                    valid_from=now() - dt.timedelta(hours=1),
                    valid_to=now() + dt.timedelta(hours=1),
                )
                house.people["wabup"] = person(subject)
            standing = standing_of(house.actor("wabup"))
            asked = sign_in if lost == "sign-in" else None
            ticket = tickets.issue(scene.session.id, house.body.id, standing, "id", Screen.OWN, sign_in=asked)
            return ticket, scene.ticket("bkad"), take_away[lost]

        ticket, other, take_away = await beside(prepare)
        async with ClientSession() as client, following(scene, other) as message:
            await message()
            answer = await client.get(f"{scene.address}/live/stream", params={"ticket": ticket})
            await answer.content.readuntil(b"\n\n")
            await asyncio.sleep(0.6)
            assert not answer.content.is_eof()
            await beside(take_away)
            async with asyncio.timeout(PATIENCE):
                assert b"event: again" in await answer.content.read()
            await beside(lambda: scene.lead(commands.adjourn))
            assert (await message()).kinds == ("adjourned",), "the others look on"

    on_stage(play)


def test_a_lowered_class_does_not_look_on_with_the_eyes_of_before() -> None:
    async def play(scene: Scene) -> None:
        before = await beside(lambda: scene.ticket("wabup"))
        async with following(scene, before) as message:
            assert "Nama rahasia" in (await message()).parts["agenda"]
            await beside(lambda: Seat.objects.filter(id=scene.house.seats["wabup"]).update(ceiling=1))
            after = await beside(lambda: scene.ticket("wabup"))
            async with following(scene, after) as low:
                assert "Nama rahasia" not in (await low()).parts["agenda"]

    on_stage(play)


def test_one_person_does_not_take_every_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "MOST_OF_ONE", 2)

    async def play(scene: Scene) -> None:
        mine = await beside(lambda: [scene.ticket("bkad") for _ in range(3)])
        other = await beside(lambda: scene.ticket("sekda"))
        async with ClientSession() as client, following(scene, mine[0]), following(scene, mine[1]):
            answer = await client.get(f"{scene.address}/live/stream", params={"ticket": mine[2]})
            assert answer.status == 503
            async with following(scene, other) as message:
                await message()

    on_stage(play)


def test_a_ticket_is_too_old_after_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    house = found("rapim-contoh")
    standing = standing_of(house.actor("bkad"))
    text = tickets.issue(UUID(int=1), house.body.id, standing, "id", Screen.OWN)
    assert tickets.read(text).standing.subject_id == standing.subject_id
    monkeypatch.setattr(tickets, "now", lambda: now() + tickets.LIFE)
    with pytest.raises(tickets.TicketRefusedError):
        tickets.read(text)


def test_who_does_not_take_messages_is_cut_and_holds_up_nobody() -> None:
    cut: list[bool] = []
    ticket = tickets.read(
        tickets.issue(UUID(int=1), UUID(int=2), Standing(UUID(int=3), ()), "id", Screen.OWN)
    )
    viewer = hubs.Viewer(lambda: cut.append(True), ticket)
    for _ in range(hubs.WAITING_MESSAGES):
        viewer.give(b"x")
    assert not cut
    viewer.give(b"x")
    assert cut


def test_streams_are_ended_in_order_when_the_process_stops() -> None:
    async def play(scene: Scene) -> None:
        ticket = await beside(lambda: scene.ticket("bkad"))
        server = TestServer(servers.application())
        await server.start_server()
        other = Scene(
            scene.house, scene.session, scene.plain, scene.secret, str(server.make_url("")).rstrip("/")
        )
        async with ClientSession() as client:
            answer = await client.get(f"{other.address}/live/stream", params={"ticket": ticket})
            await answer.content.readuntil(b"\n\n")
            await server.close()
            assert b"event: again" in await answer.content.read()

    on_stage(play)


def test_it_is_ready_once_it_hears_the_database() -> None:
    async def play(scene: Scene) -> None:
        ticket = await beside(lambda: scene.ticket("bkad"))
        async with ClientSession() as client, following(scene, ticket) as message:
            await message()
            await beside(lambda: scene.lead(commands.adjourn))
            await message()  # which the database told
            assert (await client.get(f"{scene.address}/readyz")).status == 200
            assert (await client.get(f"{scene.address}/livez")).status == 200

    on_stage(play)


def test_presence_tells_whose_own_page_changed() -> None:
    async def play(scene: Scene) -> None:
        ticket = await beside(lambda: scene.ticket("bkad"))
        async with following(scene, ticket) as message:
            await message()
            seat = scene.house.seats["dinkes"]
            actor = scene.house.actor("dinkes")
            await beside(lambda: session_live.attend(actor, scene.session.id, seat, Presence.REMOTE))
            told = await message()
            assert told.kinds == ("attendance",)
            assert set(told.parts) == {"places"}

    on_stage(play)
