"""Each test of the log has an outside folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pendopo.foundation.settings import current


@pytest.fixture(autouse=True)
def _own_checkpoint_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PENDOPO_CHECKPOINT_DIR", str(tmp_path / "checkpoints"))
    current.cache_clear()
    yield
    monkeypatch.undo()
    current.cache_clear()
