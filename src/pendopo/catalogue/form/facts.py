"""Facts in: what a person answered, what registers know, who is signed in, and which day it is."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pendopo.catalogue.definition.base import Value


@dataclass(frozen=True, slots=True)
class KnownAnswer:
    """What a register answered to a lookup about ``nik``; ``values`` is None when it knows no such person.

    A field that the answer does not have is absent, which is a fact.
    """

    nik: str
    values: Mapping[str, Value] | None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known about one application.

    ``answers`` hold typed values by path; an empty string says that an optional question was left empty.
    ``known`` holds register answers by lookup key (``mother_person``, or ``witness_person.1`` in a repeat
    group). ``session`` holds ``nik`` and ``name`` of the person who is signed in.
    """

    today: dt.date
    session: Mapping[str, Value] = field(default_factory=dict)
    answers: Mapping[str, Value] = field(default_factory=dict)
    known: Mapping[str, KnownAnswer] = field(default_factory=dict)

    def with_answers(self, values: Mapping[str, Value | None]) -> "Facts":
        """Return facts with some answers changed; None removes one."""
        merged = {**self.answers, **values}
        return replace(self, answers={path: value for path, value in merged.items() if value is not None})

    def with_known(self, key: str, answer: KnownAnswer) -> "Facts":
        """Return facts with one more answer of a register."""
        return replace(self, known={**self.known, key: answer})


EMPTY = ""
"""Stored for an optional question that was shown and left empty."""


def confirmation_path(page_key: str) -> str:
    """Return where the confirmation of a page is kept among the answers."""
    return f"confirmed.{page_key}"
