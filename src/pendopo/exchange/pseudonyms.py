"""Pseudonyms of persons on the exchange.

``base64url(HMAC-SHA256(subject key, NIK))`` without padding: 43 characters. The key is shared by the
information systems of members and unknown to gateways, so a gateway's log names nobody, yet the hall can
show a person every record about her. Whoever holds the key can test a NIK: the key file is a secret (mode
0600).
"""

import base64
import hashlib
import hmac
from functools import lru_cache
from pathlib import Path

from pendopo.exchange.errors import ExchangeMisconfigured
from pendopo.foundation.settings import current
from pendopo.kernel.nik import Nik

KEY_BYTES = 32


@lru_cache(maxsize=4)
def _key(path: Path) -> bytes:
    """The shared key: 32 bytes, as written or as 64 hexadecimal digits."""
    raw = path.read_bytes()
    key = bytes.fromhex(raw.decode("ascii").strip()) if len(raw) != KEY_BYTES else raw
    if len(key) != KEY_BYTES:
        raise ExchangeMisconfigured("subject_key_file")
    return key


def pseudonym(nik: Nik) -> str:
    """The pseudonym of one person.

    Raises :class:`ExchangeMisconfigured` when this deployment has no subject key.
    """
    path = current().subject_key_file
    if path is None or not path.is_file():
        raise ExchangeMisconfigured("subject_key_file")
    digest = hmac.new(_key(path), nik.value.encode("ascii"), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
