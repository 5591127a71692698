"""UUID version 7 (RFC 9562 §5.7): ids that sort by the moment they were made.

Within one process they are strictly increasing, also within one millisecond: the 12 bits after the version
are a counter that starts at a random point in its lower half each millisecond (RFC 9562 §6.2, method 1).
A clock that was set back by more than ten seconds is followed, so that ids do not stay in a future that never
was; they are then unique by their random bits, and rise again from there.
"""

from __future__ import annotations

import datetime as dt
import secrets
import threading
import time
from typing import Final
from uuid import UUID

_COUNTER_BITS: Final = 12
_COUNTER_LIMIT: Final = 1 << _COUNTER_BITS
_STEP_BACK_MS: Final = 10_000


class _Generator:
    """The state behind :func:`uuid7`: last millisecond and counter, under a lock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._millisecond = 0
        self._counter = 0

    def next(self, millisecond: int) -> tuple[int, int]:
        """Return the (millisecond, counter) pair to use, greater than every earlier one of this clock."""
        with self._lock:
            if millisecond > self._millisecond or millisecond < self._millisecond - _STEP_BACK_MS:
                self._millisecond = millisecond
                self._counter = secrets.randbelow(_COUNTER_LIMIT // 2)
            else:
                self._counter += 1
                if self._counter == _COUNTER_LIMIT:
                    # The millisecond is used up (or the clock stepped back): borrow from the next one.
                    self._millisecond += 1
                    self._counter = secrets.randbelow(_COUNTER_LIMIT // 2)
            return self._millisecond, self._counter


_generator: Final = _Generator()


def uuid7() -> UUID:
    """Return a new UUIDv7: 48 bits of Unix milliseconds, 12 bits of counter, 62 random bits."""
    millisecond, counter = _generator.next(time.time_ns() // 1_000_000)
    value = (millisecond & 0xFFFF_FFFF_FFFF) << 80
    value |= 0x7 << 76 | counter << 64
    value |= 0b10 << 62 | secrets.randbits(62)
    return UUID(int=value)


def millisecond_of(identifier: UUID) -> int:
    """Return the Unix millisecond inside a UUIDv7.

    Raises ValueError when ``identifier`` is of another version.
    """
    if identifier.version != 7:  # noqa: PLR2004 - the version that this module makes
        message = "not a UUID of version 7"
        raise ValueError(message)
    return identifier.int >> 80


def first_of(moment: dt.datetime) -> UUID:
    """Return the least UUIDv7 that can have been made at ``moment`` or later: a bound to search ids by.

    ``moment`` is aware, and not before 1970.
    """
    millisecond = int(moment.timestamp() * 1000)
    return UUID(int=(millisecond & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | 0b10 << 62)
