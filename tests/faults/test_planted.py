"""The harness catches what it is for: a hall that answers before it has committed is found out."""

import os
from pathlib import Path

import pytest

from tests.faults import counting
from tests.faults.hall import Hall
from tests.faults.outside import client

pytestmark = pytest.mark.timeout(600)

PLANTED = Path(__file__).with_name("planted")
BIRTHS = 2
LATE_SECONDS = 60.0
"""So long after the answer the planted server commits: the kill comes before."""
DECIDED_WITHIN_SECONDS = 90.0


@pytest.mark.skipif(
    "PENDOPO_TEST_ALL" not in os.environ, reason="the planted bug runs with ./pendopo test --all"
)
def test_a_hall_that_answers_before_it_commits_is_found_out(hall: Hall, tmp_path: Path) -> None:
    bug = {"PYTHONPATH": str(PLANTED), "PLANTED_LATE_SECONDS": str(LATE_SECONDS)}
    with client(hall, tmp_path, births=BIRTHS, looks=0) as outside:
        hall.restart("hall-web", bug)
        try:
            outside.order("planted", births=BIRTHS, looks=0)
            outside.wait_for("decision", BIRTHS, DECIDED_WITHIN_SECONDS)
        finally:
            hall.restart("hall-web", dict.fromkeys(bug, ""))
        record, failures = outside.finish(patience=1)
    found = counting.decisions(record, counting.Books.of(hall))
    assert failures == []
    assert found.acknowledged == BIRTHS
    assert found.lost == BIRTHS
