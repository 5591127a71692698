"""Problem documents (RFC 9457) for failed exchanges, with X-Road's own members beside them.

``type`` is the X-Road error code, ``message`` the English sentence and ``detail`` a number to look up in
the gateway's log, as X-Road clients expect; ``hop``, ``cause`` and ``remedy`` tell people where it
failed, why, and what to do, in Indonesian and English.
"""

import tomllib
from functools import cache
from importlib.resources import files

import msgspec

from pendopo_gateway.errors import ExchangeError, Spelling

LANGUAGES = ("id", "en")
MEDIA_TYPE = "application/problem+json"
HEADER = "x-road-error"


class Sentence(msgspec.Struct, frozen=True):
    """One sentence in both languages."""

    id: str
    en: str


class Problem(msgspec.Struct, frozen=True):
    """The document."""

    type: str
    title: str
    status: int
    message: str
    detail: str
    hop: str
    cause: Sentence
    remedy: Sentence


def problem(error: ExchangeError, *, number: str, spelling: Spelling) -> Problem:
    """Describe a failure; ``number`` is the one that the log line carries."""
    fault = error.fault
    cause = {language: text(language)[fault.text]["cause"] for language in LANGUAGES}
    for language in LANGUAGES:
        reason = text(language)["reason"].get(error.detail)
        cause[language] = f"{cause[language]} {reason}" if reason else cause[language]
    remedy = {language: text(language)[fault.text]["remedy"] for language in LANGUAGES}
    title = text("en")[fault.text]["title"]
    return Problem(
        type=fault.code(spelling),
        title=title,
        status=fault.status,
        message=f"{title}. {cause['en']}",
        detail=number,
        hop=fault.hop.value,
        cause=Sentence(**cause),
        remedy=Sentence(**remedy),
    )


@cache
def text(language: str) -> dict[str, dict[str, str]]:
    """All sentences of a language."""
    content = files("pendopo_gateway").joinpath("text", f"{language}.toml").read_text(encoding="utf-8")
    sentences: dict[str, dict[str, str]] = tomllib.loads(content)
    return sentences
