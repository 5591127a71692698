"""The vectors that every back end runs, run by the scalar one."""

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from pendopo.rules import api
from pendopo.rules.api import ABSENT, Absent, Basic, Choice, Environment, Record, Scalar, Type, Unknown

FILE = json.loads((Path(api.__file__).parent / "vectors.json").read_text())
TODAY = dt.date.fromisoformat(FILE["today"])


def type_of(declared: str | list[str]) -> Type:
    return Choice(tuple(declared)) if isinstance(declared, list) else Basic(declared.removesuffix("?"))


def environment(names: Mapping[str, str | list[str]]) -> Environment:
    top: dict[str, Type] = {name: type_of(kind) for name, kind in names.items() if "." not in name}
    for name, kind in names.items():
        if "." in name:
            record, _, member = name.partition(".")
            top[record] = Record({member: type_of(kind)}, frozenset([member]))
    return Environment(top)


def decoded(value: Any, kind: Type) -> Scalar | Absent:
    if value is None:
        return ABSENT
    decoders: dict[Type, Any] = {
        Basic.DATE: dt.date.fromisoformat,
        Basic.TIME: dt.time.fromisoformat,
        Basic.INT: int,
    }
    found: Scalar = decoders.get(kind, lambda item: item)(value)
    return found


@pytest.mark.parametrize(
    "vector", FILE["vectors"], ids=lambda vector: f"{vector['expression']} {vector['given']}"
)
def test_vector(vector: dict[str, Any]) -> None:
    expression = api.compile_expression(vector["expression"], environment(FILE["names"]))
    given = {name: decoded(value, type_of(FILE["names"][name])) for name, value in vector["given"].items()}
    answer = api.evaluate(expression, given, today=TODAY)
    if "unknown" in vector:
        assert isinstance(answer.value, Unknown)
        assert list(answer.missing) == vector["unknown"]
    else:
        assert answer.value == decoded(vector["value"], expression.type)
        assert type(answer.value) is type(decoded(vector["value"], expression.type))
