"""Limits on attempts, told with the minutes to wait."""

from pendopo.foundation.http import rate_limit
from pendopo.identity.errors import TooManyAttempts
from pendopo.kernel.errors import TooManyRequests


def count(name: str, key: str, limit: tuple[int, int]) -> None:
    """Count one attempt; beyond ``limit`` (attempts, seconds) raise :class:`TooManyAttempts`."""
    attempts, seconds = limit
    try:
        rate_limit(f"identity.{name}", key=key, limit=attempts, seconds=seconds)
    except TooManyRequests as error:
        raise TooManyAttempts(retry_after=seconds, minutes=seconds // 60) from error
