"""Reading and writing expressions."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pendopo.rules import ir
from pendopo.rules.errors import RuleSyntaxError
from pendopo.rules.parser import MAX_DEPTH, MAX_OPERATORS, parse
from pendopo.rules.printer import show
from pendopo.rules.tokens import MAX_LENGTH
from pendopo.rules.types import INT64_MAX, INT64_MIN

names = st.sampled_from(["a", "mother", "birth_date", "x1", "_y"])
literals = st.one_of(
    st.booleans().map(ir.Bool),
    st.integers(INT64_MIN, INT64_MAX).map(ir.Int),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12).map(ir.String),
    st.dates().map(ir.Date),
)
paths = st.recursive(names.map(ir.Name), lambda inner: st.builds(ir.Member, inner, names), max_leaves=3)


def compound(inner: st.SearchStrategy[ir.Node]) -> st.SearchStrategy[ir.Node]:
    members = st.builds(ir.Member, paths, names)
    return st.one_of(
        st.builds(ir.Not, inner),
        st.builds(ir.Negate, inner),
        st.builds(ir.And, inner, inner),
        st.builds(ir.Or, inner, inner),
        st.builds(ir.Compare, st.sampled_from(ir.Comparison), inner, inner),
        st.builds(ir.Arithmetic, st.sampled_from(ir.Sum), inner, inner),
        st.builds(ir.In, inner, st.lists(literals, min_size=1, max_size=3).map(tuple).map(ir.List)),
        st.builds(ir.Conditional, inner, inner, inner),
        st.builds(ir.Has, members),
        st.builds(ir.Call, st.sampled_from(ir.Operation), st.lists(inner, max_size=2).map(tuple)),
    )


trees = st.recursive(st.one_of(literals, paths), compound, max_leaves=20)


@given(trees)
def test_writing_and_reading_give_the_same_tree(tree: ir.Node) -> None:
    assert parse(show(tree)) == tree


@given(trees)
def test_the_canonical_form_is_a_fixed_point(tree: ir.Node) -> None:
    text = show(tree)
    assert show(parse(text)) == text


@given(st.text(st.sampled_from("abc01\"'\\ ()[].,?:!&|<>=+-\n\u00e9"), max_size=40))
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    error = None
    try:
        parse(text)
    except RuleSyntaxError as caught:
        error = caught
    assert error is None or (0 <= error.span.start <= len(text) and error.line >= 1 and error.column >= 1)


@pytest.mark.parametrize(
    ("source", "canonical"),
    [
        ("a||b&&c", "a || b && c"),
        ("(a || b) && c", "(a || b) && c"),
        ("a ? b : c ? d : e", "a ? b : c ? d : e"),
        ("a ? (b ? c : d) : e", "a ? (b ? c : d) : e"),
        ("(a ? b : c) ? d : e", "(a ? b : c) ? d : e"),
        ("1-2-3", "1 - 2 - 3"),
        ("1-(2-3)", "1 - (2 - 3)"),
        ("1--2", "1 - -2"),
        ("1+2*3", "1 + 2 * 3"),
        ("(1+2)*-3", "(1 + 2) * -3"),
        ("2*(3*4)", "2 * (3 * 4)"),
        ("-(1)", "-(1)"),
        ("!a == b", "!a == b"),
        ("!(a == b)", "!(a == b)"),
        ("x in ['a', \"b\"] // which", 'x in ["a", "b"]'),
        ("a.b.c == date('2026-01-31')", 'a.b.c == date("2026-01-31")'),
        ("has(father.nik)", "has(father.nik)"),
        ('"\\u0041\\n"', '"A\\n"'),
        ("-9223372036854775808", "-9223372036854775808"),
    ],
)
def test_canonical_form(source: str, canonical: str) -> None:
    assert show(parse(source)) == canonical


@pytest.mark.parametrize(
    ("source", "kind", "line", "column"),
    [
        ("", "ended", 1, 1),
        ("a &&", "ended", 1, 5),
        ("a &&\n  && b", "unexpected", 2, 3),
        ("a b", "unexpected", 1, 3),
        ("(a", "missing", 1, 3),
        ("(a]", "expected", 1, 3),
        ("a ? b", "missing", 1, 6),
        ("a # b", "character", 1, 3),
        ("a & b", "character", 1, 3),
        ("'open", "string_open", 1, 1),
        ('"\\q"', "escape", 1, 1),
        ('"\\ud800"', "escape", 1, 1),
        ("a == null", "null", 1, 6),
        ("for", "reserved", 1, 1),
        ("1.5", "fraction", 1, 1),
        ("1e9", "fraction", 1, 1),
        ("9223372036854775808", "integer", 1, 1),
        ("-9223372036854775809", "integer", 1, 1),
        ("9" * 500, "integer", 1, 1),
        ("date('2026-02-30')", "date", 1, 1),
        ("date('20260130')", "date", 1, 1),
        ("date(a)", "date", 1, 1),
        ("size(a)", "operation", 1, 1),
        ("has(a)", "has_argument", 1, 1),
        ("a in b", "in_list", 1, 6),
        ("a in (b)", "in_list", 1, 7),
        ("a.1", "unexpected", 1, 3),
        ("a.true", "unexpected", 1, 3),
        ("!" * (MAX_DEPTH + 1) + "a", "too_deep", 1, MAX_DEPTH + 1),
        ("1" + "+1" * (MAX_OPERATORS + 1), "too_complex", 1, 2 + 2 * MAX_OPERATORS),
        ("a" * (MAX_LENGTH + 1), "too_long", 1, MAX_LENGTH + 1),
    ],
)
def test_what_is_refused_says_where(source: str, kind: str, line: int, column: int) -> None:
    with pytest.raises(RuleSyntaxError) as caught:
        parse(source)
    assert (caught.value.kind, caught.value.line, caught.value.column) == (kind, line, column)
    assert caught.value.params["line"] == line


def test_the_largest_allowed_expression_does_not_exhaust_the_stack() -> None:
    text = "(" * (MAX_DEPTH - 2) + "1" + "+1" * MAX_OPERATORS + ")" * (MAX_DEPTH - 2)
    assert show(parse(text)) == "1" + " + 1" * MAX_OPERATORS


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_kind_of_error_has_a_sentence(language: str) -> None:
    folder = Path(ir.__file__).parent
    sentences = yaml.safe_load((folder / "text" / f"{language}.yaml").read_text())["errors"]
    other = yaml.safe_load((folder / "text" / "en.yaml").read_text())["errors"]
    code = "\n".join((folder / f"{name}.py").read_text() for name in ("tokens", "parser", "checker"))
    used = {key for key in sentences if f'"{key}"' in code}
    assert set(sentences) == set(other)
    assert set(sentences) - used == {"error", "wrong_input"}


def test_spans_point_into_the_source() -> None:
    source = "a && mother.age >= 17"
    tree = parse(source)
    assert isinstance(tree, ir.And)
    assert source[tree.right.span.start : tree.right.span.end] == "mother.age >= 17"
    assert parse("date('2026-01-31')") == ir.Date(dt.date(2026, 1, 31))
