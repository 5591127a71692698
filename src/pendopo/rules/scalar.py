"""The scalar back end: one set of facts, one answer, with reasons. The oracle for every other back end.

Three-valued after Kleene: what is not known stays unknown until the rest decides. An evaluation of a checked
expression is total: arithmetic that leaves 64 bits, or a date that leaves the calendar, is unknown with its
cause, as CEL's errors are absorbed by ``&&`` and ``||``. More information never turns a definite answer
round.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from pendopo.kernel.clock import age_on
from pendopo.rules import ir
from pendopo.rules.checker import Expression
from pendopo.rules.errors import Span, WrongInputError
from pendopo.rules.printer import show
from pendopo.rules.types import INT64_MAX, INT64_MIN, Scalar, Type, fits
from pendopo.rules.values import ABSENT, Absent, Cause, CauseKind, Inputs, Unknown, Value


@dataclass(frozen=True, slots=True)
class Reason:
    """A step of the evaluation: the sub-expression, its place, its value, and the steps below it.

    Parts that could not change the result any more were not evaluated and do not appear.
    """

    text: str
    span: Span
    value: Value
    parts: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The value of an expression, and on demand the reasons for it.

    Reasons cost about ten times the value and few callers ask for them, so they are worked out when they are
    read, from the same inputs.
    """

    value: Value
    _expression: Expression = field(repr=False)
    _inputs: Inputs = field(repr=False)

    @property
    def reason(self) -> Reason:
        """The steps that led to the value; worked out anew at each reading."""
        return explain(self._expression, self._inputs)

    @property
    def is_true(self) -> bool:
        """Definitely true."""
        return self.value is True

    @property
    def is_false(self) -> bool:
        """Definitely false."""
        return self.value is False

    @property
    def missing(self) -> tuple[str, ...]:
        """Paths that would settle an unknown answer; empty for a definite one."""
        return self.value.missing if isinstance(self.value, Unknown) else ()


def evaluate(expression: Expression, inputs: Inputs, *, today: dt.date) -> Answer:
    """Evaluate a checked expression.

    ``today`` is the as-of date. Raises WrongInputError when a given value is not of the type that its path
    was declared with; never fails otherwise.
    """
    dated: Inputs = {**inputs, "today": today}
    return Answer(expression.run(dated.get), expression, dated)


def explain(expression: Expression, inputs: Inputs) -> Reason:
    """Evaluate step by step and keep every step; ``inputs`` hold ``today`` too. Its value is the answer's."""
    return _Evaluator(inputs).walk(expression.tree)


class _Evaluator:
    def __init__(self, inputs: Inputs) -> None:
        self._inputs = inputs

    def walk(self, node: ir.Node) -> Reason:  # noqa: PLR0911 - one return a case
        match node:
            case ir.Bool(value) | ir.Int(value) | ir.String(value) | ir.Date(value):
                return _reason(node, value)
            case ir.Name() | ir.Member():
                return _reason(node, self._read(node))
            case ir.Has():
                return _reason(node, self._has(node))
            case ir.And(left, right):
                return self._connect(node, left, right, decisive=False)
            case ir.Or(left, right):
                return self._connect(node, left, right, decisive=True)
            case ir.Conditional():
                return self._conditional(node)
            case ir.List():
                message = "a list is no value"
                raise AssertionError(message)
            case _:
                return self._strict(node)

    def _read(self, node: ir.Name | ir.Member) -> Value:
        path = ir.path(node) or ""
        value = self._inputs.get(path)
        if value is None:
            return Unknown((Cause(CauseKind.MISSING, path),))
        if value is ABSENT:
            return Unknown((Cause(CauseKind.ABSENT, path),))
        _require(value, node.type, path)
        return value

    def _has(self, node: ir.Has) -> Value:
        path = ir.path(node.operand) or ""
        value = self._inputs.get(path)
        if value is None:
            return Unknown((Cause(CauseKind.MISSING, path),))
        return value is not ABSENT

    def _connect(self, node: ir.Node, left: ir.Node, right: ir.Node, *, decisive: bool) -> Reason:
        """Kleene's and (``decisive`` false) and or (``decisive`` true)."""
        first = self.walk(left)
        if first.value is decisive:
            return _reason(node, decisive, first)
        second = self.walk(right)
        value: Value
        if second.value is decisive:
            value = decisive
        elif isinstance(first.value, Unknown):
            value = first.value.and_also(second.value) if isinstance(second.value, Unknown) else first.value
        else:
            value = second.value
        return _reason(node, value, first, second)

    def _conditional(self, node: ir.Conditional) -> Reason:
        test = self.walk(node.test)
        if not isinstance(test.value, Unknown):
            branch = self.walk(node.yes if test.value else node.no)
            return _reason(node, branch.value, test, branch)
        yes, no = self.walk(node.yes), self.walk(node.no)
        if not isinstance(yes.value, Unknown) and yes.value == no.value:
            return _reason(node, yes.value, test, yes, no)
        unknown = test.value
        for branch in (yes, no):
            if isinstance(branch.value, Unknown):
                unknown = unknown.and_also(branch.value)
        return _reason(node, unknown, test, yes, no)

    def _strict(self, node: ir.Node) -> Reason:
        """Evaluate what needs all its parts known."""
        nodes = (node.item,) if isinstance(node, ir.In) else ir.children(node)
        parts = tuple(self.walk(part) for part in nodes)
        unknowns = [part.value for part in parts if isinstance(part.value, Unknown)]
        if unknowns:
            value: Value = unknowns[0]
            for other in unknowns[1:]:
                value = unknowns[0] = unknowns[0].and_also(other)
            return _reason(node, value, *parts)
        values = [part.value for part in parts if not isinstance(part.value, Unknown)]
        return _reason(node, _apply(node, values), *parts)


def _reason(node: ir.Node, value: Value, *parts: Reason) -> Reason:
    return Reason(show(node), node.span, value, parts)


def _require(value: Scalar | Absent, expected: Type | None, path: str) -> None:
    if expected is None or not fits(value, expected):
        raise WrongInputError(path=path, expected=str(expected))


def _apply(node: ir.Node, values: list[Scalar]) -> Value:
    match node, values:
        case ir.Not(), [bool(value)]:
            return not value
        case ir.Negate(), [int(value)]:
            return _bounded(-value, node)
        case ir.Arithmetic(sign, _, _), [int(left), int(right)]:
            results = {ir.Sum.ADD: left + right, ir.Sum.SUB: left - right, ir.Sum.MUL: left * right}
            return _bounded(results[sign], node)
        case ir.In(_, options), [value]:
            return any(_equal(value, _constant(item)) for item in options.items)
        case ir.Compare(sign, _, _), [left, right]:
            return _compare(sign, left, right)
        case ir.Call(operation, _), _:
            return _operate(operation, values, node)
        case _:
            message = f"unchecked tree at {show(node)}"
            raise AssertionError(message)


def _constant(node: ir.Node) -> Scalar:
    match node:
        case ir.Bool(value) | ir.Int(value) | ir.String(value) | ir.Date(value):
            return value
        case _:
            message = "a list holds constants only"
            raise AssertionError(message)


def _equal(left: Scalar, right: Scalar) -> bool:
    return type(left) is type(right) and left == right


def _compare(sign: ir.Comparison, left: Scalar, right: Scalar) -> bool:
    if sign is ir.Comparison.EQ:
        return left == right
    if sign is ir.Comparison.NE:
        return left != right
    match left, right:
        case (int(), int()) | (dt.date(), dt.date()) | (dt.time(), dt.time()):
            order = (left > right) - (left < right)  # type: ignore[operator]  # the pattern says that both sides match
        case _:
            message = "unchecked comparison"
            raise AssertionError(message)
    return {
        ir.Comparison.LT: order < 0,
        ir.Comparison.LE: order <= 0,
        ir.Comparison.GT: order > 0,
        ir.Comparison.GE: order >= 0,
    }[sign]


def _operate(operation: ir.Operation, values: list[Scalar], node: ir.Node) -> Value:
    match operation, values:
        case ir.Operation.AGE, [dt.date() as born, dt.date() as day]:
            return age_on(born, day)
        case ir.Operation.DAYS_BETWEEN, [dt.date() as start, dt.date() as end]:
            return (end - start).days
        case ir.Operation.ADD_DAYS, [dt.date() as start, int(days)]:
            try:
                return start + dt.timedelta(days=days)
            except OverflowError:
                return Unknown((Cause(CauseKind.CALENDAR, show(node)),))
        case _:
            message = f"unchecked call of {operation}"
            raise AssertionError(message)


def _bounded(value: int, node: ir.Node) -> Value:
    if INT64_MIN <= value <= INT64_MAX:
        return value
    return Unknown((Cause(CauseKind.OVERFLOW, show(node)),))
