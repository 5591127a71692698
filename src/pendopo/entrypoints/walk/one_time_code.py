"""One-time passwords by time (RFC 6238: SHA-1, 30 seconds, six digits), as an app on the phone shows them."""

import base64
import hashlib
import hmac
import time

PERIOD_SECONDS = 30
DIGITS = 6


def one_time_code(secret: str, at: float | None = None) -> str:
    """Return the code for a base32 secret, now or at a Unix time."""
    key = base64.b32decode(secret.replace(" ", "").upper() + "=" * (-len(secret.replace(" ", "")) % 8))
    counter = int((time.time() if at is None else at) // PERIOD_SECONDS)
    digest = hmac.digest(key, counter.to_bytes(8, "big"), hashlib.sha1)
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def seconds_left(at: float | None = None) -> float:
    """Return how long the present code is still shown."""
    return PERIOD_SECONDS - (time.time() if at is None else at) % PERIOD_SECONDS
