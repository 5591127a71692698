"""Load fiction into an empty register: people, cards and marriages of one seed."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from pendopo.exchange.api import Address, Family, FamilyMember, Marriage, Relation, Spouse
from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.audit import audit, event_type
from pendopo.foundation.database import lock
from pendopo.foundation.settings import current
from pendopo.kernel.ids import uuid7
from pendopo.kernel.nik import Nik
from pendopo.registers import cards, models, regions, vault
from pendopo.registers.errors import FictionRefused
from pendopo.registers.synthetic.make import DEFAULT_PEOPLE, DEFAULT_SEED, HOME, make
from pendopo.registers.synthetic.people import Household, Population, Someone, Wedding

SEEDED = event_type("registers.seeded", "Fictitious people were loaded into the register")
BATCH = 500


@dataclass(frozen=True, slots=True)
class Seeded:
    """What was loaded; ``fresh`` is False when the register held it already."""

    people: int
    families: int
    seconds: float
    fresh: bool


def villages() -> list[str]:
    """Codes of the villages of the home regency, sorted."""
    rows = models.Region.objects.filter(code__startswith=HOME + ".")
    return sorted(code for code in rows.values_list("code", flat=True) if code.count(".") == 3)  # noqa: PLR2004


def seed(*, seed: int = DEFAULT_SEED, people: int = DEFAULT_PEOPLE) -> Seeded:
    """Load regions and fiction. Does nothing when fiction stands already.

    Raises :class:`FictionRefused` in production, and in a register that holds people who are no fiction.
    """
    if current().production:
        raise FictionRefused
    started = time.monotonic()
    regions.load_regions()
    with transaction.atomic():
        lock("registers.seed")
        before = models.Seeding.objects.order_by("id").first()
        if before is not None:
            return Seeded(
                before.people, models.Family.objects.count(), time.monotonic() - started, fresh=False
            )
        if models.Person.objects.exists():
            raise FictionRefused
        population = make(villages(), seed=seed, people=people)
        _insert(population)
        models.Seeding.objects.create(seed=seed, people=len(population.people))
        audit(SEEDED, actor=SYSTEM, detail={"seed": seed, "people": len(population.people)})
    count = len(population.people)
    return Seeded(count, len(population.households), time.monotonic() - started, fresh=True)


def _insert(population: Population) -> None:
    ids = {nik: uuid7() for nik in population.people}
    places = regions.names_of(person.birthplace.code for person in population.people.values())
    rows = [_person(person, ids, places[person.birthplace.code]) for person in population.people.values()]
    models.Person.objects.bulk_create(rows, batch_size=BATCH)
    models.Marriage.objects.bulk_create(
        (_marriage(wedding, ids) for wedding in population.weddings), batch_size=BATCH
    )
    families = [_family(household) for household in population.households]
    models.Family.objects.bulk_create(families, batch_size=BATCH)
    lines = [
        models.FamilyLine(family=family, person_id=ids[nik], number=number, relation=relation.value)
        for family, household in zip(families, population.households, strict=True)
        for number, (nik, relation) in enumerate(household.lines, start=1)
    ]
    models.FamilyLine.objects.bulk_create(lines, batch_size=BATCH)
    models.FamilyCard.objects.bulk_create(_cards(population, families, places), batch_size=BATCH)
    _counters(population)


def _person(person: Someone, ids: dict[Nik, UUID], birth_place: str) -> models.Person:
    row = ids[person.nik]
    contact = {"email": person.email, "phone": person.phone}
    return models.Person(
        id=row,
        nik_index=vault.nik_index(person.nik.value),
        nik=vault.seal("person", "nik", row, person.nik.value),
        name=vault.seal("person", "name", row, person.name),
        sex=person.sex.value,
        birth_date=person.birth_date,
        birth_place=birth_place,
        birth_place_code=person.birthplace.code,
        died_on=person.died_on,
        marital_status=person.marital_status.value,
        religion=person.religion,
        occupation=person.occupation,
        contact=vault.seal_map("person", "contact", row, contact) if person.email else None,
        father_id=ids[person.father] if person.father else None,
        mother_id=ids[person.mother] if person.mother else None,
        parent_names=vault.seal_map(
            "person", "parent_names", row, {"father": person.father_name, "mother": person.mother_name}
        ),
    )


def _marriage(wedding: Wedding, ids: dict[Nik, UUID]) -> models.Marriage:
    row = uuid7()
    return models.Marriage(
        id=row,
        husband_id=ids[wedding.husband] if wedding.husband else None,
        wife_id=ids[wedding.wife] if wedding.wife else None,
        husband_name=vault.seal("marriage", "husband_name", row, wedding.husband_name),
        wife_name=vault.seal("marriage", "wife_name", row, wedding.wife_name),
        married_on=wedding.married_on,
        ended_on=wedding.ended_on,
        certificate=vault.seal("marriage", "certificate", row, wedding.certificate),
        recorded_by=wedding.recorded_by,
    )


def _family(household: Household) -> models.Family:
    row = uuid7()
    return models.Family(
        id=row,
        number_index=vault.card_index(household.number),
        number=vault.seal("family", "number", row, household.number),
        street=vault.seal("family", "street", row, household.street),
        rt=household.rt,
        rw=household.rw,
        village_code=household.village_code,
        issued_on=household.issued_on,
    )


def _cards(
    population: Population, families: list[models.Family], places: dict[str, str]
) -> Iterator[models.FamilyCard]:
    """The first version of each card, made from the fiction itself: reading it back would take a minute."""
    codes = {code for family in families for code in regions.lineage(family.village_code)}
    names = regions.names_of(codes)
    standing = {nik: w for w in population.weddings if not w.ended_on for nik in (w.husband, w.wife) if nik}
    for family, household in zip(families, population.households, strict=True):
        lines = [(population.people[nik], relation) for nik, relation in household.lines]
        weddings = {id(w): w for person, _ in lines if (w := standing.get(person.nik)) is not None}
        record = Family(
            number=household.number,
            version=family.version,
            issued_on=household.issued_on,
            address=_address(household, names),
            members=tuple(_member(person, relation, places) for person, relation in lines),
            marriages=tuple(_standing(wedding) for wedding in weddings.values()),
        )
        yield cards.card_of(family, record, "seeded")


def _address(household: Household, names: dict[str, str]) -> Address:
    province, regency, district, village = regions.lineage(household.village_code)
    return Address(
        street=household.street,
        rt=household.rt,
        rw=household.rw,
        village_code=village,
        village=names[village],
        district=names[district],
        regency=names[regency],
        province=names[province],
    )


def _member(person: Someone, relation: Relation, places: dict[str, str]) -> FamilyMember:
    return FamilyMember(
        nik=person.nik,
        name=person.name,
        sex=person.sex,
        birth_date=person.birth_date,
        birth_place=places[person.birthplace.code],
        relation=relation,
        marital_status=person.marital_status,
        alive=person.died_on is None,
        father_name=person.father_name,
        mother_name=person.mother_name,
    )


def _standing(wedding: Wedding) -> Marriage:
    return Marriage(
        husband=Spouse(wedding.husband, wedding.husband_name),
        wife=Spouse(wedding.wife, wedding.wife_name),
        married_on=wedding.married_on,
        certificate=wedding.certificate,
        recorded_by=wedding.recorded_by,
    )


def _counters(population: Population) -> None:
    """New numbers continue after the last one that the fiction used."""
    last: dict[str, int] = {}
    for nik in population.people:
        series = "nik:" + nik.value[:12]
        last[series] = max(last.get(series, 0), nik.serial)
    models.Counter.objects.bulk_create(
        (models.Counter(series=series, last=number) for series, number in last.items()), batch_size=BATCH
    )
