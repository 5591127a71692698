"""A cluster that lives as long as a ``with`` block: for tests and drills. Without fsync."""

import fcntl
import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pendopo.entrypoints.places import make_folder, state_root
from pendopo.entrypoints.postgres.binaries import Server, ServerFailedError, find_server
from pendopo.entrypoints.postgres.cluster import Cluster

PREFIX = "pendopo-temporary-"


@contextmanager
def temporary_server(server: Server | None = None) -> Iterator[str]:
    """Yield the superuser's URL of a new, empty cluster on a Unix socket; stop and remove it afterwards.

    The URL has the form ``postgresql://user:password@/postgres?host=FOLDER``. Clusters that killed test runs
    left behind are stopped and removed first.
    """
    chosen = server or find_server(state_root() / "binaries")
    base = _reachable_folder(chosen)
    _sweep(base, chosen)
    home = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base))
    if chosen.user:
        home.chmod(0o711)
    with (home / "owner.lock").open("a") as owner:
        fcntl.flock(owner, fcntl.LOCK_EX)
        cluster = Cluster(chosen, home, socket_name=f"t-{secrets.token_hex(4)}", durable=False)
        (home / "socket").write_text(cluster.socket_name)
        try:
            with cluster.running() as url:
                yield url
        finally:
            shutil.rmtree(cluster.sockets.parent, ignore_errors=True)
            shutil.rmtree(home, ignore_errors=True)


def _reachable_folder(server: Server) -> Path:
    """Return the first folder for temporary files that the server's user can enter."""
    for candidate in (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")):  # noqa: S108  # bases
        if candidate.is_dir() and all(_may_enter(server, part) for part in (candidate, *candidate.parents)):
            return candidate.resolve()
    return make_folder(state_root() / "temporary", 0o711)


def _may_enter(server: Server, folder: Path) -> bool:
    if server.user is None:
        return os.access(folder, os.X_OK)
    facts = folder.stat()
    if facts.st_uid == server.user.pw_uid:
        return bool(facts.st_mode & stat.S_IXUSR)
    if facts.st_gid == server.user.pw_gid:
        return bool(facts.st_mode & stat.S_IXGRP)
    return bool(facts.st_mode & stat.S_IXOTH)


def _sweep(base: Path, server: Server) -> None:
    """Remove clusters whose owner is gone: its lock is free."""
    for home in base.glob(f"{PREFIX}*"):
        with suppress(OSError, ServerFailedError):
            _remove_orphan(home, server)


def _remove_orphan(home: Path, server: Server) -> None:
    if home.stat().st_uid != os.geteuid():
        return
    with (home / "owner.lock").open() as owner:
        fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
        cluster = Cluster(server, home, socket_name=(home / "socket").read_text(), durable=False)
        cluster.stop("immediate")
        shutil.rmtree(cluster.sockets.parent, ignore_errors=True)
        shutil.rmtree(home, ignore_errors=True)
