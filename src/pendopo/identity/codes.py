"""Codes that people carry on paper: random, easy to read aloud, forgiving to type.

Crockford's Base32 without the letters that look like digits; what is typed is folded before it is compared.
"""

import secrets
from typing import Final

from pendopo.foundation import crypto

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_FOLD: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": "", "\u2010": "", "\u2013": ""})

ACTIVATION_LENGTH: Final = 12
RECOVERY_LENGTH: Final = 16
RECOVERY_COUNT: Final = 8


def new_code(length: int) -> str:
    """Return ``length`` characters of five random bits each, in groups of four."""
    text = "".join(secrets.choice(ALPHABET) for _ in range(length))
    return "-".join(text[start : start + 4] for start in range(0, length, 4))


def digest(typed: str, purpose: str) -> bytes:
    """Return the keyed fingerprint of a typed code. Keyed, because 60 bits alone can be searched."""
    return crypto.blind_index(folded(typed), purpose=f"identity.code.{purpose}")


def folded(typed: str) -> str:
    """Return the code as it is compared: upper case, no separators, look-alikes made one."""
    return typed.strip().upper().translate(_FOLD)
