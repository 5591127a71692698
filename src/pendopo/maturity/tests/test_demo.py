"""The demonstration's evaluations, with readings of what really is in the hall."""

import argparse
import json
from pathlib import Path

import pytest

from pendopo.casework.testing.fixtures import service
from pendopo.catalogue.api import Service
from pendopo.foundation.models import AuditRow
from pendopo.foundation.settings import current
from pendopo.identity import testing as people
from pendopo.maturity import cli, demo, refusals
from pendopo.maturity.models import Answer, Cycle, Evidence, LiveReading
from pendopo.maturity.values import CycleState

pytestmark = pytest.mark.django_db

__all__ = ("service",)


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    cli.register(parser.add_subparsers())
    arguments = parser.parse_args(["maturity", *words])
    return int(arguments.run(arguments))


@pytest.fixture
def cast(service: Service, tmp_path: Path) -> Path:
    told = []
    for serial, role in enumerate(demo.POSTS, 1):
        people.a_person(people.a_nik(serial), f"Anggota {serial}", email=None)
        told.append({"role": role, "nik": people.a_nik(serial).value})
    file = tmp_path / "people.json"
    file.write_text(json.dumps({"officers": [], "members": told}))
    return file


def test_one_cycle_is_closed_by_two_and_one_is_under_way(cast: Path) -> None:
    """Live readings are of the published service; what nothing measures is said to be fiction."""
    demo.seed(cast)
    spbe, pemdi = Cycle.objects.get(instrument_id="spbe-2020"), Cycle.objects.get(instrument_id="pemdi-2026")
    assert (spbe.state, pemdi.state) == (CycleState.CLOSED, CycleState.ASSESSING)
    assert spbe.closed_by not in {None, spbe.close_asked_by}
    result = spbe.assessments.get().result
    assert result is not None
    assert len(result["levels"]) == 47
    shown = Evidence.objects.filter(item__assessment__cycle=spbe, holds=True)
    assert {"23", "45"} <= set(shown.values_list("item__number", flat=True))
    unmeasured = Answer.objects.filter(item__assessment__cycle=spbe, item__number="1", stage="document")
    assert unmeasured.get().reason == demo.FICTION


def test_a_second_seeding_changes_nothing(cast: Path) -> None:
    """Not even a reading."""
    first = demo.seed(cast)
    before = (Cycle.objects.count(), LiveReading.objects.count(), AuditRow.objects.count())
    assert demo.seed(cast) == first
    assert (Cycle.objects.count(), LiveReading.objects.count(), AuditRow.objects.count()) == before


def test_production_refuses_the_demonstration(
    cast: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a sentence, and nothing is brought in."""
    monkeypatch.setenv("PENDOPO_DEMO", "0")
    current.cache_clear()
    assert run("seed-demo", "--people", str(cast)) == 1
    current.cache_clear()
    assert "demonstration" in capsys.readouterr().err
    assert not Cycle.objects.exists()


def test_people_who_are_not_there_yet_are_missed(service: Service, tmp_path: Path) -> None:
    """Half a team evaluates nothing."""
    file = tmp_path / "people.json"
    file.write_text('{"officers": [], "members": []}')
    with pytest.raises(refusals.NotADemo):
        demo.seed(file)


def test_due_readings_are_taken_by_the_command(cast: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The operator need not wait for the worker."""
    demo.seed(cast)
    LiveReading.objects.update(taken_at="2026-01-01T00:00:00Z")
    Evidence.objects.update(failed_at=None)
    due = Evidence.objects.filter(kind="live", item__assessment__cycle__instrument_id="pemdi-2026").count()
    assert run("read") == 0
    assert capsys.readouterr().out == f"{due} read\n"
