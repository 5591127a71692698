"""From wire to records and back."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from pendopo.exchange.api import (
    BirthCommand,
    BirthCorrected,
    BirthRegistered,
    Child,
    CorrectionCommand,
    Family,
    Father,
    Person,
)
from pendopo.kernel.nik import Nik
from pendopo.registers.rest import schemas
from pendopo.registers.rest.envelope import parse_nik


def birth_command(body: schemas.BirthIn) -> BirthCommand:
    """The command in a body."""
    child = {name: getattr(body.child, name) for name in schemas.ChildIn.model_fields}
    return BirthCommand(
        child=Child(**child),
        mother_nik=parse_nik(body.mother_nik, "mother_nik"),
        father=_father(body.father) if body.father else None,
        marriage_proof=body.marriage_proof,
        applicant_nik=parse_nik(body.applicant_nik, "applicant_nik"),
        case_number=body.case_number,
        decided_at=body.decided_at,
    )


def _father(body: schemas.FatherIn) -> Father:
    return Father(parse_nik(body.nik, "father.nik") if body.nik else None, body.stated_name)


def correction_command(certificate: str, body: schemas.CorrectionIn) -> CorrectionCommand:
    """The correction in a body."""
    return CorrectionCommand(
        certificate=certificate,
        child_nik=parse_nik(body.child_nik, "child_nik"),
        child_name=body.child_name,
        birth_place_code=body.birth_place_code,
        reason=body.reason,
        case_number=body.case_number,
        decided_at=body.decided_at,
    )


def person_json(person: Person) -> str:
    """A person with only the fields shown."""
    shown = {"nik", *(field.value for field in person.fields)}
    values = {name: value for name, value in _plain(person).items() if name in shown}
    return schemas.PersonOut.model_validate(values).model_dump_json(exclude_unset=True)


def family_json(family: Family) -> str:
    """A family card."""
    return schemas.FamilyOut.model_validate(_plain(family)).model_dump_json()


def birth_json(outcome: BirthRegistered) -> str:
    """The answer to a birth command."""
    return schemas.BirthOut.model_validate(_plain(outcome)).model_dump_json()


def correction_json(outcome: BirthCorrected) -> str:
    """The answer to a correction."""
    return schemas.CorrectionOut.model_validate(_plain(outcome)).model_dump_json()


def _plain(record: Person | Family | BirthRegistered | BirthCorrected) -> Mapping[str, Any]:
    """Nested dictionaries with NIKs as text, ready for a schema."""
    plain: Mapping[str, Any] = _niks_as_text(
        {field.name: getattr(record, field.name) for field in dataclasses.fields(record)}
    )
    return plain


def _niks_as_text(value: Any) -> Any:
    if isinstance(value, Nik):
        return value.value
    if isinstance(value, (tuple, list)):
        return [_niks_as_text(item) for item in value]
    if isinstance(value, dict):
        return {key: _niks_as_text(item) for key, item in value.items()}
    if dataclasses.is_dataclass(value):
        return {field.name: _niks_as_text(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return value
