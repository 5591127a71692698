"""Reading the register: rows become the frozen records of the interface ``population-v1``."""

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, cast
from uuid import UUID

from django.db.models import Q

from pendopo.exchange.api import (
    Address,
    Family,
    FamilyMember,
    MaritalStatus,
    Marriage,
    Person,
    PersonField,
    Relation,
    Spouse,
)
from pendopo.kernel.nik import Nik
from pendopo.kernel.sex import Sex
from pendopo.registers import models, regions, vault
from pendopo.registers.errors import FamilyNotFound, PersonNotFound


def find(nik: Nik) -> models.Person | None:
    """The row of a NIK, or None."""
    return models.Person.objects.filter(nik_index=vault.nik_index(nik.value)).first()


def find_many(niks: Iterable[Nik]) -> dict[Nik, models.Person]:
    """Rows by NIK; unknown numbers are missing."""
    by_index = {vault.nik_index(nik.value): nik for nik in niks}
    rows = models.Person.objects.filter(nik_index__in=list(by_index))
    return {by_index[bytes(row.nik_index)]: row for row in rows}


def nik_of(row: models.Person) -> Nik:
    """The NIK of a row."""
    return Nik.parse(vault.unseal("person", "nik", row.id, row.nik))


def name_of(row: models.Person) -> str:
    """The name of a row."""
    return vault.unseal("person", "name", row.id, row.name)


def parents_of(row: models.Person) -> tuple[str | None, str | None]:
    """Names of father and mother as the card prints them."""
    names = vault.unseal_map("person", "parent_names", row.id, row.parent_names)
    return names.get("father"), names.get("mother")


def _contact(row: models.Person, key: str) -> str | None:
    if row.contact is None:
        return None
    return vault.unseal_map("person", "contact", row.id, row.contact).get(key)


def address_of(family: models.Family) -> Address:
    """The address of a family with the names of its regions."""
    names = regions.names_of(regions.lineage(family.village_code))
    province, regency, district, village = regions.lineage(family.village_code)
    return Address(
        street=vault.unseal("family", "street", family.id, family.street),
        rt=family.rt,
        rw=family.rw,
        village_code=family.village_code,
        village=names[village],
        district=names[district],
        regency=names[regency],
        province=names[province],
    )


def _family_row(row: models.Person) -> models.Family | None:
    line = models.FamilyLine.objects.filter(person=row).select_related("family").first()
    return line.family if line else None


def card_number(family: models.Family) -> str:
    """Number of a family card."""
    return vault.unseal("family", "number", family.id, family.number)


def _address(row: models.Person) -> Address | None:
    family = _family_row(row)
    return address_of(family) if family else None


def family_card_of(row: models.Person) -> str | None:
    """Number of the family card on which a person stands, or None."""
    family = _family_row(row)
    return card_number(family) if family else None


_READERS: dict[PersonField, Callable[[models.Person], object]] = {
    PersonField.NAME: name_of,
    PersonField.SEX: lambda row: Sex(row.sex),
    PersonField.BIRTH_DATE: lambda row: row.birth_date,
    PersonField.BIRTH_PLACE: lambda row: row.birth_place,
    PersonField.ALIVE: lambda row: row.died_on is None,
    PersonField.MARITAL_STATUS: lambda row: MaritalStatus(row.marital_status),
    PersonField.CITIZENSHIP: lambda row: row.citizenship,
    PersonField.RELIGION: lambda row: row.religion,
    PersonField.OCCUPATION: lambda row: row.occupation,
    PersonField.ADDRESS: _address,
    PersonField.FAMILY_CARD: family_card_of,
    PersonField.EMAIL: lambda row: _contact(row, "email"),
    PersonField.PHONE: lambda row: _contact(row, "phone"),
}


def person(nik: Nik, fields: frozenset[PersonField]) -> Person:
    """One person with exactly the fields asked: nothing else is even decrypted. Raises PersonNotFound."""
    row = find(nik)
    if row is None:
        raise PersonNotFound
    shown = {field.value: _READERS[field](row) for field in fields}
    return Person(nik=nik, fields=fields, **shown)  # type: ignore[arg-type]  # one reader a field, tested


def family(nik: Nik) -> Family:
    """The family card of a person in its current version. Raises PersonNotFound or FamilyNotFound."""
    row = find(nik)
    if row is None:
        raise PersonNotFound
    found = _family_row(row)
    if found is None:
        raise FamilyNotFound
    return family_record(found)


def family_record(row: models.Family) -> Family:
    """A family card as a record."""
    lines = list(row.lines.select_related("person").order_by("number"))
    return Family(
        number=card_number(row),
        version=row.version,
        issued_on=row.issued_on,
        address=address_of(row),
        members=tuple(_member(line) for line in lines),
        marriages=tuple(_marriages([line.person_id for line in lines])),
    )


def _member(line: models.FamilyLine) -> FamilyMember:
    row = line.person
    father, mother = parents_of(row)
    return FamilyMember(
        nik=nik_of(row),
        name=name_of(row),
        sex=Sex(row.sex),
        birth_date=row.birth_date,
        birth_place=row.birth_place,
        relation=Relation(line.relation),
        marital_status=MaritalStatus(row.marital_status),
        alive=row.died_on is None,
        father_name=father,
        mother_name=mother,
    )


def _marriages(people: Sequence[UUID]) -> list[Marriage]:
    standing = models.Marriage.objects.filter(Q(husband__in=people) | Q(wife__in=people), ended_on=None)
    return [_marriage(row) for row in standing.select_related("husband", "wife").order_by("married_on", "id")]


def _marriage(row: models.Marriage) -> Marriage:
    return Marriage(
        husband=Spouse(
            nik_of(row.husband) if row.husband else None,
            vault.unseal("marriage", "husband_name", row.id, row.husband_name),
        ),
        wife=Spouse(
            nik_of(row.wife) if row.wife else None,
            vault.unseal("marriage", "wife_name", row.id, row.wife_name),
        ),
        married_on=row.married_on,
        certificate=vault.unseal("marriage", "certificate", row.id, row.certificate),
        recorded_by=cast("Literal['kua', 'civil-registry']", row.recorded_by),
    )
