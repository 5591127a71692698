"""Names of persons as a population document may bear them.

Permendagri 73/2022: at least two words, at most 60 characters with spaces, Latin letters, no digits and no
punctuation (articles not verified). What is *not* checked: whether a name is easy to read, free of negative
meaning or an abbreviation, or carries a title; a person judges that.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, override

from pendopo.kernel.errors import Invalid

MAX_LENGTH: Final = 60
MIN_WORDS: Final = 2


class NameFault(StrEnum):
    """What is wrong with a name."""

    EMPTY = "empty"
    LETTERS = "letters"
    WORDS = "words"
    LENGTH = "length"


class InvalidName(Invalid):
    """The name cannot stand on a population document; never carries the name itself."""

    code = "kernel.invalid_name"
    text_key = "kernel.errors.invalid_name"

    def __init__(self, reason: NameFault) -> None:
        """Keep the reason; the sentence is ``kernel.errors.name_<reason>``."""
        super().__init__(f"name refused: {reason.value}", reason=reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True, repr=False)
class PersonName:
    """A name that follows the rules for new population documents, spaces tidied, letters as written."""

    value: str

    @classmethod
    def parse(cls, text: str) -> PersonName:
        """Parse a name; runs of spaces become one. Raises InvalidName."""
        words = text.split()
        value = " ".join(words)
        if not words:
            raise InvalidName(NameFault.EMPTY)
        if not all(word.isascii() and word.isalpha() for word in words):
            raise InvalidName(NameFault.LETTERS)
        if len(value) > MAX_LENGTH:
            raise InvalidName(NameFault.LENGTH)
        if len(words) < MIN_WORDS:
            raise InvalidName(NameFault.WORDS)
        return cls(value)

    @property
    def masked(self) -> str:
        """The first letter of each word, the rest hidden: ``S••• W•••••``."""
        return mask(self.value)

    @override
    def __str__(self) -> str:
        """Return the name as written."""
        return self.value

    @override
    def __repr__(self) -> str:
        """Never show the name in a trace or a log."""
        return f"PersonName({self.masked!r})"


def mask(name: str) -> str:
    """Hide all but the first letter of each word of a name recorded under any rule."""
    return " ".join(word[0] + "•" * (len(word) - 1) for word in name.split())
