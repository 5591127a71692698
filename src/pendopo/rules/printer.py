"""From a tree back to text, with as few parentheses as the grammar allows.

``parse(show(tree)) == tree`` for every tree that the parser can make.
"""

from __future__ import annotations

from pendopo.rules import ir
from pendopo.rules.parser import AND, CONDITIONAL, MEMBER, OR, PRODUCT, RELATION, SUM, UNARY


def show(node: ir.Node) -> str:  # noqa: C901, PLR0911 - one return a case
    """Write an expression in its canonical form."""
    match node:
        case ir.Conditional(test, yes, no):
            return f"{_at(test, OR)} ? {_at(yes, OR)} : {_at(no, CONDITIONAL)}"
        case ir.Or(left, right):
            return f"{_at(left, OR)} || {_at(right, AND)}"
        case ir.And(left, right):
            return f"{_at(left, AND)} && {_at(right, RELATION)}"
        case ir.Compare(sign, left, right):
            return f"{_at(left, RELATION)} {sign.value} {_at(right, SUM)}"
        case ir.In(item, options):
            return f"{_at(item, RELATION)} in {show(options)}"
        case ir.Arithmetic(ir.Sum.MUL, left, right):
            return f"{_at(left, PRODUCT)} * {_at(right, UNARY)}"
        case ir.Arithmetic(sign, left, right):
            return f"{_at(left, SUM)} {sign.value} {_at(right, PRODUCT)}"
        case ir.Not(operand):
            return f"!{_at(operand, UNARY)}"
        case ir.Negate(ir.Int() as operand):
            return f"-({show(operand)})"
        case ir.Negate(operand):
            return f"-{_at(operand, UNARY)}"
        case ir.Member(target, name):
            return f"{_at(target, MEMBER)}.{name}"
        case _:
            return _atom(node)


def _atom(node: ir.Node) -> str:  # noqa: PLR0911 - one return a case
    match node:
        case ir.Bool(value):
            return "true" if value else "false"
        case ir.Int(value):
            return str(value)
        case ir.String(value):
            return _quote(value)
        case ir.Date(value):
            return f'date("{value.isoformat()}")'
        case ir.List(items):
            return f"[{', '.join(show(item) for item in items)}]"
        case ir.Name(name):
            return name
        case ir.Has(operand):
            return f"has({show(operand)})"
        case ir.Call(operation, arguments):
            return f"{operation.value}({', '.join(show(argument) for argument in arguments)})"
        case _:
            message = f"not an atom: {type(node).__name__}"
            raise AssertionError(message)


def _at(node: ir.Node, floor: int) -> str:
    text = show(node)
    return text if _power(node) >= floor else f"({text})"


def _power(node: ir.Node) -> int:  # noqa: PLR0911 - one return a case
    match node:
        case ir.Conditional():
            return CONDITIONAL
        case ir.Or():
            return OR
        case ir.And():
            return AND
        case ir.Compare() | ir.In():
            return RELATION
        case ir.Arithmetic(ir.Sum.MUL):
            return PRODUCT
        case ir.Arithmetic():
            return SUM
        case ir.Not() | ir.Negate():
            return UNARY
        case ir.Int(value) if value < 0:
            return UNARY
        case _:
            return MEMBER


def _quote(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    escaped = escaped.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    return f'"{escaped}"'
