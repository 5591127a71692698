"""Canonical JSON against the vectors of RFC 8785 and against the reader's own view."""

import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pendopo_wire import canonical
from pendopo_wire.errors import CanonicalError

# RFC 8785, Appendix B: IEEE 754 bits and the ECMAScript spelling.
NUMBERS = [
    ("0000000000000000", "0"),
    ("8000000000000000", "0"),
    ("0000000000000001", "5e-324"),
    ("8000000000000001", "-5e-324"),
    ("7fefffffffffffff", "1.7976931348623157e+308"),
    ("ffefffffffffffff", "-1.7976931348623157e+308"),
    ("4340000000000000", "9007199254740992"),
    ("c340000000000000", "-9007199254740992"),
    ("4430000000000000", "295147905179352830000"),
    ("44b52d02c7e14af5", "9.999999999999997e+22"),
    ("44b52d02c7e14af6", "1e+23"),
    ("44b52d02c7e14af7", "1.0000000000000001e+23"),
    ("444b1ae4d6e2ef4e", "999999999999999700000"),
    ("444b1ae4d6e2ef4f", "999999999999999900000"),
    ("444b1ae4d6e2ef50", "1e+21"),
    ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
    ("3eb0c6f7a0b5ed8d", "0.000001"),
    ("41b3de4355555553", "333333333.3333332"),
    ("41b3de4355555554", "333333333.33333325"),
    ("41b3de4355555555", "333333333.3333333"),
    ("becbf647612f3696", "-0.0000033333333333333333"),
    ("43143ff3c1cb0959", "1424953923781206.2"),
]


@pytest.mark.parametrize(("bits", "expected"), NUMBERS)
def test_numbers_are_written_as_ecmascript_writes_them(bits: str, expected: str) -> None:
    (value,) = struct.unpack(">d", bytes.fromhex(bits))
    assert canonical.dumps(value).decode() == expected


def test_the_example_of_the_specification() -> None:
    # RFC 8785, section 3.2.2 (input) and 3.2.4 (bytes).
    value: canonical.Json = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"\u002f",
        "literals": [None, True, False],
    }
    assert canonical.dumps(value).decode() == (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


TEXT = st.text(st.characters(exclude_categories=[]), max_size=8)
LEAF = st.none() | st.booleans() | st.integers() | TEXT | st.lists(TEXT | st.none(), max_size=3)


@given(st.dictionaries(TEXT, LEAF, max_size=6))
def test_an_object_has_the_same_bytes_whether_alone_or_inside_another(
    value: dict[str, canonical.Json],
) -> None:
    """Alone it may be written by the encoder of the standard library, inside a list never."""
    try:
        inside = canonical.dumps([value])
    except CanonicalError:
        with pytest.raises(CanonicalError):
            canonical.dumps(value)
    else:
        assert canonical.dumps(value) == inside[1:-1]


def test_keys_are_sorted_by_utf16_code_units() -> None:
    # RFC 8785, section 3.2.3: the emoji (a surrogate pair) sorts before U+FB33.
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    written = json.loads(canonical.dumps(dict.fromkeys(keys, 0)))
    assert list(written) == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), 2**53, -(2**53), "\ud800", {1: "x"}, b"x", {"a": object()}, {"\ud800": 1}],
)
def test_what_json_cannot_say_exactly_is_refused(value: canonical.Json) -> None:
    with pytest.raises(CanonicalError):
        canonical.dumps(value)


@pytest.mark.parametrize(
    "text", ['{"a":1,"a":2}', "[NaN]", "{", '"\xff', "[" * 100_000, '"\\ud800"', "9007199254740992", "1e999"]
)
def test_ambiguous_or_broken_documents_are_refused(text: str) -> None:
    with pytest.raises(CanonicalError):
        canonical.loads(text.encode("latin-1"))


# Larger doubles are whole numbers that Python's reader turns into integers; the table above covers them.
_doubles = st.floats(-(2.0**53) + 1, 2.0**53 - 1)
_scalars = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text() | _doubles
_values = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(_values)
def test_any_value_reads_back_equal_and_the_form_is_stable(value: canonical.Json) -> None:
    written = canonical.dumps(value)
    assert json.loads(written) == value
    assert canonical.dumps(canonical.loads(written)) == written
