"""The UN's table: which editions there are, their countries ranked, one country through the years."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from pendopo.maturity import egdi, errors, library, tables
from pendopo.maturity.egdi import Country, Edition, Method, Standing, WhatIf
from pendopo.maturity.models import CountryScore

BUNDLED = 2022
FILE = Path(__file__).parents[1] / "data" / "egdi-2022.csv"


@dataclass(frozen=True, slots=True)
class Table:
    """One edition: its countries, best first. ``agreeing`` of ``printed`` published values come out."""

    method: Method
    edition: Edition
    years: tuple[int, ...]
    standings: tuple[Standing, ...]
    source: str
    agreeing: int
    printed: int


@dataclass(frozen=True, slots=True)
class CountryYear:
    """One country in one edition."""

    year: int
    standing: Standing
    of: int


def years() -> tuple[int, ...]:
    """Return the editions whose table is here, newest first; 2022 is bundled."""
    entered = CountryScore.objects.order_by().values_list("year", flat=True).distinct()
    return tuple(sorted({BUNDLED, *entered}, reverse=True))


def table(year: int | None = None) -> Table:
    """Return one edition, the newest unless another is named; raise ``NoSuchEdition``."""
    known = years()
    chosen = known[0] if year is None else year
    if chosen not in known:
        raise errors.NoSuchEdition(year=chosen, known=", ".join(str(one) for one in known))
    countries, source = _countries(chosen)
    method = library.method()
    standings = _ranked(method.id, chosen, countries)
    printed = [one for one in standings if one.country.published is not None]
    agreeing = sum(_agrees(one, method.places) for one in printed)
    return Table(method, method.edition(chosen), known, standings, source, agreeing, len(printed))


def _agrees(one: Standing, places: int) -> bool:
    """Say whether a published value is within one unit of the last place, as components are printed short."""
    return abs(one.exact - Fraction(one.country.published or 0)) < Fraction(1, 10**places)


def one_country(found: Table, name: str) -> Standing:
    """Return one country of an edition; raise ``NoSuchCountry``."""
    folded = name.strip().casefold()
    here = next((one for one in found.standings if one.country.name.casefold() == folded), None)
    if here is None:
        raise errors.NoSuchCountry(name=name[:60])
    return here


def what_if(found: Table, name: str, changes: dict[str, Decimal]) -> WhatIf:
    """Return what becomes of one country among all when its components change."""
    countries = [one.country for one in found.standings]
    return egdi.what_if(found.method, found.edition, countries, name, changes)


def through_the_years(name: str) -> tuple[CountryYear, ...]:
    """Return a country in every edition that has it, oldest first."""
    found = []
    for year in reversed(years()):
        of_year = table(year)
        here = [one for one in of_year.standings if one.country.name.casefold() == name.casefold()]
        found += [CountryYear(year, one, len(of_year.standings)) for one in here]
    return tuple(found)


def _countries(year: int) -> tuple[tuple[Country, ...], str]:
    rows = list(CountryScore.objects.filter(year=year).order_by("country"))
    if not rows:
        return _bundled(), ""
    countries = tuple(
        Country(row.country, row.osi, row.tii, row.hci, published=row.egdi, rank=row.rank) for row in rows
    )
    return countries, rows[0].source


@lru_cache(maxsize=1)
def _bundled() -> tuple[Country, ...]:
    return tables.countries(FILE.read_text(encoding="utf-8"))


@lru_cache(maxsize=16)
def _ranked(_: str, year: int, countries: tuple[Country, ...]) -> tuple[Standing, ...]:
    method = library.method()
    return egdi.ranked(method, method.edition(year), countries)
