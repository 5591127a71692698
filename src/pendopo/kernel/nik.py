"""NIK, the 16-digit population number: ``PPRRSS DDMMYY XXXX``.

Province, regency and district where it was first issued; the birth date, to whose day 40 is added for women;
a serial number from 0001. There is no check digit, so a well-formed NIK may still belong to nobody: only the
population register knows. The region never changes when a person moves, so no address may be derived from it
(UU 24/2013 art. 13, not verified). Retired province codes are accepted, because people keep their number.

A NIK is personal data: ``repr`` shows it masked, and errors carry the reason but never the digits.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, override

from pendopo.kernel.errors import Invalid
from pendopo.kernel.sex import Sex

LENGTH: Final = 16
WOMEN_ADD_TO_DAY: Final = 40
DEMO_DISTRICT: Final = "99"
"""District code of demonstration people: no district has it, and a production hall refuses it."""

PROVINCES: Final = frozenset(
    [
        *("11", "12", "13", "14", "15", "16", "17", "18", "19", "21"),
        *("31", "32", "33", "34", "35", "36"),
        *("51", "52", "53"),
        *("61", "62", "63", "64", "65"),
        *("71", "72", "73", "74", "75", "76"),
        *("81", "82"),
        *("91", "92", "93", "94", "95", "96"),
    ],
)
"""Codes of the 38 provinces (Kemendagri)."""

RETIRED_PROVINCES: Final = frozenset(["54"])
"""Codes that are no longer in use and still stand in numbers that people carry (Timor Timur; not
verified)."""


class NikFault(StrEnum):
    """What is wrong with a number that is no NIK."""

    LENGTH = "length"
    DIGITS = "digits"
    PROVINCE = "province"
    REGION = "region"
    DATE = "date"
    SERIAL = "serial"
    FUTURE = "future"


class InvalidNik(Invalid):
    """The text is not a NIK; ``reason`` says why. Never carries the text itself."""

    code = "kernel.invalid_nik"
    text_key = "kernel.errors.invalid_nik"

    def __init__(self, reason: NikFault) -> None:
        """Keep the reason; the sentence is ``kernel.errors.nik_<reason>``."""
        super().__init__(f"not a NIK: {reason.value}", reason=reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True, repr=False)
class Nik:
    """A well-formed NIK. Build it with :meth:`parse` or :func:`compose`, never directly."""

    value: str

    @classmethod
    def parse(cls, text: str) -> Nik:
        """Parse 16 digits; spaces, dots and dashes between them are forgiven.

        Raises InvalidNik. Does not check that the regency or district exists, nor that anybody has the
        number.
        """
        digits = text.strip().translate({ord(mark): None for mark in " .-\u00a0"})
        if not (digits.isascii() and digits.isdigit()):
            raise InvalidNik(NikFault.DIGITS)
        if len(digits) != LENGTH:
            raise InvalidNik(NikFault.LENGTH)
        if digits[:2] not in PROVINCES | RETIRED_PROVINCES:
            raise InvalidNik(NikFault.PROVINCE)
        if digits[2:4] == "00" or digits[4:6] == "00":
            raise InvalidNik(NikFault.REGION)
        nik = cls(digits)
        if not nik._possible_dates():
            raise InvalidNik(NikFault.DATE)
        if nik.serial == 0:
            raise InvalidNik(NikFault.SERIAL)
        return nik

    @property
    def province(self) -> str:
        """Two digits of the province of first issue."""
        return self.value[:2]

    @property
    def regency(self) -> str:
        """Two digits of the regency within the province."""
        return self.value[2:4]

    @property
    def district(self) -> str:
        """Two digits of the district within the regency."""
        return self.value[4:6]

    @property
    def region(self) -> str:
        """The six digits of the district of first issue."""
        return self.value[:6]

    @property
    def sex(self) -> Sex:
        """Women have 40 added to the day of birth."""
        return Sex.FEMALE if int(self.value[6:8]) > WOMEN_ADD_TO_DAY else Sex.MALE

    @property
    def serial(self) -> int:
        """The running number, 1 to 9999, among people of one district, sex and birth date."""
        return int(self.value[12:])

    @property
    def is_demo(self) -> bool:
        """Whether this number can only belong to a fictitious person."""
        return self.district == DEMO_DISTRICT

    @property
    def masked(self) -> str:
        """The number with its middle hidden, to show to people: ``3171••••••••0001``."""
        return f"{self.value[:4]}{'•' * 8}{self.value[12:]}"

    def birth_date(self, today: dt.date, *, at_least: int = 0) -> dt.date:
        """Return the latest date of birth that the number allows as of ``today``.

        The number holds two digits of the year. The latest date on which the person would be at least
        ``at_least`` years old is chosen (17 for the holder of a KTP). Wrong for people over a hundred
        years old: the register knows better. Raises InvalidNik(FUTURE) when no date fits.
        """
        fitting = [date for date in self._possible_dates() if _age(date, today) >= at_least and date <= today]
        if not fitting:
            raise InvalidNik(NikFault.FUTURE)
        return max(fitting)

    def _possible_dates(self) -> list[dt.date]:
        """Return the dates of birth of the 20th and 21st century that the digits can mean."""
        day = int(self.value[6:8])
        if day > WOMEN_ADD_TO_DAY:
            day -= WOMEN_ADD_TO_DAY
        month, year = int(self.value[8:10]), int(self.value[10:12])
        dates: list[dt.date] = []
        for century in (1900, 2000):
            try:
                dates.append(dt.date(century + year, month, day))
            except ValueError:
                continue
        return dates

    @override
    def __repr__(self) -> str:
        """Never show the number in a trace or a log."""
        return f"Nik({self.masked!r})"


def compose(region: str, birth_date: dt.date, sex: Sex, serial: int) -> Nik:
    """Make the NIK that a register would give: ``region`` is six digits, ``serial`` 1 to 9999.

    Raises InvalidNik when a part does not fit.
    """
    if not 1 <= serial <= 9999:  # noqa: PLR2004 - the width of the field
        raise InvalidNik(NikFault.SERIAL)
    day = birth_date.day + (WOMEN_ADD_TO_DAY if sex is Sex.FEMALE else 0)
    return Nik.parse(f"{region}{day:02d}{birth_date:%m%y}{serial:04d}")


def _age(born: dt.date, today: dt.date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
