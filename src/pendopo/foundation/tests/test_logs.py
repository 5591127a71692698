"""What reaches a log: where something failed, never whose data it was."""

import json
import subprocess
import sys
from pathlib import Path

from pendopo.foundation.logs import stack_of
from pendopo.kernel.errors import NotFound

PROGRAM = """
import logging.config
from pydantic import BaseModel
from pendopo.foundation.logs import configure, get

class Person(BaseModel):
    name: int

logging.config.dictConfig(configure("json"))
typed = " ".join(["Sari", "Wulandari"])
for log in (get("x"), logging.getLogger("django.request")):
    try:
        Person(name=typed)
    except ValueError:
        log.exception("it_broke")
"""


def test_a_logged_failure_shows_the_place_and_not_the_value() -> None:
    """Through structlog and through Django's own logger, in a process configured as ours are."""
    sources = Path(__file__).parents[3]
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(sources), "PATH": "/usr/bin:/bin"},
    )
    lines = [json.loads(line) for line in run.stderr.splitlines()]
    assert len(lines) == 2
    for line in lines:
        assert "ValidationError" in line["exception"]
        assert "in <module>" in line["exception"]
    assert "Sari Wulandari" not in run.stderr


def test_our_own_errors_keep_their_code_and_causes_are_named() -> None:
    """A code is no data, and the first cause is what one looks for."""
    nik = "33149956" + "03960001"
    try:
        try:
            raise ValueError(nik)  # noqa: TRY301  # what must not be told
        except ValueError as error:
            raise NotFound from error
    except NotFound as error:
        told = stack_of((type(error), error, error.__traceback__))
    assert told.endswith("builtins.ValueError")
    assert "NotFound: kernel.not_found" in told
    assert nik not in told
