"""Everything of an instance in one archive, and back: databases, keys, certificates, settings, stored files.

The archive is a tar with ``manifest.json`` (SHA-256 of every member), one ``databases/NAME.dump`` a
database (pg_dump's own format) and ``files/…``. It holds the root keys: whoever has it, opened, can read
everything. So it is sealed with a passphrase unless told otherwise, and written with mode 0600.

All databases are of one instant (see ``instants``). Files have no snapshot, so their order matters: copies of
checkpoints are taken before the instant, because a copy newer than its log says that the log was cut; all
else after it. The message logs of the gateways may therefore be newer than the databases, and the hall reads
from its cursor on; a file that grows meanwhile is saved as long as it was when it was opened.
"""

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, override
from urllib.parse import unquote, urlsplit

import psycopg

from pendopo.entrypoints import sealed_stream
from pendopo.entrypoints.errors import FrontDoorError
from pendopo.entrypoints.instants import Instant, one_instant
from pendopo.entrypoints.places import state_root
from pendopo.entrypoints.postgres import (
    Server,
    ServerNotFoundError,
    server_from_distribution,
    server_from_wheel,
)

FORMAT = 1
LEFT_OUT = frozenset({"postgres", "logs", "up.lock", "this-folder-belongs-to-pendopo"})
"""Top-level names in a state folder that are not saved: the server's files (dumped instead), logs, locks."""
CHECKPOINTS = "checkpoints"
"""Name of the folders whose files are copied before the instant."""

type Observer = Callable[[Instant], None]


class BackupError(FrontDoorError):
    """Saving or restoring failed; nothing half-done is left where it would be taken for whole."""


@dataclass(frozen=True, slots=True)
class Source:
    """What is saved: a state folder and the databases (name → address of a role that owns it)."""

    folder: Path
    databases: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Contents:
    """What an archive holds, in numbers."""

    made_at: str
    databases: tuple[str, ...]
    files: int
    bytes: int


def save(
    source: Source, target: Path, passphrase: str | None, *, observe: Observer | None = None
) -> Contents:
    """Write an archive.

    Sealed when a passphrase is given. ``observe`` is called inside the instant that was dumped, for a drill
    that compares later. Raises ``BackupError`` and ``NoInstantError``; never overwrites a file.
    """
    if target.exists():
        message = f"{target} exists already"
        raise BackupError(message)
    if not target.parent.is_dir():
        message = f"there is no folder {target.parent}; make it first, or name another"
        raise BackupError(message)
    with TemporaryDirectory(prefix=".pendopo-backup-", dir=target.parent) as name:
        work = Path(name)
        early = _early(source.folder, work)
        with one_instant(source.databases) as instant:
            if observe is not None:
                observe(instant)  # before the dumps: sequences know no snapshot, and may only be ahead
            for database, url in source.databases.items():
                _dump(url, work / f"{database}.dump", instant.snapshots[database])
        plain = work / "archive.tar"
        contents = _pack(source, work, plain, early)
        finished = plain if passphrase is None else _sealed(plain, work / "archive.sealed", passphrase)
        finished.chmod(0o600)
        os.link(finished, target)
    return contents


def restore(archive: Path, folder: Path, databases: Mapping[str, str], passphrase: str | None) -> Contents:
    """Put an archive into an empty state folder and empty databases. Raises ``BackupError``."""
    with TemporaryDirectory(prefix=".pendopo-restore-", dir=folder) as name:
        work = Path(name)
        contents = unpack(archive, work, passphrase)
        missing = set(contents.databases) - set(databases)
        if missing:
            message = (
                f"the archive holds databases that this place has no room for: {', '.join(sorted(missing))}"
            )
            raise BackupError(message)
        for database in contents.databases:
            load_dump(databases[database], work / "databases" / f"{database}.dump")
        for entry in (work / "files").iterdir():
            shutil.move(entry, folder / entry.name)
    return contents


def unpack(archive: Path, work: Path, passphrase: str | None) -> Contents:
    """Unpack an archive into an empty folder and compare every member with its hash.

    Raises ``BackupError``.
    """
    plain = work / "archive.tar"
    with archive.open("rb") as file:
        if not sealed_stream.is_sealed(file):
            shutil.copyfile(archive, plain)
        elif passphrase is None:
            message = "the archive is sealed; its passphrase is needed"
            raise BackupError(message)
        else:
            _unsealed(file, plain, passphrase)
    try:
        with tarfile.open(plain) as tar:
            tar.extractall(work, filter="data")
    except tarfile.TarError as error:
        message = f"{archive} is not an archive of Pendopo"
        raise BackupError(message) from error
    plain.unlink()
    return _checked(work)


def _checked(work: Path) -> Contents:
    try:
        manifest = json.loads((work / "manifest.json").read_text())
        format_, members = manifest["format"], manifest["sha256"]
    except (OSError, ValueError, KeyError) as error:
        message = "the archive has no manifest"
        raise BackupError(message) from error
    if format_ != FORMAT:
        message = f"the archive's format is {format_}, this release reads {FORMAT}"
        raise BackupError(message)
    for member, digest in members.items():
        if _digest(work / member) != digest:
            message = f"the archive is damaged: {member}"
            raise BackupError(message)
    return _contents(manifest["made_at"], members, sum((work / member).stat().st_size for member in members))


def _contents(made_at: str, members: Mapping[str, str], size: int) -> Contents:
    dumps = tuple(Path(member).stem for member in members if member.startswith("databases/"))
    return Contents(made_at, dumps, len(members) - len(dumps), size)


def _early(folder: Path, work: Path) -> dict[str, Path]:
    """Copy the checkpoint files as they are before the instant: member's name → copy."""
    found = [path for path in files_of(folder) if CHECKPOINTS in path.relative_to(folder).parent.parts]
    copies: dict[str, Path] = {}
    for number, path in enumerate(found):
        copy = work / f"early-{number}"
        with suppress(FileNotFoundError):
            shutil.copyfile(path, copy)
            copies[f"files/{path.relative_to(folder)}"] = copy
    return copies


def _pack(source: Source, work: Path, plain: Path, early: Mapping[str, Path]) -> Contents:
    digests: dict[str, str] = {}
    size = 0
    with tarfile.open(plain, "w", format=tarfile.PAX_FORMAT) as tar:
        for member, path in _members(source, work, early):
            try:
                file = path.open("rb")
            except FileNotFoundError:  # a mail or a segment that was taken away meanwhile
                continue
            with file:
                reader = _Hashing(file)
                size += _add(tar, member, reader, os.fstat(file.fileno()).st_size)
                digests[member] = reader.digest.hexdigest()
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
        manifest = {"format": FORMAT, "made_at": made_at, "sha256": digests}
        told = json.dumps(manifest, indent=1).encode()
        _add(tar, "manifest.json", io.BytesIO(told), len(told))
    return _contents(made_at, digests, size)


def _members(source: Source, work: Path, early: Mapping[str, Path]) -> Iterator[tuple[str, Path]]:
    yield from ((f"databases/{name}.dump", work / f"{name}.dump") for name in source.databases)
    yield from early.items()
    for path in files_of(source.folder):
        if CHECKPOINTS not in path.relative_to(source.folder).parent.parts:
            yield f"files/{path.relative_to(source.folder)}", path


class _Hashing(io.RawIOBase):
    """Hashes exactly what is packed: a log that grows between two readings would damage its own archive."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.digest = hashlib.sha256()

    @override
    def read(self, size: int = -1, /) -> bytes:
        """Read on and hash."""
        data = self.file.read(size)
        self.digest.update(data)
        return data


def _add(tar: tarfile.TarFile, member: str, file: "_Hashing | BinaryIO", size: int) -> int:
    """Add ``size`` bytes of an open file; owner and times are left behind, the mode is always 0600."""
    entry = tarfile.TarInfo(member)
    entry.size, entry.mode = size, 0o600
    try:
        tar.addfile(entry, file)
    except OSError as error:
        message = f"{member} became shorter while it was saved; try again"
        raise BackupError(message) from error
    return size


def files_of(folder: Path) -> Iterator[Path]:
    """Yield the files of a state folder that a backup saves; half-written ones begin with a dot."""
    for entry in sorted(folder.iterdir()):
        if entry.name in LEFT_OUT or entry.name.startswith("."):
            continue
        found = sorted(entry.rglob("*")) if entry.is_dir() else [entry]
        yield from (path for path in found if _is_saved(path))


def _is_saved(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and not path.name.startswith(".")


def _sealed(plain: Path, target: Path, passphrase: str) -> Path:
    with plain.open("rb") as source, target.open("wb") as sealed:
        sealed_stream.seal(source, sealed, passphrase)
    return target


def prove(archive: Path, passphrase: str) -> None:
    """Try the passphrase on a sealed archive before anything is made for it; raises ``BackupError``."""
    try:
        with archive.open("rb") as file:
            sealed_stream.prove(file, passphrase)
    except sealed_stream.StreamBrokenError as error:
        raise BackupError(str(error)) from error


def _unsealed(source: BinaryIO, plain: Path, passphrase: str) -> None:
    try:
        with plain.open("wb") as target:
            sealed_stream.unseal(source, target, passphrase)
    except sealed_stream.StreamBrokenError as error:
        raise BackupError(str(error)) from error


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return "missing"


def _dump(url: str, target: Path, snapshot: str) -> None:
    options = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}")
    _run("pg_dump", url, *options, f"--file={target}")


def load_dump(url: str, dump: Path) -> None:
    """Load one dump into an empty database, whole or not at all. Raises ``BackupError``."""
    options = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
    _run("pg_restore", url, *options, str(dump))


def _run(program: str, url: str, *arguments: str) -> None:
    """Run a client program as ourselves; the password goes by environment, not where ``ps`` shows it."""
    password = urlsplit(url).password
    finished = subprocess.run(
        [str(_client_folder(url) / program), *arguments, f"--dbname={without_password(url)}"],
        check=False,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "PGPASSWORD": unquote(password or "")},
    )
    if finished.returncode != 0:
        message = f"{program} failed: {' / '.join(finished.stderr.strip().splitlines()[-3:])}"
        raise BackupError(message)


def without_password(url: str) -> str:
    """Return the address as it was given but for the password; a server at a socket has an empty host."""
    password = urlsplit(url).password
    return url if password is None else url.replace(f":{password}@", "@", 1)


def _client_folder(url: str) -> Path:
    """Return client programs of the server's own release, else newer ones: older ones refuse to work."""
    with psycopg.connect(url) as connection:
        needed = connection.info.server_version // 10_000
    found = {server.major: server.binaries for server in _clients()}
    fitting = [major for major in sorted(found) if major >= needed]
    if not fitting:
        message = f"pg_dump of PostgreSQL {needed} or newer is needed and not there"
        raise BackupError(message)
    return found[fitting[0]]


def _clients() -> Iterator[Server]:
    """Yield what is there, the preferred (distribution's) last."""
    with suppress(ServerNotFoundError):
        yield server_from_wheel(state_root() / "binaries")
    yield from server_from_distribution()
