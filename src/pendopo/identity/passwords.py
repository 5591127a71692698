"""Passwords: Argon2id (RFC 9106) and what is refused as too weak.

Length beats composition: at least 12 characters, no forced mix, no expiry, a check against common passwords
and the person's own data (NIST SP 800-63B-4 section 3.1.1; ASVS 5.0 V6.2).
"""

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from django.contrib.auth.password_validation import CommonPasswordValidator

from pendopo.identity.errors import PasswordTooWeak
from pendopo.kernel.nik import Nik

SHORTEST: Final = 12
LONGEST: Final = 128
_OWN_PART: Final = 4
_LIST = Path(__file__).with_name("data") / "common-passwords.txt"

# OWASP's minimum of 2025: 19 MiB, two passes. A 2-core hall hashes about 30 a second with it.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hashed(password: str) -> str:
    """Return the encoded hash, which names its own parameters."""
    return _HASHER.hash(_normal(password))


def matches(encoded: str | None, password: str) -> bool:
    """Check a password; with no hash the same work is done against a decoy, so that time tells nothing."""
    try:
        _HASHER.verify(encoded or _decoy(), _normal(password))
    except (VerifyMismatchError, InvalidHashError):
        return False
    return encoded is not None


def is_outdated(encoded: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(encoded)


def check_strength(password: str, *, nik: Nik, name: str) -> None:
    """Raise :class:`PasswordTooWeak` with the first reason found."""
    if len(password) < SHORTEST:
        raise PasswordTooWeak("short")
    if len(password) > LONGEST:
        raise PasswordTooWeak("long")
    if _is_common(password):
        raise PasswordTooWeak("common")
    if _holds_own_data(password, nik, name):
        raise PasswordTooWeak("own")


def _normal(password: str) -> str:
    # The same letters typed on different keyboards must be the same password (RFC 8265 section 4.1).
    return unicodedata.normalize("NFKC", password)


@cache
def _decoy() -> str:
    return _HASHER.hash("decoy")


@cache
def _common() -> frozenset[str]:
    own = _LIST.read_text(encoding="utf-8").split()
    return frozenset(CommonPasswordValidator().passwords) | frozenset(own)


def _is_common(password: str) -> bool:
    """Whether the password is on the lists, or is one of them with a tail of digits and signs, or repeats."""
    lowered = password.lower()
    stem = re.sub(r"[^a-z]+$", "", lowered)
    if lowered in _common() or (2 * len(stem) >= len(lowered) and stem in _common()):
        return True
    period = (lowered + lowered).find(lowered, 1)
    return period < len(lowered) or len(set(lowered)) < _OWN_PART


def _holds_own_data(password: str, nik: Nik, name: str) -> bool:
    lowered = password.lower()
    parts = [part for part in name.lower().split() if len(part) >= _OWN_PART]
    return nik.value in lowered or nik.value[6:] in lowered or any(part in lowered for part in parts)
