"""Fixtures of the tests that need people and cases: the same office and officers as casework's."""

from pendopo.casework.testing.fixtures import (  # noqa: F401  # pytest finds fixtures by name
    decider,
    office,
    officer,
    sari,
    sealed,
    service,
)
