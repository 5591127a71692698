"""Tests that share one running hall stay in one process of the test run.

pytest-xdist tells a group by what it appends to a test's id. pytest 9.2 no longer reads the attribute that
it appends to, and says nothing: every group then starts its hall in every process. Whoever raises a version
reads it here.
"""

import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

INI = "[pytest]\nmarkers = xdist_group\n"
CASES = """\
import os
import time
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.xdist_group("hall")
@pytest.mark.parametrize("case", range(8))
def test_of_the_group(case):
    (HERE / f"hall-{case}").write_text(os.environ["PYTEST_XDIST_WORKER"])


@pytest.mark.parametrize("case", range(8))
def test_of_nobody(case):
    (HERE / f"alone-{case}").write_text(os.environ["PYTEST_XDIST_WORKER"])
    for _ in range(600):  # or the quicker process runs them all while the other is busy with the group
        if len({one.read_text() for one in HERE.glob("alone-*")} - {""}) == 2:
            break
        time.sleep(0.05)
"""


def test_a_group_of_tests_runs_in_one_process_and_the_others_in_both(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text(INI)
    (tmp_path / "test_cases.py").write_text(CASES)
    plugins = ("no:randomly", "no:django", "no:cacheprovider")
    named = [word for plugin in plugins for word in ("-p", plugin)]
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadgroup", *named, str(tmp_path)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    run = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert run.returncode == 0, run.stdout + run.stderr

    workers = defaultdict(set)
    for written in tmp_path.glob("*-*"):
        workers[written.name.split("-")[0]].add(written.read_text())
    assert len(workers["hall"]) == 1
    assert len(workers["alone"]) == 2
