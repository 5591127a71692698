"""Headers of messages as both sides of a gateway treat them: one value each, plain ASCII, known names."""

import re
from collections.abc import Iterable, Mapping

from aiohttp import web

from pendopo_wire.signatures import Header

_LONGEST_VALUE = 8000
_NAMES = re.compile(r"[A-Za-z0-9_.-]{1,128}(?:[ \t]*,[ \t]*[A-Za-z0-9_.-]{1,128}){0,999}")
_JOINABLE = frozenset(
    {"accept", "accept-language", "cache-control", "content-language", "if-match", "if-none-match"}
)


_SPACES = " \t"

SIGNATURE = ("signature-input", "signature")
"""What the message log keeps beside the headers that a signature covers."""


class HeaderError(ValueError):
    """A header is there twice or holds what no header of the exchange may hold; the text is its name."""


def collect(headers: Iterable[Header], names: Iterable[str]) -> dict[str, str]:
    """Pick the headers of these names, in the order of the names, one value each.

    List headers that came in several lines are joined. Raises ``HeaderError``.
    """
    found: dict[str, str] = {}
    doubled: set[str] = set()
    for raw, value in headers:
        name = raw.lower()
        if name in found:
            doubled.add(name)
            found[name] += f", {value.strip(_SPACES)}"
        else:
            found[name] = value.strip(_SPACES)
    picked = {name: found[name] for name in names if name in found}
    for name, value in picked.items():
        if name in doubled and name not in _JOINABLE:
            raise HeaderError(name)
        if len(value) > _LONGEST_VALUE or not value.isascii() or not value.isprintable():
            raise HeaderError(name)
    return picked


def check_names(headers: Mapping[str, str], name: str) -> None:
    """Raise ``HeaderError`` unless a header is absent, empty, or a comma list of names."""
    value = headers.get(name, "")
    if value and _NAMES.fullmatch(value) is None:
        raise HeaderError(name)


def raw_headers(request: web.Request) -> tuple[Header, ...]:
    """All headers of a request in order of arrival, duplicates kept."""
    return tuple(request.headers.items())
