"""The worker's loops share a pool of connections that is smaller than their number."""

import threading
import time
from typing import Any

import pytest
from django.db import connections

from pendopo.foundation import worker

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE_SECONDS = 10


@pytest.mark.parametrize("fails", [False, True])
def test_a_loop_that_sleeps_holds_no_connection(fails: bool) -> None:
    used: list[Any] = []
    asked, stop = threading.Event(), threading.Event()

    def look() -> None:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT 1")
        used.append(connections["default"])
        asked.set()
        if fails:
            raise RuntimeError

    loop = worker._thread("looks", look, 3600, stop)
    loop.start()
    try:
        assert asked.wait(PATIENCE_SECONDS)
        until = time.monotonic() + PATIENCE_SECONDS
        while used[0].connection is not None and time.monotonic() < until:
            time.sleep(0.01)
        assert loop.is_alive()
        assert used[0].connection is None
    finally:
        stop.set()
        loop.join(PATIENCE_SECONDS)
