"""Fixtures of the desk's tests: the same office, people and officers as casework's."""

from pendopo.casework.testing.fixtures import (  # noqa: F401  # pytest finds fixtures by name
    decider,
    foreign_officer,
    office,
    officer,
    sari,
    sealed,
    service,
)
