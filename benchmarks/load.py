"""The load client: a process of its own that sends prepared requests and notes how long each answer took.

``python -m benchmarks.load < plan.json`` prints one JSON object. The plan::

    {"host", "port", "connections", "rate", "requests": [bytes as latin-1 text, …]}

Without a rate each connection sends its next request when the last one is answered (closed loop: how much
goes through). With a rate, request *n* is due at ``n / rate`` seconds and its time counts from then, whether
or not a connection was free: a server that stalls is charged for everybody who waited (no coordinated
omission). Standard library only, so that the client takes little of the machine that it measures.
"""

import asyncio
import json
import resource
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

LONGEST = 60.0
"""Seconds after which an answer counts as lost."""


@dataclass(slots=True)
class Tally:
    """What came back: seconds by request in order of their answers, and how often each status."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)


class Connection:
    """One keep-alive connection; opened again when the server closes it."""

    def __init__(self, host: str, port: int) -> None:
        """Keep the address."""
        self._address = (host, port)
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def send(self, request: bytes) -> str:
        """Send one request, read its whole answer, return the status."""
        if self._writer is None or self._reader is None or self._reader.at_eof():
            self._reader, self._writer = await asyncio.open_connection(*self._address)
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        await self._read_body(head)
        return head[9:12].decode()

    async def _read_body(self, head: bytes) -> None:
        assert self._reader is not None  # noqa: S101  # opened by send
        lowered = head.lower()
        place = lowered.find(b"content-length:")
        if place >= 0:
            length = int(lowered[place + 15 : lowered.index(b"\r\n", place)])
            await self._reader.readexactly(length)
        elif b"transfer-encoding: chunked" in lowered:
            while size := int((await self._reader.readline()).strip(), 16):
                await self._reader.readexactly(size + 2)
            await self._reader.readline()

    def close(self) -> None:
        """Let go."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


async def run(plan: dict[str, Any]) -> dict[str, Any]:
    """Send everything; return counts and times."""
    requests = [text.encode("latin-1") for text in plan["requests"]]
    rate = plan.get("rate")
    places: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
    tally = Tally()
    connections = [Connection(plan["host"], plan["port"]) for _ in range(plan["connections"])]
    cpu, began = _cpu(), time.monotonic()
    senders = [asyncio.create_task(_sender(places, one, tally, began, rate)) for one in connections]
    for position, request in enumerate(requests):
        if rate:
            due = position / rate
            await asyncio.sleep(max(0.0, began + due - time.monotonic()))
        else:
            due = 0.0
        places.put_nowait((due, request))
    await places.join()
    seconds, spent = time.monotonic() - began, _cpu() - cpu
    for sender in senders:
        sender.cancel()
    for connection in connections:
        connection.close()
    return {
        "seconds": seconds,
        "times": tally.seconds,
        "statuses": dict(tally.statuses),
        "client_cpu": spent,
    }


async def _sender(
    places: "asyncio.Queue[tuple[float, bytes]]",
    connection: Connection,
    tally: Tally,
    began: float,
    rate: float | None,
) -> None:
    while True:
        due, request = await places.get()
        start = began + due if rate else time.monotonic()
        try:
            status = await asyncio.wait_for(connection.send(request), LONGEST)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            status = type(error).__name__
            connection.close()
        tally.seconds.append(time.monotonic() - start)
        tally.statuses[status] += 1
        places.task_done()


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    json.dump(asyncio.run(run(json.load(sys.stdin))), sys.stdout)
