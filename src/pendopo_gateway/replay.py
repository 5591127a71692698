"""Nonces that were used: a signed message is accepted once.

A nonce must be remembered while its signature could still be accepted. Accepted questions stand in the
message log before anything acts on them, so after a restart the memory is filled from there.
"""

from heapq import heappop, heappush


class UsedNonces:
    """Nonces by key, each until its signature has expired."""

    def __init__(self, skew_seconds: int) -> None:
        self._skew = skew_seconds
        self._used: set[tuple[str, str]] = set()
        self._by_expiry: list[tuple[int, tuple[str, str]]] = []

    def take(self, keyid: str, nonce: str, *, expires: int, now: int) -> bool:
        """Use a nonce; False when it was used before."""
        self._forget(now)
        pair = (keyid, nonce)
        if pair in self._used:
            return False
        self._used.add(pair)
        heappush(self._by_expiry, (expires, pair))
        return True

    def __len__(self) -> int:
        return len(self._used)

    def _forget(self, now: int) -> None:
        while self._by_expiry and self._by_expiry[0][0] < now - self._skew - 1:
            self._used.discard(heappop(self._by_expiry)[1])
