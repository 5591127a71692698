"""The measure of agreements, lowered by one that ran out and restored by renewing it."""

from pathlib import Path

import pytest
import time_machine

from pendopo.exchange.actions.load import load
from pendopo.exchange.definitions import load_definitions
from pendopo.exchange.tests.test_registry import editable
from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.testing.measures import measured, value_of

__all__ = ("editable",)

pytestmark = pytest.mark.django_db


def rewritten(file: Path, text: str) -> None:
    """Change a file and read it as a process that starts anew would."""
    file.write_text(text)
    load_definitions.cache_clear()
    load(SYSTEM)


def test_an_agreement_that_ran_out_lowers_agreed_and_a_longer_one_restores_it(editable: Path) -> None:
    assert value_of("exchange.agreed") is None
    load(SYSTEM)
    found = measured("exchange.agreed")
    assert found is not None
    assert (float(found.value), found.of, float(found.detail["documents"])) == (100, 4, 1)
    with time_machine.travel("2031-01-01T00:00:00Z", tick=False):
        assert value_of("exchange.agreed") == 0
        file = editable / "agreements.yaml"
        rewritten(file, file.read_text().replace("valid_to: 2030-12-31", "valid_to: 2035-12-31"))
        assert value_of("exchange.agreed") == 100


def test_an_agreement_that_was_withdrawn_counts_no_more(editable: Path) -> None:
    load(SYSTEM)
    rewritten(editable / "agreements.yaml", "agreements: []\n")
    assert value_of("exchange.agreed") is None
