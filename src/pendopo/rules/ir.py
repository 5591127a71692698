"""The tree of an expression: frozen nodes with a place in the source and, once checked, a type.

Two trees are equal when they say the same: spans and types do not count. A node's ``type`` is ``None`` until
``checker.check`` has filled it in; back ends accept checked trees only.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum

from pendopo.rules.errors import Span
from pendopo.rules.types import Type

NOWHERE = Span(0, 0)


class Comparison(StrEnum):
    """Comparison signs."""

    EQ = "=="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="


class Sum(StrEnum):
    """Arithmetic signs, on 64-bit integers."""

    ADD = "+"
    SUB = "-"
    MUL = "*"


class Operation(StrEnum):
    """The closed list of named operations."""

    AGE = "age"
    DAYS_BETWEEN = "days_between"
    ADD_DAYS = "add_days"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Node:
    span: Span = field(default=NOWHERE, compare=False, repr=False)
    type: Type | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Bool(_Node):
    """``true`` or ``false``."""

    value: bool


@dataclass(frozen=True, slots=True)
class Int(_Node):
    """A 64-bit integer, possibly negative."""

    value: int


@dataclass(frozen=True, slots=True)
class String(_Node):
    """Text in quotes; also how an option of a choice is written."""

    value: str


@dataclass(frozen=True, slots=True)
class Date(_Node):
    """``date("2026-01-31")``."""

    value: dt.date


@dataclass(frozen=True, slots=True)
class List(_Node):
    """Literals in brackets; only on the right of ``in``."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Name(_Node):
    """A name of the environment."""

    name: str


@dataclass(frozen=True, slots=True)
class Member(_Node):
    """A field of a record: ``mother.birth_date``."""

    target: Node
    name: str


@dataclass(frozen=True, slots=True)
class Not(_Node):
    """``!x``."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Negate(_Node):
    """``-x`` of something that is no literal."""

    operand: Node


@dataclass(frozen=True, slots=True)
class And(_Node):
    """``a && b``."""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Or(_Node):
    """``a || b``."""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Compare(_Node):
    """``a == b`` and its kin."""

    sign: Comparison
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class In(_Node):
    """``a in [b, c]``."""

    item: Node
    options: List


@dataclass(frozen=True, slots=True)
class Arithmetic(_Node):
    """``a + b``, ``a - b`` or ``a * b``."""

    sign: Sum
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Conditional(_Node):
    """``test ? yes : no``."""

    test: Node
    yes: Node
    no: Node


@dataclass(frozen=True, slots=True)
class Has(_Node):
    """``has(x.y)``: whether an optional field was filled in."""

    operand: Member


@dataclass(frozen=True, slots=True)
class Call(_Node):
    """A named operation: ``age(mother.birth_date, child.birth_date)``."""

    operation: Operation
    arguments: tuple[Node, ...]


type Node = (
    Bool
    | Int
    | String
    | Date
    | List
    | Name
    | Member
    | Not
    | Negate
    | And
    | Or
    | Compare
    | In
    | Arithmetic
    | Conditional
    | Has
    | Call
)


def children(node: Node) -> tuple[Node, ...]:  # noqa: PLR0911 - one return a case
    """Return the parts of a node, left to right."""
    match node:
        case And(left, right) | Or(left, right) | Compare(_, left, right) | Arithmetic(_, left, right):
            return (left, right)
        case Not(operand) | Negate(operand) | Has(operand):
            return (operand,)
        case In(item, options):
            return (item, options)
        case Conditional(test, yes, no):
            return (test, yes, no)
        case List(items):
            return items
        case Call(_, arguments):
            return arguments
        case Member(target, _):
            return (target,)
        case Bool() | Int() | String() | Date() | Name():
            return ()


def path(node: Node) -> str | None:
    """Return the dotted path of a chain of member accesses (``mother.birth_date``), or None."""
    match node:
        case Name(name):
            return name
        case Member(target, name):
            base = path(target)
            return None if base is None else f"{base}.{name}"
        case _:
            return None


def reads(node: Node) -> frozenset[str]:
    """Return the paths that an expression reads, ``today`` among them."""
    own = path(node)
    if own is not None:
        return frozenset([own])
    return frozenset().union(*(reads(child) for child in children(node)))
