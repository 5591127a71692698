"""What goes into an evaluation and what comes out: facts, absence, and the third value with its causes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Final

from pendopo.rules.types import Scalar


class Absent(Enum):
    """A fact in itself: an optional field was shown and left empty. Read as a value it is unknown."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT

type Inputs = Mapping[str, Scalar | Absent]
"""Values by dotted path (``mother.birth_date``); a path that is missing is unknown."""


class CauseKind(StrEnum):
    """Why something is unknown."""

    MISSING = "missing"
    ABSENT = "absent"
    OVERFLOW = "overflow"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True, order=True)
class Cause:
    """One reason for not knowing: a path that nobody filled, or an operation that left its bounds."""

    kind: CauseKind
    path: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """The third value. ``causes`` are ordered and without repeats."""

    causes: tuple[Cause, ...]

    def and_also(self, other: Unknown) -> Unknown:
        """Return an unknown with the causes of both."""
        return Unknown(tuple(sorted(set(self.causes) | set(other.causes))))

    @property
    def missing(self) -> tuple[str, ...]:
        """The paths that would help to settle it."""
        return tuple(c.path for c in self.causes if c.kind in {CauseKind.MISSING, CauseKind.ABSENT})


type Value = Scalar | Unknown
