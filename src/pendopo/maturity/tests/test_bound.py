"""Bindings of indicators to measures: enough of them, all real, and a wrong one stops the start."""

import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from pendopo.foundation import measures
from pendopo.foundation.settings import current
from pendopo.maturity import bound, library
from pendopo.maturity.instruments import Binding, Text

SAYS = Text("Kalimat kriteria.", "A sentence of the criteria.")


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the definitions that a test may spoil."""
    folder = tmp_path / "definitions"
    shutil.copytree(current().definitions_dir, folder)
    monkeypatch.setenv("PENDOPO_DEFINITIONS_DIR", str(folder))
    current.cache_clear()
    yield folder / "instruments"
    monkeypatch.undo()
    current.cache_clear()


@pytest.mark.parametrize(("instrument", "least"), [("spbe-2020", 5), ("pemdi-2026", 3)])
def test_enough_indicators_are_bound_to_what_runs(instrument: str, least: int) -> None:
    found = [one for one in library.instrument(instrument).indicators if one.evidence]
    assert len(found) >= least
    for one in found:
        assert all(binding.level > library.instrument(instrument).scale.low for binding in one.evidence)


def test_every_binding_names_a_measure_that_can_decide_it() -> None:
    assert bound.problems() == []


def test_a_hall_whose_instrument_binds_what_is_not_there_does_not_start(elsewhere: Path) -> None:
    measures.require_sound()
    file = elsewhere / "spbe-2020.yaml"
    file.write_text(file.read_text().replace("measure: ledger.both-sides", "measure: ledger.both-sites", 1))
    with pytest.raises(measures.MeasuresBrokenError) as told:
        measures.require_sound()
    first, *others = str(told.value).splitlines()
    assert first.startswith(
        "spbe-2020, indicator 18, level 3: there is no measure ledger.both-sites; there are "
    )
    assert not others


@pytest.mark.parametrize(
    ("binding", "told"),
    [
        (Binding("foundation.restore-drill", 3, SAYS, at_least=Decimal(3)), "so it needs at_most"),
        (Binding("casework.on-time", 4, SAYS, at_most=Decimal(3)), "so it needs at_least"),
        (Binding("casework.on-time", 4, SAYS, at_least=Decimal(800)), "between 0 and 100"),
    ],
)
def test_a_threshold_that_no_reading_can_meet_is_a_defect(binding: Binding, told: str) -> None:
    (defect,) = bound.defects(binding)
    assert told in defect
