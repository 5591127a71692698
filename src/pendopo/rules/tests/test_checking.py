"""Types: what means something, and the place of what does not."""

from __future__ import annotations

import pytest

from pendopo.rules.api import Basic, Choice, Environment, Record, RuleTypeError, compile_expression

ENVIRONMENT = Environment(
    {
        "relation": Choice(("mother", "father")),
        "mother": Record({"nik": Basic.ID, "born": Basic.DATE, "name": Basic.TEXT}),
        "father": Record({"nik": Basic.ID, "kind": Choice(("known", "unknown"))}, frozenset(["nik"])),
        "count": Basic.INT,
        "agreed": Basic.BOOL,
        "at": Basic.TIME,
    }
)


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ('relation == "mother"', Basic.BOOL),
        ('"mother" == relation', Basic.BOOL),
        ('relation in ["mother", "father"]', Basic.BOOL),
        ("mother.born <= today", Basic.BOOL),
        ("age(mother.born, today) >= 17 && !agreed", Basic.BOOL),
        ('mother.nik == "3171011708450001"', Basic.BOOL),
        ("mother.nik != father.nik", Basic.BOOL),
        ("has(father.nik)", Basic.BOOL),
        ("agreed ? count + 1 : -count", Basic.INT),
        ("add_days(today, 60)", Basic.DATE),
        ("days_between(mother.born, today)", Basic.INT),
        ('mother.name == ""', Basic.BOOL),
        ("at < at", Basic.BOOL),
        ('agreed ? relation : "father"', Choice(("mother", "father"))),
    ],
)
def test_well_typed(source: str, result: object) -> None:
    assert compile_expression(source, ENVIRONMENT).type == result


@pytest.mark.parametrize(
    ("source", "kind", "column"),
    [
        ("nobody", "name", 1),
        ("mother.age", "field", 1),
        ("count.x", "no_fields", 1),
        ('relation == "aunt"', "option", 13),
        ('relation in ["mother", "aunt"]', "option", 24),
        ('relation == "mother" || agreed == 1', "compare", 25),
        ("agreed && count", "type", 11),
        ("!count", "type", 2),
        ("-agreed", "type", 2),
        ('count + "1"', "type", 9),
        ("mother == mother", "not_a_value", 1),
        ("mother", "not_a_value", 1),
        ('[1] == "a"', "compare", 1),
        ("[1]", "not_a_value", 1),
        ("count in []", "empty_list", 10),
        ("count in [count]", "constant_list", 11),
        ('count in [1, "2"]', "type", 14),
        ('mother.name < "b"', "order", 1),
        ('relation < "mother"', "order", 1),
        ("mother.nik <= father.nik", "order", 1),
        ("relation == father.kind", "compare", 1),
        ("agreed ? 1 : true", "branches", 1),
        ("count ? 1 : 2", "type", 1),
        ("age(mother.born)", "arguments", 1),
        ("age(count, today)", "type", 5),
        ("has(mother.nik)", "has_optional", 1),
        ("has(count.nik)", "no_fields", 5),
        ("1 < 2 < 3", "compare", 1),
    ],
)
def test_ill_typed_says_where(source: str, kind: str, column: int) -> None:
    with pytest.raises(RuleTypeError) as caught:
        compile_expression(source, ENVIRONMENT)
    assert (caught.value.kind, caught.value.column) == (kind, column)


def test_the_result_can_be_demanded() -> None:
    with pytest.raises(RuleTypeError) as caught:
        compile_expression("count", ENVIRONMENT, Basic.BOOL)
    assert caught.value.kind == "result"


def test_an_expression_knows_what_it_reads() -> None:
    expression = compile_expression('relation == "mother" ? age(mother.born, today) : count', ENVIRONMENT)
    assert expression.reads == {"relation", "mother.born", "today", "count"}
