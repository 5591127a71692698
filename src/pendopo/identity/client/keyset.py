"""The provider's public keys, fetched over HTTP and kept until a token names a key that is not among them."""

import threading
import time
from typing import Final, cast

import httpx
from joserfc.jwk import KeySet, KeySetSerialization
from joserfc.jws import extract_compact

REFETCH_SECONDS: Final = 30.0
"""At most so often are keys fetched again: tokens with invented key ids must not make a flood."""


class ProviderKeys:
    """A small cache of one key set; safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: dict[str, tuple[KeySet, frozenset[str], float]] = {}

    def for_token(self, token: str, *, address: str, http: httpx.Client) -> KeySet:
        """Return the set to verify ``token`` with.

        Raises ``httpx.HTTPError`` when the provider does not answer, ``ValueError`` or ``JoseError`` for a
        malformed token or set. Whether the token verifies is not checked here.
        """
        kid = str(extract_compact(token.encode()).headers().get("kid", ""))
        with self._lock:
            known = self._keys.get(address)
            if known is None or (kid not in known[1] and time.monotonic() - known[2] > REFETCH_SECONDS):
                known = self._fetch(address, http)
        return known[0]

    def forget(self) -> None:
        """Drop every set."""
        self._keys.clear()

    def _fetch(self, address: str, http: httpx.Client) -> tuple[KeySet, frozenset[str], float]:
        document = cast("KeySetSerialization", http.get(address).raise_for_status().json())
        keys = KeySet.import_key_set(document)
        entry = (keys, frozenset(str(key.kid) for key in keys.keys), time.monotonic())
        self._keys[address] = entry
        return entry
