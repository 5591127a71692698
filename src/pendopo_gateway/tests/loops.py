"""Run a coroutine in a thread of its own: the main thread may hold a browser's event loop."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pendopo_gateway.process import loop_factory


def run[T](coroutine: Coroutine[Any, Any, T]) -> T:
    """Return what the coroutine returns; raises what it raises."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(_run, coroutine).result()


def _run[T](coroutine: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=loop_factory()) as runner:  # the loop that gateways run in
        return runner.run(coroutine)
