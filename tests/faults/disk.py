"""A small disk that can be filled to the last byte and freed again. Needs root; says so without."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

BALLAST = "ballast"


@dataclass(frozen=True, slots=True)
class Disk:
    """A mounted file system in memory."""

    folder: Path

    def fill(self, spare: int = 0) -> None:
        """Leave ``spare`` bytes (rounded to pages) and nothing more."""
        with (self.folder / BALLAST).open("ab") as file:
            for size in (1 << 20, 1 << 12):
                with suppress(OSError):
                    while True:
                        os.write(file.fileno(), bytes(size))
            if spare:
                file.truncate(max(0, os.fstat(file.fileno()).st_size - spare))

    def free(self) -> None:
        """Give the room back."""
        (self.folder / BALLAST).unlink(missing_ok=True)


@contextmanager
def small_disk(folder: Path, megabytes: int, owner: int = -1) -> Iterator[Disk]:
    """Mount one over a folder; skips the test where nobody may mount."""
    if os.geteuid() != 0:
        pytest.skip("a full disk needs a small one, and only root may mount it")
    folder.mkdir(parents=True, exist_ok=True)
    options = ["-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700"]
    mounted = subprocess.run(
        ["mount", *options, "pendopo-faults", str(folder)], capture_output=True, text=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip(f"this machine lets nobody mount a small disk: {mounted.stderr.strip()}")
    os.chown(folder, owner, -1)
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
