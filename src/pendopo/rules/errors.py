"""What can be wrong with an expression, each with the place in its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pendopo.kernel.errors import Invalid

if TYPE_CHECKING:
    from pendopo.kernel.errors import ErrorParam


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of the source: character offsets, ``end`` not included."""

    start: int
    end: int

    def to(self, other: Span) -> Span:
        """Return the stretch from the start of this one to the end of ``other``."""
        return Span(self.start, other.end)


class RuleError(Invalid):
    """An expression that cannot be used.

    ``kind`` names the sentence (``rules.errors.<kind>``), ``span`` the place; ``params`` hold words of the
    source, never data of people.
    """

    code = "rules.error"
    text_key = "rules.errors.error"

    def __init__(self, kind: str, span: Span, source: str = "", /, **params: ErrorParam) -> None:
        """Compute line and column (both from 1) from ``source``."""
        before = source[: span.start]
        self.kind = kind
        self.span = span
        self.line = before.count("\n") + 1
        self.column = span.start - (before.rfind("\n") + 1) + 1
        shown = ", ".join(f"{name}={value}" for name, value in params.items())
        super().__init__(
            f"{kind} at line {self.line}, column {self.column}" + (f" ({shown})" if shown else ""),
            line=self.line,
            column=self.column,
            **params,
        )

    @property
    def sentence_key(self) -> str:
        """Key of the sentence that explains this error to the author of the expression."""
        return f"rules.errors.{self.kind}"


class RuleSyntaxError(RuleError):
    """The text is not an expression of the subset."""

    code = "rules.syntax"


class RuleTypeError(RuleError):
    """The expression is well formed but mixes what does not go together, or names what is not there."""

    code = "rules.type"


class WrongInputError(Invalid):
    """A value passed to an evaluation is not of the type that the expression was checked against.

    Carries the path and the expected type, never the value.
    """

    code = "rules.wrong_input"
    text_key = "rules.errors.wrong_input"
