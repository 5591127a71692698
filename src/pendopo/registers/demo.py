"""The cast of the demonstration, found in the register by the seed that was loaded."""

from dataclasses import dataclass
from datetime import date

from pendopo.registers import models, queries, vault
from pendopo.registers.actions.seed import villages
from pendopo.registers.errors import PersonNotFound
from pendopo.registers.synthetic import make
from pendopo.registers.synthetic.people import CastMother

LEADERS = ("bupati", "wabup", "bappeda", "bkad", "diskominfo", "dinkes", "risalah", "asesor")
LEADERS_BORN = (date(1968, 1, 1), date(1985, 12, 31))

type Entry = dict[str, str | bool | int | None]


@dataclass(frozen=True, slots=True)
class DemoCast:
    """People by part, as plain values for the front door."""

    mothers: list[Entry]
    single_mother: Entry
    mother_of_unknown_husband: Entry
    midwife: Entry
    officers: dict[str, Entry]
    leaders: dict[str, Entry]


def demo_cast() -> DemoCast:
    """The cast of the loaded seed. Raises :class:`PersonNotFound` in a register without fiction."""
    seeding = models.Seeding.objects.order_by("id").first()
    if seeding is None:
        raise PersonNotFound
    cast = make.cast(villages(), seed=seeding.seed)
    known = [cast.midwife, cast.administrator, cast.population_verifier, cast.population_decider]
    known += [cast.counter_officer, cast.dinsos_officer]
    return DemoCast(
        mothers=[_mother(mother) for mother in cast.mothers],
        single_mother=_mother(cast.single_mother),
        mother_of_unknown_husband=_mother(cast.mother_of_unknown_husband),
        midwife=_entry(cast.midwife.value),
        officers={
            "administrator": _entry(cast.administrator.value),
            "population_verifier": _entry(cast.population_verifier.value),
            "population_decider": _entry(cast.population_decider.value),
            "counter": _entry(cast.counter_officer.value),
            "dinsos": _entry(cast.dinsos_officer.value),
        },
        leaders=_leaders({nik.value for nik in known}),
    )


def _leaders(known: set[str]) -> dict[str, Entry]:
    """People of a leader's age for the seats of the leadership meeting: the same at every asking."""
    rows = models.Person.objects.filter(died_on=None, birth_date__range=LEADERS_BORN)
    rows = rows.exclude(nik_index__in=[vault.nik_index(nik) for nik in known]).order_by("birth_date", "id")
    niks = [vault.unseal("person", "nik", row.id, row.nik) for row in rows[: len(LEADERS)]]
    return {part: _entry(nik) for part, nik in zip(LEADERS, niks, strict=False)}


def _row(nik: str) -> models.Person:
    row = models.Person.objects.filter(nik_index=vault.nik_index(nik)).first()
    if row is None:
        raise PersonNotFound
    return row


def _entry(nik: str) -> Entry:
    row = _row(nik)
    contact = vault.unseal_map("person", "contact", row.id, row.contact) if row.contact else {}
    return {
        "nik": nik,
        "name": queries.name_of(row),
        "sex": row.sex,
        "birth_date": row.birth_date.isoformat(),
        "birth_place": row.birth_place,
        "email": contact.get("email"),
        "phone": contact.get("phone"),
        "family_card": queries.family_card_of(row),
    }


def _mother(mother: CastMother) -> Entry:
    """``children`` counts those on record; ``used`` says that a walk has registered a birth of hers."""
    row = _row(mother.nik.value)
    return {
        **_entry(mother.nik.value),
        "husband_nik": mother.husband.value if mother.husband else None,
        "husband_name": mother.husband_name,
        "children": row.children_of_mother.count(),
        "used": row.births.exists(),
    }
