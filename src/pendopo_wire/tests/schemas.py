"""Published vectors from outside the repository: a folder named by ``PENDOPO_SCHEMAS``, or a skip."""

import os
from pathlib import Path

import pytest


def schemas(name: str) -> Path:
    """Folder of one collection of vectors, or skip the test with the reason."""
    base = os.environ.get("PENDOPO_SCHEMAS")
    if not base:
        pytest.skip("PENDOPO_SCHEMAS is not set: the published vectors are not on this machine")
    folder = Path(base) / name
    if not folder.is_dir():
        pytest.skip(f"PENDOPO_SCHEMAS has no folder {name}")
    return folder
