"""A copy of the definitions that a test may break."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pendopo.catalogue.api import Service, load_folder
from pendopo.foundation.settings import current

type Edit = Callable[[str, str, str], None]

SERVICE = "services/dukcapil/akta-kelahiran"


@pytest.fixture
def definitions(tmp_path: Path) -> Path:
    """All definitions, copied."""
    folder = tmp_path / "definitions"
    shutil.copytree(current().definitions_dir, folder)
    return folder


@pytest.fixture
def folder(definitions: Path) -> Path:
    """The birth certificate in the copy."""
    return definitions / SERVICE


@pytest.fixture
def edit(folder: Path) -> Edit:
    """Replace a piece of text that must be there."""

    def replace(file: str, old: str, new: str) -> None:
        path = folder / file
        text = path.read_text()
        assert old in text, f"{file} has no {old!r}"
        path.write_text(text.replace(old, new, 1))

    return replace


@pytest.fixture(scope="session")
def birth() -> Service:
    """The birth certificate as it stands."""
    return load_folder(current().definitions_dir / SERVICE)
