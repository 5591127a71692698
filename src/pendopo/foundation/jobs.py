"""The only file that knows procrastinate: jobs enqueued inside the caller's transaction, and loops.

A job belongs to work that may happen later and whose arguments are identifiers. A loop belongs to work
that never ends, such as sequencing the ledger; it runs in a thread of the worker.
"""

from collections.abc import Callable
from dataclasses import dataclass

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from pendopo.foundation.logs import bind_request_id

type JobFunction = Callable[..., None]
type LoopFunction = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Loop:
    """Work that the worker repeats; ``seconds`` is the pause between two runs."""

    name: str
    seconds: float
    function: LoopFunction


_loops: dict[str, Loop] = {}


def job(name: str, *, queue: str = "default", attempts: int = 25) -> Callable[[JobFunction], JobFunction]:
    """Register a function as a job that is retried with growing pauses, ``attempts`` times at most."""

    def register(function: JobFunction) -> JobFunction:
        def run(**arguments: str) -> None:
            bind_request_id()
            function(**arguments)

        retry = RetryStrategy(max_attempts=attempts, exponential_wait=2)
        app.task(name=name, queue=queue, retry=retry)(run)
        return function

    return register


def enqueue(name: str, *, queue: str = "default", **arguments: str) -> None:
    """Add a job; it vanishes with a rollback of the caller's transaction."""
    app.configure_task(name, queue=queue).defer(**arguments)


def loop(name: str, *, seconds: float) -> Callable[[LoopFunction], LoopFunction]:
    """Register a function that the worker calls for ever, with a pause of ``seconds`` between calls."""

    def register(function: LoopFunction) -> LoopFunction:
        _loops[name] = Loop(name, seconds, function)
        return function

    return register


def loops() -> list[Loop]:
    """Return all registered loops, by name."""
    return sorted(_loops.values(), key=lambda entry: entry.name)
