"""Encryption at rest: bound to its row, keyed, tamper-evident."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pendopo.foundation import crypto


@given(st.text())
def test_what_is_sealed_opens_in_its_own_context(value: str) -> None:
    assert crypto.open_text(crypto.seal(value, context="a.b.c:1"), context="a.b.c:1") == value


def test_a_ciphertext_moved_to_another_row_does_not_open() -> None:
    blob = crypto.seal("Sari", context="identity.subject.name:1")
    with pytest.raises(crypto.SealBrokenError):
        crypto.open_text(blob, context="identity.subject.name:2")


@pytest.mark.parametrize("position", [0, 5, 13, -1])
def test_a_flipped_byte_is_noticed(position: int) -> None:
    blob = bytearray(crypto.seal("Sari", context="x"))
    blob[position] ^= 1
    with pytest.raises(crypto.SealBrokenError):
        crypto.open_text(bytes(blob), context="x")


def test_equal_plain_text_gives_unequal_ciphertext() -> None:
    assert crypto.seal("Sari", context="x") != crypto.seal("Sari", context="x")


def test_a_blind_index_is_stable_and_separate_for_each_purpose() -> None:
    first = crypto.blind_index("3314990101900001", purpose="identity.nik")
    assert first == crypto.blind_index("3314990101900001", purpose="identity.nik")
    assert first != crypto.blind_index("3314990101900001", purpose="registers.nik")
