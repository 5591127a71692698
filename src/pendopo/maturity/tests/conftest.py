"""A cycle of the small instrument with somebody in every part, and a measure that a test sets."""

import shutil
from pathlib import Path

import pytest

from pendopo.foundation import measures
from pendopo.maturity import library
from pendopo.maturity.testing.evaluation import MEASURE, Evaluation, Gauge, begin, write_instrument


@pytest.fixture
def instruments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The hall's instruments and the small one, in a folder of the test."""
    folder = tmp_path / "instruments"
    shutil.copytree(library.folder(), folder)
    write_instrument(folder)
    monkeypatch.setattr(library, "folder", lambda: folder)
    return folder


@pytest.fixture
def gauge(monkeypatch: pytest.MonkeyPatch) -> Gauge:
    """The measure that the small instrument binds."""
    found = Gauge()
    monkeypatch.setitem(measures._known, MEASURE, found.measure())
    return found


@pytest.fixture
def evaluation(db: None, instruments: Path, gauge: Gauge) -> Evaluation:
    return begin()
