"""The number of a family card (KK, Kartu Keluarga): 16 digits ``PPRRSS DDMMYY XXXX``.

Region of issue, date of issue (or of entry of the head of the family), serial number. Unlike a NIK the day
is never raised by 40. The rule of the date is not verified, so only its plausibility is checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, override

from pendopo.kernel.errors import Invalid
from pendopo.kernel.nik import PROVINCES, RETIRED_PROVINCES

LENGTH: Final = 16
_LAST_DAY: Final = 31
_LAST_MONTH: Final = 12


class KkFault(StrEnum):
    """What is wrong with a number that is no family-card number."""

    LENGTH = "length"
    DIGITS = "digits"
    PROVINCE = "province"
    DATE = "date"
    SERIAL = "serial"


class InvalidKk(Invalid):
    """The text is not a family-card number; never carries the text itself."""

    code = "kernel.invalid_kk"
    text_key = "kernel.errors.invalid_kk"

    def __init__(self, reason: KkFault) -> None:
        """Keep the reason."""
        super().__init__(f"not a family-card number: {reason.value}", reason=reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True, repr=False)
class KkNumber:
    """A well-formed family-card number."""

    value: str

    @classmethod
    def parse(cls, text: str) -> KkNumber:
        """Parse 16 digits; spaces, dots and dashes between them are forgiven. Raises InvalidKk."""
        digits = text.strip().translate({ord(mark): None for mark in " .-\u00a0"})
        if not (digits.isascii() and digits.isdigit()):
            raise InvalidKk(KkFault.DIGITS)
        if len(digits) != LENGTH:
            raise InvalidKk(KkFault.LENGTH)
        if digits[:2] not in PROVINCES | RETIRED_PROVINCES:
            raise InvalidKk(KkFault.PROVINCE)
        if not (1 <= int(digits[6:8]) <= _LAST_DAY and 1 <= int(digits[8:10]) <= _LAST_MONTH):
            raise InvalidKk(KkFault.DATE)
        if int(digits[12:]) == 0:
            raise InvalidKk(KkFault.SERIAL)
        return cls(digits)

    @property
    def masked(self) -> str:
        """The number with its middle hidden, to show to people."""
        return f"{self.value[:4]}{'•' * 8}{self.value[12:]}"

    @override
    def __repr__(self) -> str:
        """Never show the number in a trace or a log."""
        return f"KkNumber({self.masked!r})"
