"""Read a meeting that OpenSlides exported as JSON.

The file maps collections (``meeting``, ``agenda_item``, ``motion``, ``topic`` …) to their models, as lists in
older exports and as objects by id in newer ones; both are read. An agenda item points to its motion or topic
with ``content_object_id`` (``motion/3``); its ``duration`` is in seconds. Texts are HTML and come out plain.
What is not understood is listed, never guessed. Accounts and passwords are not read.
"""

import datetime as dt
import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pendopo.cabinet import texts

type Model = Mapping[str, object]

KNOWN = frozenset({"meeting", "agenda_item", "motion", "topic"})
USED = {
    "meeting": {"id", "name", "location", "start_time"},
    "agenda_item": {"id", "content_object_id", "duration", "weight", "tree_weight", "type", "meeting_id"},
    "motion": {"id", "title", "text", "reason", "number", "meeting_id", "agenda_item_id"},
    "topic": {"id", "title", "text", "meeting_id", "agenda_item_id"},
}
SECONDS = 60
LARGEST = 50 * 1024 * 1024
LONGEST_TEXT = 200_000
LONGEST_MINUTES = 480
MOST_MODELS = 5000
YEARS = range(2000, 2200)


class UnreadableExportError(ValueError):
    """The file is not an export of one meeting; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Matter:
    """One agenda item; ``minutes`` is None where no duration is given."""

    title: str
    text: str
    minutes: int | None
    is_motion: bool


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting as read. ``left_out`` names collections and fields that were not read, sorted."""

    title: str
    place: str
    start: dt.datetime | None
    matters: tuple[Matter, ...]
    left_out: tuple[str, ...]


def read(data: bytes) -> Meeting:
    """Read an export; raises :class:`UnreadableExportError`."""
    if len(data) > LARGEST:
        message = f"the file is larger than {LARGEST // 1024 // 1024} MiB"
        raise UnreadableExportError(message)
    try:
        content = json.loads(data)
    except ValueError as error:
        message = f"this is no JSON: {error}"
        raise UnreadableExportError(message) from error
    except RecursionError as error:
        message = "this is no export: it is nested too deeply"
        raise UnreadableExportError(message) from error
    if not isinstance(content, dict):
        message = "an export is one JSON object of collections"
        raise UnreadableExportError(message)
    collections = {name: list(_models(name, value)) for name, value in content.items() if name in KNOWN}
    meetings = collections.get("meeting", [])
    if len(meetings) != 1:
        message = f"exactly one meeting is read, this file has {len(meetings)}"
        raise UnreadableExportError(message)
    if sum(map(len, collections.values())) > MOST_MODELS:
        message = f"an export with more than {MOST_MODELS} motions, topics and items is not read"
        raise UnreadableExportError(message)
    meeting = meetings[0]
    return Meeting(
        title=_words(meeting, "name") or "OpenSlides",
        place=_words(meeting, "location"),
        start=_moment(meeting.get("start_time")),
        matters=tuple(_matters(collections)),
        left_out=tuple(_left_out(content, collections)),
    )


def _models(name: str, value: object) -> Iterator[Model]:
    rows = list(value.values()) if isinstance(value, dict) else value
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        message = f"{name}: a collection is a list or an object of models"
        raise UnreadableExportError(message)
    yield from rows


def _matters(collections: Mapping[str, list[Model]]) -> Iterator[Matter]:
    """Agenda items in their order; motions that stand on no agenda follow."""
    known = {
        f"{name}/{row.get('id')}": (name, row)
        for name in ("motion", "topic")
        for row in collections.get(name, [])
    }
    placed = set()
    for item in sorted(collections.get("agenda_item", []), key=_order):
        reference = str(item.get("content_object_id", ""))
        if reference in known:
            placed.add(reference)
            yield _matter(*known[reference], item)
    for reference, (name, row) in known.items():
        if name == "motion" and reference not in placed:
            yield _matter(name, row, {})


def _order(item: Model) -> tuple[int, int]:
    weight = _number(item.get("tree_weight")) or _number(item.get("weight")) or 0
    return weight, _number(item.get("id")) or 0


def _matter(name: str, row: Model, item: Model) -> Matter:
    seconds = _number(item.get("duration"))
    number = _words(row, "number")
    title = _words(row, "title") or name
    return Matter(
        title=f"{number}: {title}" if number else title,
        text="\n\n".join(part for part in (_words(row, "text"), _words(row, "reason")) if part),
        minutes=_minutes(seconds),
        is_motion=name == "motion",
    )


def _left_out(content: Mapping[str, object], collections: Mapping[str, list[Model]]) -> list[str]:
    others = {name for name in content if name not in KNOWN and not name.startswith("_")}
    fields = {
        f"{name}.{field}"
        for name, rows in collections.items()
        for row in rows
        for field, value in row.items()
        if field not in USED[name] and value not in (None, "", [], {}, False)
    }
    return sorted(others | fields)


def _words(row: Model, field: str) -> str:
    """Return a field as plain text: tags become breaks, entities what they stand for."""
    value = row.get(field)
    if not isinstance(value, str):
        return ""
    plain = html.unescape(re.sub(r"<[^<>]*>", "\n", value[:LONGEST_TEXT]))
    lines = (line.strip() for line in texts.tidied(plain).split("\n"))
    return "\n".join(line for line in lines if line)


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _minutes(seconds: int | None) -> int | None:
    if seconds is None or seconds <= 0:
        return None
    return min(max(1, round(seconds / SECONDS)), LONGEST_MINUTES)


def _moment(value: object) -> dt.datetime | None:
    seconds = _number(value)
    if not seconds:
        return None
    try:
        moment = dt.datetime.fromtimestamp(seconds, dt.UTC)
    except (OverflowError, OSError, ValueError):
        return None
    return moment if moment.year in YEARS else None
