"""The door of the expression language.

::

    environment = Environment({"mother": Record({"birth_date": Basic.DATE})})
    rule = compile_expression('age(mother.birth_date, today) >= 17', environment, Basic.BOOL)
    answer = evaluate(rule, {"mother.birth_date": date(1996, 3, 12)}, today=date(2026, 11, 22))
    answer.value, answer.reason, answer.missing
"""

from pendopo.rules.checker import Expression, compile_expression
from pendopo.rules.errors import RuleError, RuleSyntaxError, RuleTypeError, Span, WrongInputError
from pendopo.rules.parser import parse
from pendopo.rules.printer import show
from pendopo.rules.program import Reader
from pendopo.rules.scalar import Answer, Reason, evaluate, explain
from pendopo.rules.types import Basic, Choice, Environment, Record, Scalar, Type
from pendopo.rules.values import ABSENT, Absent, Cause, CauseKind, Inputs, Unknown, Value

__all__ = [
    "ABSENT",
    "Absent",
    "Answer",
    "Basic",
    "Cause",
    "CauseKind",
    "Choice",
    "Environment",
    "Expression",
    "Inputs",
    "Reader",
    "Reason",
    "Record",
    "RuleError",
    "RuleSyntaxError",
    "RuleTypeError",
    "Scalar",
    "Span",
    "Type",
    "Unknown",
    "Value",
    "WrongInputError",
    "compile_expression",
    "evaluate",
    "explain",
    "parse",
    "show",
]
