"""A disk that keeps nothing but what was synced: for a folder, its image, and the loss of power.

Why a library in front of the C library (``LD_PRELOAD``, ``durable.c``) and not a file system in user space:
it needs no privilege and no kernel module, so that the test runs for every developer and in every container;
PostgreSQL and CPython are linked dynamically and do their file work through the calls that it follows. What
it cannot see (system calls made directly, ``io_uring``) would be counted as lost, never as kept.

The model of names is that of ext4, XFS and btrfs: a synced file keeps the name under which it was made, a
rename or a removal lasts from the sync of its folder on. ``strict`` asks for the folder's sync in each case
and is used for the gateways' message logs. ``sync_file_range`` keeps nothing (its manual promises nothing).
"""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).with_name("durable.c")
SHELF_MODE = 0o755


class NoCompilerError(RuntimeError):
    """There is no ``cc`` on this machine."""


class NotModelledError(AssertionError):
    """A program did what the model of the disk does not know; the message says what."""


@dataclass(frozen=True, slots=True)
class Tools:
    """The library, and the program that makes the first image."""

    library: Path
    imager: Path


def build(folder: Path) -> Tools:
    """Compile both into a folder that every user may read. Raises :class:`NoCompilerError`."""
    compiler = shutil.which("cc")
    if compiler is None:
        raise NoCompilerError("no C compiler (cc) on this machine: the durability layer cannot be built")
    folder.mkdir(exist_ok=True)
    folder.chmod(SHELF_MODE)
    library, imager = folder / "durable.so", folder / "imager"
    common = [compiler, "-O2", "-Wall", "-Werror", "-Wno-format-truncation", str(SOURCE), "-lpthread", "-ldl"]
    subprocess.run([*common, "-shared", "-fPIC", "-o", str(library)], check=True)
    subprocess.run([*common, "-DIMAGER", "-o", str(imager)], check=True)
    return Tools(library, imager)


@dataclass(frozen=True, slots=True)
class Disk:
    """One folder on such a disk. Its image belongs to the user of the folder, who writes it."""

    tools: Tools
    folder: Path
    image: Path
    strict: bool = False

    def begin(self) -> None:
        """Take what lies in the folder as durable; nobody may be writing."""
        shutil.rmtree(self.image, ignore_errors=True)
        self.image.mkdir(parents=True)
        owner = self.folder.stat()
        os.chown(self.image, owner.st_uid, owner.st_gid)
        subprocess.run(
            [str(self.tools.imager), str(self.folder), str(self.image)],
            check=True,
            user=owner.st_uid if os.geteuid() == 0 else None,
            group=owner.st_gid if os.geteuid() == 0 else None,
        )

    @property
    def environment(self) -> Mapping[str, str]:
        """What a process gets that writes on this disk."""
        return {
            "LD_PRELOAD": str(self.tools.library),
            "DURABLE_ROOT": str(self.folder),
            "DURABLE_IMAGE": str(self.image),
            "DURABLE_NAMES": "strict" if self.strict else "own",
        }

    def lose_power(self) -> None:
        """Put what was durable in the place of the folder; whoever wrote has been killed."""
        unknown = self.image / "unmodelled"
        if unknown.exists():
            raise NotModelledError(unknown.read_text())
        before = self.folder.stat()
        shutil.rmtree(self.folder)
        subprocess.run(
            ["cp", "-a", "--no-preserve=links", str(self.image / "tree"), str(self.folder)], check=True
        )
        self.folder.chmod(before.st_mode & 0o7777)
        os.chown(self.folder, before.st_uid, before.st_gid)
