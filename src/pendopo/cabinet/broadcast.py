"""What the live server tells whom: one :class:`Channel` a session, for one thread at a time.

Viewers are gathered in circles: same seats, same screen, same language. Circles that may know the same items
form a group; a group's parts are rendered once, and only those that changed are sent, once for all.

A message's id counts the events that its reader may know of. For who may know everything that is the place in
the session; for everybody else a place would tell how much happens behind closed doors.
"""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from markupsafe import Markup

from pendopo.cabinet import stage
from pendopo.cabinet.actions.live import open_event
from pendopo.cabinet.live import events as ev
from pendopo.cabinet.live.state import EMPTY, SessionState, apply
from pendopo.cabinet.models import LiveEvent, Session
from pendopo.cabinet.queries import live
from pendopo.cabinet.records.live import House
from pendopo.cabinet.standing import Standing
from pendopo.cabinet.tickets import Screen, Ticket
from pendopo.foundation.clock import now

AGENDA_CHANGES = (ev.Opened, ev.ItemAdded, ev.DocumentsChanged)

type Circle = tuple[tuple[str, ...], Screen, str]
"""Seats, screen, language: everybody in a circle sees the same."""


@dataclass(frozen=True, slots=True)
class Step:
    """An event without its content: what kind, of which items, which seats it moves."""

    kind: str
    items: frozenset[str]
    seats: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Return what browsers are told."""
        return {"kind": self.kind, "seats": list(self.seats)}


@dataclass(slots=True)
class Group:
    """Circles that may know the same items, in one language, and what they saw last."""

    known: frozenset[str]
    language: str
    told: int = 0
    parts: dict[str, Markup] = field(default_factory=dict)


@dataclass(slots=True)
class Channel:
    """A session as its viewers know it. Reads the database; not for several threads at once."""

    session_id: UUID
    state: SessionState = EMPTY
    newest: dt.datetime | None = None
    """When the last event that was read had happened."""
    steps: list[Step] = field(default_factory=list)
    circles: dict[Circle, Group] = field(default_factory=dict)
    _standings: dict[Circle, Standing] = field(default_factory=dict)
    _groups: dict[tuple[frozenset[str], str], Group] = field(default_factory=dict)
    _house: House | None = None
    _unsigned: dict[str, frozenset[str]] = field(default_factory=dict)

    def join(self, ticket: Ticket, last: int | None) -> tuple[Circle, bytes]:
        """Take a viewer in; return the circle and what brings the viewer up to now.

        ``last`` is the id of the last message that arrived: the events after it are named again, and every
        part comes as it is now, so that nothing is missed that happened between two connections.
        """
        circle = _circle(ticket)
        if circle not in self.circles:
            self._standings[circle] = ticket.standing
            self._place(circle, self._session())
        group = self.circles[circle]
        seen = [step for step in self.steps if _knows(group, step)]
        missed = seen[last:] if last is not None and 0 <= last <= len(seen) else []
        return circle, _message(group.told, missed, group.parts)

    def leave(self, circle: Circle) -> None:
        """Forget a circle whose last viewer went."""
        self.circles.pop(circle, None)
        self._standings.pop(circle, None)
        used = {id(group) for group in self.circles.values()}
        self._groups = {key: group for key, group in self._groups.items() if id(group) in used}

    def catch_up(self) -> dict[Circle, bytes]:
        """Read what happened since the last time; return the message of each circle that learns of it."""
        fresh, agenda_changed = self._read()
        if not fresh:
            return {}
        if agenda_changed:
            return self._regroup(fresh)
        messages = {id(group): self._tell(group, fresh) for group in self._groups.values()}
        told = {circle: messages[id(group)] for circle, group in self.circles.items()}
        return {circle: message for circle, message in told.items() if message is not None}

    def _read(self) -> tuple[list[Step], bool]:
        rows = LiveEvent.objects.filter(session_id=self.session_id, seq__gt=self.state.seq).order_by("seq")
        fresh, agenda_changed = [], False
        for row in rows:
            event = open_event(row)
            fresh.append(Step(event.kind, live.items_of(self.state, event), _seats(event)))
            agenda_changed |= isinstance(event, AGENDA_CHANGES)
            self.state, self.newest = apply(self.state, event), event.at
            if isinstance(event, ev.PollClosed):
                self._unsigned |= live.unsigned_ballots([event.poll])
        self.steps += fresh
        return fresh, agenda_changed

    def _tell(self, group: Group, fresh: Iterable[Step]) -> bytes | None:
        before, group.parts = group.parts, self._parts(group)
        steps = [step for step in fresh if _knows(group, step)]
        group.told += len(steps)
        return _news(group, steps, before)

    def _regroup(self, fresh: Iterable[Step]) -> dict[Circle, bytes]:
        """Ask again who may know what, and tell each circle what is new to it."""
        before = {circle: group.parts for circle, group in self.circles.items()}
        session = self._session()
        self._house = live.house(session)
        self._groups = {}
        told = {}
        for circle in self._standings:
            self._place(circle, session)
            group = self.circles[circle]
            told[circle] = _news(group, [s for s in fresh if _knows(group, s)], before[circle])
        return {circle: message for circle, message in told.items() if message is not None}

    def _place(self, circle: Circle, session: Session) -> None:
        _, screen, language = circle
        known = live.known_items(self._standings[circle], session, screen)
        if (known, language) not in self._groups:
            group = Group(known, language)
            group.told = sum(_knows(group, step) for step in self.steps)
            group.parts = self._parts(group)
            self._groups[known, language] = group
        self.circles[circle] = self._groups[known, language]

    def _parts(self, group: Group) -> dict[str, Markup]:
        if self._house is None:
            self._house = live.house(self._session())
        return stage.render(live.stage(self.state, self._house, group.known, self._unsigned), group.language)

    def _session(self) -> Session:
        return Session.objects.select_related("body").get(id=self.session_id)


def _circle(ticket: Ticket) -> Circle:
    """Name a circle by all that decides what its people may know: nobody sees with another's eyes."""
    seats = tuple(
        sorted(f"{one.seat_id} {one.deputy} {one.role} {one.ceiling}" for one in ticket.standing.holdings)
    )
    return seats, ticket.screen, ticket.language


def _knows(group: Group, step: Step) -> bool:
    return not step.items or not step.items.isdisjoint(group.known)


def _news(group: Group, steps: list[Step], before: dict[str, Markup]) -> bytes | None:
    """Return what a group is told; None where nothing happened that it may know of."""
    changed = {name: html for name, html in group.parts.items() if before.get(name) != html}
    return _message(group.told, steps, changed) if steps or changed else None


def _seats(event: ev.Event) -> tuple[str, ...]:
    """Return whose own screen an event changes; a ballot tells nobody who cast it."""
    match event:
        case (
            ev.AttendanceChanged(seat=seat)
            | ev.FloorAsked(seat=seat)
            | ev.FloorGiven(seat=seat)
            | ev.FloorEnded(seat=seat)
            | ev.FloorWithdrawn(seat=seat)
        ):
            return (seat,)
        case _:
            return ()


def _message(number: int, steps: Iterable[Step], parts: dict[str, Markup]) -> bytes:
    """Write a server-sent event (HTML Living Standard, 9.2.5)."""
    data = json.dumps(
        {
            "at": int(now().timestamp() * 1000),
            "steps": [step.as_json() for step in steps],
            "parts": parts,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return f"id: {number}\nevent: step\ndata: {data}\n\n".encode()
