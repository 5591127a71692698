"""A Chromium for the tests that need a browser: one that is there, else the distribution's, else npm's.

The path is handed to the tests as ``PENDOPO_CHROMIUM``. Where none can be had the tests that need it are
skipped with that reason, which the summary shows.
"""

import os
import shutil
import subprocess
from pathlib import Path

from pendopo.entrypoints.assets import AssetsError, node_program
from pendopo.entrypoints.places import CHECKOUT

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
NPM_PACKAGE = "@sparticuz/chromium@153.0.0"
NPM_FOLDER = CHECKOUT / ".pendopo" / "browser"
SCRIPT = "import chromium from '@sparticuz/chromium'; console.log(await chromium.executablePath())"


def find_browser() -> str | None:
    """Return a Chromium's path, installing one if that is possible; ``None`` when it is not."""
    given = os.environ.get("PENDOPO_CHROMIUM")
    if given:
        return given
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        return _from_distribution()
    return _from_npm()


def _from_distribution() -> str | None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
        finished = subprocess.run(["apt-get", *words], check=False, env=environment, capture_output=True)  # noqa: S607
        if finished.returncode != 0:
            return _from_npm()
    return shutil.which("chromium") or _from_npm()


def _from_npm() -> str | None:
    try:
        node = node_program()
    except AssetsError:
        return None
    npm = node.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    NPM_FOLDER.mkdir(parents=True, exist_ok=True)
    install = [str(node), str(npm), "install", "--no-save", "--no-audit", "--no-fund", NPM_PACKAGE]
    if subprocess.run(install, check=False, cwd=NPM_FOLDER, capture_output=True).returncode != 0:
        return None
    ask = [str(node), "--input-type=module", "--eval", SCRIPT]
    told = subprocess.run(ask, check=False, cwd=NPM_FOLDER, capture_output=True, text=True)
    path = told.stdout.strip()
    return path if told.returncode == 0 and Path(path).exists() else None
