"""Peers live in environments of their own, made at the first run, and are called by subprocess.

Some carry licences (GPL) that may not mix with ours; none is imported, shipped or installed with the hall.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pendopo-bench"
SCRIPTS = Path(__file__).parent


def run(package: str, script: str, *words: str) -> dict[str, Any]:
    """Run a script of this folder with only ``package`` beside it; return the JSON that it printed."""
    python = _python(package)
    finished = subprocess.run(
        [str(python), "-I", str(SCRIPTS / f"{script}.py"), *words], check=True, capture_output=True, text=True
    )
    return dict(json.loads(finished.stdout))


def _python(package: str) -> Path:
    folder = FOLDER / package.replace("==", "-")
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        command = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check", "install", package]
        subprocess.run(command, check=True)
        (folder / "ready").touch()
    return python
