"""Advice is optimal, held against every plan there is on small instruments; and it keeps its rules."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import product
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pendopo.maturity import library
from pendopo.maturity.advice import Plan, Situation, aim_of, aims_by_year, by_year, most, reach, what_if
from pendopo.maturity.errors import NoSuchBand, NotAnEffort, OutOfReach, TooFine
from pendopo.maturity.index import Levels, compute
from pendopo.maturity.instruments import Aspect, Domain, Indicator, Instrument
from pendopo.maturity.knapsack import Option, frontier
from pendopo.maturity.tests.vectors import any_levels, flat, summing_to

# Trying every plan takes its time; figures differ more than instruments, so a few dozen of each will do.
few = settings(max_examples=40, deadline=None)
SPBE = library.instrument("spbe-2020")
SPBE_2018 = library.instrument("spbe-2018")
PEMDI = library.instrument("pemdi-2026")


def _small(weights: Sequence[int], rows: Sequence[int], *, continuous: bool) -> Instrument:
    """Make an instrument of few indicators with the scale and bands of SPBE 2020 or Pemdi."""
    whole = PEMDI if continuous else SPBE
    total = sum(weights)
    model = whole.indicators[0]
    indicators = tuple(
        replace(model, number=str(number), weight=Fraction(100 * weight, total), rows=count, external=None)
        for number, (weight, count) in enumerate(zip(weights, rows, strict=True), 1)
    )
    name = model.name
    aspect = Aspect("A", name, Fraction(100), indicators)
    return replace(whole, domains=(Domain("D", name, Fraction(100), (aspect,)),), missing=None)


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    """Draw a small instrument, where an agency stands, its own efforts, what is kept and what is capped."""
    size = draw(st.integers(1, 3))
    weights = draw(st.lists(st.integers(1, 5), min_size=size, max_size=size))
    rows = draw(st.lists(st.sampled_from([1, 1, 1, 2]), min_size=size, max_size=size))
    instrument = _small(weights, rows, continuous=draw(st.booleans()))
    numbers = [one.number for one in instrument.indicators]
    levels = draw(any_levels(instrument))
    efforts = st.dictionaries(st.integers(2, 5), st.integers(1, 6), max_size=4)
    effort = draw(st.dictionaries(st.sampled_from(numbers), efforts, max_size=size))
    keep = draw(st.frozensets(st.sampled_from(numbers), max_size=1))
    top = st.integers(1, 5).map(Decimal)
    ceilings = draw(st.dictionaries(st.sampled_from(numbers), top, max_size=1))
    return Situation(instrument, levels, effort, keep, ceilings)


def _every_plan(situation: Situation) -> Iterator[tuple[int, Fraction, int, Levels]]:
    """Yield effort, exact index, rows touched and levels of every plan, by definition."""
    ranges = []
    for one in situation.instrument.indicators:
        given_level = situation.levels[one.number]
        rows = given_level if isinstance(given_level, tuple) else (given_level,) * one.rows
        top = min(Decimal(5), situation.ceilings.get(one.number, Decimal(5)))
        for start in rows:
            free = one.number not in situation.keep
            ups = [Decimal(step) for step in range(1, 6) if start < step <= top] if free else []
            ranges.append([(one, start, to) for to in (start, *ups)])
    for chosen in product(*ranges):
        effort = sum(_effort(situation, one, start, to) for one, start, to in chosen)
        levels: dict[str, tuple[Decimal, ...]] = {}
        for one, _, to in chosen:
            levels[one.number] = (*levels.get(one.number, ()), to)
        plain: dict[str, Decimal | tuple[Decimal, ...]] = {
            one.number: levels[one.number] if one.rows > 1 else levels[one.number][0]
            for one in situation.instrument.indicators
        }
        exact = sum(
            (
                sum((Fraction(to) for to in levels[one.number]), Fraction()) / one.rows * one.weight / 100
                for one in situation.instrument.indicators
            ),
            Fraction(),
        )
        yield effort, exact, sum(start != to for _, start, to in chosen), plain


def _effort(situation: Situation, one: Indicator, start: Decimal, to: Decimal) -> int:
    own = situation.effort.get(one.number, {})
    return sum(own.get(step, situation.instrument.effort[step]) for step in range(2, 6) if start < step <= to)


@few
@given(situations(), st.integers(0, 30))
def test_no_plan_within_the_budget_gives_a_higher_index(situation: Situation, budget: int) -> None:
    plan = most(situation, budget)
    plans = [one for one in _every_plan(situation) if one[0] <= budget]
    best = max(exact for _, exact, _, _ in plans)
    cheapest = min(effort for effort, exact, _, _ in plans if exact == best)
    equal = [one for one in plans if one[:2] == (cheapest, best)]
    assert plan.after.exact == best
    assert plan.effort == cheapest
    assert plan.equals == len(equal)
    assert len(plan.raises) == min(touched for _, _, touched, _ in equal)
    assert plan.levels in [levels for _, _, _, levels in equal]


@few
@given(situations(), st.fractions(1, 5, max_denominator=50))
def test_no_cheaper_plan_reaches_the_aim(situation: Situation, aim: Fraction) -> None:
    plans = [one for one in _every_plan(situation) if one[1] >= aim]
    if not plans:
        with pytest.raises(OutOfReach):
            reach(situation, aim)
        return
    plan = reach(situation, aim)
    cheapest = min(effort for effort, _, _, _ in plans)
    assert plan.effort == cheapest
    assert plan.after.exact == max(exact for effort, exact, _, _ in plans if effort == cheapest)


@few
@given(situations(), st.lists(st.integers(0, 8), min_size=1, max_size=3))
def test_plans_by_year_end_where_all_budgets_together_lead(situation: Situation, budgets: list[int]) -> None:
    plans = by_year(situation, {2027 + place: budget for place, budget in enumerate(budgets)})
    spent, purse = 0, 0
    levels = situation.levels
    for place, (year, plan) in enumerate(plans.items()):
        assert year == 2027 + place
        spent += plan.effort
        purse += budgets[place]
        assert spent <= purse
        assert plan.before.exact == compute(situation.instrument, levels).exact
        assert all(one.to > one.start for one in plan.raises)
        levels = plan.levels
    end = plans[max(plans)]
    assert end.after.exact == most(situation, sum(budgets)).after.exact
    assert spent == most(situation, sum(budgets)).effort
    # The last step but one is the best of those that lie on the way to the end.
    on_the_way = [
        exact
        for effort, exact, _, levels in _every_plan(situation)
        if effort <= sum(budgets[:-1]) and _not_above(levels, end.levels)
    ]
    if len(budgets) > 1:
        assert plans[max(plans) - 1].after.exact == max(on_the_way)


@few
@given(situations(), st.lists(st.fractions(1, 5, max_denominator=20), min_size=2, max_size=3))
def test_aims_by_year_are_reached_with_the_least_effort(situation: Situation, aims: list[Fraction]) -> None:
    by = {2027 + place: aim for place, aim in enumerate(aims)}
    plans = [one for one in _every_plan(situation) if one[1] >= max(aims)]
    if not plans:
        with pytest.raises(OutOfReach):
            aims_by_year(situation, by)
        return
    found = aims_by_year(situation, by)
    assert sum(plan.effort for plan in found.values()) == min(effort for effort, _, _, _ in plans)
    assert all(plan.after.exact >= by[year] for year, plan in found.items())
    end = found[max(found)].levels
    on_the_way = [
        effort
        for effort, exact, _, levels in _every_plan(situation)
        if exact >= max(aims[:-1]) and _not_above(levels, end)
    ]
    assert sum(found[year].effort for year in sorted(found)[:-1]) == min(on_the_way)


def _not_above(levels: Levels, top: Levels) -> bool:
    def rows(value: Decimal | tuple[Decimal, ...]) -> tuple[Decimal, ...]:
        return value if isinstance(value, tuple) else (value,)

    return all(
        low <= high
        for number, value in levels.items()
        for low, high in zip(rows(value), rows(top[number]), strict=True)
    )


@few
@given(
    st.lists(
        st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), max_size=3).map(
            lambda pairs: [Option(cost, gain) for cost, gain in pairs]
        ),
        max_size=4,
    )
)
def test_the_frontier_holds_exactly_the_unbeaten_plans(groups: list[list[Option]]) -> None:
    every = {
        (sum(one.cost for one in chosen), sum(one.gain for one in chosen))
        for chosen in product(*([Option(0, 0), *group] for group in groups))
    }
    unbeaten = {
        (cost, gain)
        for cost, gain in every
        if not any(other != (cost, gain) and other[0] <= cost and other[1] >= gain for other in every)
    }
    found = frontier(groups)
    assert {(one.cost, one.gain) for one in found} == unbeaten
    for one in found:
        chosen = [groups[group][option] for group, option in one.choices().items()]
        assert (sum(each.cost for each in chosen), sum(each.gain for each in chosen)) == (one.cost, one.gain)


@few
@given(summing_to((30, 25, 30, 30, 15)), st.integers(0, 60))
def test_more_effort_never_gives_less(levels: Levels, budget: int) -> None:
    situation = Situation(SPBE, levels)
    less, more = most(situation, budget), most(situation, budget + 1)
    assert less.effort <= budget
    assert less.after.exact <= more.after.exact


@few
@given(summing_to((30, 25, 30, 30, 15)))
def test_what_a_plan_says_it_gains_is_what_the_index_rises(levels: Levels) -> None:
    plan = most(Situation(SPBE, levels), 25)
    assert plan.after.exact - plan.before.exact == sum(one.gain for one in plan.raises)
    assert compute(SPBE, plan.levels) == plan.after


def test_ties_are_explained_by_what_is_exchangeable() -> None:
    levels = dict(flat(SPBE, Decimal(5))) | {"11": Decimal(3), "12": Decimal(3), "13": Decimal(3)}
    plan = most(Situation(SPBE, levels), 3)
    assert [one.number for one in plan.raises] == ["11"]
    assert plan.equals == 3
    (choice,) = plan.choices
    assert choice.among == (("11", 1), ("12", 1), ("13", 1))
    assert choice.taken == (("11", 1),)


def test_of_equal_plans_the_one_that_touches_fewer_indicators_is_taken() -> None:
    instrument = _small([1, 1, 1], [1, 1, 1], continuous=False)
    flat_steps = dict.fromkeys(range(2, 6), 1)
    situation = Situation(
        instrument, flat(instrument, Decimal(1)), effort={str(number): flat_steps for number in (1, 2, 3)}
    )
    plan = most(situation, 3)
    # One by three levels, one by two and another by one, or three by one: ten plans in all.
    assert [(one.number, one.to) for one in plan.raises] == [("1", Decimal(4))]
    assert plan.equals == 10


def test_what_cannot_be_bought_any_more_is_not_spent() -> None:
    plan = most(Situation(SPBE, flat(SPBE, Decimal(5))), 1000)
    assert (plan.raises, plan.effort, plan.equals) == ((), 0, 1)


def test_each_row_of_the_sector_service_of_2018_is_raised_by_itself() -> None:
    levels = dict(flat(SPBE_2018, Decimal(5))) | {"35": (Decimal(5), Decimal(4), Decimal(4))}
    plan = most(Situation(SPBE_2018, levels), 4)
    (only,) = plan.raises
    assert (only.number, only.row, only.gain) == ("35", 2, Fraction(20, 600))
    assert plan.levels["35"] == (Decimal(5), Decimal(5), Decimal(4))


def test_a_level_between_two_rises_to_the_next_whole_one_first() -> None:
    levels = dict(flat(PEMDI, Decimal(5))) | {"I20": Decimal("2.35")}
    plan = most(Situation(PEMDI, levels), 2)
    (only,) = plan.raises
    assert (only.start, only.to, only.gain) == (Decimal("2.35"), Decimal(3), Fraction("0.0975"))


def test_a_missing_external_index_can_be_raised_from_one() -> None:
    levels = {one.number: Decimal(5) for one in PEMDI.indicators if one.number != "I5"}
    plan = reach(Situation(PEMDI, levels), Fraction(5))
    assert [(one.number, one.start, one.to) for one in plan.raises] == [("I5", Decimal(1), Decimal(5))]


@few
@given(summing_to((47, 30, 23, 39, 24)))
def test_pacitan_was_one_small_step_from_the_next_predicate(levels: Levels) -> None:
    aim = aim_of(SPBE, "sangat-baik", 2024)
    plan = reach(Situation(SPBE, levels, year=2024), aim)
    assert plan.before.predicate.name.id == "Baik"
    assert plan.after.predicate.name.id == "Sangat Baik"
    assert len(plan.raises) == 1


def test_the_rounded_rule_asks_for_half_a_unit_less() -> None:
    assert aim_of(SPBE, "cukup", 2023) == Fraction("1.795")
    assert aim_of(SPBE, "cukup", 2024) == Fraction("1.8")
    assert aim_of(SPBE, "kurang", 2023) == 1


@few
@given(situations(), st.integers(0, 20))
def test_what_is_kept_or_capped_stays_so(situation: Situation, budget: int) -> None:
    for one in most(situation, budget).raises:
        assert one.number not in situation.keep
        assert one.to <= situation.ceilings.get(one.number, Decimal(5))


def test_a_what_if_may_also_fall_and_costs_nothing_for_it() -> None:
    levels = flat(SPBE, Decimal(3))
    plan = what_if(Situation(SPBE, levels), dict(levels) | {"1": Decimal(5), "45": Decimal(1)})
    assert {one.number: (one.effort, one.gain) for one in plan.raises} == {
        "1": (7, Fraction("0.026")),
        "45": (0, Fraction("-0.06")),
    }
    assert plan.after.exact == Fraction("2.966")


@few
@given(situations(), st.integers(0, 10), st.integers(1, 1000))
def test_the_unit_of_effort_does_not_matter(situation: Situation, budget: int, unit: int) -> None:
    def scaled(by: int) -> Situation:
        steps: Mapping[int, int] = {step: cost * by for step, cost in situation.instrument.effort.items()}
        own = {
            number: {step: cost * by for step, cost in costs.items()}
            for number, costs in situation.effort.items()
        }
        return replace(
            situation,
            instrument=replace(situation.instrument, effort=MappingProxyType(steps)),
            effort=own,
        )

    small, large = most(scaled(1), budget), most(scaled(unit), budget * unit)
    assert large.effort == small.effort * unit
    assert _of(large) == _of(small)


def _of(plan: Plan) -> tuple[object, ...]:
    return plan.levels, plan.equals, plan.after


@few
@given(summing_to((30, 25, 30, 30, 15)), st.integers(-9, -1))
def test_a_budget_below_zero_is_refused(levels: Levels, budget: int) -> None:
    with pytest.raises(NotAnEffort):
        most(Situation(SPBE, levels), budget)
    with pytest.raises(NotAnEffort):
        by_year(Situation(SPBE, levels), {2026: 3, 2027: budget})


def test_a_step_that_costs_nothing_is_refused() -> None:
    with pytest.raises(NotAnEffort):
        most(Situation(SPBE, flat(SPBE, Decimal(2)), effort={"1": {3: 0}}), 5)


def test_an_unknown_predicate_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(NoSuchBand) as caught:
        aim_of(SPBE, "unggul")
    assert caught.value.params["known"] == "kurang, cukup, baik, sangat-baik, memuaskan"


def test_an_aim_beyond_what_may_be_raised_says_how_far_one_gets() -> None:
    situation = Situation(SPBE, flat(SPBE, Decimal(3)), ceilings={str(n): Decimal(3) for n in range(1, 48)})
    with pytest.raises(OutOfReach) as caught:
        reach(situation, Fraction("3.5"))
    assert caught.value.params == {"aim": "3.50", "most": "3.00"}


def test_efforts_too_fine_to_compare_are_refused_and_not_computed_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pendopo.maturity.knapsack.MOST_STATES", 20)
    with pytest.raises(TooFine):
        reach(Situation(SPBE, flat(SPBE, Decimal(1))), Fraction(5))


@few
@given(situations())
def test_a_plan_that_is_already_there_costs_nothing(situation: Situation) -> None:
    start = compute(situation.instrument, situation.levels).exact
    assert reach(situation, start).effort == 0
