"""Everything of an instance in one archive, and back: databases, keys, certificates, settings, stored files.

The archive is a tar with ``manifest.json`` (SHA-256 of every member), one ``databases/NAME.dump`` a
database (pg_dump's own format) and ``files/…``. It holds the root keys: whoever has it, opened, can read
everything. So it is sealed with a passphrase unless told otherwise, and written with mode 0600. Each
database is one consistent snapshot; two databases are not of the same instant, and what was on its way
between the offices then is sent again by the outbox after a restore.
"""

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO
from urllib.parse import unquote, urlsplit, urlunsplit

import psycopg

from pendopo.entrypoints import sealed_stream
from pendopo.entrypoints.errors import FrontDoorError
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


def save(source: Source, target: Path, passphrase: str | None) -> Contents:
    """Write an archive.

    Sealed when a passphrase is given. Raises ``BackupError``; never overwrites a file.
    """
    if target.exists():
        message = f"{target} exists already"
        raise BackupError(message)
    with TemporaryDirectory(prefix=".pendopo-backup-", dir=target.parent) as name:
        work = Path(name)
        for database, url in source.databases.items():
            _dump(url, work / f"{database}.dump")
        plain = work / "archive.tar"
        contents = _pack(source, work, plain)
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
            _load(databases[database], work / "databases" / f"{database}.dump")
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


def _pack(source: Source, work: Path, plain: Path) -> Contents:
    members = {f"databases/{name}.dump": work / f"{name}.dump" for name in source.databases}
    members |= {f"files/{path.relative_to(source.folder)}": path for path in _files(source.folder)}
    digests: dict[str, str] = {}
    size = 0
    with tarfile.open(plain, "w", format=tarfile.PAX_FORMAT) as tar:
        for member, path in members.items():
            with path.open("rb") as file:  # the same open file is hashed and packed
                digests[member] = hashlib.file_digest(file, "sha256").hexdigest()
                file.seek(0)
                size += _add(tar, member, file)
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
        manifest = {"format": FORMAT, "made_at": made_at, "sha256": digests}
        _add(tar, "manifest.json", io.BytesIO(json.dumps(manifest, indent=1).encode()))
    return _contents(made_at, digests, size)


def _add(tar: tarfile.TarFile, member: str, file: BinaryIO) -> int:
    """Add an open file; owner and times are left behind, the mode is always 0600."""
    entry = tarfile.TarInfo(member)
    entry.size, entry.mode = file.seek(0, io.SEEK_END), 0o600
    file.seek(0)
    tar.addfile(entry, file)
    return entry.size


def _files(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        if entry.name in LEFT_OUT or entry.name.startswith("."):
            continue
        found = sorted(entry.rglob("*")) if entry.is_dir() else [entry]
        yield from (path for path in found if path.is_file() and not path.is_symlink())


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


def _dump(url: str, target: Path) -> None:
    _run("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")


def _load(url: str, dump: Path) -> None:
    options = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
    _run("pg_restore", url, *options, str(dump))


def _run(program: str, url: str, *arguments: str) -> None:
    """Run a client program as ourselves; the password goes by environment, not where ``ps`` shows it."""
    parts = urlsplit(url)
    public = urlunsplit(parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", "@")))
    finished = subprocess.run(
        [str(_client_folder(url) / program), *arguments, f"--dbname={public}"],
        check=False,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "PGPASSWORD": unquote(parts.password or "")},
    )
    if finished.returncode != 0:
        message = f"{program} failed: {' / '.join(finished.stderr.strip().splitlines()[-3:])}"
        raise BackupError(message)


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
