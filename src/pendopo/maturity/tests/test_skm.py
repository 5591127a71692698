"""SKM: index, conversion, grades without gaps, confidence, and what is not enough to say anything."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pendopo.maturity import library, skm, tables
from pendopo.maturity.errors import (
    BadAnswers,
    NoSuchColumn,
    NoSuchInstrument,
    NoSuchWeight,
    PopulationTooSmall,
    TooFewAnswers,
)
from pendopo.maturity.index import half_up
from pendopo.maturity.skm import Answer

SURVEY = library.survey()
KEYS = [one.key for one in SURVEY.elements]
HEAD = ",".join(KEYS)

few = settings(max_examples=30, deadline=None)
one_answer = st.fixed_dictionaries({key: st.integers(1, 4) for key in KEYS})
enough = st.lists(one_answer, min_size=30, max_size=45)


def _all(level: int, n: int = 40) -> list[Answer]:
    return [dict.fromkeys(KEYS, level) for _ in range(n)]


@pytest.mark.parametrize(
    ("weight", "converted"), [("ninth", "100.00"), ("two-places", "99.00"), ("three-places", "99.90")]
)
def test_the_weight_decides_what_everybody_satisfied_comes_to(weight: str, converted: str) -> None:
    assert f"{skm.compute(SURVEY, _all(4), weight=weight).converted:f}" == converted


@pytest.mark.parametrize("weight", list(SURVEY.weights))
def test_everybody_dissatisfied_has_the_lowest_grade_whatever_the_weight(weight: str) -> None:
    found = skm.compute(SURVEY, _all(1), weight=weight)
    assert found.grade.key == "D"
    assert found.converted <= Decimal("25.00")


@pytest.mark.parametrize(
    ("converted", "grade"),
    [
        ("64.99", "D"),
        ("65.00", "C"),
        ("76.60", "C"),
        ("76.61", "B"),
        ("88.30", "B"),
        ("88.31", "A"),
        ("100.00", "A"),
    ],
)
def test_grades_begin_where_they_say(converted: str, grade: str) -> None:
    assert SURVEY.grade(Decimal(converted)).key == grade


@given(st.integers(2475, 10000).map(lambda cents: Decimal(cents) / 100))
def test_no_converted_figure_falls_between_two_grades(converted: Decimal) -> None:
    holding = [
        band
        for band, above in zip(SURVEY.bands, (*SURVEY.bands[1:], None), strict=True)
        if (band.low <= converted or band is SURVEY.bands[0]) and (above is None or converted < above.low)
    ]
    assert holding == [SURVEY.grade(converted)]


def test_a_figure_in_the_gap_of_the_unconverted_bands_gets_the_grade_of_what_is_printed() -> None:
    # 3.0642 lies between 3.064 and 3.0644; x 25 = 76.605, printed 76.61: B.
    exact = Fraction("3.0642")
    assert SURVEY.grade(half_up(exact * 25, 2)).key == "B"
    assert SURVEY.grade(half_up(Fraction("3.0641") * 25, 2)).key == "C"


@few
@given(enough)
def test_the_index_is_the_mean_of_all_answers(answers: list[Answer]) -> None:
    found = skm.compute(SURVEY, answers)
    mean = Fraction(sum(sum(one.values()) for one in answers), 9 * len(answers))
    assert found.exact == mean
    assert found.converted == half_up(mean * 25, 2)
    assert 1 <= found.exact <= 4


@few
@given(enough, st.randoms(use_true_random=False))
def test_the_order_of_answers_does_not_matter(answers: list[Answer], random: object) -> None:
    shuffled = list(answers)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # what st.randoms gives is a random.Random
    assert skm.compute(SURVEY, shuffled) == skm.compute(SURVEY, answers)


@few
@given(enough)
def test_every_answer_is_counted_in_its_element(answers: list[Answer]) -> None:
    found = skm.compute(SURVEY, answers)
    for one in found.elements:
        assert sum(one.counts.values()) == len(answers)
        assert sum(level * n for level, n in one.counts.items()) == one.exact * len(answers)
    assert sum(one.exact for one in found.elements) == found.exact * 9
    assert [one.exact for one in found.lowest] == sorted(one.exact for one in found.elements)[:3]


@few
@given(enough, st.integers(0, 20))
def test_the_interval_holds_the_figure_and_narrows_with_the_number_of_users(
    answers: list[Answer], more: int
) -> None:
    unknown = skm.compute(SURVEY, answers)
    # So many users that the answers suffice: Krejcie and Morgan ask for all but a few of so small a number.
    users = len(answers)
    while SURVEY.sample.needed(users + 1) <= len(answers) and users < len(answers) + more:
        users += 1
    known = skm.compute(SURVEY, answers, population=users)
    assert unknown.low <= unknown.converted <= unknown.high
    assert unknown.low <= known.low <= known.converted <= known.high <= unknown.high


def test_whoever_asked_everybody_knows() -> None:
    answers = [*_all(4, 20), *_all(2, 20)]
    found = skm.compute(SURVEY, answers, population=40)
    assert found.low == found.converted == found.high == Decimal("75.00")


def test_the_interval_is_that_of_the_normal_distribution() -> None:
    answers = [*_all(4, 50), *_all(2, 50)]
    found = skm.compute(SURVEY, answers)
    # Scores 100 and 50: s = 25 * sqrt(100 / 99), standard error s / 10, times 1.959964.
    half = 25 * (100 / 99) ** 0.5 / 10 * 1.959964
    assert float(found.low) == pytest.approx(75 - half, abs=0.005)
    assert float(found.high) == pytest.approx(75 + half, abs=0.005)


@pytest.mark.parametrize(
    ("users", "needed"), [(10, 10), (100, 80), (1000, 278), (10_000, 370), (1, 1), (None, 30)]
)
def test_needed_answers_are_those_of_krejcie_and_morgan(users: int | None, needed: int) -> None:
    assert SURVEY.sample.needed(users) == needed


@pytest.mark.parametrize(("n", "users"), [(29, None), (0, None), (79, 100), (9, 10)])
def test_too_few_answers_say_nothing(n: int, users: int | None) -> None:
    with pytest.raises(TooFewAnswers):
        skm.compute(SURVEY, _all(3, n), population=users)


def test_just_enough_answers_do() -> None:
    assert skm.compute(SURVEY, _all(3, 80), population=100).converted == Decimal("75.00")
    assert skm.compute(SURVEY, _all(3, 30)).converted == Decimal("75.00")


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(PopulationTooSmall):
        skm.compute(SURVEY, _all(3), population=39)
    with pytest.raises(PopulationTooSmall):
        skm.compute(SURVEY, [], population=0)
    with pytest.raises(NoSuchWeight):
        skm.compute(SURVEY, _all(3), weight="tenth")
    with pytest.raises(NoSuchInstrument):
        library.survey("spbe-2020")


def test_answers_are_read_by_the_names_of_elements_and_nothing_else_is() -> None:
    text = "usia;" + ";".join(key.lower() for key in reversed(KEYS)) + "\n44;" + ";".join("123412341") + "\n"
    read = tables.answers(SURVEY, text)
    (only,) = read.complete
    assert only == dict(zip(reversed(KEYS), (int(one) for one in "123412341"), strict=True))


def test_an_incomplete_answer_is_left_out_and_counted() -> None:
    read = tables.answers(SURVEY, f"{HEAD}\n3,3,3,3,3,3,3,3,3\n3,3,3,3,,3,3,3,3\n\n")
    assert (len(read.complete), read.incomplete) == (1, 1)


@pytest.mark.parametrize("cell", ["0", "5", "x", "3.5", "-1", "²"])
def test_an_answer_off_the_scale_is_refused_with_its_place(cell: str) -> None:
    with pytest.raises(BadAnswers) as caught:
        tables.answers(SURVEY, f"{HEAD}\n3,3,3,3,3,3,3,3,3\n3,{cell},3,3,3,3,3,3,3\n")
    (problem,) = caught.value.problems
    assert (problem.params["line"], problem.params["column"]) == (3, "U2")


def test_of_many_faults_the_first_are_told_and_all_are_counted() -> None:
    with pytest.raises(BadAnswers) as caught:
        tables.answers(SURVEY, f"{HEAD}\n" + "9,9,9,9,9,9,9,9,9\n" * 10)
    assert (len(caught.value.problems), caught.value.params["n"]) == (tables.MOST_PROBLEMS, 90)


def test_a_table_without_an_element_is_refused() -> None:
    with pytest.raises(NoSuchColumn):
        tables.answers(SURVEY, "U1,U2\n3,3\n")
