"""Start the processes of an instance, wait for each, notice when one dies, stop all without a trace.

Each process is a session of its own, so that Ctrl-C reaches only us and we stop them in order. Each also
asks the kernel to be told when we die (``child`` module), so that even a ``kill -9`` of ours leaves none
behind.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pendopo.entrypoints.errors import FrontDoorError

READY_SECONDS = 60.0
STOP_SECONDS = 15.0
LOG_LIMIT = 20_000_000


class ProcessDiedError(FrontDoorError):
    """A process ended by itself; the message names it and shows the end of its log."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Ready when this address answers 2xx."""

    url: str

    def holds(self, _process: "Process") -> bool:
        """Ask once."""
        try:
            with urllib.request.urlopen(self.url, timeout=5) as answer:  # noqa: S310  # our own loopback address
                return bool(answer.status < 300)  # noqa: PLR2004  # HTTP's words for well
        except OSError:
            return False


@dataclass(frozen=True, slots=True)
class Listens:
    """Ready when something accepts a connection on this loopback port."""

    port: int

    def holds(self, _process: "Process") -> bool:
        """Try once."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2):
                return True
        except OSError:
            return False


@dataclass(frozen=True, slots=True)
class Says:
    """Ready when this word stands in what the process logged since it was started."""

    word: str

    def holds(self, process: "Process") -> bool:
        """Read once."""
        with process.log.open("rb") as file:
            file.seek(process.log_start)
            return self.word.encode() in file.read()


type Readiness = Answers | Listens | Says


@dataclass(frozen=True, slots=True)
class Plan:
    """One process to be: what it runs, with which environment, and how to know that it is ready."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    ready: Readiness


@dataclass(slots=True)
class Process:
    """A process that runs, or ran."""

    plan: Plan
    log: Path
    handle: subprocess.Popen[bytes]
    log_start: int

    def raise_if_dead(self) -> None:
        """Raise ``ProcessDiedError`` when it ended."""
        code = self.handle.poll()
        if code is not None:
            message = f"{self.plan.name} ended with code {code}\n{tail(self.log)}"
            raise ProcessDiedError(message)

    def wait_ready(self, seconds: float = READY_SECONDS) -> None:
        """Block until it is ready; raises ``ProcessDiedError``, also when it takes too long."""
        until = time.monotonic() + seconds
        while not self.plan.ready.holds(self):
            self.raise_if_dead()
            if time.monotonic() > until:
                message = f"{self.plan.name} was not ready after {seconds:.0f} s\n{tail(self.log)}"
                raise ProcessDiedError(message)
            time.sleep(0.05)
        self.raise_if_dead()

    def ask_to_stop(self) -> None:
        """Send SIGTERM."""
        if self.handle.poll() is None:
            self.handle.terminate()

    def wait_stopped(self, until: float) -> None:
        """Wait for its end; after the deadline kill its whole session."""
        try:
            self.handle.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(self.handle.pid, signal.SIGKILL)
            self.handle.wait()


@dataclass(slots=True)
class Supervisor:
    """Holds the processes of one instance."""

    logs: Path
    processes: list[Process] = field(default_factory=list)

    def start(self, plan: Plan) -> Process:
        """Start a process; its output goes to ``<logs>/<name>.log``."""
        log = self.logs / f"{plan.name}.log"
        if log.exists() and log.stat().st_size > LOG_LIMIT:
            log.unlink()
        with log.open("ab") as output:
            log_start = output.tell()
            handle = subprocess.Popen(
                [sys.executable, "-m", "pendopo.entrypoints.child", str(os.getpid()), *plan.command],
                env=plan.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                cwd="/",
            )
        process = Process(plan, log, handle, log_start)
        self.processes.append(process)
        return process

    def restart(self, process: Process) -> Process:
        """Stop one process and start it again after the same plan."""
        self.processes.remove(process)
        process.ask_to_stop()
        process.wait_stopped(time.monotonic() + STOP_SECONDS)
        return self.start(process.plan)

    def check(self) -> None:
        """Raise ``ProcessDiedError`` for the first process that ended by itself."""
        for process in self.processes:
            process.raise_if_dead()

    def watch(self, seconds: float = 0.5) -> None:
        """Stay until a process dies, then raise ``ProcessDiedError``."""
        while True:
            self.check()
            time.sleep(seconds)

    def stop(self) -> None:
        """Stop all, latest first, and reap them."""
        for process in reversed(self.processes):
            process.ask_to_stop()
        until = time.monotonic() + STOP_SECONDS
        for process in reversed(self.processes):
            process.wait_stopped(until)
        self.processes.clear()


@contextmanager
def supervised(logs: Path) -> Iterator[Supervisor]:
    """Yield a supervisor whose processes are stopped at the end, whatever happens.

    SIGTERM counts as Ctrl-C, and SIGINT is heard also where a shell started us in the background.
    """
    supervisor = Supervisor(logs)
    before = {number: signal.signal(number, _interrupt) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield supervisor
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # impatience
        supervisor.stop()
        for number, handler in before.items():
            signal.signal(number, handler)


def tail(log: Path, lines: int = 25) -> str:
    """Return the end of a log, indented; it may be long, so only the last 64 kB are looked at."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 65_536))
            text = file.read().decode(errors="replace")
    except OSError:
        return "  (no log)"
    return "\n".join(f"  | {line}" for line in text.splitlines()[-lines:]) + f"\n  whole log: {log}"


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt
