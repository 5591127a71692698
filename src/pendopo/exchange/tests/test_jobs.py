"""The loops of the worker rest when there is nothing to do, and do it when there is."""

from pathlib import Path

import pytest

from pendopo.exchange import jobs, models
from pendopo.exchange.tests.conftest import Registry
from pendopo.foundation.jobs import loops
from pendopo.foundation.settings import current


def test_the_worker_knows_both_loops() -> None:
    pauses = {entry.name: entry.seconds for entry in loops()}
    assert pauses["exchange.pull_access_records"] == 1.0
    assert pauses["exchange.renew_snapshot"] == 60.0


def test_without_a_registry_nothing_happens(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PENDOPO_REGISTRY_DIR", str(tmp_path))
    current.cache_clear()
    jobs.renew()
    jobs.pull_access_records()
    monkeypatch.undo()
    current.cache_clear()
    assert list(tmp_path.iterdir()) == []
    assert not models.IssuedSnapshot.objects.exists()


def test_the_snapshot_is_written_once_and_then_left_alone(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PENDOPO_REGISTRY_DIR", str(tmp_path / "registry"))
    current.cache_clear()
    jobs.renew()
    jobs.renew()
    monkeypatch.undo()
    current.cache_clear()
    assert (tmp_path / "registry" / "snapshot.note").is_file()
    assert models.IssuedSnapshot.objects.count() == 1


def test_a_gateway_that_is_down_does_not_break_the_loop(registry: Registry) -> None:
    jobs.pull_access_records()
    assert not models.PullCursor.objects.exists()
