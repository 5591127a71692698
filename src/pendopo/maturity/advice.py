"""Which indicators to raise: the most index for an effort, or the least effort for an aim. Exact and pure.

Every row that is scored (an indicator, or one row of an indicator that is scored more than once) can rise to
any whole level above its own. Levels are cumulative, so a level costs all steps up to it. ``knapsack`` finds
the best plan; tests hold it against trying every plan. Among equal plans: less effort, then fewer rows
touched, then the first indicators.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from math import ceil, lcm

from pendopo.maturity import errors
from pendopo.maturity.index import Levels, Outcome, compute, exact_text, filled
from pendopo.maturity.instruments import FULL, Indicator, Instrument, PredicateRule
from pendopo.maturity.knapsack import Frontier, Option, TooFineError, frontier

type Effort = Mapping[str, Mapping[int, int]]
"""Effort of the step up to a level, by indicator; what is left out costs what the instrument assumes."""

type RowKey = tuple[str, int]
"""Number of an indicator and, from 1, which of its rows."""


@dataclass(frozen=True, slots=True)
class Situation:
    """Where an agency stands and what can be changed.

    ``keep`` names indicators that stay as they are; ``ceilings`` the highest level an indicator may reach.
    """

    instrument: Instrument
    levels: Levels
    effort: Effort = field(default_factory=dict)
    keep: frozenset[str] = frozenset()
    ceilings: Mapping[str, Decimal] = field(default_factory=dict)
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Raise:
    """One row to raise; ``gain`` is what that adds to the index."""

    number: str
    row: int
    start: Decimal
    to: Decimal
    effort: int
    gain: Fraction


@dataclass(frozen=True, slots=True)
class Choice:
    """Rows that could change places (same weight, level, efforts) though the plan treats them differently."""

    among: tuple[RowKey, ...]
    taken: tuple[RowKey, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """An optimal plan; ``equals`` plans, this one included, give the same index for the same effort."""

    raises: tuple[Raise, ...]
    effort: int
    before: Outcome
    after: Outcome
    levels: Levels
    equals: int
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    key: RowKey
    start: Decimal
    targets: tuple[Decimal, ...]
    options: tuple[Option, ...]


def most(situation: Situation, budget: int) -> Plan:
    """Return the plan with the highest index that costs at most ``budget``; raise ``NotAnEffort``."""
    if budget < 0:
        raise errors.NotAnEffort(given=budget)
    rows, _ = _rows(situation)
    return _plan(situation, rows, _solve(rows, budget)[-1])


def reach(situation: Situation, aim: Fraction) -> Plan:
    """Return the cheapest plan whose exact index is at least ``aim``, the one of most index among them.

    Raises ``OutOfReach`` where no plan gets there; see :func:`aim_of` for the aim that earns a predicate.
    """
    rows, scale = _rows(situation)
    return _plan(situation, rows, _reaching(situation, rows, scale, aim))


def _reaching(situation: Situation, rows: list[_Row], scale: int, aim: Fraction) -> Frontier:
    start = compute(situation.instrument, situation.levels).exact
    missing = max(0, ceil((aim - start) * scale))
    plans = _solve(rows, None)
    found = next((plan for plan in plans if plan.gain >= missing), None)
    if found is None:
        top = compute(situation.instrument, _raised(situation, rows, plans[-1])).exact
        places = situation.instrument.places
        raise errors.OutOfReach(aim=exact_text(aim, places), most=exact_text(top, places))
    return found


def aim_of(instrument: Instrument, band: str, year: int | None = None) -> Fraction:
    """Return the least exact index that earns a band in a cycle; raise ``NoSuchBand``.

    Where the predicate follows the rounded index, half a unit of the last place less is enough.
    """
    found = next((one for one in instrument.bands if one.key == band), None)
    if found is None:
        raise errors.NoSuchBand(given=band[:40], known=", ".join(one.key for one in instrument.bands))
    low = Fraction(found.low)
    if instrument.predicate_of(year) is PredicateRule.ROUNDED:
        return max(Fraction(instrument.scale.low), low - Fraction(1, 2 * 10**instrument.places))
    return low


def by_year(situation: Situation, budgets: Mapping[int, int]) -> dict[int, Plan]:
    """Return what to do in each year; what a year leaves over is spent later. Raises ``NotAnEffort``.

    The last year's index is the highest that all budgets together buy. Of the ways to that end, the year
    before has the highest index that its budgets buy on the way, and so back to the first.
    """
    if any(budget < 0 for budget in budgets.values()):
        raise errors.NotAnEffort(given=min(budgets.values()))

    def best(year: int, rows: list[_Row], _: int) -> Frontier:
        return _solve(rows, sum(budget for one, budget in budgets.items() if one <= year))[-1]

    return _backwards(situation, list(budgets), best)


def aims_by_year(situation: Situation, aims: Mapping[int, Fraction]) -> dict[int, Plan]:
    """Return what to do in each year to have that year's index; raise ``OutOfReach``.

    The last aim is reached with the least effort. Of the ways to that end, the year before reaches its aim
    with the least effort on the way, and so back to the first. An aim below an earlier one asks nothing more.
    """

    def best(year: int, rows: list[_Row], scale: int) -> Frontier:
        aim = max(aim for one, aim in aims.items() if one <= year)
        return _reaching(situation, rows, scale, aim)

    return _backwards(situation, list(aims), best)


def _backwards(
    situation: Situation, years: list[int], best: Callable[[int, list[_Row], int], Frontier]
) -> dict[int, Plan]:
    """Choose each year's end among what lies below the end of the year after; return the steps between."""
    ends: dict[int, Levels] = {}
    above: Levels | None = None
    for year in sorted(years, reverse=True):
        rows, scale = _rows(situation, above)
        above = _raised(situation, rows, best(year, rows, scale))
        ends[year] = above
    plans: dict[int, Plan] = {}
    here = situation
    for year in sorted(years):
        here = replace(here, year=year)
        plans[year] = what_if(here, ends[year])
        here = replace(here, levels=ends[year])
    return plans


def what_if(situation: Situation, after: Levels) -> Plan:
    """Return what going to other levels gives and costs; what falls costs nothing."""
    instrument = situation.instrument
    was, becomes = _by_row(instrument, situation.levels), _by_row(instrument, after)
    raises = []
    for one in instrument.indicators:
        for row in range(1, one.rows + 1):
            start, to = was[one.number, row], becomes[one.number, row]
            if to != start:
                gain = Fraction(to - start) * one.weight / one.rows / FULL
                raises.append(Raise(one.number, row, start, to, _cost(situation, one, start, to), gain))
    return Plan(
        raises=tuple(raises),
        effort=sum(one.effort for one in raises),
        before=compute(instrument, situation.levels, year=situation.year),
        after=compute(instrument, after, year=situation.year),
        levels=after,
        equals=1,
        choices=(),
    )


def _by_row(instrument: Instrument, levels: Levels) -> dict[RowKey, Decimal]:
    given = filled(instrument, levels)
    found: dict[RowKey, Decimal] = {}
    for one in instrument.indicators:
        level = given[one.number]
        rows = level if isinstance(level, tuple) else (level,) * one.rows
        found |= {(one.number, row): figure for row, figure in enumerate(rows, 1)}
    return found


def _cost(situation: Situation, one: Indicator, start: Decimal, to: Decimal) -> int:
    """Return the effort of every whole level above ``start`` up to ``to``, a step begun costing whole."""
    own = situation.effort.get(one.number, {})
    steps = [step for step in situation.instrument.scale.steps if start < step <= ceil(to)]
    return sum(own.get(step, situation.instrument.effort[step]) for step in steps)


def _rows(situation: Situation, above: Levels | None = None) -> tuple[list[_Row], int]:
    """Return the rows with what they may become, and how many integer gains one point of the index has."""
    instrument = situation.instrument
    starts = _by_row(instrument, situation.levels)
    tops = _by_row(instrument, above) if above is not None else {}
    weights = {one.number: one.weight / one.rows / FULL for one in instrument.indicators}
    scale = lcm(
        *(weight.denominator for weight in weights.values()),
        *(Fraction(start).denominator for start in starts.values()),
    )
    # Twice: a gain is a weight times a difference of levels, and both may be broken.
    scale *= lcm(*(Fraction(start).denominator for start in starts.values()))
    rows = []
    for one in instrument.indicators:
        if any(effort < 1 for effort in situation.effort.get(one.number, {}).values()):
            raise errors.NotAnEffort(given=min(situation.effort[one.number].values()))
        for row in range(1, one.rows + 1):
            start = starts[one.number, row]
            top = min(situation.ceilings.get(one.number, instrument.scale.high), instrument.scale.high)
            top = start if one.number in situation.keep else min(top, tops.get((one.number, row), top))
            targets = tuple(Decimal(step) for step in instrument.scale.steps if start < step <= top)
            options = tuple(
                Option(
                    _cost(situation, one, start, to),
                    int(Fraction(to - start) * weights[one.number] * scale),
                )
                for to in targets
            )
            rows.append(_Row((one.number, row), start, targets, options))
    return rows, scale


def _solve(rows: list[_Row], budget: int | None) -> list[Frontier]:
    try:
        return frontier([row.options for row in rows], budget)
    except TooFineError as error:
        raise errors.TooFine from error


def _raised(situation: Situation, rows: list[_Row], chosen: Frontier) -> Levels:
    choices = chosen.choices()
    levels: dict[RowKey, Decimal] = {
        row.key: row.targets[choices[place]] if place in choices else row.start
        for place, row in enumerate(rows)
    }
    return {
        one.number: tuple(levels[one.number, row] for row in range(1, one.rows + 1))
        if one.rows > 1
        else levels[one.number, 1]
        for one in situation.instrument.indicators
    }


def _plan(situation: Situation, rows: list[_Row], chosen: Frontier) -> Plan:
    plan = what_if(situation, _raised(situation, rows, chosen))
    return replace(plan, equals=chosen.ways, choices=_choices(rows, chosen.choices()))


def _choices(rows: list[_Row], chosen: Mapping[int, int]) -> tuple[Choice, ...]:
    alike: dict[tuple[Decimal, tuple[Option, ...]], list[int]] = {}
    for place, row in enumerate(rows):
        if row.options:
            alike.setdefault((row.start, row.options), []).append(place)
    return tuple(
        Choice(
            among=tuple(rows[place].key for place in places),
            taken=tuple(rows[place].key for place in places if place in chosen),
        )
        for places in alike.values()
        if len({chosen.get(place) for place in places}) > 1
    )
