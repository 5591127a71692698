"""Commands as the hall would send them."""

import dataclasses
from datetime import UTC, date, datetime, time, timedelta

from pendopo.exchange.api import (
    BirthAttendant,
    BirthCommand,
    BirthPlaceKind,
    Child,
    Father,
    MarriageProof,
)
from pendopo.foundation.clock import today
from pendopo.kernel.sex import Sex
from pendopo.registers import models, queries
from pendopo.registers.synthetic.people import CastMother


def yesterday() -> date:
    """A day on which a child may have been born."""
    return today() - timedelta(days=1)


def next_order(mother: CastMother) -> int:
    """The number of the mother's next child."""
    row = queries.find(mother.nik)
    assert row is not None
    return models.Person.objects.filter(mother=row).count() + 1


def child(order: int, **changes: object) -> Child:
    """A healthy girl born yesterday."""
    made = Child(
        name="Sekar Ayu Lestari",
        sex=Sex.FEMALE,
        birth_date=yesterday(),
        birth_place_code="33.14",
        place_kind=BirthPlaceKind.HOSPITAL,
        attendant=BirthAttendant.MIDWIFE,
        birth_order=order,
        birth_time=time(4, 30),
        weight_grams=3100,
        length_millimetres=490,
    )
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]  # tests name real fields


def birth(mother: CastMother, **changes: object) -> BirthCommand:
    """The command for a child of a married couple that the register knows."""
    made = BirthCommand(
        child=child(next_order(mother)),
        mother_nik=mother.nik,
        father=Father(nik=mother.husband) if mother.husband else None,
        marriage_proof=MarriageProof.REGISTER if mother.husband else MarriageProof.NONE,
        applicant_nik=mother.nik,
        case_number="AK-2026-000001",
        decided_at=datetime.now(UTC),
    )
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]  # tests name real fields
