"""From tokens to a tree: a Pratt parser with the precedences of CEL.

From loose to tight: ``?:`` · ``||`` · ``&&`` · comparisons and ``in`` · ``+ -`` · ``*`` · ``! -`` · ``.``.
As in CEL the middle of ``?:`` is no conditional itself unless it stands in parentheses.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from pendopo.rules import ir
from pendopo.rules.errors import RuleSyntaxError, Span
from pendopo.rules.tokens import Kind, Token, tokenize
from pendopo.rules.types import INT64_MAX

MAX_DEPTH: Final = 40
"""Deepest nesting of parentheses and prefixes."""

MAX_OPERATORS: Final = 150
"""Most operators in one expression. With MAX_DEPTH it keeps a hostile definition from exhausting the
stack."""

CONDITIONAL: Final = 1
OR: Final = 2
AND: Final = 3
RELATION: Final = 4
SUM: Final = 5
PRODUCT: Final = 6
UNARY: Final = 7
MEMBER: Final = 8

_RELATIONS: Final = frozenset([*ir.Comparison, "in"])


def parse(source: str) -> ir.Node:
    """Parse an expression into an unchecked tree. Raises RuleSyntaxError with the place."""
    return _Parser(source).whole()


class _Parser:
    def __init__(self, source: str) -> None:
        self._source = source
        self._tokens = tokenize(source)
        self._at = 0
        self._depth = 0
        self._operators = 0

    def whole(self) -> ir.Node:
        node = self._expression(CONDITIONAL)
        if self._peek().kind is not Kind.END:
            raise self._unexpected(self._peek())
        return node

    def _peek(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._tokens[self._at]
        if token.kind is not Kind.END:
            self._at += 1
        return token

    def _expect(self, sign: str) -> Token:
        token = self._take()
        if not token.is_sign(sign):
            if token.kind is Kind.END:
                raise RuleSyntaxError("missing", token.span, self._source, expected=sign)
            raise RuleSyntaxError("expected", token.span, self._source, expected=sign, found=token.text)
        return token

    def _unexpected(self, token: Token) -> RuleSyntaxError:
        if token.kind is Kind.END:
            return RuleSyntaxError("ended", token.span, self._source)
        return RuleSyntaxError("unexpected", token.span, self._source, found=token.text)

    def _expression(self, floor: int) -> ir.Node:
        """Parse while operators bind at least as tightly as ``floor``."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise RuleSyntaxError("too_deep", self._peek().span, self._source, limit=MAX_DEPTH)
        node = self._prefix()
        while (power := _power(self._peek())) >= floor:
            self._operators += 1
            if self._operators > MAX_OPERATORS:
                raise RuleSyntaxError("too_complex", self._peek().span, self._source, limit=MAX_OPERATORS)
            node = self._infix(node, power)
        self._depth -= 1
        return node

    def _prefix(self) -> ir.Node:  # noqa: PLR0911 - one return a case
        token = self._take()
        match token.kind:
            case Kind.INT:
                return self._integer(token, token.span, 1)
            case Kind.STRING:
                return ir.String(token.text, span=token.span)
            case Kind.NAME:
                return self._name(token)
            case Kind.SIGN if token.text == "(":
                node = self._expression(CONDITIONAL)
                self._expect(")")
                return node
            case Kind.SIGN if token.text == "[":
                return self._list(token)
            case Kind.SIGN if token.text == "!":
                operand = self._expression(UNARY)
                return ir.Not(operand, span=token.span.to(operand.span))
            case Kind.SIGN if token.text == "-":
                return self._minus(token)
            case _:
                raise self._unexpected(token)

    def _minus(self, minus: Token) -> ir.Node:
        if self._peek().kind is Kind.INT:
            digits = self._take()
            return self._integer(digits, minus.span.to(digits.span), -1)
        operand = self._expression(UNARY)
        return ir.Negate(operand, span=minus.span.to(operand.span))

    def _integer(self, token: Token, span: Span, sign: int) -> ir.Int:
        value = sign * int(token.text) if len(token.text) <= len(str(INT64_MAX)) else None
        if value is None or not -INT64_MAX - 1 <= value <= INT64_MAX:
            raise RuleSyntaxError("integer", span, self._source)
        return ir.Int(value, span=span)

    def _name(self, token: Token) -> ir.Node:
        if token.text in {"true", "false"}:
            return ir.Bool(token.text == "true", span=token.span)
        if self._peek().is_sign("("):
            return self._call(token)
        return ir.Name(token.text, span=token.span)

    def _call(self, name: Token) -> ir.Node:
        self._expect("(")
        arguments = self._items(")")
        span = name.span.to(self._tokens[self._at - 1].span)
        if name.text == "date":
            return self._date(arguments, span)
        if name.text == "has":
            if len(arguments) == 1 and isinstance(arguments[0], ir.Member):
                return ir.Has(arguments[0], span=span)
            raise RuleSyntaxError("has_argument", span, self._source)
        try:
            operation = ir.Operation(name.text)
        except ValueError:
            raise RuleSyntaxError("operation", name.span, self._source, name=name.text) from None
        return ir.Call(operation, arguments, span=span)

    def _date(self, arguments: tuple[ir.Node, ...], span: Span) -> ir.Date:
        match arguments:
            case (ir.String(text),) if len(text) == len("2026-01-31"):
                try:
                    return ir.Date(dt.date.fromisoformat(text), span=span)
                except ValueError:
                    pass
        raise RuleSyntaxError("date", span, self._source)

    def _list(self, opened: Token) -> ir.List:
        items = self._items("]")
        span = opened.span.to(self._tokens[self._at - 1].span)
        return ir.List(items, span=span)

    def _items(self, closing: str) -> tuple[ir.Node, ...]:
        """Parse expressions between commas up to and with the closing sign."""
        items: list[ir.Node] = []
        if self._peek().is_sign(closing):
            self._take()
            return ()
        items.append(self._expression(CONDITIONAL))
        while self._peek().is_sign(","):
            self._take()
            items.append(self._expression(CONDITIONAL))
        self._expect(closing)
        return tuple(items)

    def _infix(self, left: ir.Node, power: int) -> ir.Node:
        token = self._take()
        match power:
            case 1:
                return self._conditional(left)
            case 8:
                return self._member(left)
            case _:
                right = self._expression(power + 1)
                return self._binary(token, left, right)

    def _conditional(self, test: ir.Node) -> ir.Node:
        yes = self._expression(OR)
        self._expect(":")
        no = self._expression(CONDITIONAL)
        return ir.Conditional(test, yes, no, span=test.span.to(no.span))

    def _member(self, target: ir.Node) -> ir.Node:
        name = self._take()
        if name.kind is not Kind.NAME or name.text in {"true", "false"}:
            raise self._unexpected(name)
        return ir.Member(target, name.text, span=target.span.to(name.span))

    def _binary(self, token: Token, left: ir.Node, right: ir.Node) -> ir.Node:
        span = left.span.to(right.span)
        match token.text:
            case "&&":
                return ir.And(left, right, span=span)
            case "||":
                return ir.Or(left, right, span=span)
            case "+" | "-" | "*":
                return ir.Arithmetic(ir.Sum(token.text), left, right, span=span)
            case "in":
                if not isinstance(right, ir.List):
                    raise RuleSyntaxError("in_list", right.span, self._source)
                return ir.In(left, right, span=span)
            case sign:
                return ir.Compare(ir.Comparison(sign), left, right, span=span)


def _power(token: Token) -> int:
    """Return how tightly an infix token binds; 0 when it is none."""
    if token.kind is not Kind.SIGN:
        return 0
    if token.text in _RELATIONS:
        return RELATION
    return {"?": CONDITIONAL, "||": OR, "&&": AND, "+": SUM, "-": SUM, "*": PRODUCT, ".": MEMBER}.get(
        token.text, 0
    )
