"""Telling the supervisor that a process is ready or alive: systemd's notification protocol, sd_notify(3).

Under another supervisor, or none, nothing is told and nothing fails.
"""

import os
import socket
from contextlib import suppress

READY = "READY=1"
ALIVE = "WATCHDOG=1"


def tell(state: str) -> None:
    """Send one state to the socket that the supervisor named; one that is gone is no error of ours."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    name = "\0" + address[1:] if address.startswith("@") else address
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sending, suppress(OSError):
        sending.connect(name)
        sending.sendall(state.encode())
