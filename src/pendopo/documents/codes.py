"""The code behind a document's QR: 128 random bits in Crockford's Base32, 26 characters.

People type it from paper, so letters that look like digits are read as those digits, case and grouping do not
matter, and there is no U. Nobody can guess one: it is the permission to see the public page.
"""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 26
BITS = 128
GROUP = 5
_CODE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
_SEPARATORS = re.compile(r"[\s\-–.]+")
_LONGEST_TYPED = 64


def new() -> str:
    """Return a fresh code."""
    value = secrets.randbits(BITS)
    characters = []
    for _ in range(LENGTH):
        value, digit = divmod(value, len(ALPHABET))
        characters.append(ALPHABET[digit])
    return "".join(reversed(characters))


def parse(typed: str) -> str | None:
    """Return the code that somebody typed, or None when it cannot be one."""
    if len(typed) > _LONGEST_TYPED:
        return None
    code = _SEPARATORS.sub("", typed).upper().translate(_LOOKALIKES)
    return code if _CODE.fullmatch(code) else None


def grouped(code: str) -> str:
    """Return the code in groups of five, for paper and screen."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))
