"""A register with regions and the cast, made once and left alone by rolled-back tests."""

import pytest
from pytest_django import DjangoDbBlocker

from pendopo.foundation.models import AuditRow, Commitment
from pendopo.foundation.settings import current
from pendopo.registers import models
from pendopo.registers.actions.seed import seed, villages
from pendopo.registers.synthetic import make
from pendopo.registers.synthetic.people import Cast

PEOPLE = 240


def fill() -> None:
    """Seed the register without leaving audit rows for other rooms' tests to stumble over."""
    seed(people=PEOPLE)
    AuditRow.objects.filter(event="registers.seeded").delete()
    Commitment.objects.filter(kind="audit").exclude(id__in=AuditRow.objects.values("commitment_id")).delete()


@pytest.fixture
def filled_register(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The committed rows that rolled-back tests share; made anew when a committing test has emptied them."""
    with django_db_blocker.unblock():
        if not models.Seeding.objects.exists():
            fill()


@pytest.fixture
def register(filled_register: None, db: None) -> Cast:
    """The cast of a filled register."""
    return make.cast(villages())


@pytest.fixture
def busy_register(filled_register: None, transactional_db: None) -> Cast:
    """The same for tests that commit; the database is emptied after them."""
    return make.cast(villages())


@pytest.fixture
def gateway_token() -> str:
    """The token that this deployment expects from its gateway."""
    path = current().provider_token_file
    assert path is not None
    return path.read_text("ascii").strip()
