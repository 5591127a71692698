"""One-time passwords against the vectors of RFC 6238 appendix B (last six of its eight digits)."""

import base64

import pytest

from pendopo.identity import totp

SECRET = b"12345678901234567890"
VECTORS = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
]


@pytest.mark.parametrize(("at", "code"), VECTORS)
def test_codes_are_those_of_the_rfc(at: int, code: str) -> None:
    assert totp.code_at(SECRET, at // 30) == code
    assert totp.matching_step(SECRET, code, at=at, after=0) == at // 30


def test_the_step_before_and_after_still_match_and_two_away_does_not() -> None:
    now = 1_700_000_000
    step = now // 30
    for away, expected in ((-2, None), (-1, step - 1), (1, step + 1), (2, None)):
        code = totp.code_at(SECRET, step + away)
        assert totp.matching_step(SECRET, code, at=now, after=0) == expected


def test_a_spent_step_and_what_lies_before_it_never_match_again() -> None:
    now = 1_700_000_000
    step = now // 30
    code = totp.code_at(SECRET, step)
    assert totp.matching_step(SECRET, code, at=now, after=step) is None
    assert totp.matching_step(SECRET, totp.code_at(SECRET, step - 1), at=now, after=step) is None
    assert totp.matching_step(SECRET, totp.code_at(SECRET, step + 1), at=now, after=step) == step + 1


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "٣٤٥٦٧٨", "287082 "])
def test_what_is_not_six_right_digits_is_no_code(typed: str) -> None:
    assert totp.matching_step(SECRET, typed, at=59, after=0) is None


def test_the_address_carries_the_secret_and_names_nobody() -> None:
    address = totp.address(SECRET, issuer="Pendopo Contoh", account="Identitas Digital")
    assert address.startswith("otpauth://totp/Pendopo%20Contoh%3AIdentitas%20Digital?")
    assert f"secret={base64.b32encode(SECRET).decode()}" in address
    assert totp.readable(SECRET).replace(" ", "") == base64.b32encode(SECRET).decode()
