"""A sceptic with a pencil: closed forms, edges of bands and ties, apart from the room's own code."""

import random
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest

from pendopo.maturity import index, library
from pendopo.maturity.pages.pictures import figure

SPANS = ((1, 10, "1.3"), (11, 20, "2.5"), (21, 31, "1.5"), (32, 41, "2.75"), (42, 47, "3"))
"""Indicators of equal weight in SPBE 2020, with that weight."""


def some_levels(seed: int) -> dict[str, Decimal]:
    dice = random.Random(seed)  # noqa: S311  # levels, no secret
    return {str(number): Decimal(dice.randint(1, 5)) for number in range(1, 48)}


def test_the_index_is_the_closed_form_rounded_once() -> None:
    instrument = library.instrument("spbe-2020")
    for seed in range(200):
        levels = some_levels(seed)
        exact = (
            sum(
                (
                    levels[str(n)] * Decimal(weight)
                    for low, high, weight in SPANS
                    for n in range(low, high + 1)
                ),
                Decimal(),
            )
            / 100
        )
        found = index.compute(instrument, levels, year=2024)
        assert found.exact == Fraction(exact)
        assert found.index == exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
        chained = sum(
            (found.domains[key].value * Decimal(weight) for key, weight in
             (("D1", "13"), ("D2", "25"), ("D3", "16.5"), ("D4", "45.5"))),
            Decimal(),
        ) / 100  # fmt: skip
        assert abs(chained - exact) < Decimal("0.01"), "rounded domains only come near"
        assert sum(one.points for one in found.contributions) == found.exact


@pytest.mark.parametrize(
    ("name", "year", "exact", "band"),
    [
        ("spbe-2020", 2024, "1.7999", "kurang"),
        ("spbe-2020", 2024, "1.8", "cukup"),
        ("spbe-2020", 2023, "1.7950", "cukup"),
        ("spbe-2020", 2023, "1.7949", "kurang"),
        ("spbe-2020", 2024, "2.5996", "cukup"),
        ("spbe-2020", 2023, "2.5996", "baik"),
        ("spbe-2020", 2024, "3.4985", "baik"),
        ("spbe-2020", 2024, "3.5", "sangat-baik"),
        ("spbe-2020", 2024, "4.1999", "sangat-baik"),
        ("spbe-2020", 2024, "4.2", "memuaskan"),
        ("pemdi-2026", 2026, "3.9999", "sangat-baik"),
        ("pemdi-2026", 2026, "4", "memuaskan"),
    ],
)
def test_bands_begin_where_they_begin_by_the_rule_of_the_cycle(
    name: str, year: int, exact: str, band: str
) -> None:
    assert index.predicate(library.instrument(name), Fraction(exact), year=year).key == band


@pytest.mark.parametrize(
    ("exact", "converted", "grade"),
    [
        ("2.5996", "64.99", "D"),
        ("2.5997999", "64.99", "D"),
        ("2.5998", "65.00", "C"),
        ("2.6", "65.00", "C"),
        ("3.064", "76.60", "C"),
        ("3.0644", "76.61", "B"),
        ("3.532", "88.30", "B"),
        ("3.5324", "88.31", "A"),
        ("4", "100.00", "A"),
    ],
)
def test_grades_of_satisfaction_follow_the_printed_figure(exact: str, converted: str, grade: str) -> None:
    survey = library.survey()
    printed = index.half_up(Fraction(exact) * survey.convert, survey.places)
    assert (f"{printed:f}", survey.grade(printed).key) == (converted, grade)


def test_figures_have_a_comma_in_indonesian_and_a_point_in_english() -> None:
    assert [figure(Decimal("3.50"), one) for one in ("id", "en")] == ["3,50", "3.50"]
    assert [figure(Fraction(1, 8), one, 2) for one in ("id", "en")] == ["0,13", "0.13"]
    assert figure(None, "id") == "–"
