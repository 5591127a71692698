"""What the front door says while it works: steps with their time, on standard error, quiet for machines."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Teller:
    """Tells steps and remembers how long each took. ``is_quiet`` keeps it silent (``--json``)."""

    is_quiet: bool = False
    times: list[tuple[str, int]] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Tell a step when it begins, and its time when it has ended well."""
        start = time.monotonic()
        self._write(f"  {name} …" if sys.stderr.isatty() else "")
        yield
        spent = round((time.monotonic() - start) * 1000)
        self.times.append((name, spent))
        self._write(f"{'\r' if sys.stderr.isatty() else ''}  {name:<58}{spent:>7} ms\n")

    def say(self, text: str = "") -> None:
        """Tell one line."""
        self._write(f"{text}\n")

    @property
    def seconds(self) -> float:
        """Seconds since the teller was made."""
        return round(time.monotonic() - self.began, 1)

    def _write(self, text: str) -> None:
        if not self.is_quiet:
            sys.stderr.write(text)
            sys.stderr.flush()
