"""What one instance remembers between starts: its ports, so that addresses and passkeys stay valid.

A passkey belongs to a host name and an address with its port; a hall that moved to another port at each
start would lose its people. A remembered port that somebody else took meanwhile is replaced, and that is
told.
"""

import errno
import fcntl
import json
import secrets
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

type PortName = Literal[
    "hall",
    "register",
    "hall-gateway",
    "hall-peer",
    "population-gateway",
    "population-peer",
    "smtp",
    "tsa",
    "hall-metrics",
    "hall-worker-metrics",
    "hall-gateway-metrics",
    "register-metrics",
    "register-worker-metrics",
    "population-gateway-metrics",
    "hall-live",
    "hall-live-metrics",
]
PORT_NAMES: tuple[PortName, ...] = get_args(PortName.__value__)
FIRST_CHOICE = {"hall": 8000, "register": 8300, "smtp": 8025}
LOOPBACK = "127.0.0.1"
FIRST_OWN, LAST_OWN = 20_000, 32_000
"""Registered ports that few use, below those that Linux (32768) and macOS (49152) take for connections."""
TRIES = 200


@dataclass(frozen=True, slots=True)
class Ports:
    """The loopback ports of one instance, and the names of those that had to change."""

    by_name: dict[PortName, int]
    moved: tuple[PortName, ...] = ()

    def __getitem__(self, name: PortName) -> int:
        """Return the port of a process."""
        return self.by_name[name]

    def address(self, name: PortName) -> str:
        """Return ``127.0.0.1:PORT``."""
        return f"{LOOPBACK}:{self[name]}"


@contextmanager
def held_ports(state: Path, claims: Path) -> Iterator[Ports]:
    """Hold the instance's ports inside the block: remembered ones where they are free, new ones elsewhere.

    Looking whether a port is free is not enough: two instances that start together would both find it so, and
    servers that share a port (SO_REUSEPORT) would not notice. So each port is claimed by a lock on a file in
    ``claims``, which all instances of one user share.
    """
    remembered = _read(state / "ports.json")
    with ExitStack() as held:
        chosen = {
            name: _claim(held, claims, remembered.get(name) or FIRST_CHOICE.get(name, 0))
            for name in PORT_NAMES
        }
        (state / "ports.json").write_text(json.dumps(chosen, indent=1))
        moved = tuple(name for name in PORT_NAMES if remembered.get(name, chosen[name]) != chosen[name])
        yield Ports(chosen, moved)


def _claim(held: ExitStack, claims: Path, wanted: int) -> int:
    """Claim the wanted port, else any other; the claim ends with ``held``."""
    while True:
        port, wanted = wanted or _any_free(), 0
        file = (claims / str(port)).open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            continue
        if is_free(port):
            held.enter_context(file)
            return port
        file.close()


def remembered_ports(state: Path) -> Ports | None:
    """Return the ports as last chosen, without looking whether they are free.

    ``None`` before the first start.
    """
    found = _read(state / "ports.json")
    return Ports(found) if set(found) == set(PORT_NAMES) else None


def is_free(port: int) -> bool:
    """Tell whether a server could listen here, on both loopback families that browsers try."""
    for family, host in ((socket.AF_INET, LOOPBACK), (socket.AF_INET6, "::1")):
        if family == socket.AF_INET6 and not socket.has_ipv6:
            continue
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                if _is_about_family(family, error):
                    continue
                return False
    return True


def _is_about_family(family: socket.AddressFamily, error: OSError) -> bool:
    """A machine without IPv6 loopback cannot bind there, which says nothing about the port."""
    return family == socket.AF_INET6 and error.errno != errno.EADDRINUSE


def _any_free() -> int:
    """Return a port that is free now, of those that the system gives to no outgoing connection.

    One that it may give away is taken by somebody else just while our server is started again.
    """
    for _ in range(TRIES):
        port = FIRST_OWN + secrets.randbelow(LAST_OWN - FIRST_OWN)
        if is_free(port):
            return port
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _read(file: Path) -> dict[PortName, int]:
    try:
        loaded = json.loads(file.read_text())
    except (OSError, ValueError):
        return {}
    return {name: int(loaded[name]) for name in PORT_NAMES if name in loaded}
