"""HTTP of the live process: one stream, and whether it is alive and ready.

No access log is kept: a ticket stands in the address, and opens one stream. Streams end after a while and
begin again with a new ticket; whoever lost a seat or signed out is sent away within seconds (``Hub.check``).
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import suppress

from aiohttp import web

from pendopo.cabinet.tickets import Ticket, TicketRefusedError, read
from pendopo.entrypoints.live import counts
from pendopo.entrypoints.live.hub import FullError, Hub, UsedError, Viewer
from pendopo.entrypoints.live.listener import Listener
from pendopo.foundation import metrics
from pendopo.foundation.logs import get
from pendopo.foundation.settings import current
from pendopo.kernel import supervision

HEARTBEAT_SECONDS = 15.0
STREAM_SECONDS = 900.0
STOP_SECONDS = 5.0
HEARTBEAT = b":\n\n"
AGAIN = b"event: again\ndata: {}\n\n"
"""Come again with a new ticket; sent when a stream ends on purpose."""

HUB = web.AppKey("hub", Hub)
LISTENER = web.AppKey("listener", Listener)

log = get(__name__)


def application() -> web.Application:
    """Return the server, not started."""
    hub = Hub()
    app = web.Application()
    app[HUB], app[LISTENER] = hub, Listener(hub)
    app.router.add_get("/live/stream", stream)
    app.router.add_get("/livez", alive)
    app.router.add_get("/readyz", ready)
    app.cleanup_ctx.append(_listening)
    app.on_shutdown.append(_end)
    return app


def run(host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT; open streams are told to come again. ``/metrics`` has its own port."""
    metrics.serve(current().metrics_port)
    web.run_app(
        application(),
        host=host,
        port=port,
        access_log=None,
        handle_signals=True,
        shutdown_timeout=STOP_SECONDS,
        print=lambda *_: None,
    )


async def stream(request: web.Request) -> web.StreamResponse:
    """Send what happens in one session until the viewer goes."""
    try:
        ticket = read(request.query.get("ticket", ""))
    except TicketRefusedError:
        counts.REFUSED.labels("ticket").inc()
        return web.Response(status=403, headers=_origin())
    response = web.StreamResponse(
        headers={
            "Content-Type": "text/event-stream; charset=utf-8",
            "Cache-Control": "no-store",
            "X-Accel-Buffering": "no",
            **_origin(),
        }
    )
    try:
        await _serve(request, response, ticket)
    except UsedError:
        counts.REFUSED.labels("used").inc()
        return web.Response(status=403, headers=_origin())
    except FullError:
        counts.REFUSED.labels("full").inc()
        return web.Response(status=503, headers={"Retry-After": "5", **_origin()})
    except ConnectionError:
        log.debug("live_viewer_gone")
    return response


async def alive(_: web.Request) -> web.Response:
    """Answer that the process runs."""
    return web.json_response({"status": "ok"})


async def ready(request: web.Request) -> web.Response:
    """Answer whether the database is heard."""
    hears = request.app[LISTENER].hears.is_set()
    return web.json_response({"status": "ok" if hears else "deaf"}, status=200 if hears else 503)


async def _serve(request: web.Request, response: web.StreamResponse, ticket: Ticket) -> None:
    def cut() -> None:
        if request.transport is not None:
            request.transport.abort()

    async with request.app[HUB].watching(ticket, _last(request), cut) as (viewer, first):
        await response.prepare(request)
        await response.write(first)
        ends = asyncio.get_running_loop().time() + STREAM_SECONDS * random.uniform(0.8, 1.0)  # noqa: S311  # not all at once
        await _send(viewer, response, ends)
        await response.write(AGAIN)


async def _send(viewer: Viewer, response: web.StreamResponse, ends: float) -> None:
    loop = asyncio.get_running_loop()
    while loop.time() < ends:
        try:
            async with asyncio.timeout(HEARTBEAT_SECONDS):
                message = await viewer.queue.get()
        except TimeoutError:
            message = HEARTBEAT
        if message is None:
            return
        await response.write(message)


def _last(request: web.Request) -> int | None:
    given = request.headers.get("Last-Event-ID") or request.query.get("after", "")
    return int(given) if given.isdecimal() and len(given) < 10 else None  # noqa: PLR2004  # more events than any session has


def _origin() -> dict[str, str]:
    """Let the hall's pages read this where the live server has its own address (Fetch standard, CORS)."""
    settings = current()
    if settings.live_url is None:
        return {}
    return {"Access-Control-Allow-Origin": settings.base_url, "Vary": "Origin"}


async def _listening(app: web.Application) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(app[LISTENER].run()), asyncio.create_task(app[HUB].check())]
    supervision.tell(supervision.READY)
    log.info("live_started")
    yield
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    log.info("live_stopped")


async def _end(app: web.Application) -> None:
    await app[HUB].end()
