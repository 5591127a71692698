"""Commands as the hall would send them."""

import dataclasses
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

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


def body(command: BirthCommand) -> dict[str, Any]:
    """The JSON body of a command, written out by hand: what ``population-v1`` promises to take."""
    child = {
        "name": command.child.name,
        "sex": command.child.sex.value,
        "birth_date": command.child.birth_date.isoformat(),
        "birth_time": "04:30",
        "birth_place_code": command.child.birth_place_code,
        "place_kind": command.child.place_kind.value,
        "attendant": command.child.attendant.value,
        "birth_order": command.child.birth_order,
        "delivery_order": command.child.delivery_order,
        "delivery_count": command.child.delivery_count,
        "weight_grams": command.child.weight_grams,
        "length_millimetres": command.child.length_millimetres,
    }
    father = command.father
    known = father.nik.value if father and father.nik else None
    return {
        "child": child,
        "mother_nik": command.mother_nik.value,
        "father": {"nik": known, "stated_name": father.stated_name} if father else None,
        "marriage_proof": command.marriage_proof.value,
        "applicant_nik": command.applicant_nik.value,
        "case_number": command.case_number,
        "decided_at": command.decided_at.isoformat(),
    }
