"""Request targets of the r1 protocol: read once, made canonical, and matched against endpoint patterns.

The gateway that checks a path must forward the very path it checked. So a target is decoded, inspected
and written again in one canonical spelling; that spelling is what is matched, signed, logged and sent.
Refused: dot segments (also encoded, also before ``;``), encoded separators, backslashes, control
characters, double encoding, empty segments inside the path, fragments, and anything that is not UTF-8.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Self, override
from urllib.parse import quote, unquote

from pendopo_wire.errors import IdentifierError, TargetError
from pendopo_wire.identifiers import MemberId, ServiceId, SubsystemId, checked_part

PREFIX = "/r1/"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
ANY_METHOD = "*"

_SEGMENTS_OF_SERVICE = 5
_LONGEST_TARGET = 8000
_REMEMBERED = 256
_TARGET = re.compile(r"/[!$%&'()*+,\-./0-9:;=?@A-Z_a-z~]*")
_PLAIN_IN_SEGMENT = "!$&'()*+,-.:;=@_~"
_FORBIDDEN_IN_SEGMENT = re.compile(r"[/\\\x00-\x1f\x7f]|%[0-9A-Fa-f]{2}")


@dataclass(frozen=True, slots=True)
class Target:
    """A checked request target: the service, the decoded path segments below it, and the raw query.

    A trailing slash shows as a last, empty segment. ``query`` is ``None`` when there is no question mark.
    """

    service: ServiceId
    segments: tuple[str, ...]
    query: str | None

    @classmethod
    def parse(cls, raw: str) -> Self:
        """Read the target of a request line, ``/r1/…``. Raises ``TargetError``."""
        return cls(*_read(raw))

    @property
    def below_service(self) -> str:
        """Canonical path below the service with its query: what is appended to the provider's base URL."""
        path = _written(self.segments)
        return path if self.query is None else f"{path}?{self.query}"

    @override
    def __str__(self) -> str:
        return f"{PREFIX}{self.service}{self.below_service}"


@dataclass(frozen=True, slots=True, order=True)
class Endpoint:
    """A method (or ``*``) and a path pattern: ``*`` stands for one segment, a last ``**`` for any rest."""

    method: str
    path: str

    @classmethod
    def checked(cls, method: str, path: str) -> Self:
        """Make an endpoint, refusing patterns that could not match a checked target."""
        if method != ANY_METHOD and method not in METHODS:
            raise TargetError("an endpoint has an HTTP method or *")
        if not path.startswith("/"):
            raise TargetError("an endpoint's path starts with a slash")
        segments = path[1:].split("/")
        if (
            "**" in segments[:-1]
            or "" in segments[:-1]
            or any(segment in {".", ".."} for segment in segments)
        ):
            raise TargetError("an endpoint's path has no empty or dot segment, and ** only at its end")
        return cls(method, path)

    def matches(self, method: str, segments: tuple[str, ...]) -> bool:
        """Say whether a request with this method and these decoded segments is meant."""
        if self.method not in {ANY_METHOD, method}:
            return False
        pattern = _pattern(self.path)
        if pattern and pattern[-1] == "**":
            pattern = pattern[:-1]
            if len(segments) < len(pattern):
                return False
        elif len(segments) != len(pattern):
            return False
        return all(_fits(wanted, given) for wanted, given in zip(pattern, segments, strict=False))


@lru_cache(maxsize=_REMEMBERED)
def _read(raw: str) -> tuple[ServiceId, tuple[str, ...], str | None]:
    """Service, segments and query of a target; kept, because each exchange reads the same text four times."""
    if len(raw) > _LONGEST_TARGET or _TARGET.fullmatch(raw) is None or not raw.startswith(PREFIX):
        raise TargetError("the target is not a path below /r1/")
    path, mark, query = raw.partition("?")
    segments = _decoded(path.removeprefix(PREFIX))
    if len(segments) < _SEGMENTS_OF_SERVICE:
        raise TargetError("the target names no service")
    service = _service(segments[:_SEGMENTS_OF_SERVICE])
    return service, segments[_SEGMENTS_OF_SERVICE:], query if mark else None


@lru_cache(maxsize=_REMEMBERED)
def _written(segments: tuple[str, ...]) -> str:
    """Canonical path of decoded segments; kept, because an exchange writes the same path several times."""
    return "".join(f"/{quote(segment, safe=_PLAIN_IN_SEGMENT)}" for segment in segments)


@lru_cache(maxsize=4096)
def _pattern(path: str) -> tuple[str, ...]:
    return tuple(path[1:].split("/")) if path != "/" else ()


def _fits(wanted: str, given: str) -> bool:
    return bool(given) if wanted == "*" else wanted == given


def _service(parts: tuple[str, ...]) -> ServiceId:
    try:
        instance, member_class, member, subsystem, code = (checked_part(part) for part in parts)
    except IdentifierError as error:
        raise TargetError("the target names no service") from error
    return ServiceId(SubsystemId(MemberId(instance, member_class, member), subsystem), code)


def _decoded(path: str) -> tuple[str, ...]:
    segments = path.split("/")
    if "" in segments[:-1]:
        raise TargetError("the path has an empty segment")
    return tuple(_checked_segment(segment) for segment in segments)


def _checked_segment(raw: str) -> str:
    if re.search(r"%(?![0-9A-Fa-f]{2})", raw):
        raise TargetError("the path has a broken percent-encoding")
    try:
        segment = unquote(raw, errors="strict")
    except UnicodeDecodeError as error:
        raise TargetError("the path is not UTF-8") from error
    if segment.partition(";")[0] in {".", ".."} or _FORBIDDEN_IN_SEGMENT.search(segment):
        raise TargetError("the path has a dot segment or a hidden separator")
    return segment
