"""Published results of agencies: names as they are compared, kinds, and what a line of a table says. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

UNRANKED = 1_000_000
"""The place of a result that has no index: behind all others."""


class ImportState(StrEnum):
    """Where an import is."""

    DRAFT = "draft"
    PUBLISHED = "published"
    DROPPED = "dropped"


class AgencyKind(StrEnum):
    """What kind of agency is assessed."""

    MINISTRY = "ministry"
    AGENCY = "agency"
    PROVINCE = "province"
    REGENCY = "regency"
    CITY = "city"


class Flag(StrEnum):
    """What cannot be as it was printed. A flag changes nothing; it is shown where the figure is."""

    DOMAIN = "domain"
    """No levels of the instrument give the value of a domain."""
    INDEX = "index"
    """The values of the domains and the index do not fit each other."""
    PREDICATE = "predicate"
    """The predicate does not follow from the index by the rule of the cycle."""
    MISSING = "missing"
    """There is no index."""


@dataclass(frozen=True, slots=True)
class Line:
    """One result as read; figures as printed, nothing where the cell was blank."""

    line: int
    agency: str
    kind: AgencyKind
    region: str
    instrument: str
    year: int
    domains: Mapping[str, Decimal] = field(default_factory=dict)
    index: Decimal | None = None
    predicate: str = ""

    @property
    def key(self) -> tuple[str, str, int]:
        """What makes it the same result: agency, instrument, year."""
        return key_of(self.agency), self.instrument, self.year


@dataclass(frozen=True, slots=True)
class Judged:
    """A line with what came of computing it again: the predicate (a band's key), the exact index, flags."""

    line: Line
    predicate: str
    exact: str
    flags: tuple[Flag, ...]


_SHORT = {
    "kab": "kabupaten",
    "prov": "provinsi",
    "propinsi": "provinsi",
    "kem": "kementerian",
    "kemen": "kementerian",
    "pemkab": "kabupaten",
    "pemkot": "kota",
    "pemprov": "provinsi",
}
_DROPPED = ("pemerintah daerah ", "pemerintah ")
_KINDS = {
    "kementerian": AgencyKind.MINISTRY,
    "provinsi": AgencyKind.PROVINCE,
    "kabupaten": AgencyKind.REGENCY,
    "kota": AgencyKind.CITY,
}
_WORDS = re.compile(r"[^\w]+")


def key_of(name: str) -> str:
    """Return a name as it is compared: ``Pemkab. Pacitan``, ``Kab Pacitan`` are ``kabupaten pacitan``."""
    plain = _WORDS.sub(" ", name.casefold()).strip()
    for prefix in _DROPPED:
        plain = plain.removeprefix(prefix)
    first, _, rest = plain.partition(" ")
    return f"{_SHORT.get(first, first)} {rest}".strip()


def kind_of(name: str) -> AgencyKind:
    """Return the kind that the first word of a name tells; other central bodies are ``AGENCY``."""
    return _KINDS.get(key_of(name).partition(" ")[0], AgencyKind.AGENCY)
