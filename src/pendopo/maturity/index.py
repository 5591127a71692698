"""The index from levels, exactly. Pure.

Aspect = weighted mean of its indicators, domain = weighted mean of its aspects, index = weighted sum of its
domains (PermenPANRB 59/2020, formula; the other instruments are the same with other weights). All figures
are fractions; a figure for people is rounded once, from its exact value, half up, and is never used again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction

from pendopo.maturity.instruments import FULL, Aspect, Band, Domain, Indicator, Instrument, PredicateRule

type Levels = Mapping[str, Decimal | tuple[Decimal, ...]]
"""Level by indicator number; as many as it has rows where an indicator is scored more than once."""

EXACT_PLACES = 4
_WIDE = Context(prec=60)


@dataclass(frozen=True, slots=True)
class Score:
    """A figure rounded for people, and the exact one behind it."""

    value: Decimal
    exact: Fraction


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one indicator adds: ``points``, their ``share`` of the index, ``possible`` at the top level."""

    number: str
    level: Fraction
    """The mean of its rows."""
    weight: Fraction
    points: Fraction
    share: Fraction
    possible: Fraction

    @property
    def room(self) -> Fraction:
        """Return how much the index would still rise at the highest level."""
        return self.possible - self.points


@dataclass(frozen=True, slots=True)
class Outcome:
    """An index with everything it is made of."""

    index: Decimal
    exact: Fraction
    predicate: Band
    rule: PredicateRule
    domains: Mapping[str, Score]
    aspects: Mapping[str, Score]
    contributions: tuple[Contribution, ...]


def half_up(value: Fraction, places: int) -> Decimal:
    """Round once, half away from zero for the positive figures here (2.125 to 2.13)."""
    scaled = value * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole).scaleb(-places, _WIDE)


def exact_text(value: Fraction, least: int = EXACT_PLACES) -> str:
    """Write a fraction without loss: as a decimal where it ends (``3.2820``), else as ``79/30``."""
    rest, places = value.denominator, 0
    while rest % 10 == 0 or rest % 5 == 0 or rest % 2 == 0:
        rest //= 10 if rest % 10 == 0 else 5 if rest % 5 == 0 else 2
        places += 1
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    return f"{half_up(value, max(places, least)):f}"


def mean_level(indicator: Indicator, level: Decimal | tuple[Decimal, ...]) -> Fraction:
    """Return the level of an indicator: the simple mean where it is scored more than once."""
    rows: Sequence[Decimal] = level if isinstance(level, tuple) else (level,) * indicator.rows
    return sum((Fraction(row) for row in rows), Fraction()) / len(rows)


def aspect_value(aspect: Aspect, levels: Levels) -> Fraction:
    """Return ``(1/BA) Σ NI·BI`` of one aspect."""
    total = sum(
        (mean_level(one, levels[one.number]) * one.weight for one in aspect.indicators),
        Fraction(),
    )
    return total / aspect.weight


def domain_value(domain: Domain, aspects: Mapping[str, Fraction]) -> Fraction:
    """Return ``(1/BD) Σ IA·BA`` of one domain from the exact values of its aspects."""
    return sum((aspects[one.key] * one.weight for one in domain.aspects), Fraction()) / domain.weight


def index_value(instrument: Instrument, domains: Mapping[str, Fraction]) -> Fraction:
    """Return ``Σ ID·BD`` with BD as a fraction of one, from the exact values of the domains."""
    return sum((domains[one.key] * one.weight for one in instrument.domains), Fraction()) / FULL


def compute(instrument: Instrument, levels: Levels, *, year: int | None = None) -> Outcome:
    """Return the index of checked levels (see ``levels``); ``year`` chooses the cycle's predicate rule."""
    given = filled(instrument, levels)
    aspects = {aspect.key: aspect_value(aspect, given) for aspect in instrument.aspects}
    domains = {domain.key: domain_value(domain, aspects) for domain in instrument.domains}
    exact = index_value(instrument, domains)
    return Outcome(
        index=half_up(exact, instrument.places),
        exact=exact,
        predicate=predicate(instrument, exact, year=year),
        rule=instrument.predicate_of(year),
        domains={key: _score(value, instrument) for key, value in domains.items()},
        aspects={key: _score(value, instrument) for key, value in aspects.items()},
        contributions=tuple(_contribution(instrument, one, given, exact) for one in instrument.indicators),
    )


def filled(instrument: Instrument, levels: Levels) -> Levels:
    """Return the levels with missing external indices as the instrument counts them."""
    if instrument.missing is None:
        return levels
    return {
        one.number: instrument.missing for one in instrument.indicators if one.external is not None
    } | dict(levels)


def predicate(instrument: Instrument, exact: Fraction, *, year: int | None = None) -> Band:
    """Return the band of an exact index, by the rule of its cycle."""
    if instrument.predicate_of(year) is PredicateRule.ROUNDED:
        return instrument.band(Fraction(half_up(exact, instrument.places)))
    return instrument.band(exact)


def _score(exact: Fraction, instrument: Instrument) -> Score:
    return Score(half_up(exact, instrument.places), exact)


def _contribution(
    instrument: Instrument, indicator: Indicator, levels: Levels, exact: Fraction
) -> Contribution:
    level = mean_level(indicator, levels[indicator.number])
    points = level * indicator.weight / FULL
    return Contribution(
        number=indicator.number,
        level=level,
        weight=indicator.weight,
        points=points,
        share=points / exact,
        possible=Fraction(instrument.scale.high) * indicator.weight / FULL,
    )
