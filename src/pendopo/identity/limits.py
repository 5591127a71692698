"""Limits on attempts, told with the minutes to wait."""

import math

from pendopo.foundation.limits import rate_limit
from pendopo.identity.errors import TooManyAttempts
from pendopo.kernel.errors import TooManyRequests


def count(name: str, key: str, limit: tuple[int, int]) -> None:
    """Count one attempt; beyond ``limit`` (attempts, seconds) raise :class:`TooManyAttempts`."""
    attempts, seconds = limit
    try:
        rate_limit(f"identity.{name}", key=key, limit=attempts, seconds=seconds)
    except TooManyRequests as error:
        minutes = math.ceil(error.retry_after / 60)
        raise TooManyAttempts(retry_after=error.retry_after, minutes=minutes) from error


def count_request(name: str, key: str, limit: tuple[int, int]) -> None:
    """Count one request that leaves a row behind; beyond ``limit`` raise ``TooManyRequests``.

    Nothing was guessed, so the sentence is the general one.
    """
    requests, seconds = limit
    rate_limit(f"identity.{name}", key=key, limit=requests, seconds=seconds)
