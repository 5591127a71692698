"""Headers of messages as both sides of a gateway treat them: one value each, plain ASCII, known names."""

import re
from collections.abc import Iterable, Mapping

from aiohttp import web

from pendopo_wire.signatures import Header

_VALUE = re.compile(r"[\x20-\x7e]{0,8000}")
_NAMES = re.compile(r"[A-Za-z0-9_.-]{1,128}(?:[ \t]*,[ \t]*[A-Za-z0-9_.-]{1,128}){0,999}")
_JOINABLE = frozenset(
    {"accept", "accept-language", "cache-control", "content-language", "if-match", "if-none-match"}
)


class HeaderError(ValueError):
    """A header is there twice or holds what no header of the exchange may hold; the text is its name."""


def collect(headers: Iterable[Header], names: Iterable[str]) -> dict[str, str]:
    """Pick the headers of these names, in the order of the names, one value each.

    List headers that came in several lines are joined. Raises ``HeaderError``.
    """
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(name.lower(), []).append(value.strip(" \t"))
    return {name: _joined(name, found[name]) for name in names if name in found}


def check_names(headers: Mapping[str, str], name: str) -> None:
    """Raise ``HeaderError`` unless a header is absent, empty, or a comma list of names."""
    value = headers.get(name, "")
    if value and _NAMES.fullmatch(value) is None:
        raise HeaderError(name)


def evidence(headers: Iterable[Header], names: Iterable[str]) -> list[Header]:
    """The headers that a signature covers, with the signature itself: what the message log keeps."""
    return list(collect(headers, (*names, "signature-input", "signature")).items())


def raw_headers(request: web.Request) -> tuple[Header, ...]:
    """All headers of a request in order of arrival, duplicates kept."""
    return tuple(request.headers.items())


def _joined(name: str, values: list[str]) -> str:
    if len(values) > 1 and name not in _JOINABLE:
        raise HeaderError(name)
    value = ", ".join(values)
    if _VALUE.fullmatch(value) is None:
        raise HeaderError(name)
    return value
