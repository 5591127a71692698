"""Types of the expression language.

Every type compares by equality; only integers, dates and times have an order. Opaque values (a NIK, a code)
and free text know equality alone, a choice knows its own options alone, and a record is never a value: only
its fields are.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, override

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

type Scalar = bool | int | str | dt.date | dt.time

INT64_MIN: Final = -(2**63)
INT64_MAX: Final = 2**63 - 1


class Basic(StrEnum):
    """Types without parameters."""

    BOOL = "bool"
    INT = "int"
    TEXT = "text"
    ID = "id"
    DATE = "date"
    TIME = "time"


ORDERED: Final = frozenset({Basic.INT, Basic.DATE, Basic.TIME})
"""Types that ``<`` and its kin understand."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a closed list of codes."""

    options: tuple[str, ...]

    @override
    def __str__(self) -> str:
        """Name the type for an error sentence."""
        return "choice"


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list literal; exists only on the right of ``in``."""

    element: Type

    @override
    def __str__(self) -> str:
        """Name the type for an error sentence."""
        return f"list of {self.element}"


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """Named fields, reached by member access. ``optional`` fields may be asked about with ``has``."""

    fields: Mapping[str, Type]
    optional: frozenset[str] = frozenset()

    @override
    def __str__(self) -> str:
        """Name the type for an error sentence."""
        return "record"


type Type = Basic | Choice | ListOf | Record


@dataclass(frozen=True, slots=True)
class Environment:
    """The names that an expression may use. ``today`` is always a date and is passed in, never read."""

    names: Mapping[str, Type]
    _all: Mapping[str, Type] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Add ``today``."""
        object.__setattr__(self, "_all", MappingProxyType({**self.names, "today": Basic.DATE}))

    def get(self, name: str) -> Type | None:
        """Return the type of a name, or None."""
        return self._all.get(name)

    def known(self) -> tuple[str, ...]:
        """All names, in order, for a helpful error."""
        return tuple(sorted(self._all))


def fits(value: object, expected: Type) -> bool:  # noqa: PLR0911 - one return a case
    """Whether a Python value is of a type; a bool is no int, and a datetime no date."""
    match expected:
        case Basic.BOOL:
            return isinstance(value, bool)
        case Basic.INT:
            return type(value) is int and INT64_MIN <= value <= INT64_MAX
        case Basic.TEXT | Basic.ID:
            return isinstance(value, str)
        case Basic.DATE:
            return isinstance(value, dt.date) and not isinstance(value, dt.datetime)
        case Basic.TIME:
            return isinstance(value, dt.time)
        case Choice(options):
            return isinstance(value, str) and value in options
        case _:
            return False


def fitting(expected: Type) -> Callable[[object], bool]:
    """Return :func:`fits` for one type; a long choice is looked up, not walked through."""
    match expected:
        case Basic.TEXT | Basic.ID:
            return lambda value: isinstance(value, str)
        case Choice(options):
            known = frozenset(options)
            return lambda value: isinstance(value, str) and value in known
        case _:
            return lambda value: fits(value, expected)
