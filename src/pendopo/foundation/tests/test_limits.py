"""Rate limits are shared by all processes and forget after their window."""

import pytest
import time_machine

from pendopo.foundation.http import rate_limit
from pendopo.kernel.errors import TooManyRequests

pytestmark = pytest.mark.django_db


def test_the_attempt_beyond_the_limit_is_refused_and_the_next_window_is_fresh() -> None:
    with time_machine.travel("2026-11-02T01:00:00Z", tick=False) as traveller:
        for _ in range(3):
            rate_limit("test.door", key="10.0.0.1", limit=3, seconds=60)
        with pytest.raises(TooManyRequests):
            rate_limit("test.door", key="10.0.0.1", limit=3, seconds=60)
        rate_limit("test.door", key="10.0.0.2", limit=3, seconds=60)
        traveller.shift(61)
        rate_limit("test.door", key="10.0.0.1", limit=3, seconds=60)
