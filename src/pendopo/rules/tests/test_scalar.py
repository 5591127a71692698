"""Three-valued evaluation: Kleene's tables, reasons, bounds, and the laws of more information."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pendopo.rules.api import (
    ABSENT,
    Basic,
    CauseKind,
    Choice,
    Environment,
    Inputs,
    Record,
    Scalar,
    Unknown,
    WrongInputError,
    compile_expression,
    evaluate,
)
from pendopo.rules.types import INT64_MAX, INT64_MIN

TODAY = dt.date(2026, 11, 22)
ENVIRONMENT = Environment(
    {
        "p": Basic.BOOL,
        "q": Basic.BOOL,
        "m": Basic.INT,
        "n": Basic.INT,
        "d": Basic.DATE,
        "c": Choice(("x", "y")),
        "father": Record({"nik": Basic.ID}, frozenset(["nik"])),
    }
)


def value_of(source: str, inputs: Inputs) -> Scalar | None:
    """Return the value, None for unknown."""
    value = evaluate(compile_expression(source, ENVIRONMENT), inputs, today=TODAY).value
    return None if isinstance(value, Unknown) else value


def given_values(**values: Scalar | None) -> dict[str, Scalar]:
    return {name: value for name, value in values.items() if value is not None}


KLEENE = [
    (True, True, True, True),
    (True, False, False, True),
    (True, None, None, True),
    (False, True, False, True),
    (False, False, False, False),
    (False, None, False, None),
    (None, True, None, True),
    (None, False, False, None),
    (None, None, None, None),
]


@pytest.mark.parametrize(("p", "q", "both", "either"), KLEENE)
def test_kleene_tables(p: bool | None, q: bool | None, both: bool | None, either: bool | None) -> None:
    inputs = given_values(p=p, q=q)
    assert value_of("p && q", inputs) is both
    assert value_of("p || q", inputs) is either
    assert value_of("!p", inputs) is (None if p is None else not p)


@pytest.mark.parametrize(
    ("source", "values", "expected"),
    [
        ("m < n", {"m": 1, "n": 2}, True),
        ("m <= n", {"m": 2, "n": 2}, True),
        ("m > n", {"m": 1, "n": 2}, False),
        ("m >= n", {"m": 1, "n": 2}, False),
        ("m == n", {"m": 1}, None),
        ("m != m", {}, None),
        ("m in [1, 2]", {"m": 2}, True),
        ("m in [1, 2]", {"m": 3}, False),
        ("m in [1, 2]", {}, None),
        ('c == "x"', {"c": "y"}, False),
        ("p ? 1 : 2", {"p": True}, 1),
        ("p ? 1 : 2", {}, None),
        ("p ? 1 : 1", {}, 1),
        ("p ? m : n", {"m": 4, "n": 4}, 4),
        ("p ? m : 1", {"p": False}, 1),
        ("m + n - 1", {"m": 40, "n": 3}, 42),
        ("-m", {"m": 5}, -5),
        ("m * 10 + n", {"m": 49, "n": 5}, 495),
        ("age(d, today)", {"d": dt.date(2000, 11, 23)}, 25),
        ("age(d, today)", {"d": dt.date(2000, 11, 22)}, 26),
        ("days_between(d, today)", {"d": dt.date(2026, 9, 23)}, 60),
        ("add_days(d, 60) >= today", {"d": dt.date(2026, 9, 23)}, True),
        ("d <= today", {}, None),
        ("m == 0 || p", {"p": True}, True),
        ("p && m + 1 > 0", {"p": False}, False),
    ],
)
def test_values(source: str, values: dict[str, Scalar], expected: Scalar | None) -> None:
    assert value_of(source, values) == expected


def test_an_empty_optional_field_is_a_fact_and_an_unanswered_one_is_not() -> None:
    assert value_of("has(father.nik)", {}) is None
    assert value_of("has(father.nik)", {"father.nik": ABSENT}) is False
    assert value_of("has(father.nik)", {"father.nik": "3171011708450001"}) is True
    assert value_of('father.nik == "1"', {"father.nik": ABSENT}) is None


@pytest.mark.parametrize(
    ("source", "values", "kind"),
    [
        ("m + 1", {"m": INT64_MAX}, CauseKind.OVERFLOW),
        ("m - 1", {"m": INT64_MIN}, CauseKind.OVERFLOW),
        ("m * m", {"m": 2**40}, CauseKind.OVERFLOW),
        ("-m", {"m": INT64_MIN}, CauseKind.OVERFLOW),
        ("add_days(d, m)", {"d": TODAY, "m": 10**9}, CauseKind.CALENDAR),
        ("add_days(d, m)", {"d": TODAY, "m": 10**15}, CauseKind.CALENDAR),
    ],
)
def test_what_leaves_its_bounds_is_unknown_with_its_cause(
    source: str, values: dict[str, Scalar], kind: CauseKind
) -> None:
    answer = evaluate(compile_expression(source, ENVIRONMENT), values, today=TODAY)
    assert isinstance(answer.value, Unknown)
    assert [cause.kind for cause in answer.value.causes] == [kind]


def test_an_unknown_answer_names_what_would_settle_it() -> None:
    answer = evaluate(compile_expression("p && m < n", ENVIRONMENT), {"n": 1}, today=TODAY)
    assert answer.missing == ("m", "p")
    settled = evaluate(compile_expression("p && m < n", ENVIRONMENT), {"n": 1, "p": False}, today=TODAY)
    assert settled.missing == ()
    assert settled.is_false


def test_reasons_show_each_part_with_its_value() -> None:
    source = "age(d, today) >= 17 && p"
    answer = evaluate(compile_expression(source, ENVIRONMENT), {"d": dt.date(2000, 1, 1)}, today=TODAY)
    first, second = answer.reason.parts
    assert (first.text, first.value) == ("age(d, today) >= 17", True)
    assert source[first.span.start : first.span.end] == "age(d, today) >= 17"
    assert isinstance(second.value, Unknown)
    assert [part.value for part in first.parts] == [26, 17]


@pytest.mark.parametrize(
    "values",
    [
        {"m": True},
        {"m": "1"},
        {"m": 2**63},
        {"c": "z"},
        {"d": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)},
        {"p": 1},
    ],
)
def test_values_of_a_wrong_type_are_refused_without_being_shown(values: dict[str, Scalar]) -> None:
    expression = compile_expression('m > 0 && p && c == "x" && d < today', ENVIRONMENT)
    valid: dict[str, Scalar] = {"m": 1, "p": True, "c": "x", "d": TODAY}
    with pytest.raises(WrongInputError) as caught:
        evaluate(expression, {**valid, **values}, today=TODAY)
    assert set(caught.value.params) == {"path", "expected"}


facts = st.fixed_dictionaries(
    {},
    optional={
        "p": st.booleans(),
        "q": st.booleans(),
        "m": st.integers(INT64_MIN, INT64_MAX),
        "n": st.integers(-3, 3),
        "d": st.dates(),
        "c": st.sampled_from(["x", "y"]),
    },
)
ATOMS = [
    "p",
    "q",
    "true",
    "false",
    "m < n",
    "m + n == 0",
    "m - n > 1",
    "n in [1, 2]",
    'c == "x"',
    "d <= today",
]
ATOMS += ["age(d, today) >= 17", "days_between(d, today) < m", "(p ? m : n) > 0"]
booleans = st.recursive(
    st.sampled_from([f"({atom})" for atom in ATOMS]),
    lambda inner: st.one_of(
        st.builds("({} && {})".format, inner, inner),
        st.builds("({} || {})".format, inner, inner),
        st.builds("!{}".format, inner),
        st.builds("({} ? {} : {})".format, inner, inner, inner),
        st.builds("({} == {})".format, inner, inner),
    ),
    max_leaves=10,
)


@given(booleans, facts)
def test_the_same_facts_give_the_same_answer(source: str, known: dict[str, Scalar]) -> None:
    expression = compile_expression(source, ENVIRONMENT, Basic.BOOL)
    assert evaluate(expression, known, today=TODAY) == evaluate(
        expression, dict(reversed(known.items())), today=TODAY
    )


@given(booleans, facts, facts)
def test_more_information_never_turns_a_definite_answer(
    source: str, known: dict[str, Scalar], more: dict[str, Scalar]
) -> None:
    before = value_of(source, known)
    after = value_of(source, {**more, **known})
    assert before is None or after is before


@given(booleans, booleans, facts)
def test_laws_of_the_connectives(one: str, two: str, known: dict[str, Scalar]) -> None:
    assert value_of(f"{one} && {two}", known) is value_of(f"{two} && {one}", known)
    assert value_of(f"{one} || {two}", known) is value_of(f"{two} || {one}", known)
    assert value_of(f"!({one} && {two})", known) is value_of(f"!{one} || !{two}", known)
    assert value_of(f"!!{one}", known) is value_of(one, known)


@given(booleans, facts)
def test_an_unknown_answer_always_has_causes(source: str, known: dict[str, Scalar]) -> None:
    answer = evaluate(compile_expression(source, ENVIRONMENT), known, today=TODAY)
    assert isinstance(answer.value, Unknown) == bool(
        answer.missing or (isinstance(answer.value, Unknown) and answer.value.causes)
    )


@given(booleans, facts)
def test_the_quick_answer_is_the_explained_one(source: str, known: dict[str, Scalar]) -> None:
    answer = evaluate(compile_expression(source, ENVIRONMENT), known, today=TODAY)
    assert answer.value == answer.reason.value
    assert type(answer.value) is type(answer.reason.value)
