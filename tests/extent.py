"""How much of the suite runs: what takes minutes waits for ``./pendopo test --all``."""

import os

import pytest

IS_FULL = bool(os.environ.get("PENDOPO_TEST_ALL"))


def long(why: str) -> pytest.MarkDecorator:
    """Mark a test that the default run leaves out; ``why`` says what takes so long."""
    return pytest.mark.skipif(not IS_FULL, reason=f"{why}: ./pendopo test --all")
