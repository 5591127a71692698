"""Time-based one-time passwords: RFC 6238, SHA-1, 30 seconds, six digits, as every app knows."""

import base64
import hashlib
import hmac
import secrets
from typing import Final
from urllib.parse import quote, urlencode

PERIOD: Final = 30
DIGITS: Final = 6
SECRET_BYTES: Final = 20
_DRIFT_STEPS: Final = 1
"""A code of the step before or after is good too: clocks of phones drift (RFC 6238 section 5.2)."""


def new_secret() -> bytes:
    """Return 160 random bits, the length of the hash (RFC 4226 section 4, R6)."""
    return secrets.token_bytes(SECRET_BYTES)


def code_at(secret: bytes, step: int) -> str:
    """Return the six digits of one 30-second step (RFC 4226 section 5.3)."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), hashlib.sha1)
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def matching_step(secret: bytes, code: str, *, at: float, after: int) -> int | None:
    """Return the step that the code belongs to, or None.

    ``at`` is Unix time. Steps up to ``after`` are spent and never match: a code that was seen on its way
    cannot be used again (RFC 6238 section 5.2). All candidates are compared, in constant time.
    """
    now = int(at) // PERIOD
    found = None
    for step in range(now - _DRIFT_STEPS, now + _DRIFT_STEPS + 1):
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode()) and step > after:
            found = step
    return found


def readable(secret: bytes) -> str:
    """Return the secret in Base32, in groups of four, for typing into an app."""
    text = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def address(secret: bytes, *, issuer: str, account: str) -> str:
    """Return the ``otpauth`` address that authenticator apps read from a QR code."""
    label = quote(f"{issuer}:{account}", safe="")
    query = {"secret": base64.b32encode(secret).decode().rstrip("="), "issuer": issuer}
    return f"otpauth://totp/{label}?{urlencode(query, quote_via=quote)}"
