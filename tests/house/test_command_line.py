"""The command line is English, and explains itself before anything is set up."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pendopo.entrypoints.cli import ROOMS, room_summaries

COMMAND = [sys.executable, "-m", "pendopo.entrypoints.cli"]


@pytest.mark.parametrize("room", [room for room, _ in room_summaries()])
def test_every_room_explains_itself_before_anything_is_set_up(room: str, tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    told = subprocess.run(
        [*COMMAND, room, "--help"],
        check=False,
        capture_output=True,
        text=True,
        env=environment | {"PENDOPO_HOME": str(tmp_path / "nothing")},
    )
    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith(f"usage: ./pendopo {room}")
    assert not (tmp_path / "nothing").exists()


def test_no_verb_answers_in_the_language_of_the_pages() -> None:
    for file in (*ROOMS.glob("*/cli.py"), *ROOMS.glob("entrypoints/**/*.py")):
        if "tests" not in file.parts:
            assert not re.search(r"current\(\)\.language|PENDOPO_LANGUAGE", file.read_text()), file
