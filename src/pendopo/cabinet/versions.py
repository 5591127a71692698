"""What became of an agenda from one published version to the next. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pendopo.cabinet.models import AgendaItem


class Change(StrEnum):
    """What happened to an item."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    MINUTES = "minutes"
    PAPERS = "papers"
    INFORMATION = "information"
    DISCUSSION = "discussion"


@dataclass(frozen=True, slots=True)
class Entry:
    """One item as a version holds it. ``information`` None: the version was signed before it said so."""

    item: str
    minutes: int
    papers: str
    information: bool | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """One change; ``before`` and ``after`` are places from 1, or minutes, 0 where there is none."""

    item: str
    change: Change
    before: int = 0
    after: int = 0


def entries_of(content: Mapping[str, Any], known: Mapping[str, object]) -> list[Entry]:
    """Read what was signed, in order, of items that the reader may know of (keys of ``known``)."""
    return [
        Entry(one["id"], one["minutes"], one["papers"], one.get("information"))
        for one in content["items"]
        if one["id"] in known
    ]


def entry_of(item: AgendaItem) -> Entry:
    """Return how the item would be signed now."""
    return Entry(str(item.id), item.planned_minutes, item.dossier.docset_hash, item.information_only)


def changes(old: Sequence[Entry], new: Sequence[Entry]) -> tuple[Changed, ...]:
    """Return what changed, in the order of the new agenda, what was taken off last."""
    before = {one.item: (place, one) for place, one in enumerate(old, start=1)}
    after = {one.item: (place, one) for place, one in enumerate(new, start=1)}
    stayed = _in_order([before[one.item][0] for one in new if one.item in before])
    found: list[Changed] = []
    for item, (place, now) in after.items():
        if item not in before:
            found.append(Changed(item, Change.ADDED, after=place))
            continue
        was_at, was = before[item]
        if was_at not in stayed:
            found.append(Changed(item, Change.MOVED, was_at, place))
        if was.minutes != now.minutes:
            found.append(Changed(item, Change.MINUTES, was.minutes, now.minutes))
        if was.papers != now.papers:
            found.append(Changed(item, Change.PAPERS))
        if was.information is not None and was.information != now.information:
            found.append(Changed(item, Change.INFORMATION if now.information else Change.DISCUSSION))
    gone = [(item, was_at) for item, (was_at, _) in before.items() if item not in after]
    return (*found, *(Changed(item, Change.REMOVED, was_at) for item, was_at in gone))


def _in_order(places: Sequence[int]) -> set[int]:
    """Return a longest rising part of the places: those items stayed, and only the others moved."""
    rising: list[list[int]] = []
    for place in places:
        before = [line for line in rising if line[-1] < place]
        rising.append([*_longest(before), place])
    return set(_longest(rising))


def _longest(lines: Sequence[list[int]]) -> list[int]:
    return max(lines, key=lambda line: len(line), default=[])  # noqa: PLW0108  # len takes any Sized
