"""Case numbers and tracking codes.

A number is public (``2026-11-000412``: year, month, running number) and proves nothing. A tracking code is
ten characters of Crockford's base 32 without look-alikes (50 random bits); with the number it opens the
state of a case and nothing personal. Guessing is limited at the door by ``rate_limit``.
"""

import secrets

from django.db import connection

from pendopo.foundation import crypto
from pendopo.foundation.clock import today
from pendopo.foundation.formats import zone

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 10
BITS = 5
"""Of one character."""
LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


def next_number() -> str:
    """Return the next case number. Numbers of rolled-back submissions are skipped, never reused."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('casework_case_number')")
        row = cursor.fetchone()
    day = today(zone())
    return f"{day:%Y-%m}-{row[0]:06d}"


def new_tracking_code() -> str:
    """Return a fresh code without separator."""
    drawn = secrets.randbits(CODE_LENGTH * BITS)
    return "".join(ALPHABET[drawn >> place * BITS & (len(ALPHABET) - 1)] for place in range(CODE_LENGTH))


def shown(code: str) -> str:
    """Return the code as printed: two groups of five."""
    half = CODE_LENGTH // 2
    return f"{code[:half]}-{code[half:]}"


def index_of(number: str, code: str) -> bytes:
    """Return the keyed index by which a number and a typed code are compared with what is stored."""
    return crypto.blind_index(f"{clean_number(number)}/{clean_code(code)}", purpose="casework.tracking")


def clean_number(typed: str) -> str:
    """Forgive spaces and the kind of dash."""
    return "".join(typed.split()).replace("–", "-").replace("—", "-").replace("/", "-")


def clean_code(typed: str) -> str:
    """Forgive case, separators and look-alike letters."""
    kept = "".join(character for character in typed.upper() if character.isalnum())
    return kept.translate(LOOK_ALIKES)
