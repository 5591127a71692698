"""How long ago a restore last succeeded: time and failures let it age, a good drill makes it young."""

import datetime as dt

import pytest
import time_machine

from pendopo.foundation import drills
from pendopo.foundation.clock import now
from pendopo.foundation.models import AuditRow, Drill
from pendopo.foundation.testing.measures import measured

pytestmark = pytest.mark.django_db

KEY = "foundation.restore-drill"


def drilled(*, ok: bool, days_ago: int = 0, kind: str = "restore") -> drills.Outcome:
    number = Drill.objects.count()
    outcome = drills.Outcome(
        drill=kind,
        began_at=now() - dt.timedelta(days=days_ago),
        seconds=61.4,
        ok=ok,
        findings=0 if ok else 3,
        sha256=f"{number:064x}",
    )
    drills.record(outcome)
    return outcome


def told() -> tuple[float, int]:
    found = measured(KEY)
    assert found is not None
    return float(found.value), found.of


def test_before_the_first_drill_there_is_nothing_to_tell() -> None:
    assert measured(KEY) is None
    drilled(ok=True, kind="escrow")
    assert measured(KEY) is None


def test_time_ages_it_and_a_good_drill_makes_it_young_again() -> None:
    drilled(ok=True, days_ago=100)
    assert told() == (100.0, 1)
    drilled(ok=True)
    assert told() == (0.0, 2)
    with time_machine.travel(now() + dt.timedelta(days=2), tick=False):
        assert told()[0] == 2.0


def test_a_drill_that_found_differences_counts_for_nothing_until_a_good_one() -> None:
    drilled(ok=False, days_ago=3)
    assert told() == (3.0, 0)
    drilled(ok=True, days_ago=2)
    assert told() == (2.0, 1)
    drilled(ok=False, days_ago=1)
    assert told() == (2.0, 0)
    drilled(ok=True)
    assert told() == (0.0, 1)


def test_a_report_is_kept_once() -> None:
    outcome = drilled(ok=True)
    drills.record(outcome)
    assert Drill.objects.count() == 1
    assert AuditRow.objects.filter(event="foundation.drill_recorded").count() == 1
