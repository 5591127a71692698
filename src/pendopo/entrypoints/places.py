"""Where one checkout keeps what it must remember: the state folder and the short folder of sockets.

Standard library only: the front door needs this before anything is installed.

As root everything lies under ``/var/lib/pendopo/<id>``, because the database server runs as another user that
cannot enter root's home; otherwise under ``$XDG_STATE_HOME/pendopo/<id>``. Only folders that this module
makes get a mode; the mode of a folder that was there before is never touched.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from pendopo.entrypoints.errors import FrontDoorError
from pendopo.foundation.settings import INSTANCE_RULE, is_instance_name

CHECKOUT = Path(__file__).resolve().parents[3]
NAME_FILE = "instance"
"""Remembers the name in the state folder: a restored instance keeps it, for logs and proofs carry it."""
SOCKET_PATH_LIMIT = 107
"""Bytes that ``sockaddr_un`` holds on Linux, without the final zero."""
LONGEST_SOCKET_NAME = len("/.s.PGSQL.65535.lock")


class NoPlaceError(FrontDoorError):
    """No folder fits: too long a path for a socket, not to be made, or one that belongs to somebody else."""


class BadNameError(FrontDoorError):
    """``PENDOPO_INSTANCE`` is no name that databases, cookies and the log could carry."""


@dataclass(frozen=True, slots=True)
class Place:
    """The folders of one instance."""

    instance: str
    state: Path

    @property
    def socket_name(self) -> str:
        """A short name that no other state folder has, whatever its instance is called."""
        return hashlib.sha256(os.fsencode(self.state.resolve())).hexdigest()[:12]


def instance_id(checkout: Path = CHECKOUT) -> str:
    """Ten hex digits of the path of a checkout (or state folder), with the forced kind of database behind.

    Two checkouts, or one checkout with two kinds of database server, never share state.
    """
    digest = hashlib.sha256(os.fsencode(checkout.resolve())).hexdigest()[:10]
    url = os.environ.get("PENDOPO_DATABASE_URL")
    if url:
        return f"{digest}-{hashlib.sha256(url.encode()).hexdigest()[:4]}"
    forced = os.environ.get("PENDOPO_POSTGRES")
    return f"{digest}-{forced}" if forced else digest


def place(checkout: Path = CHECKOUT) -> Place:
    """Name, without making it, the state folder of a checkout; ``PENDOPO_HOME`` overrides its path.

    Raises ``BadNameError``.
    """
    chosen = os.environ.get("PENDOPO_INSTANCE")
    if chosen and not is_instance_name(chosen):
        raise BadNameError(INSTANCE_RULE)
    given = os.environ.get("PENDOPO_HOME")
    name = chosen or instance_id(Path(given) if given else checkout)
    state = Path(given).absolute() if given else state_root() / name
    try:
        return Place((state / NAME_FILE).read_text().strip(), state)
    except OSError:
        return Place(name, state)


def state_root() -> Path:
    """Name the folder that holds the state of all checkouts of this user."""
    if os.geteuid() == 0:
        return Path("/var/lib/pendopo")
    base = os.environ.get("XDG_STATE_HOME")
    return (Path(base) if base else Path.home() / ".local" / "state") / "pendopo"


def make_folder(path: Path, mode: int = 0o700) -> Path:
    """Make a folder, and the missing ones above it, with this mode; leave what exists as it is."""
    missing = [path, *path.parents]
    for folder in reversed(missing):
        if not folder.exists():
            folder.mkdir(exist_ok=True)
            folder.chmod(mode)
    return path


def open_state(here: Place) -> Path:
    """Make the state folder. Root's lets the database user pass (0711), others' are closed.

    Raises ``NoPlaceError`` when it cannot be made.
    """
    try:
        return make_folder(here.state, 0o711 if os.geteuid() == 0 else 0o700)
    except OSError as error:
        message = f"{here.state} cannot be made ({error.strerror}); name another folder with PENDOPO_HOME"
        raise NoPlaceError(message) from None


def socket_folder(name: str) -> Path:
    """Make a short, closed folder for sockets and return it.

    Raises ``NoPlaceError`` when each candidate is too long, cannot be made, or belongs to another user.
    """
    for base in _socket_bases():
        folder = base / name
        if len(os.fsencode(folder)) + LONGEST_SOCKET_NAME > SOCKET_PATH_LIMIT:
            continue
        try:
            make_folder(folder, 0o711 if os.geteuid() == 0 else 0o700)
        except OSError:
            continue
        if _is_ours(folder):
            return folder
    message = "no short folder for the database's socket: set XDG_RUNTIME_DIR to one that is yours"
    raise NoPlaceError(message)


def _socket_bases() -> list[Path]:
    if os.geteuid() == 0:
        return [Path("/run/pendopo"), Path("/tmp/pendopo-0")]  # noqa: S108  # ownership is checked
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    fallback = Path(f"/tmp/pendopo-{os.geteuid()}")  # noqa: S108  # ownership is checked
    return [Path(runtime) / "pendopo", fallback] if runtime else [fallback]


def _is_ours(folder: Path) -> bool:
    """Refuse a folder that somebody else laid ready in a place where all may write."""
    return all(
        not part.is_symlink() and part.stat().st_uid == os.geteuid() for part in (folder, folder.parent)
    )
