"""The release before: its data under the new code, and its code on the new schema.

``PENDOPO_PREVIOUS`` names a revision; else the newest ``v*`` tag is taken; where there is neither (an
exported copy, no release yet) these tests are skipped and say so. The revision gets a worktree and an
interpreter that shares this environment's packages, so its locks must pin nothing that is missing here.
"""

import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from pendopo.entrypoints.places import CHECKOUT, Place
from tests.drills.conftest import a_place

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("drills"), pytest.mark.timeout(900)]


def git(*words: str) -> str:
    told = subprocess.run(["git", "-C", str(CHECKOUT), *words], check=False, capture_output=True, text=True)
    return told.stdout.strip() if told.returncode == 0 else ""


def previous() -> str:
    """Name the revision to come from; skips with the reason when there is none."""
    wanted = (
        os.environ.get("PENDOPO_PREVIOUS")
        or git("tag", "--list", "v*", "--sort=-v:refname").partition("\n")[0]
    )
    if not wanted:
        pytest.skip("no release is tagged yet and PENDOPO_PREVIOUS names none")
    found = git("rev-parse", "--verify", "--quiet", f"{wanted}^{{commit}}")
    if not found:
        pytest.skip(f"{wanted} is not in this copy of the repository")
    return found


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The interpreter of the release before."""
    revision = previous()
    base = tmp_path_factory.mktemp("previous")
    tree = base / "tree"
    git("worktree", "add", "--detach", "--quiet", str(tree), revision)
    try:
        if not (tree / "node_modules").exists() and (CHECKOUT / "node_modules").exists():
            (tree / "node_modules").symlink_to(CHECKOUT / "node_modules")
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(base / "python")], check=True)
        python = base / "python" / "bin" / "python"
        packages = python.parents[1] / "lib" / f"python3.{sys.version_info[1]}" / "site-packages"
        (packages / "previous.pth").write_text(f"{tree / 'src'}\n{sysconfig.get_path('purelib')}\n")
        yield python
    finally:
        git("worktree", "remove", "--force", str(tree))


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    with a_place() as here:
        yield here


def up(python: Path, here: Place, source: Path) -> None:
    """Start everything, walk the whole birth certificate, stop: the smoke of a release."""
    where = subprocess.run(
        [python, "-c", "import pendopo; print(pendopo.__file__)"],
        check=True,
        capture_output=True,
        text=True,
        cwd="/",
    ).stdout.strip()
    assert Path(where).is_relative_to(source), where
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PENDOPO_")}
    told = subprocess.run(
        [python, "-m", "pendopo.entrypoints.cli", "up", "--once", "--json"],
        check=False,
        capture_output=True,
        text=True,
        cwd="/",
        env=kept | {"PENDOPO_HOME": str(here.state)},
    )
    assert told.stdout, told.stderr[-2000:]
    answer = json.loads(told.stdout.splitlines()[-1])
    assert answer["main_job"] == "ok", answer


def test_data_of_the_release_before_serves_under_this_one_and_its_code_on_this_schema(
    older: Path, place: Place
) -> None:
    """Install the older release and work; upgrade and work; go back to the older code and work again."""
    before = older.parents[2] / "tree" / "src"
    now = Path(sys.executable)
    up(older, place, before)
    up(now, place, CHECKOUT / "src")
    up(older, place, before)
