"""The survey of public satisfaction (SKM): index, conversion, elements, grades, how sure one can be. Pure.

``SKM = Σ mean of an element · weight``, converted × 25 (PermenPANRB 14/2017, read by third parties). The
weight is 1/9 or, as many agencies do, 0.11 or 0.111. The grade follows the converted figure as printed (two
places): there the bands meet, while the bands of the SKM itself leave gaps that are nothing but rounding.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from statistics import NormalDist

from pendopo.maturity import errors
from pendopo.maturity.index import half_up
from pendopo.maturity.instruments import Band, Provenance, Scale, Text

type Answer = Mapping[str, int]
"""One person's answers by element, complete, each on the scale."""

INDEX_PLACES = 3


@dataclass(frozen=True, slots=True)
class Element:
    """One thing that people are asked about."""

    key: str
    name: Text


@dataclass(frozen=True, slots=True)
class Sample:
    """How many answers a statement needs. Krejcie and Morgan (1970) where the number of users is known."""

    least: int
    margin: Fraction
    chi_square: Fraction
    share: Fraction
    confidence: Fraction

    def needed(self, population: int | None) -> int:
        """Return the least number of answers, at most the population."""
        if population is None:
            return self.least
        spread = self.chi_square * self.share * (1 - self.share)
        asked = spread * population / (self.margin**2 * (population - 1) + spread)
        return min(population, max(1, int(half_up(asked, 0))))


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey's elements, weights and bands; ``weight`` names the one that is used by default."""

    id: str
    title: Text
    legal: Text
    scale: Scale
    convert: int
    places: int
    weights: Mapping[str, Fraction]
    weight: str
    elements: tuple[Element, ...]
    bands: tuple[Band, ...]
    sample: Sample
    provenance: tuple[Provenance, ...]

    def grade(self, converted: Decimal) -> Band:
        """Return the band of a converted figure as printed; the lowest also holds what 0.11 puts below it."""
        return next((band for band in reversed(self.bands) if converted >= band.low), self.bands[0])


@dataclass(frozen=True, slots=True)
class ElementScore:
    """The mean of one element, converted, with its grade and how many chose each answer."""

    element: Element
    mean: Decimal
    exact: Fraction
    converted: Decimal
    grade: Band
    counts: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """What a survey says: ``low`` to ``high`` holds the converted figure at the sample's confidence."""

    answers: int
    needed: int
    population: int | None
    weight: str
    index: Decimal
    exact: Fraction
    converted: Decimal
    grade: Band
    low: Decimal
    high: Decimal
    elements: tuple[ElementScore, ...]

    @property
    def lowest(self) -> tuple[ElementScore, ...]:
        """Return the three elements to work on first, worst first."""
        return tuple(sorted(self.elements, key=lambda one: (one.exact, one.element.key))[:3])


def compute(
    survey: Survey, answers: Sequence[Answer], *, weight: str | None = None, population: int | None = None
) -> Satisfaction:
    """Return what complete answers say; raise ``TooFewAnswers`` or ``PopulationTooSmall``.

    ``population`` is how many people used the service; with it the interval narrows to nothing as everybody
    answers (finite population correction).
    """
    chosen = survey.weight if weight is None else weight
    if chosen not in survey.weights:
        raise errors.NoSuchWeight(given=chosen[:40], known=", ".join(survey.weights))
    if population is not None and population < max(1, len(answers)):
        raise errors.PopulationTooSmall(population=population, given=len(answers))
    needed = survey.sample.needed(population)
    if len(answers) < max(1, needed):
        raise errors.TooFewAnswers(given=len(answers), needed=needed)
    each = survey.weights[chosen]
    elements = tuple(_element(survey, one, answers) for one in survey.elements)
    exact = sum((one.exact * each for one in elements), Fraction())
    converted = half_up(exact * survey.convert, survey.places)
    low, high = _interval(survey, answers, each, population)
    return Satisfaction(
        answers=len(answers),
        needed=needed,
        population=population,
        weight=chosen,
        index=half_up(exact, INDEX_PLACES),
        exact=exact,
        converted=converted,
        grade=survey.grade(converted),
        low=min(low, converted),
        high=max(high, converted),
        elements=elements,
    )


def _element(survey: Survey, element: Element, answers: Sequence[Answer]) -> ElementScore:
    given = [answer[element.key] for answer in answers]
    exact = Fraction(sum(given), len(given))
    converted = half_up(exact * survey.convert, survey.places)
    return ElementScore(
        element,
        half_up(exact, INDEX_PLACES),
        exact,
        converted,
        survey.grade(converted),
        {step: given.count(step) for step in survey.scale.steps},
    )


def _interval(
    survey: Survey, answers: Sequence[Answer], each: Fraction, population: int | None
) -> tuple[Decimal, Decimal]:
    """Return the bounds of the mean of people's own scores, by the normal distribution, within the scale."""
    keys = [one.key for one in survey.elements]
    scale = each * survey.convert
    scores = [sum(answer[key] for key in keys) * scale for answer in answers]
    n = len(scores)
    mean = sum(scores, Fraction()) / n
    variance = sum(((one - mean) ** 2 for one in scores), Fraction()) / max(1, n - 1)
    if population is not None:
        variance *= Fraction(population - n, max(1, population - 1))
    z = NormalDist().inv_cdf(float(1 + survey.sample.confidence) / 2)
    half = Fraction(z) * Fraction(float(variance / n) ** 0.5)
    whole = len(keys) * scale
    least, most = Fraction(survey.scale.low) * whole, Fraction(survey.scale.high) * whole
    return (
        half_up(max(least, mean - half), survey.places),
        half_up(min(most, mean + half), survey.places),
    )
