"""The worker process: delivers the outbox, runs jobs and the rooms' loops, and stops when told to."""

import asyncio
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import cast

from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from pendopo.foundation import metrics, outbox
from pendopo.foundation.jobs import loops
from pendopo.foundation.logs import bind_request_id, get
from pendopo.foundation.settings import current
from pendopo.kernel import supervision

DELIVERY_THREADS = 2
DELIVERY_PAUSE_SECONDS = 0.2
AFTER_FAILURE_SECONDS = 2.0

log = get(__name__)


def run() -> None:
    """Work until SIGTERM or SIGINT; every thread ends its present piece of work first."""
    stop = threading.Event()
    threads = [
        _thread(f"outbox-{number}", _deliver, DELIVERY_PAUSE_SECONDS, stop)
        for number in range(DELIVERY_THREADS)
    ]
    threads += [_thread(entry.name, entry.function, entry.seconds, stop) for entry in loops()]
    for thread in threads:
        thread.start()
    metrics.serve(current().metrics_port, with_readings=True)
    supervision.tell(supervision.READY)
    log.info("worker_started", loops=[entry.name for entry in loops()])
    try:
        asyncio.run(_run_jobs())
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=10)
        log.info("worker_stopped")


async def _run_jobs() -> None:
    """Run jobs until told to stop; a database that goes away takes them down, and they begin again."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    while not stop.is_set():
        try:
            await _run_jobs_until(stop)
        except Exception:  # as with the loops: told, and tried again
            log.exception("jobs_failed")
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), AFTER_FAILURE_SECONDS)
    log.info("worker_stopping")


async def _run_jobs_until(stop: asyncio.Event) -> None:
    """Work; returns when told to stop, raises what ended the work otherwise."""
    connector = cast("DjangoConnector", app.connector)
    worker_app = app.with_connector(connector.get_worker_connector())
    async with worker_app.open_async():
        work = asyncio.create_task(
            worker_app.run_worker_async(concurrency=2, install_signal_handlers=False, listen_notify=True)
        )
        told = asyncio.create_task(stop.wait())
        await asyncio.wait({work, told}, return_when=asyncio.FIRST_COMPLETED)
        told.cancel()
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work


def _thread(
    name: str, function: Callable[[], object], pause: float, stop: threading.Event
) -> threading.Thread:
    return threading.Thread(target=_repeat, args=(name, function, pause, stop), name=name, daemon=True)


def _repeat(name: str, function: Callable[[], object], pause: float, stop: threading.Event) -> None:
    while not stop.is_set():
        wait = pause
        bind_request_id()
        try:
            function()
        except Exception:  # a loop outlives every failure, and each is told
            log.exception("loop_failed", loop=name)
            wait = max(pause, AFTER_FAILURE_SECONDS)
        connection.close()  # whoever sleeps keeps none: there are more loops than the pool has connections
        stop.wait(wait)


def _deliver() -> None:
    while outbox.deliver_due():
        pass
