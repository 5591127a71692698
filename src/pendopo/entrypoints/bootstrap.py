"""Make ``.venv`` from the locks when it is missing or stale, then become the command line.

Standard library only: it runs by path, isolated (``python -I -S``), before the package can be imported.
Stale means: the hash of a lock differs from the one noted in ``.venv`` when it was installed. What is not
checked: whether somebody changed the environment by hand.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NoReturn

CHECKOUT = Path(__file__).resolve().parents[3]
ENVIRONMENT = CHECKOUT / ".venv"
TOOLS = CHECKOUT / ".pendopo"
STAMP = ENVIRONMENT / "pendopo-locks.json"
RUNTIME_GROUPS = ("runtime", "gateway", "assets")
VERB_GROUPS = {
    "test": ("test", "docs"),
    "check": ("test", "docs"),
    "dev": ("test",),
    "docs": ("docs",),
    "bench": ("bench",),
}
HELP = frozenset({"-h", "--help"})
OLDEST_UV = (0, 9)
HOW_TO_SEE_MORE = "Set PENDOPO_VERBOSE=1 to see what the installer says."


class BootstrapError(RuntimeError):
    """The environment could not be made; the message says what to do."""


def main(arguments: list[str]) -> NoReturn:
    """Install what the verb needs and hand over."""
    if not STAMP.exists() and (not arguments or arguments[0] in {"-h", "--help", "help"}):
        sys.stdout.write((Path(__file__).parent / "overview.txt").read_text(encoding="utf-8"))
        raise SystemExit(0)
    try:
        prepare(groups_for(arguments))
    except BootstrapError as error:
        say(str(error))
        raise SystemExit(2) from error
    python = str(ENVIRONMENT / "bin" / "python")
    os.execv(python, [python, "-m", "pendopo.entrypoints.cli", *arguments])  # noqa: S606  # ours


def groups_for(arguments: list[str]) -> tuple[str, ...]:
    """Name the locks that a command needs; to be explained, a verb needs nothing of its own."""
    if HELP & set(arguments):
        return RUNTIME_GROUPS
    tracing = ("tracing",) if os.environ.get("PENDOPO_TRACE_URL") else ()
    return (*RUNTIME_GROUPS, *tracing, *VERB_GROUPS.get(arguments[0] if arguments else "", ()))


def prepare(groups: tuple[str, ...]) -> None:
    """Bring ``.venv`` up to date for these groups; two processes at once take turns."""
    if not stale(groups):
        return
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "install.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = stale(groups)
        if wanted:
            install(wanted)


def stale(groups: tuple[str, ...]) -> list[str]:
    """Name the groups whose lock is not the installed one."""
    noted = read_stamp()
    if noted.get("python") != base_python() and os.environ.get("PENDOPO_PYTHON"):
        return list(groups)
    return [group for group in groups if noted.get(group) != lock_digest(group)]


def install(groups: list[str]) -> None:
    """Make the environment if needed and install the groups, checked by hash, nothing resolved anew."""
    began = time.monotonic()
    say(f"installing {', '.join(groups)} packages into .venv (only when a lock changed) …")
    uv = find_uv()
    noted = read_stamp()
    if not (ENVIRONMENT / "bin" / "python").exists() or noted.get("python") not in {None, base_python()}:
        noted = {}
        run([uv, "venv", "--quiet", "--clear", "--python", base_python(), str(ENVIRONMENT)])
    locks = [argument for group in groups for argument in ("-r", str(lock_path(group)))]
    run([uv, "pip", "install", "--quiet", "--no-deps", "--require-hashes", "--only-binary", ":all:", *locks])
    for site_packages in ENVIRONMENT.glob("lib/python3*/site-packages"):
        (site_packages / "pendopo-src.pth").write_text(f"{CHECKOUT / 'src'}\n")
    noted |= {group: lock_digest(group) for group in groups} | {"python": base_python()}
    STAMP.write_text(json.dumps(noted, indent=1))
    say(f"installed in {time.monotonic() - began:.1f} s")


def read_stamp() -> dict[str, str]:
    """Return group → hash of the lock that is installed, and the interpreter under ``python``."""
    try:
        noted = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in noted.items()}


def base_python() -> str:
    """Return the interpreter behind this one: inside ``.venv`` that is the one it was made from."""
    configuration = Path(sys.executable).parent.parent / "pyvenv.cfg"
    if not configuration.exists():
        return os.path.realpath(sys.executable)
    home = re.search(r"^home\s*=\s*(.+)$", configuration.read_text(), re.MULTILINE)
    return (
        os.path.realpath(Path(home[1].strip()) / f"python3.{sys.version_info[1]}") if home else sys.executable
    )


def lock_path(group: str) -> Path:
    """Return the lock of a group."""
    return CHECKOUT / "locks" / f"{group}.txt"


def lock_digest(group: str) -> str:
    """Return the hash that decides whether a lock changed."""
    return hashlib.sha256(lock_path(group).read_bytes()).hexdigest()


def find_uv() -> str:
    """Return a recent uv: from PATH, else one of our own, installed with pip by its hash."""
    own = TOOLS / "uv"
    for candidate in (str(own / "bin" / "uv"), shutil.which("uv")):
        if candidate and uv_version(candidate) >= OLDEST_UV:
            return candidate
    shutil.rmtree(own, ignore_errors=True)
    run([base_python(), "-m", "venv", str(own)], "this Python has no venv; install its venv package, or uv")
    pip = [str(own / "bin" / "python"), "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    run([*pip, "--require-hashes", "--only-binary", ":all:", "-r", str(lock_path("uv"))])
    return str(own / "bin" / "uv")


def uv_version(program: str) -> tuple[int, ...]:
    """Return the version of a uv, or an empty tuple when it does not run."""
    try:
        told = subprocess.run([program, "--version"], check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        return ()
    found = re.search(r"(\d+)\.(\d+)\.(\d+)", told.stdout)
    return tuple(map(int, found.groups())) if found else ()


def run(command: list[str], advice: str = "Is the package registry reachable?") -> None:
    """Run an installer quietly; raise ``BootstrapError`` with its words, without addresses, when it fails."""
    environment = os.environ | {"VIRTUAL_ENV": str(ENVIRONMENT), "UV_NO_PROGRESS": "1"}
    loud = bool(os.environ.get("PENDOPO_VERBOSE"))
    finished = subprocess.run(
        command, check=False, env=environment, cwd=CHECKOUT, capture_output=not loud, text=True
    )
    if finished.returncode != 0:
        last = (
            ""
            if loud
            else without_addresses("\n".join((finished.stderr or finished.stdout).splitlines()[-8:]))
        )
        name = Path(command[0]).name
        message = f"{name} failed (code {finished.returncode}). {advice}\n{last or HOW_TO_SEE_MORE}"
        raise BootstrapError(message)


def without_addresses(text: str) -> str:
    """Take network addresses out: which mirror a machine uses is nobody's business."""
    return re.sub(r"\w+://[^\s`'\")]+", "[registry]", text)


def say(text: str) -> None:
    """Tell on standard error, so that ``--json`` output stays clean."""
    sys.stderr.write(f"pendopo: {text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
