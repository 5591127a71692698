"""Who takes part: mothers who may report a birth, and people whom nobody else looks up.

The synthetic population is made again from its seed (``registers/synthetic``), so that the harness knows NIKs
without reading anybody's row.
"""

import json
from dataclasses import dataclass
from datetime import date

from pendopo.entrypoints.walk.journey import Officer
from pendopo.kernel.nik import Nik
from pendopo.registers.synthetic.make import make
from pendopo.registers.synthetic.people import Population, Someone
from tests.faults.hall import Hall

YOUNGEST_CHILD_DAYS = 160
OLDEST_MOTHER, YOUNGEST_ADULT = 58, 20
VILLAGES = "SELECT code FROM registers_region WHERE code LIKE '33.14.%' AND length(code) = 13 ORDER BY code"


@dataclass(frozen=True, slots=True)
class People:
    """Rows for the client: mothers as it signs them in, strangers by NIK, adults who may be appointed."""

    mothers: list[dict[str, str]]
    strangers: list[str]
    adults: list[dict[str, str]]


def people_of(hall: Hall) -> People:
    """Find them; the demonstration's own officers and mothers are left out."""
    population = make([str(row[0]) for row in hall.rows("population", VILLAGES)])
    cast = {str(one["nik"]) for one in json.loads(hall.journey.people_file.read_text())["mothers"]}
    known = cast | {officer.sign_in for officer in _officers(hall)}
    mothers = [one for one in _mothers(population) if one.nik.value not in known]
    taken = {line[0] for mother in mothers for line in _family_of(population, mother)}
    living = [one for one in population.people.values() if one.died_on is None]
    free = [one for one in living if one.nik not in taken and one.nik.value not in known]
    adults = [one for one in free if _age(one) >= YOUNGEST_ADULT and one.email]
    appointable = adults[-20:]
    strangers = [one.nik.value for one in free if one not in appointable]
    return People(
        mothers=[_row(one, population) for one in mothers],
        strangers=strangers,
        adults=[_row(one, population) for one in appointable],
    )


def _officers(hall: Hall) -> list[Officer]:
    journey = hall.journey
    roles = ("administrator", "population_verifier", "population_decider", "counter", "dinsos")
    return [journey.officer(role) for role in roles]


def _mothers(population: Population) -> list[Someone]:
    """Wives in a standing marriage whose youngest child is old enough for another one to be plausible."""
    people = population.people
    standing = [w for w in population.weddings if w.ended_on is None and w.husband is not None and w.wife]
    wives = [people[w.wife] for w in standing if people[w.husband].died_on is None]  # type: ignore[index]  # not None above
    return [one for one in wives if one.email and _may_report(one, population)]


def _may_report(woman: Someone, population: Population) -> bool:
    children = [one for one in population.people.values() if one.mother == woman.nik]
    spaced = all((_today() - one.birth_date).days > YOUNGEST_CHILD_DAYS for one in children)
    return woman.died_on is None and spaced and _age(woman) < OLDEST_MOTHER


def _family_of(population: Population, woman: Someone) -> list[tuple[Nik, object]]:
    return [
        line
        for household in population.households
        if any(nik == woman.nik for nik, _ in household.lines)
        for line in household.lines
    ]


def _row(one: Someone, population: Population) -> dict[str, str]:
    children = sum(child.mother == one.nik for child in population.people.values())
    return {"nik": one.nik.value, "name": one.name, "email": one.email or "", "children": str(children)}


def _age(one: Someone) -> int:
    return (_today() - one.birth_date).days // 365


def _today() -> date:
    return date.today()  # noqa: DTZ011  # ages in years do not turn on a zone
