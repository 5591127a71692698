"""The checks of the house: each a command with a name, run one after another, all told, none hidden.

Checks that load Django get an environment with throw-away keys and no database behind it.
"""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from pendopo.entrypoints.places import CHECKOUT
from pendopo.entrypoints.secret_files import key_file

TOOLS = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Check:
    """One check: passes when its command ends with 0."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a check ended, with what it said."""

    check: Check
    passed: bool
    seconds: float
    said: str


def checks(folder: Path) -> list[Check]:
    """Return all checks; ``folder`` holds the throw-away keys of those that load Django."""
    hall, register = environment(folder, "hall"), environment(folder, "register")
    manage = (sys.executable, "-m", "django")
    production = hall | {
        "PENDOPO_PRODUCTION": "1",
        "PENDOPO_DEMO": "0",
        "PENDOPO_BASE_URL": "https://pendopo.example",
    }
    return [
        Check("front door", ("sh", "-n", str(CHECKOUT / "pendopo"))),
        Check("ruff", (str(TOOLS / "ruff"), "check", ".")),
        Check("format", (str(TOOLS / "ruff"), "format", "--check", ".")),
        Check("contracts", (str(TOOLS / "lint-imports"),)),
        Check("types", (str(TOOLS / "mypy"),), hall | {"PENDOPO_PROFILE": "all"}),
        Check("templates", (str(TOOLS / "djlint"), "--lint", "--quiet", *_template_folders())),
        Check("migrations-hall", (*manage, "makemigrations", "--check", "--dry-run"), hall),
        Check("migrations-register", (*manage, "makemigrations", "--check", "--dry-run"), register),
        Check("deploy", (*manage, "check", "--deploy", "--fail-level", "WARNING"), production),
        Check("licences", (sys.executable, "-m", "tests.house.licences")),
    ]


def run(check: Check) -> Outcome:
    """Run one check to its end."""
    start = time.monotonic()
    finished = subprocess.run(
        check.command,
        check=False,
        cwd=CHECKOUT,
        env=_clean() | check.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return Outcome(check, finished.returncode == 0, time.monotonic() - start, finished.stdout)


@contextmanager
def workspace() -> Iterator[Path]:
    """Yield a folder for throw-away keys."""
    with TemporaryDirectory(prefix="pendopo-check-") as folder:
        yield Path(folder)


def _clean() -> dict[str, str]:
    """The caller's environment without settings of a deployment."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PENDOPO_")}


def environment(folder: Path, profile: str) -> dict[str, str]:
    """Return settings with throw-away keys and no database behind, under which Django can be loaded."""
    token = folder / "token"
    token.touch(mode=0o600)
    token.write_text(secrets.token_hex(32))
    return {
        "DJANGO_SETTINGS_MODULE": "pendopo.entrypoints.settings",
        "PENDOPO_PROFILE": profile,
        "PENDOPO_STATE_DIR": str(folder),
        "PENDOPO_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",
        "PENDOPO_DATABASE_POOL": "0",
        "PENDOPO_ROOT_KEY_FILE": str(key_file(folder / "root.key")),
        "PENDOPO_SUBJECT_KEY_FILE": str(key_file(folder / "subject.key")),
        "PENDOPO_GATEWAY_URL": "http://127.0.0.1:9",
        "PENDOPO_GATEWAY_TOKEN_FILE": str(token),
        "PENDOPO_PROVIDER_TOKEN_FILE": str(token),
        "PENDOPO_EXCHANGE_CLIENT": "ID-DEMO/GOV/PEMDA-CONTOH/PENDOPO",
        "PENDOPO_BASE_URL": "http://localhost:8000",
        "PENDOPO_DEMO": "1",
        "PYTHONWARNINGS": "ignore:Got an error checking a consistent migration history:RuntimeWarning",
    }


def _template_folders() -> list[str]:
    return sorted(str(folder) for folder in (CHECKOUT / "src" / "pendopo").glob("*/templates"))
