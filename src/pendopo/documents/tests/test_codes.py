"""The code on paper."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pendopo.documents import codes


def test_codes_are_26_characters_and_differ() -> None:
    made = {codes.new() for _ in range(100)}
    assert len(made) == 100
    assert all(codes.parse(code) == code for code in made)


@settings(deadline=None)
@given(st.text(max_size=80))
def test_whatever_is_typed_gives_a_code_or_nothing(typed: str) -> None:
    code = codes.parse(typed)
    assert code is None or codes.parse(codes.grouped(code)) == code
