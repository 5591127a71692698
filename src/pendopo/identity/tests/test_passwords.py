"""Passwords: what is too weak, and that a check costs the same whether or not there is a password."""

import time

import pytest

from pendopo.identity import passwords, testing
from pendopo.identity.errors import PasswordTooWeak

NIK = testing.a_nik()
NAME = "Sari Wulandari"


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("pendek", "short"),
        ("sebelas1234", "short"),
        ("x" * 129, "long"),
        ("123456789012", "common"),
        ("Password2026", "common"),
        ("bismillah123!", "common"),
        ("IndonesiaRaya45", "common"),
        ("abcabcabcabc", "common"),
        ("aaaaaaaaaaaa", "common"),
        ("sariwulandari7", "own"),
        ("kuda-WULANDARI-x", "own"),
        (f"nik{NIK.value}", "own"),
    ],
)
def test_weak_passwords_are_refused_with_their_reason(password: str, reason: str) -> None:
    with pytest.raises(PasswordTooWeak) as refused:
        passwords.check_strength(password, nik=NIK, name=NAME)
    assert refused.value.reason == reason


@pytest.mark.parametrize("password", ["kuda lari pagi hujan", "Kj2#mQ9!xP4z", "senja-kopi-hujan-teras"])
def test_long_uncommon_passwords_pass(password: str) -> None:
    passwords.check_strength(password, nik=NIK, name=NAME)


def test_a_hash_verifies_its_password_only_and_is_argon2id() -> None:
    encoded = passwords.hashed("kuda lari pagi hujan")
    assert encoded.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.matches(encoded, "kuda lari pagi hujan")
    assert not passwords.matches(encoded, "kuda lari pagi hujan ")
    assert not passwords.is_outdated(encoded)


def test_the_same_letters_typed_otherwise_are_the_same_password() -> None:
    assert passwords.matches(passwords.hashed("caf\u00e9 sore hujan"), "cafe\u0301 sore hujan")


def test_without_a_password_the_check_takes_as_long_and_fails() -> None:
    encoded = passwords.hashed("kuda lari pagi hujan")
    passwords.matches(None, "warm")
    durations = {}
    for name, stored in (("known", encoded), ("unknown", None)):
        began = time.perf_counter()
        assert not any(passwords.matches(stored, "something else") for _ in range(5))
        durations[name] = time.perf_counter() - began
    assert durations["unknown"] > durations["known"] / 3
