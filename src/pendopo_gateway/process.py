"""One gateway as a process: two listeners, one message log, one registry; started, watched, stopped."""

import asyncio
import importlib
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import msgspec
from aiohttp import web

from pendopo.kernel import supervision
from pendopo_gateway import logs, metrics, tls, tracing
from pendopo_gateway.config import Config
from pendopo_gateway.consumer import ConsumerSide
from pendopo_gateway.evidence import Evidence
from pendopo_gateway.journal import Journal
from pendopo_gateway.provider import ProviderSide
from pendopo_gateway.registry import Registry
from pendopo_gateway.replay import UsedNonces
from pendopo_gateway.transport import Clients

type LoopFactory = Callable[[], asyncio.AbstractEventLoop]
type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_REFRESH_SECONDS = 1.0
_DRAIN_SECONDS = 10.0
_KEEP_ALIVE_SECONDS = 75.0
_SWITCH_SECONDS = 0.001
"""After how long a busy event loop lets the log's thread run when it comes back from the disk; Python's own
5 ms would be waited at each sync, before anybody hears that a record is on disk."""


class Readiness(msgspec.Struct, frozen=True):
    """The answer of ``/readyz``."""

    ready: bool
    registry: str
    message_log: str


class Gateway:
    """Everything of one gateway, wired; ``running`` opens and closes it."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._registry = Registry(config.snapshot, config.anchor)
        self._journal = Journal(config.data_dir / "messages", segment_bytes=config.segment_bytes)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Recover, open both listeners, and on leaving finish what is under way."""
        nonces = UsedNonces(self._config.limits.clock_skew_seconds)
        self._registry.refresh()
        await asyncio.to_thread(self._journal.open)
        closed = await Evidence(self._journal, self._config.signing).recover(nonces)
        clients = Clients.of(self._config)
        runners = [self._system_side(clients), self._peer_side(clients, nonces), self._metrics_side()]
        watch = asyncio.create_task(self._watch())
        try:
            await self._listen(runners)
            supervision.tell(supervision.READY)
            logs.info("gateway.ready", server=str(self._config.server), closed_after_crash=closed)
            yield
        finally:
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch
            for runner in runners:
                await runner.cleanup()
            await clients.close()
            await asyncio.to_thread(self._journal.close)
            logs.info("gateway.stopped", server=str(self._config.server))

    def _system_side(self, clients: Clients) -> web.AppRunner:
        consumer = ConsumerSide(
            self._config, registry=self._registry, journal=self._journal, peers=clients.peers
        )
        application = self._application()
        application.router.add_get("/livez", _alive)
        application.router.add_get("/readyz", self._ready)
        application.router.add_get("/listClients", consumer.list_clients)
        application.router.add_get("/accessRecords", consumer.access_records)
        application.router.add_route("*", "/{path:.*}", consumer.handle)
        return _runner(application)

    def _peer_side(self, clients: Clients, nonces: UsedNonces) -> web.AppRunner:
        provider = ProviderSide(
            self._config,
            registry=self._registry,
            journal=self._journal,
            nonces=nonces,
            services=clients.services,
        )
        application = self._application()
        application.router.add_route("*", "/{path:.*}", provider.handle)
        return _runner(application)

    def _metrics_side(self) -> web.AppRunner:
        return _runner(
            metrics.application(self._config.certificate, lambda: self._registry.current() is not None)
        )

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=self._config.limits.body_bytes)
        application.on_response_prepare.append(_say_nothing_of_the_server)
        return application

    async def _listen(self, runners: list[web.AppRunner]) -> None:
        system, peer, measured = runners
        for runner in runners:
            await runner.setup()
        peers = self._config.peer_listen
        context = tls.server_context(self._config)
        await web.TCPSite(peer, peers.host, peers.port, ssl_context=context).start()
        systems = self._config.system_listen
        await web.TCPSite(system, systems.host, systems.port).start()
        if (at := self._config.metrics_listen) is not None:
            await web.TCPSite(measured, at.host, at.port).start()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_REFRESH_SECONDS)
            supervision.tell(supervision.ALIVE)
            self._registry.refresh()

    async def _ready(self, _request: web.Request) -> web.Response:
        registry, log = self._registry.current() is not None, self._journal.state
        state = Readiness(registry and log == "good", "good" if registry else "unusable", log)
        return web.Response(
            status=200 if state.ready else 503,
            body=msgspec.json.encode(state),
            content_type="application/json",
        )


def loop_factory() -> LoopFactory:
    """Return what makes the event loop: uvloop's, or Python's own where uvloop is not installed."""
    try:
        found: LoopFactory = importlib.import_module("uvloop").new_event_loop
    except ImportError:
        logs.warning("gateway.slow_loop", reason="uvloop is missing: Python's own event loop serves, slower")
        return asyncio.new_event_loop
    return found


def serve(config: Config) -> None:
    """Serve until SIGTERM or SIGINT."""
    sys.setswitchinterval(_SWITCH_SECONDS)
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(run(config))


async def run(config: Config) -> None:
    """Serve until SIGTERM or SIGINT, in the event loop that runs."""
    tracing.start(config.tracing, "pendopo-gateway")
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with Gateway(config).running():
        await stop.wait()


def _runner(application: web.Application) -> web.AppRunner:
    return web.AppRunner(
        application,
        access_log=None,
        auto_decompress=False,
        keepalive_timeout=_KEEP_ALIVE_SECONDS,
        shutdown_timeout=_DRAIN_SECONDS,
    )


async def _alive(_request: web.Request) -> web.Response:
    return web.Response(text="alive\n")


async def _say_nothing_of_the_server(_request: web.BaseRequest, response: web.StreamResponse) -> None:
    response.headers.pop("Server", None)
