"""Who follows which session. All reading and rendering happens in one thread beside the event loop.

A viewer is a bounded queue of messages that all viewers of a circle share; whoever does not take them in time
is cut and comes again, which costs the others nothing. News of one session are gathered for a moment, so that
a thousand ballots in a few seconds are a few dozen messages. Every few seconds all tickets are held against
the database: whoever has signed out or lost a seat is told to come again, and gets no new ticket.
"""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from django.db import close_old_connections

from pendopo.cabinet.broadcast import Channel, Circle
from pendopo.cabinet.tickets import Ticket, outdated
from pendopo.entrypoints.live import counts
from pendopo.foundation.clock import now
from pendopo.foundation.logs import get

GATHER_SECONDS = 0.1
LOOK_ANYWAY_SECONDS = 15.0
AFTER_FAILURE_SECONDS = 1.0
WAITING_MESSAGES = 32
MOST_VIEWERS = 5000
MOST_OF_ONE = 64
"""Streams of one person: more windows than anybody looks at, and too few to keep the others out."""
CHECK_SECONDS = 10.0

log = get(__name__)

type Cut = Callable[[], None]


class FullError(Exception):
    """There are as many viewers, altogether or of this person, as this process takes."""


class UsedError(Exception):
    """The ticket has opened a stream before."""


@dataclass(slots=True, eq=False)
class Viewer:
    """One open stream; ``None`` in the queue means that the server ends it."""

    cut: Cut
    ticket: Ticket
    queue: asyncio.Queue[bytes | None] = field(default_factory=lambda: asyncio.Queue(WAITING_MESSAGES))

    def give(self, message: bytes | None) -> None:
        """Put a message into the queue, or cut the viewer."""
        try:
            self.queue.put_nowait(message)
        except asyncio.QueueFull:
            counts.DROPPED.inc()
            self.cut()


@dataclass(slots=True)
class Session:
    """A session that somebody follows."""

    channel: Channel
    viewers: dict[Circle, set[Viewer]] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    order: asyncio.Lock = field(default_factory=asyncio.Lock)
    follower: asyncio.Task[None] | None = None


class Hub:
    """All sessions of this process."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self.sessions: dict[UUID, Session] = {}
        self.viewers: set[Viewer] = set()
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="live-reader")
        self._used: dict[str, dt.datetime] = {}

    @asynccontextmanager
    async def watching(
        self, ticket: Ticket, last: int | None, cut: Cut
    ) -> AsyncIterator[tuple[Viewer, bytes]]:
        """Gather a viewer in; yield it with its first message. Raises ``FullError`` and ``UsedError``."""
        self._admit(ticket)
        viewer = Viewer(cut, ticket)
        self.viewers.add(viewer)
        counts.VIEWERS.inc()
        session = self._session(ticket.session_id)
        place: Circle | None = None
        try:
            async with session.order:  # nothing is told between the first message and the place in the circle
                await self._tell_news(session)
                circle, first = await self._read(lambda: session.channel.join(ticket, last))
                session.viewers.setdefault(circle, set()).add(viewer)
                place = circle
            yield viewer, first
        finally:
            self.viewers.discard(viewer)
            counts.VIEWERS.dec()
            if place is not None:
                self._leave(ticket.session_id, session, place, viewer)

    def wake(self, session_id: UUID | None) -> None:
        """Look at a session again soon; None: at all of them."""
        for known, session in self.sessions.items():
            if session_id in {None, known}:
                session.news.set()

    async def check(self) -> None:
        """Send away, again and again until cancelled, whoever may no longer look."""
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            try:
                there = [viewer.ticket for viewer in self.viewers]
                gone = await self._read(partial(outdated, there))
            except Exception:  # the database may be away: nobody is sent away for that
                log.exception("live_checking_failed")
                continue
            for viewer in list(self.viewers):
                if viewer.ticket.nonce in gone:
                    viewer.give(None)

    async def end(self) -> None:
        """Tell every viewer good-bye and stop reading."""
        for session in self.sessions.values():
            for viewers in session.viewers.values():
                for viewer in viewers:
                    viewer.give(None)
        await asyncio.sleep(0)
        followers = [session.follower for session in self.sessions.values() if session.follower]
        for follower in followers:
            follower.cancel()
        await asyncio.gather(*followers, return_exceptions=True)
        self._reader.shutdown(wait=True, cancel_futures=True)

    def _admit(self, ticket: Ticket) -> None:
        moment = now()
        self._used = {nonce: until for nonce, until in self._used.items() if until > moment}
        if ticket.nonce in self._used:
            raise UsedError
        subject_id = ticket.standing.subject_id
        mine = sum(viewer.ticket.standing.subject_id == subject_id for viewer in self.viewers)
        if len(self.viewers) >= MOST_VIEWERS or mine >= MOST_OF_ONE:
            raise FullError
        self._used[ticket.nonce] = ticket.expires_at

    def _session(self, session_id: UUID) -> Session:
        session = self.sessions.get(session_id)
        if session is None:
            session = self.sessions[session_id] = Session(Channel(session_id))
            session.follower = asyncio.create_task(self._follow(session))
            counts.SESSIONS.inc()
        return session

    def _leave(self, session_id: UUID, session: Session, circle: Circle, viewer: Viewer) -> None:
        """Take a viewer out; a session that nobody follows any more is forgotten."""
        session.viewers[circle].discard(viewer)
        if any(session.viewers.values()) or session.order.locked():
            return  # an empty circle costs little and is often wanted again at once
        if self.sessions.get(session_id) is session:
            del self.sessions[session_id]
            counts.SESSIONS.dec()
            if session.follower is not None:
                session.follower.cancel()

    async def _follow(self, session: Session) -> None:
        while True:
            try:
                async with asyncio.timeout(LOOK_ANYWAY_SECONDS):
                    await session.news.wait()
            except TimeoutError:
                pass  # a notification may be lost with its connection; the events are not
            session.news.clear()
            try:
                async with session.order:
                    await self._tell_news(session)
            except Exception:  # the database may be away: viewers stay, and it is tried again
                log.exception("live_reading_failed")
                session.news.set()
                await asyncio.sleep(AFTER_FAILURE_SECONDS)
            await asyncio.sleep(GATHER_SECONDS)

    async def _tell_news(self, session: Session) -> None:
        messages = await self._read(session.channel.catch_up)
        for circle, message in messages.items():
            viewers = session.viewers.get(circle, set())
            for viewer in viewers:
                viewer.give(message)
            counts.MESSAGES.inc(len(viewers))
        newest = session.channel.newest
        if messages and newest is not None:
            counts.LAG.observe(max((now() - newest).total_seconds(), 0.0))  # a clock may have gone back

    async def _read[T](self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._reader, _with_connection, work)


def _with_connection[T](work: Callable[[], T]) -> T:
    close_old_connections()
    try:
        return work()
    finally:
        close_old_connections()
