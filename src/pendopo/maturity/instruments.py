"""What an instrument is: indicators under aspects under domains, with weights, a scale and bands. Pure.

Weights are exact fractions of one hundred (percent): 10/3 is 10/3. Nothing here reads files;
``pendopo.maturity.library`` does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

FULL = Fraction(100)


class Mark(StrEnum):
    """How sure we are of a fact. Only ``VERIFIED`` and ``DERIVED`` may be shown as what the source says."""

    VERIFIED = "verified"
    """Read in the named text."""
    DERIVED = "derived"
    """Worked out from verified figures."""
    THIRD_PARTY = "third-party"
    """Read in somebody's copy or summary of the named text."""
    UNVERIFIED = "unverified"
    """Recalled; no source was read."""
    OWN = "own"
    """Written or assumed by this project."""


class PredicateRule(StrEnum):
    """From which figure a band is chosen; the evaluators have done both."""

    UNROUNDED = "unrounded"
    ROUNDED = "rounded"


@dataclass(frozen=True, slots=True)
class Text:
    """A wording in both languages of the screen."""

    id: str
    en: str

    def of(self, language: str) -> str:
        """Return the wording in ``id`` or ``en``."""
        return self.en if language == "en" else self.id


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a part of an instrument (``weights``, ``names``, ``bands``, …) comes from."""

    part: str
    mark: Mark
    source: Text

    @property
    def sure(self) -> bool:
        """Say whether the part may be shown without a warning."""
        return self.mark in {Mark.VERIFIED, Mark.DERIVED}


@dataclass(frozen=True, slots=True)
class Scale:
    """The levels that can be given; a ``step`` of none means any figure between."""

    low: Decimal
    high: Decimal
    step: Decimal | None

    def fits(self, level: Decimal) -> bool:
        """Say whether the level lies on a step of the scale; not whether it lies within it."""
        return self.step is None or (level - self.low) % self.step == 0

    @property
    def steps(self) -> tuple[int, ...]:
        """Return the whole levels, which carry the criteria."""
        return tuple(range(int(self.low), int(self.high) + 1))


@dataclass(frozen=True, slots=True)
class Band:
    """A predicate and the least index that earns it; it ends where the next begins."""

    key: str
    low: Decimal
    name: Text
    stage: Text | None = None


@dataclass(frozen=True, slots=True)
class MapStep:
    """Scores up to ``up_to`` give ``level``; ``inclusive`` says whether the bound itself does."""

    level: int
    up_to: Decimal
    inclusive: bool


@dataclass(frozen=True, slots=True)
class External:
    """An index of another agency that decides an indicator's level."""

    name: Text
    owner: Text
    steps: tuple[MapStep, ...]
    """Empty where no table of levels is known: then the level itself is given."""

    def level(self, score: Decimal) -> int | None:
        """Return the level of a score, or none above the last bound or without a table."""
        for step in self.steps:
            if score < step.up_to or (step.inclusive and score == step.up_to):
                return step.level
        return None


@dataclass(frozen=True, slots=True)
class Binding:
    """What a running hall can show for a level: a measure, the sentence it evidences, and the threshold."""

    measure: str
    level: int
    says: Text
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    over: int = 1
    """How many things the reading must be counted over before it says anything."""

    def met(self, value: Decimal, of: int) -> bool:
        """Say whether a reading of ``value`` over ``of`` things is evidence."""
        low = self.at_least is None or value >= self.at_least
        high = self.at_most is None or value <= self.at_most
        return of >= self.over and low and high


@dataclass(frozen=True, slots=True)
class Indicator:
    """One thing that is scored. ``weight`` is in percent; ``rows`` is how often it is scored."""

    number: str
    name: Text
    weight: Fraction
    capability: str
    criteria: Mapping[int, Text]
    rows: int = 1
    external: External | None = None
    evidence: tuple[Binding, ...] = ()
    named: Mark = Mark.VERIFIED


@dataclass(frozen=True, slots=True)
class Aspect:
    """Indicators that are weighed together."""

    key: str
    name: Text
    weight: Fraction
    indicators: tuple[Indicator, ...]
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Domain:
    """Aspects that are weighed together."""

    key: str
    name: Text
    weight: Fraction
    aspects: tuple[Aspect, ...]


@dataclass(frozen=True, slots=True)
class Carry:
    """What an indicator of this instrument can take over from an earlier one. Our reading, not law."""

    number: str
    sources: tuple[str, ...]
    note: Text


@dataclass(frozen=True, slots=True)
class Instrument:
    """An instrument whole, checked: weights sum to one hundred, bands cover the scale."""

    id: str
    title: Text
    short: Text
    legal: Text
    valid_from: date
    valid_to: date | None
    scale: Scale
    cumulative: bool
    missing: Decimal | None
    """What an external index counts as while it is missing; none where it must be given."""
    places: int
    bands: tuple[Band, ...]
    rules: Mapping[int, PredicateRule]
    rule: PredicateRule
    domains: tuple[Domain, ...]
    levels: Mapping[str, Mapping[int, Text]]
    """Names of the levels, by capability."""
    effort: Mapping[int, int]
    """Assumed effort to reach a whole level from the one below, in ``effort_unit``."""
    effort_unit: Text
    provenance: tuple[Provenance, ...]
    carried_from: str | None
    carries: tuple[Carry, ...]
    digest: str
    """SHA-256 of everything that the file says, in canonical form: equal for equal instruments."""

    @property
    def verified(self) -> bool:
        """Say whether weights, names and bands were read in the text of the law."""
        return all(entry.sure for entry in self.provenance if entry.part in {"weights", "names", "bands"})

    @property
    def aspects(self) -> tuple[Aspect, ...]:
        """Return all aspects in order."""
        return tuple(aspect for domain in self.domains for aspect in domain.aspects)

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """Return all indicators in order."""
        return tuple(indicator for aspect in self.aspects for indicator in aspect.indicators)

    def indicator(self, number: str) -> Indicator | None:
        """Return an indicator by its number."""
        return next((one for one in self.indicators if one.number == number), None)

    def predicate_of(self, year: int | None) -> PredicateRule:
        """Return the rule of a cycle; the default where the year has none of its own."""
        return self.rule if year is None else self.rules.get(year, self.rule)

    def band(self, value: Fraction) -> Band:
        """Return the band that holds a value within the scale."""
        return next(band for band in reversed(self.bands) if value >= Fraction(band.low))
