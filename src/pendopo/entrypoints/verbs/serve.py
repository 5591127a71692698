"""``./pendopo serve …``: one process of a deployment, in the foreground; this process becomes the server.

``web`` and ``register`` serve HTTP (granian, WSGI) on the port of ``PENDOPO_BASE_URL`` unless told otherwise;
``worker`` and ``register-worker`` do what happens later; ``live`` sends what happens in sessions of the
cabinet to open pages; ``gateway`` is the exchange's data plane.
"""

import argparse
import os
import shutil
import sys
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from pendopo.entrypoints import cli, deployments, listening, schema
from pendopo.entrypoints.places import place

WEB_WORKERS = 2
WEB_THREADS = 8
WEB_LOG = Path(__file__).parents[1] / "web_log.json"
LIVE_PORT = 8010
SHARED_COUNTS = "PROMETHEUS_MULTIPROC_DIR"
"""Where the web server's processes add up what they count (prometheus-client's multiprocess mode)."""


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb."""
    parser = commands.add_parser("serve", help="run one process of a deployment", description=__doc__)
    kinds = parser.add_subparsers(required=True, metavar="web|register|worker|register-worker|live|gateway")
    for kind in ("web", "register"):
        web = kinds.add_parser(kind, help=f"the {'hall' if kind == 'web' else 'register'}'s web server")
        web.add_argument("--host", default="127.0.0.1")
        web.add_argument("--port", type=listening.port, help="default: that of PENDOPO_BASE_URL")
        for option, default, what in (
            ("--workers", WEB_WORKERS, "processes"),
            ("--threads", WEB_THREADS, "threads each"),
        ):
            text = f"{what} (default %(default)s)"
            web.add_argument(option, type=listening.count, default=default, help=text)
        _add_metrics_port(web)
        web.set_defaults(run=_web, room="registers" if kind == "register" else "")
    for kind in ("worker", "register-worker"):
        worker = kinds.add_parser(kind, help="jobs, outbox and loops")
        _add_metrics_port(worker)
        worker.set_defaults(run=_worker, room="registers" if kind == "register-worker" else "")
    live = kinds.add_parser("live", help="server-sent events of live sessions")
    live.add_argument("--host", default="127.0.0.1")
    live.add_argument("--port", type=listening.port, default=LIVE_PORT, help="default %(default)s")
    _add_metrics_port(live)
    live.set_defaults(run=_live)
    gateway = kinds.add_parser("gateway", help="the exchange gateway of one member")
    gateway.add_argument("--config", required=True, help="its TOML file")
    gateway.set_defaults(run=_gateway)


def _add_metrics_port(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--metrics-port",
        type=listening.port_or_none,
        help="loopback port of /metrics (default: PENDOPO_METRICS_PORT, else none)",
    )


def _use_metrics_port(options: argparse.Namespace) -> int:
    if options.metrics_port is not None:
        os.environ["PENDOPO_METRICS_PORT"] = str(options.metrics_port)
    given = os.environ.get("PENDOPO_METRICS_PORT", "0")
    return int(given) if given.isdecimal() else 0


def _web(options: argparse.Namespace) -> NoReturn:
    _use_saved_settings(options.room)
    schema.require_current()
    metrics_port = _use_metrics_port(options)
    if metrics_port:
        # Short-lived and rebuilt at each start; systemd gives a folder in memory for such things.
        folder = Path(os.environ.get("RUNTIME_DIRECTORY") or os.environ["PENDOPO_STATE_DIR"])
        os.environ[SHARED_COUNTS] = str(_emptied(folder / "metrics" / str(metrics_port)))
    port = options.port or urlsplit(os.environ.get("PENDOPO_BASE_URL", "")).port or 8000
    listening.require_free(options.host, port)
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi"),
        *("--host", options.host, "--port", str(port)),
        *("--workers", str(options.workers), "--blocking-threads", str(options.threads)),
        *("--workers-kill-timeout", "10", "--no-ws", "--log-level", "warning"),
        *("--log-config", str(WEB_LOG)),
        # One worker that dies is replaced; without this granian would take the others down with it.
        "--respawn-failed-workers",
        "pendopo.entrypoints.wsgi:application",
    ]
    os.execv(sys.executable, command)  # noqa: S606  # our own interpreter


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    return folder


def _worker(options: argparse.Namespace) -> int:
    _use_metrics_port(options)
    with cli.deployment_environment(options.room, pooled=True):
        schema.require_current()
        from pendopo.entrypoints import tracing  # noqa: PLC0415  # after Django is set up
        from pendopo.foundation import worker  # noqa: PLC0415  # same

        tracing.start("worker")
        worker.run()
    return 0


def _live(options: argparse.Namespace) -> int:
    listening.require_free(options.host, options.port)
    _use_metrics_port(options)
    with cli.deployment_environment("", pooled=True):
        schema.require_current()
        from pendopo.entrypoints import tracing  # noqa: PLC0415  # after Django is set up
        from pendopo.entrypoints.live import server  # noqa: PLC0415  # same

        tracing.start("live")
        server.run(options.host, options.port)
    return 0


def _gateway(options: argparse.Namespace) -> NoReturn:
    command = [sys.executable, "-m", "pendopo_gateway", "--config", options.config]
    os.execv(sys.executable, command)  # noqa: S606  # our own interpreter


def _use_saved_settings(room: str) -> None:
    if "PENDOPO_STATE_DIR" in os.environ:
        return
    name: deployments.Name = "population" if room in cli.POPULATION_ROOMS else "hall"
    saved = deployments.saved_settings(place().state, name)
    if saved is None:
        message = "nothing is set up here yet: begin with ./pendopo up (demonstration) or ./pendopo init"
        raise cli.UsageError(message)
    os.environ.update(saved)
