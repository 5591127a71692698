"""From text to tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from pendopo.rules.errors import RuleSyntaxError, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_LENGTH: Final = 4000
"""Longest expression, in characters. Longer ones are better written as a decision table."""

RESERVED: Final = frozenset(
    [
        "as",
        "break",
        "const",
        "continue",
        "else",
        "for",
        "function",
        "if",
        "import",
        "let",
        "loop",
        "namespace",
        "package",
        "return",
        "var",
        "void",
        "while",
    ],
)
"""Words that CEL keeps for itself; we refuse them as names so that expressions stay CEL."""


class Kind(StrEnum):
    """Kinds of token."""

    INT = "integer"
    STRING = "string"
    NAME = "name"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the source. ``text`` is the sign or name, the digits, or the decoded string."""

    kind: Kind
    text: str
    span: Span

    def is_sign(self, *signs: str) -> bool:
        """Whether this is one of the signs (``in`` counts as a sign)."""
        return self.kind is Kind.SIGN and self.text in signs


# One alternative a token; no nested quantifier, so matching is linear.
_PATTERN: Final = re.compile(
    r"""
      (?P<space>[ \t\r\n]+|//[^\n]*)
    | (?P<float>[0-9]+\.[0-9]+|[0-9]+[eE][0-9]+)
    | (?P<int>[0-9]+)
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    | (?P<sign>&&|\|\||==|!=|<=|>=|[-!<>?:+*.,()\[\]])
    """,
    re.VERBOSE,
)
_ESCAPE: Final = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)")
_ESCAPED: Final = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "'": "'"}


def tokenize(source: str) -> list[Token]:
    """Return the tokens of ``source``, closed by an END token. Raises RuleSyntaxError."""
    if len(source) > MAX_LENGTH:
        raise RuleSyntaxError("too_long", Span(MAX_LENGTH, len(source)), source, limit=MAX_LENGTH)
    tokens = list(_scan(source))
    tokens.append(Token(Kind.END, "", Span(len(source), len(source))))
    return tokens


def _scan(source: str) -> Iterator[Token]:
    position = 0
    while position < len(source):
        match = _PATTERN.match(source, position)
        if match is None:
            kind = "string_open" if source[position] in "\"'" else "character"
            raise RuleSyntaxError(kind, Span(position, position + 1), source, character=source[position])
        span = Span(match.start(), match.end())
        if match.lastgroup != "space":
            yield _token(match, span, source)
        position = match.end()


def _token(match: re.Match[str], span: Span, source: str) -> Token:
    text = match.group()
    match match.lastgroup:
        case "int":
            return Token(Kind.INT, text, span)
        case "string":
            return Token(Kind.STRING, _decode(text[1:-1], span, source), span)
        case "name" if text == "in":
            return Token(Kind.SIGN, text, span)
        case "name" if text == "null":
            raise RuleSyntaxError("null", span, source)
        case "name" if text in RESERVED:
            raise RuleSyntaxError("reserved", span, source, word=text)
        case "name":
            return Token(Kind.NAME, text, span)
        case "float":
            raise RuleSyntaxError("fraction", span, source, text=text)
        case _:
            return Token(Kind.SIGN, text, span)


def _decode(body: str, span: Span, source: str) -> str:
    def replace(match: re.Match[str]) -> str:
        code = match.group(1)
        if code in _ESCAPED:
            return _ESCAPED[code]
        if len(code) > 1 and not 0xD800 <= int(code[1:], 16) <= 0xDFFF:  # noqa: PLR2004 - the surrogates
            return chr(int(code[1:], 16))
        raise RuleSyntaxError("escape", span, source, text=match.group())

    return _ESCAPE.sub(replace, body)
