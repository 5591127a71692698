"""``./pendopo serve …``: one process of a deployment, in the foreground; this process becomes the server.

``web`` and ``register`` serve HTTP (granian, WSGI) on the port of ``PENDOPO_BASE_URL`` unless told otherwise;
``worker`` and ``register-worker`` do what happens later; ``gateway`` is the exchange's data plane.
"""

import argparse
import os
import sys
from typing import NoReturn
from urllib.parse import urlsplit

from pendopo.entrypoints import cli, deployments
from pendopo.entrypoints.places import place

WEB_WORKERS = 2
WEB_THREADS = 8


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb."""
    parser = commands.add_parser("serve", help="run one process of a deployment", description=__doc__)
    kinds = parser.add_subparsers(required=True, metavar="web|register|worker|register-worker|gateway")
    for kind in ("web", "register"):
        web = kinds.add_parser(kind, help=f"the {'hall' if kind == 'web' else 'register'}'s web server")
        web.add_argument("--host", default="127.0.0.1")
        web.add_argument("--port", type=int, default=0, help="default: that of PENDOPO_BASE_URL")
        web.add_argument("--workers", type=int, default=WEB_WORKERS, help="processes (default %(default)s)")
        web.add_argument(
            "--threads", type=int, default=WEB_THREADS, help="threads each (default %(default)s)"
        )
        web.set_defaults(run=_web, room="registers" if kind == "register" else "")
    for kind in ("worker", "register-worker"):
        worker = kinds.add_parser(kind, help="jobs, outbox and loops")
        worker.set_defaults(run=_worker, room="registers" if kind == "register-worker" else "")
    gateway = kinds.add_parser("gateway", help="the exchange gateway of one member")
    gateway.add_argument("--config", required=True, help="its TOML file")
    gateway.set_defaults(run=_gateway)


def _web(options: argparse.Namespace) -> NoReturn:
    _use_saved_settings(options.room)
    port = options.port or urlsplit(os.environ.get("PENDOPO_BASE_URL", "")).port or 8000
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi"),
        *("--host", options.host, "--port", str(port)),
        *("--workers", str(options.workers), "--blocking-threads", str(options.threads)),
        *("--workers-kill-timeout", "10", "--no-ws", "--log-level", "warning"),
        "pendopo.entrypoints.wsgi:application",
    ]
    os.execv(sys.executable, command)  # noqa: S606  # our own interpreter


def _worker(options: argparse.Namespace) -> int:
    with cli.deployment_environment(options.room, pooled=True):
        from pendopo.foundation import worker  # noqa: PLC0415  # after Django is set up

        worker.run()
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
