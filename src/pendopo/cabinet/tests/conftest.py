"""A leadership meeting and a cabinet with sealed positions."""

import pytest

from pendopo.cabinet.testing.house import House, found


@pytest.fixture
def rapim(db: None) -> House:
    return found("rapim-contoh")


@pytest.fixture
def sidang(db: None) -> House:
    return found("sidang-paripurna")


@pytest.fixture
def council(db: None) -> House:
    return found("dprd-contoh")


@pytest.fixture
def valitsus(db: None) -> House:
    return found("valitsus")
