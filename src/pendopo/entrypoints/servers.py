"""The database server of an instance: the operator's by ``PENDOPO_DATABASE_URL``, else an embedded one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pendopo.entrypoints.places import Place, open_state, state_root
from pendopo.entrypoints.postgres import Cluster, find_server

GIVEN = os.environ.get("PENDOPO_DATABASE_URL") or None
"""The operator's server when this process began; later the variable names a deployment's database."""


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A server that answers: the superuser's address, and whether others than this instance use it."""

    superuser_url: str
    is_shared: bool


@contextmanager
def running_server(here: Place, given: str | None = GIVEN) -> Iterator[RunningServer]:
    """Yield the server; an embedded one is started if needed and stopped when its last user leaves."""
    if given:
        yield RunningServer(given, is_shared=True)
        return
    with cluster_of(here).running() as url:
        yield RunningServer(url, is_shared=False)


def cluster_of(here: Place) -> Cluster:
    """Return the embedded cluster of an instance, not started."""
    open_state(here)
    server = find_server(state_root() / "binaries")
    return Cluster(server, here.state / "postgres", socket_name=here.socket_name)


def is_embedded(here: Place, given: str | None = GIVEN) -> bool:
    """Tell whether this instance lives on an embedded server."""
    return not given and (here.state / "postgres" / "data").is_dir()
