"""The cabinet as members feel it: a long agenda, a position, a vote of a thousand, a thousand screens.

Actions and queries are called inside the hall, without HTTP in between: what is measured is the rule, the
database, the seal and the log. The screens are real streams of the live server. Nothing here was run against
OpenSlides; what its public threads say stands in the notes as a quotation, from other machines.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import psutil
from benchmarks.hall import CHECKOUT, Hall, running_hall
from benchmarks.rows import Row, median, quantile

AGENDA_MS, POSITION_MS, BALLOTS_S, SCREEN_MS = 100.0, 50.0, 10.0, 300.0
BALLOTS, VIEWERS, CLICKS = 1000, 1000, 12
SETTLE_SECONDS = 1.0
ARRIVE_SECONDS = 20.0
SLOW_VOTES = "OpenSlides issue 6064 (v3.4, about 60 people) says minutes a vote; quoted, not measured here"
FROZEN_PAGES = (
    "OpenSlides client issues 811 and 3673 say that with over 1,000 users the page freezes on each update;"
    " quoted, not measured here"
)


def measure(runs: int, state: Path) -> Iterator[Row]:
    """Yield the rows of the cabinet."""
    with running_hall(state) as hall:
        agendas = [hall.inside("benchmarks.cabinet_inside", "agenda") for _ in range(runs)]
        yield Row(
            "cabinet",
            "agenda of 60 items with positions",
            median([median(one["reads"]) * 1000 for one in agendas]),
            "ms",
            limit=AGENDA_MS,
            notes=f"{agendas[0]['items']} items, 12 members, read by one of them",
        )
        yield Row(
            "cabinet",
            "position write, p95",
            median([quantile(one["writes"], 0.95) * 1000 for one in agendas]),
            "ms",
            limit=POSITION_MS,
        )
        votes = [hall.inside("benchmarks.cabinet_inside", "ballots", str(BALLOTS)) for _ in range(runs)]
        lost = max(BALLOTS - one["counted"] for one in votes)
        yield Row(
            "cabinet",
            f"{BALLOTS:,} named ballots",
            median([one["seconds"] for one in votes]),
            "s",
            limit=BALLOTS_S,
            notes=f"{lost} lost; unsigned, one after the other from one process; {SLOW_VOTES}",
        )
        if "hall-live" in hall.ports:
            yield _screens(hall, runs)


def _screens(hall: Hall, runs: int) -> Row:
    found = [asyncio.run(_watch(hall)) for _ in range(runs)]
    return Row(
        "cabinet",
        f"{VIEWERS:,} screens, click to screen, p95",
        median([quantile(times, 0.95) * 1000 for times, _ in found]),
        "ms",
        limit=SCREEN_MS,
        notes=f"{median([kib for _, kib in found]):.0f} KiB of the live server a viewer; {FROZEN_PAGES}",
    )


async def _watch(hall: Hall) -> tuple[list[float], float]:
    """Open the screens, click a dozen times; return seconds from click to each screen, and KiB a viewer."""
    command = [sys.executable, "-m", "benchmarks.cabinet_inside", "session", str(VIEWERS)]
    with subprocess.Popen(  # noqa: ASYNC220  # nothing else runs yet that it could hold up
        command, cwd=CHECKOUT, env=hall.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as clicker:
        assert clicker.stdin is not None  # noqa: S101  # asked for above
        assert clicker.stdout is not None  # noqa: S101  # asked for above
        tickets = json.loads(clicker.stdout.readline())["tickets"]
        before = _memory(hall)
        arrivals: dict[int, list[float]] = {}
        port = hall.ports["hall-live"]
        opened = [asyncio.Event() for _ in range(VIEWERS)]
        viewers = [
            asyncio.create_task(_view(port, tickets[place % len(tickets)], opened[place], arrivals))
            for place in range(VIEWERS)
        ]
        try:
            await asyncio.wait_for(asyncio.gather(*(one.wait() for one in opened)), 120)
            await asyncio.sleep(SETTLE_SECONDS)
            kib = (_memory(hall) - before) / 1024 / VIEWERS
            times: list[float] = []
            for _ in range(CLICKS):
                times += await _click(clicker.stdin, clicker.stdout, arrivals)
        finally:
            for viewer in viewers:
                viewer.cancel()
            await asyncio.gather(*viewers, return_exceptions=True)
            clicker.stdin.close()
        return times, kib


async def _click(given: IO[str], said: IO[str], arrivals: dict[int, list[float]]) -> list[float]:
    given.write("click\n")
    given.flush()
    clicked = json.loads(await asyncio.to_thread(said.readline))
    deadline = time.time() + ARRIVE_SECONDS
    while len(arrivals.get(clicked["seq"], [])) < VIEWERS:
        if time.time() > deadline:
            message = f"{VIEWERS - len(arrivals.get(clicked['seq'], []))} screens never heard of a click"
            raise RuntimeError(message)
        await asyncio.sleep(0.05)
    return [at - clicked["at"] for at in arrivals[clicked["seq"]]]


async def _view(port: int, ticket: str, opened: asyncio.Event, arrivals: dict[int, list[float]]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(f"GET /live/stream?ticket={ticket} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        if b" 200 " not in await reader.readline():
            message = "the live server refused a viewer"
            raise RuntimeError(message)
        while line := await reader.readline():
            if line.startswith(b"id:"):
                opened.set()
                arrivals.setdefault(int(line[3:]), []).append(time.time())
    finally:
        writer.close()


def _memory(hall: Hall) -> int:
    """Return the resident bytes of the live server."""
    total = 0
    for process in psutil.process_iter():
        try:
            command = " ".join(process.cmdline())
            if f"live --port {hall.ports['hall-live']}" in command:
                total += process.memory_info().rss
        except (psutil.AccessDenied, psutil.NoSuchProcess):
            continue
    return total
