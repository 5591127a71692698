"""Where a server may listen: numbers that are ports, and ports that nobody else holds.

The web server shares its port among its processes (SO_REUSEPORT), and the kernel would let a second server of
the same user in as well: two releases would answer at random. So the port is tried without that first.
"""

import argparse
import socket
import time

from pendopo.entrypoints.errors import FrontDoorError

HIGHEST = 65_535
PATIENCE_SECONDS = 3.0
"""A server that is just leaving gets this long."""


class NotListeningError(FrontDoorError):
    """Nobody can listen at this address now; the message says why."""


def port(text: str) -> int:
    """Read a port from the command line."""
    if text.isdecimal() and 1 <= int(text) <= HIGHEST:
        return int(text)
    message = f"{text} is no port: 1 to {HIGHEST}"
    raise argparse.ArgumentTypeError(message)


def port_or_none(text: str) -> int:
    """Read a port, or 0 for none."""
    return 0 if text == "0" else port(text)


def count(text: str) -> int:
    """Read how many processes or threads."""
    if text.isdecimal() and int(text) > 0:
        return int(text)
    message = f"{text} is too few or no number: at least 1"
    raise argparse.ArgumentTypeError(message)


def require_free(host: str, number: int, *, patience: float = PATIENCE_SECONDS) -> None:
    """Return when a server may listen there. Raises ``NotListeningError`` when it may not."""
    until = time.monotonic() + patience
    while (reason := _reason_against(host, number)) is not None:
        if time.monotonic() > until:
            message = f"port {number} on {host} cannot be used ({reason}); name another with --port"
            raise NotListeningError(message)
        time.sleep(0.1)


def _reason_against(host: str, number: int) -> str | None:
    try:
        found = socket.getaddrinfo(host, number, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return error.strerror or str(error)
    return None
