"""Canonical JSON: one value, one byte string (RFC 8785, JSON Canonicalization Scheme).

Objects are sorted by the UTF-16 code units of their keys, numbers are written as ECMAScript writes
them, text is escaped as little as possible, and nothing is indented. Integers beyond 2^53 - 1 are
refused: a reader that stores numbers as doubles would read another value.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence

from pendopo_wire.errors import CanonicalError

type Json = bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None

_LARGEST_EXACT = 2**53 - 1
_FIXED_POINT_DIGITS = 21
_SMALLEST_FIXED_EXPONENT = -6
_PLAIN = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
_ESCAPE = re.compile(r'["\\\x00-\x1f]')
_SHORT_ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
}


def dumps(value: Json) -> bytes:
    """Return the canonical UTF-8 bytes of a JSON value.

    Raises ``CanonicalError`` for NaN, infinities, integers beyond 2^53 - 1, lone surrogates, keys that
    are not text, and types that JSON does not know.
    """
    try:
        if type(value) is dict and _is_flat(value):
            return _PLAIN.encode(value).encode("utf-8")
        parts: list[str] = []
        _write(value, parts)
        return "".join(parts).encode("utf-8")
    except UnicodeEncodeError as error:
        raise CanonicalError("text holds a lone surrogate") from error


def loads(data: bytes) -> Json:
    """Read JSON bytes, refusing duplicate keys and every value that ``dumps`` refuses.

    Does not check that the bytes are canonical: compare with ``dumps(loads(data))`` where that matters.
    """
    try:
        value: Json = json.loads(data, object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise CanonicalError("not a JSON document") from error
    dumps(value)
    return value


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise CanonicalError("an object names one key twice")
    return result


def _no_constant(_name: str) -> Json:
    raise CanonicalError("JSON has no NaN or infinity")


def _is_flat(value: Mapping[str, Json]) -> bool:
    """Whether an object holds texts, exact integers, nulls and lists of texts only, under keys of ASCII.

    The standard library's encoder, which is not written in Python, gives the canonical bytes of such an
    object: code points order such keys like UTF-16 code units, and it escapes what RFC 8785 escapes.
    """
    return all(type(key) is str and key.isascii() and _is_leaf(item) for key, item in value.items())


def _is_leaf(item: object) -> bool:
    if type(item) is list:
        return all(type(part) is str for part in item)
    if type(item) is int:
        return -_LARGEST_EXACT <= item <= _LARGEST_EXACT
    return type(item) is str or item is None


def _write(value: Json, parts: list[str]) -> None:
    match value:
        case None:
            parts.append("null")
        case bool():
            parts.append("true" if value else "false")
        case str():
            parts.append(_text(value))
        case int():
            parts.append(_integer(value))
        case float():
            parts.append(_double(value))
        case Mapping():
            _write_object(value, parts)
        case bytes() | bytearray():
            raise CanonicalError("bytes are not JSON")
        case Sequence():
            _write_array(value, parts)
        case _:
            raise CanonicalError(f"{type(value).__name__} is not JSON")


def _write_array(items: Sequence[Json], parts: list[str]) -> None:
    parts.append("[")
    for position, item in enumerate(items):
        if position:
            parts.append(",")
        _write(item, parts)
    parts.append("]")


def _write_object(members: Mapping[str, Json], parts: list[str]) -> None:
    parts.append("{")
    for position, key in enumerate(sorted(members, key=_code_units)):
        if position:
            parts.append(",")
        parts.append(_text(key))
        parts.append(":")
        _write(members[key], parts)
    parts.append("}")


def _code_units(key: object) -> bytes:
    if not isinstance(key, str):
        raise CanonicalError("an object key is not text")
    return key.encode("utf-16-be", "surrogatepass")


def _text(value: str) -> str:
    return '"' + _ESCAPE.sub(_escaped, value) + '"'


def _escaped(match: re.Match[str]) -> str:
    character = match.group()
    return _SHORT_ESCAPES.get(character) or f"\\u{ord(character):04x}"


def _integer(value: int) -> str:
    if abs(value) > _LARGEST_EXACT:
        raise CanonicalError("an integer beyond 2^53 - 1 is not exact in JSON")
    return str(int(value))


def _double(value: float) -> str:
    """ECMAScript ``Number::toString``; Python's ``repr`` gives the same shortest digits."""
    if not math.isfinite(value):
        raise CanonicalError("JSON has no NaN or infinity")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = f"{abs(value)!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    return sign + _place_point(digits.rstrip("0"), point)


def _place_point(digits: str, point: int) -> str:
    """Write ``0.digits * 10**point`` the ECMAScript way."""
    count = len(digits)
    if count <= point <= _FIXED_POINT_DIGITS:
        return digits + "0" * (point - count)
    if 0 < point <= _FIXED_POINT_DIGITS:
        return f"{digits[:point]}.{digits[point:]}"
    if _SMALLEST_FIXED_EXPONENT < point <= 0:
        return "0." + "0" * -point + digits
    exponent = point - 1
    tail = f".{digits[1:]}" if count > 1 else ""
    return f"{digits[0]}{tail}e{'+' if exponent > 0 else '-'}{abs(exponent)}"
