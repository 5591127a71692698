"""One hall for all tests of faults: they run one after another in it, and leave it whole."""

from collections.abc import Iterator

import pytest

from tests.faults.hall import Hall, running_hall

GROUP = "faults"
"""The tests of this folder share one hall, so one process of the test run takes them all."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is collected here: processes are killed, and they share one hall."""
    for item in items:
        if "tests/faults/" in item.path.as_posix():
            item.add_marker(pytest.mark.fault)
            item.add_marker(pytest.mark.xdist_group(GROUP))


@pytest.fixture(scope="session")
def hall() -> Iterator[Hall]:
    """A whole running hall; whoever kills a process of it starts it again."""
    with running_hall() as running:
        yield running


@pytest.fixture(autouse=True)
def _whole(request: pytest.FixtureRequest) -> Iterator[None]:
    """Start again what a failed test left dead, so that the next one judges only its own fault."""
    yield
    if "hall" in request.fixturenames:
        mend(request.getfixturevalue("hall"))


def mend(hall: Hall) -> None:
    """Start every process that is dead."""
    if not hall.database.cluster.is_running():
        hall.database.start()
    for name in hall.names:
        if not hall.is_alive(name):
            hall.start(name)
