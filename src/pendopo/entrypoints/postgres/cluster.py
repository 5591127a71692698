"""The lasting cluster of one checkout: started when the first needs it, stopped when the last leaves.

Whoever uses the server holds a shared lock on ``users.lock``; ``door.lock`` is held only while somebody
starts or stops it. Locks vanish with their process, so a ``kill -9`` leaves nothing to clean: the next one in
finds the server running, or finds what a dead one left and starts it again (PostgreSQL then replays its log).
"""

import fcntl
import os
import secrets
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from pendopo.entrypoints.places import make_folder, socket_folder
from pendopo.entrypoints.postgres.binaries import Server, ServerFailedError

SUPERUSER = "pendopo"
LOG_LIMIT = 10_000_000
"""Bytes after which a log is begun anew at the next start."""
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
SETTINGS = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "password_encryption": "'scram-sha-256'",
    "max_connections": "120",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "lc_messages": "'C'",
    # No statement and no parameter in the log: they carry people's data.
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


@dataclass(frozen=True, slots=True)
class Cluster:
    """One data folder and the server that serves it. ``folder`` is made if it is absent."""

    server: Server
    folder: Path
    socket_name: str
    durable: bool = True

    @property
    def data(self) -> Path:
        """PostgreSQL's own folder."""
        return self.folder / "data"

    @property
    def sockets(self) -> Path:
        """Folder of the socket: a closed one of the server's user inside a short one of ours."""
        return socket_folder(self.socket_name) / "s"

    def url(self, database: str = "postgres") -> str:
        """Return the superuser's address of a database in this cluster. It contains the password."""
        password = (self.folder / "superuser").read_text()
        facts = read_pid_file(self.data)
        sockets = facts.sockets if facts else str(self.sockets)
        return f"postgresql://{SUPERUSER}:{password}@/{database}?host={quote(sockets, safe='')}"

    @contextmanager
    def running(self) -> Iterator[str]:
        """Keep the server running inside the block and yield the superuser's address."""
        self._prepare()
        with (self.folder / "users.lock").open("a") as users:
            with self._door():
                fcntl.flock(users, fcntl.LOCK_SH)
                self._ensure_started()
            try:
                yield self.url()
            finally:
                with self._door():
                    self._stop_if_last(users.fileno())

    def is_running(self) -> bool:
        """Tell whether the process that the pid file names is a server sitting in this data folder."""
        facts = read_pid_file(self.data)
        return facts is not None and facts.pid in _processes_in(self.data)

    def stop(self, mode: str = "fast") -> None:
        """Stop the server if it runs, whoever uses it."""
        if not self.is_running():
            return
        try:
            self.server.run("pg_ctl", "stop", "-w", "-t", "60", "-m", mode, "-D", str(self.data))
        except ServerFailedError:
            if self.is_running():  # else it died while it was asked, which is what was wanted
                raise

    def log_tail(self, lines: int = 20) -> str:
        """Return the end of the server's log."""
        log = self.folder / "log"
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else ""

    def _prepare(self) -> None:
        make_folder(self.folder, 0o711 if self.server.user else 0o700)

    @contextmanager
    def _door(self) -> Iterator[None]:
        with (self.folder / "door.lock").open("a") as door:
            fcntl.flock(door, fcntl.LOCK_EX)
            yield

    def _stop_if_last(self, users: int) -> None:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        self.stop()

    def _ensure_started(self) -> None:
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self._refuse_other_major()
        if self.is_running() and self._becomes_ready():
            if self._has_socket():
                return
            self.stop()
        self._clear_leftovers()
        self._configure()
        try:
            self.server.run(
                "pg_ctl", "start", "-w", "-t", "120", "-D", str(self.data), "-l", str(self.folder / "log")
            )
        except ServerFailedError as error:
            message = f"the database did not start\n{self.log_tail()}"
            raise ServerFailedError(message) from error

    def _has_socket(self) -> bool:
        """Tell whether the running server can be reached: its run folder may have been emptied."""
        facts = read_pid_file(self.data)
        return facts is not None and any(Path(facts.sockets).glob(".s.PGSQL.*[0-9]"))

    def _becomes_ready(self, patience: float = 60.0) -> bool:
        """Wait for a server that somebody started and then left; false when it went away meanwhile."""
        until = time.monotonic() + patience
        while time.monotonic() < until and self.is_running():
            facts = read_pid_file(self.data)
            if facts is not None and facts.is_ready:
                return True
            time.sleep(0.05)
        return False

    def _initialise(self) -> None:
        """Make the cluster under another name first, so that a half-made one is never taken for whole."""
        half = self.folder / "data.making"
        shutil.rmtree(half, ignore_errors=True)
        password = secrets.token_urlsafe(24)
        handed_over = self.folder / "password.making"
        _write_private(handed_over, password)
        make_folder(half, 0o700)
        self.server.own(half)
        self.server.own(handed_over)
        try:
            self.server.run(
                "initdb",
                f"--pgdata={half}",
                f"--username={SUPERUSER}",
                "--encoding=UTF8",
                "--auth=scram-sha-256",
                f"--pwfile={handed_over}",
                *([] if self.durable else ["--no-sync"]),
                *self.server.locale_options(),
            )
        finally:
            handed_over.unlink()
        _write_private(self.folder / "superuser", password)
        with (half / "postgresql.conf").open("a") as configuration:
            configuration.write("\ninclude 'pendopo.conf'\n")
        half.rename(self.data)

    def _refuse_other_major(self) -> None:
        made_with = int((self.data / "PG_VERSION").read_text())
        if made_with != self.server.major:
            message = (
                f"this database was made with PostgreSQL {made_with}, but {self.server.major} was found; "
                f"install {made_with}, or save it there with “./pendopo db backup” and restore it here, "
                "or begin anew with --fresh"
            )
            raise ServerFailedError(message)

    def _configure(self) -> None:
        make_folder(self.sockets, 0o700)
        self.server.own(self.sockets)
        durability = DURABLE if self.durable else dict.fromkeys(DURABLE, "off")
        settings = SETTINGS | durability | {"unix_socket_directories": f"'{self.sockets}'"}
        configuration = self.data / "pendopo.conf"
        _write_private(configuration, "".join(f"{name} = {value}\n" for name, value in settings.items()))
        self.server.own(configuration)
        log = self.folder / "log"
        if not log.exists() or log.stat().st_size > LOG_LIMIT:
            _write_private(log, "")
        self.server.own(log)

    def _clear_leftovers(self) -> None:
        """After a crash: end processes left in the data folder, drop a pid file that names nobody."""
        for pid in _processes_in(self.data):
            _terminate(pid)
        # The socket's lock too: a killed server that nobody reaped yet counts as alive to PostgreSQL.
        for stale in [self.data / "postmaster.pid", *self.sockets.glob(".s.PGSQL.*")]:
            stale.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class PidFile:
    """What ``postmaster.pid`` says: lines 1, 5 and 8."""

    pid: int
    sockets: str
    is_ready: bool


def read_pid_file(data: Path) -> PidFile | None:
    """Read the server's pid file; ``None`` when there is none or it is not complete yet."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        return PidFile(int(lines[0]), lines[4].partition(",")[0].strip(), lines[7].strip() == "ready")
    except (OSError, IndexError, ValueError):
        return None


def _processes_in(data: Path) -> list[int]:
    """Name the processes whose working folder is the data folder: postmaster and children, nobody else."""
    found = []
    data = data.resolve()
    for entry in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if entry.readlink() == data:
                found.append(int(entry.parent.name))
        except OSError:
            continue
    return found


def _terminate(pid: int, patience: float = 10.0) -> None:
    """Ask one orphaned server process to leave and wait; SIGQUIT is PostgreSQL's word for *at once*."""
    try:
        os.kill(pid, signal.SIGQUIT)
        until = time.monotonic() + patience
        while time.monotonic() < until:
            os.kill(pid, 0)
            time.sleep(0.02)
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
