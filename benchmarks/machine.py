"""The machine under the figures: cores, load, and the processor time that each part used."""

import os
import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

BUSY = 0.5
"""Load average a core above which a neighbour is probably at work; half a core is nobody's idle noise."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What a reader needs to know about where a figure came from."""

    cores: int
    model: str
    memory_gb: float
    load: float
    python: str

    @property
    def is_busy(self) -> bool:
        """Whether something else was running when we began."""
        return self.load > BUSY * self.cores

    def line(self) -> str:
        """Return it in one line."""
        return (
            f"{self.cores} cores ({self.model}), {self.memory_gb:.0f} GB, Python {self.python}, "
            f"load {self.load:.2f} before we began"
        )


def look() -> Machine:
    """Return the machine as it is now."""
    return Machine(
        cores=len(os.sched_getaffinity(0)),
        model=_model(),
        memory_gb=psutil.virtual_memory().total / 2**30,
        load=os.getloadavg()[0],
        python=platform.python_version(),
    )


def _model() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


@dataclass(slots=True)
class Spent:
    """Processor seconds by part, filled when the block ends."""

    by_part: dict[str, float] = field(default_factory=dict)

    def per(self, count: int) -> dict[str, float]:
        """Return milliseconds a request."""
        return {part: seconds / count * 1000 for part, seconds in self.by_part.items()}

    def told(self, count: int) -> str:
        """Return it as a note: ``web 4.1 ms, database 1.9 ms``."""
        return ", ".join(f"{part} {value:.2f} ms" for part, value in self.per(count).items() if value >= 0.01)  # noqa: PLR2004


type Parts = Callable[[], dict[str, list[psutil.Process]]]


@contextmanager
def spending(parts: Parts) -> Iterator[Spent]:
    """Measure the processor time of these processes and their children over the block.

    Processes are found before and after; one that is born and dies within the block is counted only where
    its parent reaps it.
    """
    spent = Spent()
    before = {part: _cpu(processes) for part, processes in parts().items()}
    yield spent
    after = {part: _cpu(processes) for part, processes in parts().items()}
    spent.by_part = {part: after[part] - before.get(part, 0.0) for part in after}


def _cpu(processes: list[psutil.Process]) -> float:
    total = 0.0
    for process in processes:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total


def with_children(process: psutil.Process) -> list[psutil.Process]:
    """Return a process and everything below it."""
    return [process, *process.children(recursive=True)]
