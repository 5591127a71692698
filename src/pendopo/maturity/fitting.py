"""Do printed figures fit each other? Computed again from what levels can give, exactly. Pure.

Where levels are whole, only certain values of a domain can arise: in SPBE 2020 domain 1 is always a multiple
of 0.10. The levels behind a printed domain are unknown, but the exact values that print so are few; an index
fits if one combination of them prints as it does. Often there is only one: then the exact index is known,
and with it which predicate is right where the printed index stands on a bound. Where levels are continuous
or a domain is blank, bounds are compared instead.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from pendopo.maturity.index import half_up, predicate
from pendopo.maturity.instruments import FULL, Domain, Instrument, Scale
from pendopo.maturity.published import Flag

MOST_COMBINATIONS = 4000


@dataclass(frozen=True, slots=True)
class Fit:
    """What was found: flags, the exact index where only one fits, and the predicates that it may have."""

    flags: tuple[Flag, ...]
    exact: Fraction | None
    predicates: frozenset[str]


def fit(
    instrument: Instrument,
    domains: Mapping[str, Decimal],
    index: Decimal | None,
    named: str,
    year: int,
) -> Fit:
    """Compare printed domains, index and predicate (a band's key, or empty) of one agency in one cycle."""
    flags: list[Flag] = []
    exact = _exact(instrument, domains)
    if exact is not None and not all(exact.values()):
        flags.append(Flag.DOMAIN)
        exact = None
    fitting = None
    if index is None:
        flags.append(Flag.MISSING)
    else:
        if exact is not None and len(exact) == len(instrument.domains):
            fitting = _combined(instrument, exact, index)
        fits = _within(instrument, domains, index) if fitting is None else bool(fitting)
        flags += [] if fits else [Flag.INDEX]
    values = fitting or (_bounds(index, instrument.places) if index is not None else ())
    inside = [_clamped(instrument, one) for one in values]
    predicates = frozenset(predicate(instrument, one, year=year).key for one in inside)
    if named and predicates and named not in predicates:
        flags.append(Flag.PREDICATE)
    only = fitting[0] if fitting and len(fitting) == 1 else None
    return Fit(tuple(flags), only, predicates)


def places_of(value: Decimal, least: int) -> int:
    """Return to how many places a figure was printed, at least the instrument's own."""
    exponent = value.as_tuple().exponent
    return max(least, -exponent if isinstance(exponent, int) else 0)


def _exact(instrument: Instrument, domains: Mapping[str, Decimal]) -> dict[str, tuple[Fraction, ...]] | None:
    """Return the exact values that print as each given domain; None where any value can arise."""
    if instrument.scale.step is None:
        return None
    found = {}
    for one in instrument.domains:
        if one.key in domains:
            value = domains[one.key]
            printed = _printed(_parts(one), one.weight, instrument.scale, places_of(value, instrument.places))
            found[one.key] = printed.get(value, ())
    return found


type Parts = tuple[tuple[Fraction, int], ...]
"""Each weight, and how many rows carry it."""


def attainable(domain: Domain, scale: Scale) -> tuple[Fraction, ...]:
    """Return every value that levels can give a domain, smallest first."""
    return _sums(_parts(domain), domain.weight, scale)


def _parts(domain: Domain) -> Parts:
    counts: dict[Fraction, int] = {}
    for aspect in domain.aspects:
        for one in aspect.indicators:
            each = one.weight / one.rows
            counts[each] = counts.get(each, 0) + one.rows
    return tuple(sorted(counts.items()))


@lru_cache(maxsize=64)
def _sums(parts: Parts, whole: Fraction, scale: Scale) -> tuple[Fraction, ...]:
    """Return every weighted mean of levels on the steps of the scale."""
    found = {Fraction()}
    for weight, count in parts:
        steps = int((scale.high - scale.low) / (scale.step or 1)) * count
        own = [
            weight * (Fraction(scale.low) * count + Fraction(scale.step or 1) * one)
            for one in range(steps + 1)
        ]
        found = {first + second for first in found for second in own}
    return tuple(sorted(one / whole for one in found))


@lru_cache(maxsize=128)
def _printed(
    parts: Parts, whole: Fraction, scale: Scale, places: int
) -> Mapping[Decimal, tuple[Fraction, ...]]:
    """Return the exact values behind each printed one."""
    found: dict[Decimal, list[Fraction]] = {}
    for value in _sums(parts, whole, scale):
        found.setdefault(half_up(value, places), []).append(value)
    return {value: tuple(exact) for value, exact in found.items()}


def _combined(
    instrument: Instrument, exact: Mapping[str, tuple[Fraction, ...]], index: Decimal
) -> tuple[Fraction, ...] | None:
    """Return the exact indices that fit domains and index; None where there are too many to try."""
    sums = {Fraction()}
    for one in instrument.domains:
        sums = {first + value * one.weight / FULL for first in sums for value in exact[one.key]}
        if len(sums) > MOST_COMBINATIONS:
            return None
    places = places_of(index, instrument.places)
    return tuple(sorted(one for one in sums if half_up(one, places) == index))


def _bounds(value: Decimal, least: int) -> tuple[Fraction, Fraction]:
    """Return the least and (nearly) the greatest exact value that prints so."""
    half = Fraction(1, 2 * 10 ** places_of(value, least))
    return Fraction(value) - half, Fraction(value) + half - Fraction(1, 10**12)


def _within(instrument: Instrument, domains: Mapping[str, Decimal], index: Decimal) -> bool:
    low = high = Fraction()
    for one in instrument.domains:
        bounds: Iterable[Fraction] = (Fraction(instrument.scale.low), Fraction(instrument.scale.high))
        if one.key in domains:
            bounds = _bounds(domains[one.key], instrument.places)
        least, most = bounds
        low += least * one.weight / FULL
        high += most * one.weight / FULL
    first, last = _bounds(index, instrument.places)
    return low <= last and first <= high


def _clamped(instrument: Instrument, value: Fraction) -> Fraction:
    return min(max(value, Fraction(instrument.scale.low)), Fraction(instrument.scale.high))
