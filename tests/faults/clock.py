"""A wall clock that can be moved under a running process; its monotonic clock goes on (libfaketime)."""

from dataclasses import dataclass
from pathlib import Path

import pytest

LIBRARIES = ("/usr/lib/*/faketime/libfaketime.so.1", "/usr/lib/faketime/libfaketime.so.1")


@dataclass(frozen=True, slots=True)
class WallClock:
    """What one process is told about the time: the truth, moved by seconds."""

    file: Path
    library: Path

    @property
    def environment(self) -> dict[str, str]:
        """For the process that is to live by this clock."""
        return {
            "LD_PRELOAD": str(self.library),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_DONT_RESET": "1",
        }

    def move(self, seconds: int) -> None:
        """From now on the process sees the true time plus this."""
        new = self.file.with_suffix(".new")
        new.write_text(f"{seconds:+d}\n")
        new.replace(self.file)


def wall_clock(folder: Path) -> WallClock:
    """A clock that tells the truth until it is moved; skips where libfaketime is not installed."""
    found = [path for pattern in LIBRARIES for path in Path("/").glob(pattern.lstrip("/"))]
    if not found:
        pytest.skip("no libfaketime on this machine: apt-get install libfaketime")
    clock = WallClock(folder / "clock", found[0])
    clock.move(0)
    return clock
