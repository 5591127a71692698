"""The register's answer to a command, kept sealed with the command."""

import datetime as dt
from dataclasses import dataclass

from pydantic import TypeAdapter

from pendopo.casework import sealed
from pendopo.casework.models import RegisterCommand
from pendopo.casework.sealed import Json
from pendopo.exchange.api import BirthCorrected, BirthRegistered, Certificate
from pendopo.kernel.nik import Nik
from pendopo.kernel.sex import Sex


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the civil register as the certificate will say it."""

    number: str
    version: int
    full_number: str
    registered_on: dt.date
    issued_on: dt.date
    child_nik: str
    child_name: str
    child_sex: str
    birth_date: dt.date
    birth_place: str
    birth_order: int
    mother_name: str
    father_name: str | None
    parents_married: bool
    corrected: tuple[str, ...]
    family_card: str
    family_card_version: int

    @property
    def nik(self) -> Nik:
        """The child's NIK."""
        return Nik.parse(self.child_nik)

    @property
    def sex(self) -> Sex:
        """The child's sex."""
        return Sex(self.child_sex)


_ADAPTER = TypeAdapter(Entry)


def encode_birth(answer: BirthRegistered | BirthCorrected) -> Json:
    """Return the entry as JSON."""
    entry = _entry(answer.certificate, answer.family_card, answer.family_card_version)
    encoded: Json = _ADAPTER.dump_python(entry, mode="json")
    return encoded


def entry_of(row: RegisterCommand) -> Entry:
    """Open what the register answered to a command that is done."""
    if row.result is None:
        raise RegisterCommand.DoesNotExist
    return _ADAPTER.validate_python(sealed.open_json(row.result, column="registercommand.result", row=row.id))


def _entry(certificate: Certificate, family_card: str, version: int) -> Entry:
    return Entry(
        number=certificate.number,
        version=certificate.version,
        full_number=certificate.full_number,
        registered_on=certificate.registered_on,
        issued_on=certificate.issued_on,
        child_nik=certificate.child_nik.value,
        child_name=certificate.child_name,
        child_sex=certificate.child_sex.value,
        birth_date=certificate.birth_date,
        birth_place=certificate.birth_place,
        birth_order=certificate.birth_order,
        mother_name=certificate.mother_name,
        father_name=certificate.father_name,
        parents_married=certificate.parents_married,
        corrected=tuple(field.value for field in certificate.corrected),
        family_card=family_card,
        family_card_version=version,
    )
