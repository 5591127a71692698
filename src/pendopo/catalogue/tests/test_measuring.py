"""Each measure of the catalogue, lowered and restored by publishing."""

import re
from pathlib import Path

import pytest

from pendopo.catalogue import store
from pendopo.catalogue.api import publish
from pendopo.catalogue.tests.conftest import Edit
from pendopo.foundation.testing.measures import value_of
from pendopo.identity.testing import a_body

pytestmark = pytest.mark.django_db

VERSION = re.compile(r"^version: .*$", re.MULTILINE)


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    store.read_version.cache_clear()


@pytest.fixture
def republish(folder: Path, edit: Edit) -> "Republish":
    return Republish(folder, edit)


class Republish:
    """Publishes the birth certificate anew under the next number."""

    def __init__(self, folder: Path, edit: Edit) -> None:
        self.folder, self.edit, self.number = folder, edit, 99

    def __call__(self, *changes: tuple[str, str, str]) -> None:
        for change in changes:
            self.edit(*change)
        file = self.folder / "service.yaml"
        file.write_text(VERSION.sub(f"version: {self.number}.0.0", file.read_text()))
        self.number += 1
        publish(self.folder)


def test_a_service_for_the_counter_only_lowers_wholly_online(republish: Republish) -> None:
    assert value_of("catalogue.wholly-online") is None
    republish()
    assert value_of("catalogue.wholly-online") == 100
    republish(("service.yaml", "channels: [web, counter]", "channels: [counter]"))
    assert value_of("catalogue.wholly-online") == 0
    republish(("service.yaml", "channels: [counter]", "channels: [web, counter]"))
    assert value_of("catalogue.wholly-online") == 100


def test_a_fee_that_cannot_be_paid_here_lowers_it_too(republish: Republish) -> None:
    republish(("service.yaml", "  amount: 0", "  amount: 5000"))
    assert value_of("catalogue.wholly-online") == 0
    republish(("service.yaml", "  amount: 5000", "  amount: 0"))
    assert value_of("catalogue.wholly-online") == 100


def test_a_body_without_services_has_nothing_to_count(republish: Republish) -> None:
    own, other = a_body("dukcapil").id, a_body("dinsos").id
    republish()
    for key in ("catalogue.wholly-online", "catalogue.once-only", "catalogue.connected"):
        assert value_of(key, agency=own) is not None
        assert value_of(key, agency=other) is None
