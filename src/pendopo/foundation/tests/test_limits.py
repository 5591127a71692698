"""Rate limits are exact over every window, shared by all processes, and say how long to wait."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection
from django.test import RequestFactory

from pendopo.foundation import models
from pendopo.foundation.http import client_address
from pendopo.foundation.limits import rate_limit
from pendopo.kernel.errors import TooManyRequests

pytestmark = pytest.mark.django_db

BEGIN = "2026-11-02T01:00:00Z"


def _try(key: str = "10.0.0.1") -> bool:
    try:
        rate_limit("test.door", key=key, limit=3, seconds=60)
    except TooManyRequests:
        return False
    return True


def test_the_attempt_beyond_the_limit_is_refused_and_the_next_window_is_fresh() -> None:
    with time_machine.travel(BEGIN, tick=False) as traveller:
        assert [_try() for _ in range(4)] == [True, True, True, False]
        assert _try("10.0.0.2")
        traveller.shift(61)
        assert _try()


def test_two_windows_that_follow_each_other_do_not_let_through_twice_the_limit() -> None:
    with time_machine.travel(BEGIN, tick=False) as traveller:
        assert _try()
        traveller.shift(55)
        assert [_try(), _try(), _try()] == [True, True, False]
        traveller.shift(6)
        assert [_try(), _try()] == [True, False], "only the oldest of the three has left the window"


def test_a_refused_attempt_does_not_lengthen_the_wait() -> None:
    with time_machine.travel(BEGIN, tick=False) as traveller:
        for _ in range(3):
            _try()
        for _ in range(5):
            traveller.shift(11)
            assert not _try()
        traveller.shift(6)
        assert _try()


def test_the_refusal_says_after_how_many_seconds_the_next_is_admitted() -> None:
    with time_machine.travel(BEGIN, tick=False) as traveller:
        _try()
        traveller.shift(20)
        _try()
        _try()
        with pytest.raises(TooManyRequests) as refused:
            rate_limit("test.door", key="10.0.0.1", limit=3, seconds=60)
        assert refused.value.retry_after == 40
        traveller.shift(40)
        assert _try()


def test_a_counter_from_before_the_lists_is_taken_over() -> None:
    with time_machine.travel(BEGIN, tick=False):
        assert _try()
        models.RateCounter.objects.update(attempts=[], count=9)
        assert _try()


@pytest.mark.django_db(transaction=True)
def test_of_forty_at_once_exactly_the_limit_is_admitted() -> None:
    def one(_number: int) -> bool:
        try:
            rate_limit("test.race", key="10.0.0.1", limit=7, seconds=3600)
        except TooManyRequests:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, range(40))) == 7
    assert len(models.RateCounter.objects.get().attempts) == 7


@pytest.mark.parametrize(
    ("given", "counted"),
    [
        ("10.20.30.40", "10.20.30.40"),
        ("2001:db8:1:2:a::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::9", "2001:db8:1:2::/64"),
        ("::ffff:10.20.30.40", "10.20.30.40"),
        ("fe80::1%eth0", "fe80::/64"),
        ("not:an:address", "not:an:address"),
    ],
)
def test_all_addresses_of_one_line_are_one_caller(given: str, counted: str) -> None:
    assert client_address(RequestFactory().get("/", REMOTE_ADDR=given)) == counted
