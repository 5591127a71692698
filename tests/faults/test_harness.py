"""The harness itself: its disk loses what was not synced and keeps what was, and it counts what is lost."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults import durable
from tests.faults.durable import Disk, NoCompilerError, NotModelledError, Tools


@pytest.fixture(scope="session")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Tools:
    """The compiled layer."""
    try:
        return durable.build(tmp_path_factory.mktemp("durable"))
    except NoCompilerError as error:
        pytest.skip(str(error))


@pytest.fixture
def disk(tools: Tools, tmp_path: Path) -> Disk:
    """A disk with one old file on it."""
    folder = tmp_path / "disk"
    folder.mkdir()
    (folder / "old").write_text("old")
    made = Disk(tools, folder, tmp_path / "image")
    made.begin()
    return made


def run(disk: Disk, program: str, *, strict: bool = False) -> None:
    """Run a program on the disk, then take the power away."""
    environment = {**disk.environment, "DURABLE_NAMES": "strict" if strict else "own"}
    script = f"import os, mmap\nos.chdir({str(disk.folder)!r})\n{program}"
    subprocess.run([sys.executable, "-I", "-c", script], check=True, env=environment)
    disk.lose_power()


def content(disk: Disk) -> dict[str, bytes]:
    """What lies on the disk."""
    return {path.name: path.read_bytes() for path in sorted(disk.folder.iterdir()) if path.is_file()}


WRITE = "fd = os.open('new', os.O_WRONLY | os.O_CREAT, 0o600); os.write(fd, b'new' * 5000)\n"
FOLDER = "at = os.open('.', os.O_RDONLY); os.fsync(at)\n"


def test_bytes_that_were_not_synced_are_lost(disk: Disk) -> None:
    run(disk, WRITE)
    assert content(disk) == {"old": b"old"}


@pytest.mark.parametrize("sync", ["fsync", "fdatasync"])
def test_bytes_that_were_synced_are_kept(disk: Disk, sync: str) -> None:
    run(disk, f"{WRITE}os.{sync}(fd)")
    assert content(disk) == {"new": b"new" * 5000, "old": b"old"}


def test_only_what_was_written_before_the_sync_is_kept(disk: Disk) -> None:
    run(disk, f"{WRITE}os.fsync(fd); os.pwrite(fd, b'XXX', 0); os.pwrite(fd, b'XXX', 9000)")
    assert content(disk)["new"] == b"new" * 5000


def test_a_second_sync_keeps_what_came_between(disk: Disk) -> None:
    run(disk, f"{WRITE}os.fsync(fd); os.pwrite(fd, b'XXX', 9000); os.fsync(fd); os.pwrite(fd, b'YYY', 0)")
    assert content(disk)["new"] == b"new" * 3000 + b"XXX" + b"new" * 1999


def test_a_file_opened_for_synchronous_writing_keeps_each_write(disk: Disk) -> None:
    run(disk, "fd = os.open('old', os.O_WRONLY | os.O_APPEND | os.O_DSYNC); os.write(fd, b' and new')")
    assert content(disk) == {"old": b"old and new"}


def test_a_file_that_was_only_cut_is_whole_again(disk: Disk) -> None:
    run(disk, "os.truncate('old', 1) if False else os.ftruncate(os.open('old', os.O_RDWR), 1)")
    assert content(disk) == {"old": b"old"}


def test_a_rename_lasts_from_the_sync_of_its_folder_on(disk: Disk) -> None:
    run(disk, f"{WRITE}os.fsync(fd); os.rename('new', 'old')")
    assert content(disk) == {"new": b"new" * 5000, "old": b"old"}
    disk.begin()
    run(disk, f"os.rename('new', 'old')\n{FOLDER}")
    assert content(disk) == {"old": b"new" * 5000}


def test_a_removal_lasts_from_the_sync_of_its_folder_on(disk: Disk) -> None:
    run(disk, "os.unlink('old')")
    assert content(disk) == {"old": b"old"}
    disk.begin()
    run(disk, f"os.unlink('old')\n{FOLDER}")
    assert content(disk) == {}


def test_a_strict_disk_forgets_a_file_whose_folder_was_not_synced(disk: Disk) -> None:
    run(disk, f"{WRITE}os.fsync(fd)", strict=True)
    assert content(disk) == {"old": b"old"}
    disk.begin()
    run(disk, f"{WRITE}os.fsync(fd)\n{FOLDER}", strict=True)
    assert content(disk) == {"new": b"new" * 5000, "old": b"old"}


def test_a_name_without_synced_content_is_an_empty_file(disk: Disk) -> None:
    run(disk, f"{WRITE}{FOLDER}", strict=True)
    assert content(disk) == {"new": b"", "old": b"old"}


def test_what_one_process_wrote_another_one_may_sync(disk: Disk) -> None:
    run(disk, f"{WRITE}\nif os.fork() == 0:\n    os.fsync(fd)\n    os._exit(0)\nos.wait()")
    assert content(disk)["new"] == b"new" * 5000


def test_a_mapped_file_is_kept_from_its_sync_on(disk: Disk) -> None:
    program = "fd = os.open('old', os.O_RDWR); m = mmap.mmap(fd, 3); m[0:3] = b'new'\n"
    run(disk, program)
    assert content(disk) == {"old": b"old"}
    disk.begin()
    run(disk, f"{program}os.fsync(fd)")
    assert content(disk) == {"old": b"new"}


def test_what_the_model_does_not_know_is_told(disk: Disk) -> None:
    with pytest.raises(NotModelledError, match="folder-renamed"):
        run(disk, "os.mkdir('a'); os.rename('a', 'b')")
