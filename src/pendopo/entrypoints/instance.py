"""One checkout's instance: taking hold of it, and forgetting it."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pendopo.entrypoints import databases, deployments, servers
from pendopo.entrypoints.errors import FrontDoorError
from pendopo.entrypoints.places import NAME_FILE, Place, open_state

MARK = "this-folder-belongs-to-pendopo"
LOCK = "up.lock"


class InstanceBusyError(FrontDoorError):
    """Another ``up`` holds this instance."""


class NotOursError(FrontDoorError):
    """The folder holds what is not ours: it is neither written to nor emptied."""


@contextmanager
def held(here: Place) -> Iterator[None]:
    """Hold the instance for one ``up``; raises ``InstanceBusyError`` at once when another one runs.

    Raises ``NotOursError``, and writes nothing, in a folder that has things in it and was not made by us.
    """
    _require_ours(here.state)
    open_state(here)
    (here.state / MARK).touch()
    if not (here.state / NAME_FILE).exists():
        (here.state / NAME_FILE).write_text(f"{here.instance}\n")
    with (here.state / LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = (
                f"this checkout is already running (state in {here.state}); stop that one with Ctrl-C first"
            )
            raise InstanceBusyError(message) from None
        yield


def _require_ours(state: Path) -> None:
    if state.is_dir() and any(state.iterdir()) and not (state / MARK).exists():
        message = (
            f"{state} holds things that are not Pendopo's, so nothing is written there; "
            "name an empty folder, or a new one, with PENDOPO_HOME"
        )
        raise NotOursError(message)


def forget(here: Place) -> None:
    """Remove databases, keys, files: everything of this instance.

    Only in a folder that we made and that is held.
    """
    if not (here.state / MARK).exists():
        message = f"{here.state} was not made by Pendopo, so --fresh does not empty it"
        raise NotOursError(message)
    if servers.GIVEN:
        for name in deployments.NAMES:
            database = deployments.database_of(here, name, shared_server=True)
            databases.drop(servers.GIVEN, database.name)
    elif servers.is_embedded(here):
        servers.cluster_of(here).stop("immediate")
    for entry in here.state.iterdir():
        if entry.name not in {MARK, LOCK, NAME_FILE}:
            _remove(entry)


def _remove(entry: Path) -> None:
    if entry.is_dir() and not entry.is_symlink():
        shutil.rmtree(entry)
    else:
        entry.unlink()
