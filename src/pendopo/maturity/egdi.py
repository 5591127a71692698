"""The UN's E-Government Development Index: from components, from raw indicators, and what if. Pure.

``EGDI = (OSI + TII + HCI) / 3`` with components on [0, 1] (UN E-Government Knowledgebase, methodology);
editions that did otherwise are data. A component is the mean of its indicators' z-scores, then stretched so
that the lowest country has 0 and the highest 1: it says nothing without the full set of countries. Countries
are ranked by the figure as printed (four places); equal figures share a rank, as in the published tables.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Context, Decimal, localcontext
from fractions import Fraction

from pendopo.maturity import errors
from pendopo.maturity.index import half_up
from pendopo.maturity.instruments import Band, Provenance, Text

COMPONENTS = ("osi", "tii", "hci")
PRECISION = 50
"""Digits that z-scores are worked out with."""


@dataclass(frozen=True, slots=True)
class Edition:
    """How the survey of one year weighs components; ``weights`` sum to one."""

    year: int
    weights: Mapping[str, Fraction]
    zero_without: str | None
    """A component that sets the whole index to 0 while it is 0 (2012)."""
    raw: Mapping[str, tuple[str, ...]]
    """Raw indicators by component, where they are known."""
    note: Text | None


@dataclass(frozen=True, slots=True)
class Method:
    """The index with its editions and bands."""

    id: str
    title: Text
    legal: Text
    places: int
    countries: int
    bands: tuple[Band, ...]
    editions: tuple[Edition, ...]
    provenance: tuple[Provenance, ...]

    def edition(self, year: int) -> Edition:
        """Return the edition of a year; raise ``NoSuchEdition``."""
        found = next((one for one in self.editions if one.year == year), None)
        if found is None:
            known = ", ".join(str(one.year) for one in self.editions)
            raise errors.NoSuchEdition(year=year, known=known)
        return found

    def band(self, exact: Fraction) -> Band:
        """Return the band of an exact value."""
        return next(band for band in reversed(self.bands) if exact >= Fraction(band.low))


@dataclass(frozen=True, slots=True)
class Country:
    """A country's components, and what was published of it if anything was."""

    name: str
    osi: Decimal
    tii: Decimal
    hci: Decimal
    published: Decimal | None = None
    rank: int | None = None

    def component(self, name: str) -> Decimal:
        """Return one of ``osi``, ``tii``, ``hci``."""
        return {"osi": self.osi, "tii": self.tii, "hci": self.hci}[name]


@dataclass(frozen=True, slots=True)
class Standing:
    """A country's computed index, rounded and exact, its rank among all and its band."""

    country: Country
    value: Decimal
    exact: Fraction
    rank: int
    band: Band


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One country before and after a change; ``passed`` and ``passed_by`` stand between the two."""

    before: Standing
    after: Standing
    passed: tuple[str, ...]
    passed_by: tuple[str, ...]
    of: int


def value(edition: Edition, country: Country) -> Fraction:
    """Return the exact index of one country; raise ``ComponentOutOfRange``."""
    for name in COMPONENTS:
        if not 0 <= country.component(name) <= 1:
            raise errors.ComponentOutOfRange(component=name.upper(), given=f"{country.component(name):f}")
    if edition.zero_without is not None and country.component(edition.zero_without) == 0:
        return Fraction()
    return sum((Fraction(country.component(name)) * edition.weights[name] for name in COMPONENTS), Fraction())


def ranked(method: Method, edition: Edition, countries: Sequence[Country]) -> tuple[Standing, ...]:
    """Return all countries, best first; equal printed figures share a rank and stand by name."""
    exact = {one.name: value(edition, one) for one in countries}
    printed = {name: half_up(figure, method.places) for name, figure in exact.items()}
    order = sorted(printed.values(), reverse=True)
    first = {figure: order.index(figure) + 1 for figure in set(order)}
    standings = (
        Standing(
            one, printed[one.name], exact[one.name], first[printed[one.name]], method.band(exact[one.name])
        )
        for one in countries
    )
    return tuple(sorted(standings, key=lambda one: (one.rank, one.country.name)))


def what_if(
    method: Method, edition: Edition, countries: Sequence[Country], name: str, changes: Mapping[str, Decimal]
) -> WhatIf:
    """Return what becomes of one country when only its components change; raise ``NoSuchCountry``."""
    here = named(countries, name)
    others = [one for one in countries if one is not here]
    return _between(
        here.name,
        ranked(method, edition, countries),
        ranked(method, edition, [*others, _changed(here, changes)]),
    )


def what_if_raw(
    method: Method,
    edition: Edition,
    countries: Sequence[Country],
    *,
    name: str,
    stretched: str,
    raw: Mapping[str, Mapping[str, Decimal]],
    changes: Mapping[str, Decimal],
) -> WhatIf:
    """Return what becomes of one country when raw indicators of the component ``stretched`` change.

    The component of *every* country is worked out anew, before and after: one figure moves mean, spread and
    bounds. Raises what :func:`component` does, and ``RawMissing`` for a country or an indicator that ``raw``
    lacks.
    """
    here = named(countries, name)
    for one in countries:
        if one.name not in raw:
            raise errors.RawMissing(country=one.name, indicator=stretched.upper())
    for indicator in changes:
        if indicator not in raw[here.name]:
            raise errors.RawMissing(country=here.name, indicator=indicator[:60])
    own = {one.name: raw[one.name] for one in countries}
    old, new = component(method, own), component(method, own | {here.name: {**own[here.name], **changes}})
    return _between(
        here.name,
        ranked(method, edition, [_changed(one, {stretched: old[one.name]}) for one in countries]),
        ranked(method, edition, [_changed(one, {stretched: new[one.name]}) for one in countries]),
    )


def named(countries: Sequence[Country], name: str) -> Country:
    """Return a country by its name in any case; raise ``NoSuchCountry``."""
    folded = name.strip().casefold()
    found = next((one for one in countries if one.name.casefold() == folded), None)
    if found is None:
        raise errors.NoSuchCountry(name=name[:60])
    return found


def _changed(here: Country, changes: Mapping[str, Decimal]) -> Country:
    return replace(
        here,
        osi=changes.get("osi", here.osi),
        tii=changes.get("tii", here.tii),
        hci=changes.get("hci", here.hci),
    )


def _between(name: str, old: Sequence[Standing], new: Sequence[Standing]) -> WhatIf:
    before = next(one for one in old if one.country.name == name)
    after = next(one for one in new if one.country.name == name)
    was = {one.country.name: one.value for one in old if one.country.name != name}
    becomes = {one.country.name: one.value for one in new if one.country.name != name}
    return WhatIf(
        before,
        after,
        passed=tuple(peer for peer in was if was[peer] > before.value and becomes[peer] < after.value),
        passed_by=tuple(peer for peer in was if was[peer] < before.value and becomes[peer] > after.value),
        of=len(old),
    )


def component(method: Method, raw: Mapping[str, Mapping[str, Decimal]]) -> dict[str, Decimal]:
    """Return a component on [0, 1] by country from raw indicators, ``raw[country][indicator]``.

    Whether σ is taken over n or n - 1 does not matter: the factor is the same for every indicator and the
    stretching takes it out. Raises ``NotAllCountries`` for fewer countries than the index has, ``RawMissing``
    for a hole, ``SameEverywhere`` for an indicator that tells no country from another.
    """
    if len(raw) < method.countries:
        raise errors.NotAllCountries(given=len(raw), needed=method.countries)
    names = list(dict.fromkeys(name for figures in raw.values() for name in figures))
    for country, figures in raw.items():
        for name in names:
            if name not in figures:
                raise errors.RawMissing(country=country, indicator=name)
    with localcontext(Context(prec=PRECISION)):
        scores = [_standardised(name, {country: raw[country][name] for country in raw}) for name in names]
        means = {country: sum((one[country] for one in scores), Decimal()) / len(scores) for country in raw}
        low, high = min(means.values()), max(means.values())
        if low == high:
            raise errors.SameEverywhere(indicator=", ".join(names))
        return {country: (mean - low) / (high - low) for country, mean in means.items()}


def _standardised(name: str, figures: Mapping[str, Decimal]) -> dict[str, Decimal]:
    mean = sum((Fraction(one) for one in figures.values()), Fraction()) / len(figures)
    variance = sum(((Fraction(one) - mean) ** 2 for one in figures.values()), Fraction()) / len(figures)
    if variance == 0:
        raise errors.SameEverywhere(indicator=name)
    spread = (Decimal(variance.numerator) / Decimal(variance.denominator)).sqrt()
    middle = Decimal(mean.numerator) / Decimal(mean.denominator)
    return {country: (figure - middle) / spread for country, figure in figures.items()}
