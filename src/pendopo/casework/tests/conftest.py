"""Fixtures of this room's tests."""

from pendopo.casework.testing.fixtures import (  # noqa: F401  # pytest finds fixtures by name
    decider,
    foreign_officer,
    office,
    officer,
    sari,
    sealed,
    service,
)
