"""Types: which expressions mean something, decided before anybody's data is near.

No conversion is silent: an integer is no text, a bool no number, and a choice is compared with its own
options only (a wrong option is found here, not by a person whose page never appears).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from pendopo.rules import ir
from pendopo.rules.errors import RuleTypeError, Span
from pendopo.rules.parser import parse
from pendopo.rules.program import Program, program
from pendopo.rules.types import ORDERED, Basic, Choice, Environment, ListOf, Record, Type

_SIGNATURES: Final = {
    ir.Operation.AGE: ((Basic.DATE, Basic.DATE), Basic.INT),
    ir.Operation.DAYS_BETWEEN: ((Basic.DATE, Basic.DATE), Basic.INT),
    ir.Operation.ADD_DAYS: ((Basic.DATE, Basic.INT), Basic.DATE),
}


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression: its source, its typed tree, its type, and the paths that it reads.

    ``run`` is the tree as a function: it gives the value for what a reader answers.
    """

    source: str
    tree: ir.Node
    type: Type
    reads: frozenset[str]
    run: Program = field(compare=False, repr=False)


def compile_expression(source: str, environment: Environment, expected: Type | None = None) -> Expression:
    """Parse and check. Raises RuleSyntaxError or RuleTypeError, both with the place in ``source``."""
    tree = _Checker(source, environment).typed(parse(source), expected)
    found = _type_of(tree)
    if isinstance(found, Record | ListOf):
        raise RuleTypeError("not_a_value", tree.span, source, found=str(found))
    if expected is not None and found != expected:
        raise RuleTypeError("result", tree.span, source, expected=str(expected), found=str(found))
    return Expression(source, tree, found, ir.reads(tree), program(tree))


def _type_of(node: ir.Node) -> Type:
    if node.type is None:
        message = "the tree was not checked"
        raise AssertionError(message)
    return node.type


class _Checker:
    def __init__(self, source: str, environment: Environment) -> None:
        self._source = source
        self._environment = environment

    def typed(self, node: ir.Node, wanted: Type | None = None) -> ir.Node:  # noqa: PLR0911 - one return a case
        """Return the tree with types; ``wanted`` only helps a quoted word to become an option."""
        match node:
            case ir.Bool():
                return replace(node, type=Basic.BOOL)
            case ir.Int():
                return replace(node, type=Basic.INT)
            case ir.Date():
                return replace(node, type=Basic.DATE)
            case ir.String():
                return self._string(node, wanted)
            case ir.List():
                return self._list(node, wanted)
            case ir.Name():
                return self._name(node)
            case ir.Member():
                return self._member(node)
            case ir.Has():
                return self._has(node)
            case ir.Call():
                return self._call(node)
            case _:
                return self._operator(node, wanted)

    def _operator(self, node: ir.Node, wanted: Type | None) -> ir.Node:  # noqa: PLR0911 - one return a case
        match node:
            case ir.Not(operand):
                return replace(node, operand=self._of(operand, Basic.BOOL), type=Basic.BOOL)
            case ir.Negate(operand):
                return replace(node, operand=self._of(operand, Basic.INT), type=Basic.INT)
            case ir.And(left, right) | ir.Or(left, right):
                left, right = self._of(left, Basic.BOOL), self._of(right, Basic.BOOL)
                return replace(node, left=left, right=right, type=Basic.BOOL)
            case ir.Arithmetic(_, left, right):
                left, right = self._of(left, Basic.INT), self._of(right, Basic.INT)
                return replace(node, left=left, right=right, type=Basic.INT)
            case ir.Compare():
                return self._compare(node)
            case ir.In():
                return self._in(node)
            case ir.Conditional():
                return self._conditional(node, wanted)
            case _:
                message = f"no rule for {type(node).__name__}"
                raise AssertionError(message)

    def _fail(self, kind: str, span: Span, **params: str | int) -> RuleTypeError:
        return RuleTypeError(kind, span, self._source, **params)

    def _of(self, node: ir.Node, expected: Type) -> ir.Node:
        typed = self.typed(node, expected)
        found = _type_of(typed)
        if found != expected:
            raise self._fail("type", node.span, expected=str(expected), found=str(found))
        return typed

    def _string(self, node: ir.String, wanted: Type | None) -> ir.Node:
        match wanted:
            case Choice(options):
                if node.value not in options:
                    raise self._fail("option", node.span, option=node.value, options=", ".join(options))
                return replace(node, type=wanted)
            case Basic.ID:
                return replace(node, type=Basic.ID)
            case _:
                return replace(node, type=Basic.TEXT)

    def _list(self, node: ir.List, wanted: Type | None) -> ir.List:
        if not node.items:
            raise self._fail("empty_list", node.span)
        element = wanted.element if isinstance(wanted, ListOf) else None
        items: list[ir.Node] = []
        for item in node.items:
            if not isinstance(item, ir.Bool | ir.Int | ir.String | ir.Date):
                raise self._fail("constant_list", item.span)
            typed = self.typed(item, element)
            found = _type_of(typed)
            if element is not None and found != element:
                raise self._fail("type", item.span, expected=str(element), found=str(found))
            element = found
            items.append(typed)
        if element is None:
            raise self._fail("empty_list", node.span)
        return replace(node, items=tuple(items), type=ListOf(element))

    def _name(self, node: ir.Name) -> ir.Node:
        found = self._environment.get(node.name)
        if found is None:
            known = ", ".join(self._environment.known())
            raise self._fail("name", node.span, name=node.name, known=known)
        return replace(node, type=found)

    def _member(self, node: ir.Member) -> ir.Node:
        target = self.typed(node.target)
        record = _type_of(target)
        if not isinstance(record, Record):
            raise self._fail("no_fields", node.target.span, found=str(record), name=node.name)
        found = record.fields.get(node.name)
        if found is None:
            known = ", ".join(sorted(record.fields))
            raise self._fail("field", node.span, name=node.name, known=known)
        return replace(node, target=target, type=found)

    def _has(self, node: ir.Has) -> ir.Node:
        member = self._member(node.operand)
        if not isinstance(member, ir.Member):
            message = "a member stays a member"
            raise AssertionError(message)  # noqa: TRY004 - not about a caller's argument
        record = _type_of(member.target)
        if not isinstance(record, Record) or member.name not in record.optional:
            raise self._fail("has_optional", node.span, name=member.name)
        return replace(node, operand=member, type=Basic.BOOL)

    def _call(self, node: ir.Call) -> ir.Node:
        expected, result = _SIGNATURES[node.operation]
        if len(node.arguments) != len(expected):
            raise self._fail(
                "arguments",
                node.span,
                name=node.operation.value,
                expected=len(expected),
                found=len(node.arguments),
            )
        arguments = tuple(self._of(a, t) for a, t in zip(node.arguments, expected, strict=True))
        return replace(node, arguments=arguments, type=result)

    def _compare(self, node: ir.Compare) -> ir.Node:
        left, right = self._pair(node.left, node.right)
        kind = _type_of(left)
        if kind != _type_of(right):
            raise self._fail("compare", node.span, left=str(kind), right=str(_type_of(right)))
        if isinstance(kind, Record | ListOf):
            raise self._fail("not_a_value", node.left.span, found=str(kind))
        if node.sign not in {ir.Comparison.EQ, ir.Comparison.NE} and kind not in ORDERED:
            raise self._fail("order", node.span, found=str(kind), sign=node.sign.value)
        return replace(node, left=left, right=right, type=Basic.BOOL)

    def _pair(self, left: ir.Node, right: ir.Node) -> tuple[ir.Node, ir.Node]:
        """Type two sides that must agree, so that a quoted word takes the type of the other side."""
        if isinstance(left, ir.String) and not isinstance(right, ir.String):
            typed_right = self.typed(right)
            return self.typed(left, typed_right.type), typed_right
        typed_left = self.typed(left)
        return typed_left, self.typed(right, typed_left.type)

    def _in(self, node: ir.In) -> ir.Node:
        item = self.typed(node.item)
        kind = _type_of(item)
        if isinstance(kind, Record | ListOf):
            raise self._fail("not_a_value", node.item.span, found=str(kind))
        options = self._list(node.options, ListOf(kind))
        return replace(node, item=item, options=options, type=Basic.BOOL)

    def _conditional(self, node: ir.Conditional, wanted: Type | None) -> ir.Node:
        test = self._of(node.test, Basic.BOOL)
        yes, no = (
            self._pair(node.yes, node.no)
            if wanted is None
            else (self.typed(node.yes, wanted), self.typed(node.no, wanted))
        )
        kind = _type_of(yes)
        if kind != _type_of(no):
            raise self._fail("branches", node.span, left=str(kind), right=str(_type_of(no)))
        if isinstance(kind, Record | ListOf):
            raise self._fail("not_a_value", node.yes.span, found=str(kind))
        return replace(node, test=test, yes=yes, no=no, type=kind)
