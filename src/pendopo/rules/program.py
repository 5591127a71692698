"""The quick back end: a checked tree becomes nested functions once, and each evaluation only calls them.

It gives the value and no reasons; ``scalar`` gives both and is the oracle that this one must equal (a test
compares them on generated expressions). A path is read when the evaluation comes to it, and not at all when
the rest has decided, so a reader may compute what it is asked for.
"""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable
from typing import Final

from pendopo.kernel.clock import age_on
from pendopo.rules import ir
from pendopo.rules.errors import WrongInputError
from pendopo.rules.printer import show
from pendopo.rules.types import INT64_MAX, INT64_MIN, Scalar, Type, fitting
from pendopo.rules.values import ABSENT, Absent, Cause, CauseKind, Unknown, Value

type Reader = Callable[[str], Scalar | Absent | None]
"""Returns the value at a path, ``ABSENT``, or None for what is unknown; it answers ``today`` too."""

type Program = Callable[[Reader], Value]


def program(node: ir.Node) -> Program:  # noqa: PLR0911 - one return a case
    """Translate a checked tree."""
    match node:
        case ir.Bool(value) | ir.Int(value) | ir.String(value) | ir.Date(value):
            return _constant(value)
        case ir.Name() | ir.Member():
            return _read(ir.path(node) or "", node.type)
        case ir.Has(operand):
            return _has(ir.path(operand) or "")
        case ir.And(left, right):
            return _connect(program(left), program(right), decisive=False)
        case ir.Or(left, right):
            return _connect(program(left), program(right), decisive=True)
        case ir.Conditional(test, yes, no):
            return _conditional(program(test), program(yes), program(no))
        case ir.In(item, options):
            return _unary(program(item), _membership(options))
        case _:
            return _strict(node)


def _constant(value: Scalar) -> Program:
    return lambda _read: value


def _read(path: str, expected: Type | None) -> Program:
    missing, absent = Unknown((Cause(CauseKind.MISSING, path),)), Unknown((Cause(CauseKind.ABSENT, path),))
    is_fitting = fitting(expected) if expected is not None else _never

    def run(read: Reader) -> Value:
        value = read(path)
        if value is None:
            return missing
        if value is ABSENT:
            return absent
        if not is_fitting(value):
            raise WrongInputError(path=path, expected=str(expected))
        return value

    return run


def _never(_value: object) -> bool:
    return False


def _has(path: str) -> Program:
    missing = Unknown((Cause(CauseKind.MISSING, path),))

    def run(read: Reader) -> Value:
        value = read(path)
        return missing if value is None else value is not ABSENT

    return run


def _connect(left: Program, right: Program, *, decisive: bool) -> Program:
    """Kleene's and (``decisive`` false) and or (``decisive`` true)."""

    def run(read: Reader) -> Value:
        first = left(read)
        if first is decisive:
            return decisive
        second = right(read)
        if second is decisive:
            return decisive
        if isinstance(first, Unknown):
            return first.and_also(second) if isinstance(second, Unknown) else first
        return second

    return run


def _conditional(test: Program, yes: Program, no: Program) -> Program:
    def run(read: Reader) -> Value:
        decided = test(read)
        if not isinstance(decided, Unknown):
            return yes(read) if decided else no(read)
        first, second = yes(read), no(read)
        if not isinstance(first, Unknown) and first == second:
            return first
        for branch in (first, second):
            if isinstance(branch, Unknown):
                decided = decided.and_also(branch)
        return decided

    return run


def _membership(options: ir.List) -> Callable[[Scalar], Value]:
    literals = (item for item in options.items if isinstance(item, ir.Bool | ir.Int | ir.String | ir.Date))
    known = frozenset((type(item.value), item.value) for item in literals)
    return lambda value: (type(value), value) in known


def _unary(part: Program, apply: Callable[[Scalar], Value]) -> Program:
    def run(read: Reader) -> Value:
        value = part(read)
        return value if isinstance(value, Unknown) else apply(value)

    return run


def _binary(left: Program, right: Program, apply: Callable[[Scalar, Scalar], Value]) -> Program:
    def run(read: Reader) -> Value:
        first, second = left(read), right(read)
        if isinstance(first, Unknown):
            return first.and_also(second) if isinstance(second, Unknown) else first
        return second if isinstance(second, Unknown) else apply(first, second)

    return run


_COMPARISONS: Final = {
    ir.Comparison.EQ: operator.eq,
    ir.Comparison.NE: operator.ne,
    ir.Comparison.LT: operator.lt,
    ir.Comparison.LE: operator.le,
    ir.Comparison.GT: operator.gt,
    ir.Comparison.GE: operator.ge,
}
_SUMS: Final = {ir.Sum.ADD: operator.add, ir.Sum.SUB: operator.sub, ir.Sum.MUL: operator.mul}


def _strict(node: ir.Node) -> Program:
    """Translate what needs all its parts known."""
    match node:
        case ir.Not(operand):
            return _unary(program(operand), operator.not_)
        case ir.Negate(operand):
            return _unary(program(operand), _bounded(operator.neg, node))
        case ir.Compare(sign, left, right):
            return _binary(program(left), program(right), _COMPARISONS[sign])
        case ir.Arithmetic(sign, left, right):
            return _binary(program(left), program(right), _bounded(_SUMS[sign], node))
        case ir.Call(operation, (left, right)):
            return _binary(program(left), program(right), _operation(operation, node))
        case _:
            message = f"unchecked tree at {show(node)}"
            raise AssertionError(message)


def _bounded(apply: Callable[..., int], node: ir.Node) -> Callable[..., Value]:
    overflow = Unknown((Cause(CauseKind.OVERFLOW, show(node)),))

    def run(*values: Scalar) -> Value:
        result = apply(*values)
        return result if INT64_MIN <= result <= INT64_MAX else overflow

    return run


def _operation(operation: ir.Operation, node: ir.Node) -> Callable[..., Value]:
    match operation:
        case ir.Operation.AGE:
            return age_on
        case ir.Operation.DAYS_BETWEEN:
            return lambda start, end: (end - start).days
        case ir.Operation.ADD_DAYS:
            return _add_days(node)


def _add_days(node: ir.Node) -> Callable[[dt.date, int], Value]:
    outside = Unknown((Cause(CauseKind.CALENDAR, show(node)),))

    def run(start: dt.date, days: int) -> Value:
        try:
            return start + dt.timedelta(days=days)
        except OverflowError:
            return outside

    return run
