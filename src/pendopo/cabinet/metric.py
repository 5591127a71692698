"""What deciding costs: session minutes by path, and all working time from submission to decision. Pure.

Estonia's sessions became short when papers were read and positions taken beforehand, and part of the debate
moved to other meetings. So the figure that counts is person-hours over the whole way, estimated by

    (pages x page_minutes x readers + answers x response_minutes + positions x position_minutes
     + minutes that people were present) / 60

with constants from the body's configuration. Not counted, because nothing here knows of it: drafting, talks
outside, travel, and the secretariat's own work.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from pendopo.cabinet.configuration import Effort
from pendopo.cabinet.minutes import Content
from pendopo.cabinet.values import Path

MINUTE = 60
HOUR = 60


@dataclass(frozen=True, slots=True)
class ItemWork:
    """What one item took. ``pages`` is None where no paper could be counted; ``reopened``: positions were."""

    path: Path
    by_consent: bool
    planned_minutes: int
    spent_seconds: int
    pages: int | None = None
    readers: int = 0
    answers: int = 0
    positions: int = 0
    coordination_days: int | None = None
    reopened: bool = False


@dataclass(frozen=True, slots=True)
class Hours:
    """Person-hours by what they were spent on."""

    reading: float = 0.0
    coordination: float = 0.0
    positions: float = 0.0
    session: float = 0.0

    @property
    def total(self) -> float:
        """All of it."""
        return self.reading + self.coordination + self.positions + self.session

    def __add__(self, other: "Hours") -> "Hours":
        """Add part by part."""
        return Hours(
            self.reading + other.reading,
            self.coordination + other.coordination,
            self.positions + other.positions,
            self.session + other.session,
        )


@dataclass(frozen=True, slots=True)
class PathMinutes:
    """Minutes of the items of one path; ``median`` of an item."""

    path: Path
    items: int
    planned: int
    actual: float
    median: float


@dataclass(frozen=True, slots=True)
class SessionWork:
    """One session: its items and how many minutes its people were there, added over people."""

    items: tuple[ItemWork, ...]
    minutes: float
    presence_minutes: float


def presence_minutes(content: Content) -> float:
    """Return the minutes that each seat was there between opening and close, added up."""
    total = dt.timedelta()
    for one in content.attendees:
        for stay in one.stays:
            start, end = (
                max(stay.since, content.opened_at),
                min(stay.until or content.closed_at, content.closed_at),
            )
            total += max(end - start, dt.timedelta())
    return total.total_seconds() / MINUTE


def hours(work: SessionWork, effort: Effort) -> Hours:
    """Estimate the person-hours of a session and of the way of its items to it."""
    parts = [_item_hours(item, effort) for item in work.items]
    return sum(parts, Hours(session=work.presence_minutes / HOUR))


def _item_hours(item: ItemWork, effort: Effort) -> Hours:
    pages = effort.unknown_pages if item.pages is None else item.pages
    return Hours(
        reading=pages * effort.page_minutes * item.readers / HOUR,
        coordination=item.answers * effort.response_minutes / HOUR,
        positions=item.positions * effort.position_minutes / HOUR,
    )


def by_path(items: Sequence[ItemWork]) -> tuple[PathMinutes, ...]:
    """Return planned and actual minutes for each path that occurs."""
    found = []
    for path in Path:
        these = [item for item in items if item.path is path]
        if these:
            actual = [item.spent_seconds / MINUTE for item in these]
            planned = sum(item.planned_minutes for item in these)
            found.append(PathMinutes(path, len(these), planned, sum(actual), median(actual)))
    return tuple(found)


def share(flags: Iterable[bool]) -> tuple[int, int]:
    """Return how many are true, and of how many."""
    known = list(flags)
    return sum(known), len(known)
