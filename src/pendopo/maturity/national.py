"""The national index from 2018 to 2024, bundled: ``data/national.csv``.

Indices and domains: the evaluation report of 2024 (13 March 2025), table 4. Agencies at "Baik" or better:
Pedoman Menteri PANRB 3/2024. Domains carry the keys of SPBE 2020; the instrument of 2018 had no domain
of management. The value of 2025 is not known.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("data") / "national.csv"
DOMAINS = ("D1", "D2", "D3", "D4")


@dataclass(frozen=True, slots=True)
class NationalYear:
    """One year of the whole country; ``agencies`` were assessed, ``good`` of them were "Baik" or better."""

    year: int
    instrument: str
    index: Decimal
    domains: Mapping[str, Decimal]
    agencies: int | None
    good: int | None


@cache
def years() -> tuple[NationalYear, ...]:
    """Return all years, oldest first."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(_year(row) for row in csv.DictReader(file))


def _year(row: Mapping[str, str]) -> NationalYear:
    return NationalYear(
        year=int(row["year"]),
        instrument=row["instrument"],
        index=Decimal(row["index"]),
        domains={key: Decimal(row[key]) for key in DOMAINS if row[key]},
        agencies=int(row["agencies"]) if row["agencies"] else None,
        good=int(row["good"]) if row["good"] else None,
    )
