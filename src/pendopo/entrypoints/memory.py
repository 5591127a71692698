"""What one instance remembers between starts: its ports, so that addresses and passkeys stay valid.

A passkey belongs to a host name and an address with its port; a hall that moved to another port at each
start would lose its people. A remembered port that somebody else took meanwhile is replaced, and that is
told.
"""

import errno
import json
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

type PortName = Literal[
    "hall", "register", "hall-gateway", "hall-peer", "population-gateway", "population-peer", "smtp"
]
PORT_NAMES: tuple[PortName, ...] = get_args(PortName.__value__)
FIRST_CHOICE = {"hall": 8000, "register": 8300, "smtp": 8025}
LOOPBACK = "127.0.0.1"


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


def choose_ports(state: Path) -> Ports:
    """Return remembered ports where they are free, new ones elsewhere, and remember the choice."""
    file = state / "ports.json"
    remembered = _read(file)
    chosen: dict[PortName, int] = {}
    for name in PORT_NAMES:
        wanted = remembered.get(name) or FIRST_CHOICE.get(name, 0)
        taken = set(chosen.values())
        chosen[name] = wanted if wanted and wanted not in taken and is_free(wanted) else _any_free(taken)
    file.write_text(json.dumps(chosen, indent=1))
    moved = tuple(name for name in PORT_NAMES if name in remembered and remembered[name] != chosen[name])
    return Ports(chosen, moved)


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


def _any_free(taken: set[int]) -> int:
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.bind((LOOPBACK, 0))
            port = int(probe.getsockname()[1])
        if port not in taken and is_free(port):
            return port


def _read(file: Path) -> dict[PortName, int]:
    try:
        loaded = json.loads(file.read_text())
    except (OSError, ValueError):
        return {}
    return {name: int(loaded[name]) for name in PORT_NAMES if name in loaded}
