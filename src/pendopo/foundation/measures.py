"""Measures: what a room can say about how things really run, each figure a query over what is there.

A room registers its measures when it starts (``apps.py``); whoever shows or judges them reads them here and
never asks the room's tables. A measure counts and never names: no reading holds personal data. Its words
stand in the room's text files, ``measures.<name>.title`` and ``.explanation``, where ``<name>`` is the
part of the key after the dot with ``_`` for ``-``.

A query that takes longer than :data:`LONGEST_SECONDS` is stopped by the database: an error, not a value.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from django.apps import apps
from django.db import connection, transaction

from pendopo.foundation.clock import now
from pendopo.foundation.formats import zone
from pendopo.foundation.http import has_destination
from pendopo.foundation.text import LANGUAGES, table
from pendopo.kernel.ids import first_of

LONGEST_SECONDS = 5
HUNDREDTH = Decimal("0.01")


class Unit(StrEnum):
    """What a value counts. ``POINTS`` are those of a scale that the explanation names."""

    PERCENT = "percent"
    DAYS = "days"
    POINTS = "points"
    COUNT = "count"


@dataclass(frozen=True)
class Scope:
    """What is measured: from ``since`` to ``until``, both days included, in the zone of the deployment.

    ``agency`` is a public body; None is the whole hall.
    """

    since: dt.date
    until: dt.date
    agency: UUID | None = None

    @cached_property
    def start(self) -> dt.datetime:
        """The first moment."""
        return dt.datetime.combine(self.since, dt.time(), tzinfo=zone())

    @cached_property
    def end(self) -> dt.datetime:
        """The first moment that is no longer of it."""
        return dt.datetime.combine(self.until + dt.timedelta(days=1), dt.time(), tzinfo=zone())

    @cached_property
    def ids(self) -> tuple[UUID, UUID]:
        """Bounds of the ids of rows made in it (the upper one is outside): found by the primary key."""
        return first_of(self.start), first_of(self.end)


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure. ``of`` says over how many things it was counted, ``detail`` what it was made of."""

    value: Decimal
    unit: Unit
    of: int
    at: dt.datetime
    detail: Mapping[str, Decimal] = field(default_factory=dict)


type Read = Callable[[Scope], Reading | None]


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure as a room registers it.

    ``key`` is ``room.name``. ``page`` is the named destination where people see what is counted; it takes no
    arguments. A reading says nothing any more when it is older than ``expires_after``. With ``by_agency`` the
    query keeps to the scope's agency; without it a reading is always of the whole hall. ``read`` returns None
    while there is nothing to count.
    """

    key: str
    unit: Unit
    page: str
    expires_after: dt.timedelta
    read: Read
    by_agency: bool = False
    less_is_better: bool = False

    @property
    def room(self) -> str:
        """The room whose rows it counts."""
        return self.key.partition(".")[0]

    @property
    def title_key(self) -> str:
        """Key of its name."""
        return f"{self._words}.title"

    @property
    def explanation_key(self) -> str:
        """Key of the sentence that says what is counted over what, and what is left out."""
        return f"{self._words}.explanation"

    @property
    def _words(self) -> str:
        room, _, name = self.key.partition(".")
        return f"{room}.measures.{name.replace('-', '_')}"


class UnknownMeasureError(LookupError):
    """No installed room has a measure of this key."""


class MeasureTwiceError(ValueError):
    """Two measures claim one key."""


class MeasuresBrokenError(RuntimeError):
    """A measure has no words or no page; the message lists every defect."""


_known: dict[str, Measure] = {}
_checks: list[Callable[[], list[str]]] = []


def register(*found: Measure) -> None:
    """Add measures; raise :class:`MeasureTwiceError` for a key that another one has."""
    for one in found:
        if _known.setdefault(one.key, one) is not one:
            raise MeasureTwiceError(one.key)


def measures() -> tuple[Measure, ...]:
    """Return every measure of the installed rooms, by key."""
    return tuple(_known[key] for key in sorted(_known))


def measure(key: str) -> Measure:
    """Return one measure; raise :class:`UnknownMeasureError`."""
    try:
        return _known[key]
    except KeyError as error:
        raise UnknownMeasureError(key) from error


def read(key: str, scope: Scope) -> Reading | None:
    """Read one measure now; raise what its query raises, and the database's error when it takes too long."""
    with _bounded():
        return measure(key).read(scope)


def share(part: int, whole: int, **detail: int | Decimal) -> Reading | None:
    """Return ``part`` of ``whole`` in percent, rounded half up to two places; None of nothing."""
    if not whole:
        return None
    return reading(Decimal(100 * part) / whole, Unit.PERCENT, of=whole, part=part, whole=whole, **detail)


def reading(value: Decimal, unit: Unit, *, of: int, **detail: int | Decimal) -> Reading:
    """Return a reading of this moment; ``value`` is rounded half up to two places."""
    return Reading(
        value=value.quantize(HUNDREDTH, ROUND_HALF_UP),
        unit=unit,
        of=of,
        at=now(),
        detail={name: Decimal(one) for name, one in detail.items()},
    )


def also_check(found: Callable[[], list[str]]) -> None:
    """Let whoever judges by measures add what is wrong with that, in sentences, to :func:`problems`."""
    _checks.append(found)


def problems() -> list[str]:
    """Return what is wrong with the registered measures and with what judges by them, a sentence each.

    A page of a room that this deployment does not have is no defect: the measure is then read, not shown.
    """
    own = [problem for one in measures() for problem in _problems(one)]
    return own + [problem for check in _checks for problem in check()]


def require_sound() -> None:
    """Raise :class:`MeasuresBrokenError` unless every measure has its words and its page; called at start."""
    found = problems()
    if found:
        raise MeasuresBrokenError("\n".join(found))


def _problems(one: Measure) -> Iterator[str]:
    for key in (one.title_key, one.explanation_key):
        for language in LANGUAGES:
            if key not in table(language):
                yield f"{one.key}: the text {key} is missing in {language}"
    if not has_destination(one.page) and apps.is_installed(f"pendopo.{one.page.partition('.')[0]}"):
        yield f"{one.key}: there is no page {one.page}"
    if one.expires_after <= dt.timedelta():
        yield f"{one.key}: it expires before it is read"


@contextmanager
def _bounded() -> Iterator[None]:
    """Stop queries after a while. An error takes the setting back with its savepoint."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        (before,) = cursor.fetchone()
        _limit(f"{LONGEST_SECONDS}s")
        yield
        _limit(before)


def _limit(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [value])
