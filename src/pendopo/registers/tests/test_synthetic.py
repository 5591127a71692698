"""The fiction makes sense, for any seed."""

import gzip
import json
from collections import Counter, defaultdict
from datetime import date, timedelta
from importlib import resources
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pendopo.exchange.api import MaritalStatus, Relation
from pendopo.kernel.clock import age_on
from pendopo.kernel.family_card import KkNumber
from pendopo.kernel.nik import DEMO_DISTRICT, Nik
from pendopo.kernel.sex import Sex
from pendopo.registers import cards, models, queries, vault
from pendopo.registers.actions import seed as seeding
from pendopo.registers.demo import demo_cast
from pendopo.registers.errors import FictionRefused
from pendopo.registers.synthetic.cultures import CULTURES
from pendopo.registers.synthetic.make import HOME, REFERENCE, cast, make
from pendopo.registers.synthetic.people import Cast, Population

PACKED = gzip.decompress(
    (resources.files("pendopo.registers") / "data" / "regions.csv.gz").read_bytes()
).decode()
CODES = [line.split(",", 1)[0] for line in PACKED.splitlines()]
VILLAGES = sorted(code for code in CODES if code.startswith(HOME + ".") and code.count(".") == 3)


@pytest.fixture(scope="module")
def population() -> Population:
    return make(VILLAGES)


def test_two_thousand_people_with_two_thousand_numbers(population: Population) -> None:
    assert len(population.people) == 2000
    assert all(nik.district == DEMO_DISTRICT for nik in population.people)
    assert all(nik == person.nik for nik, person in population.people.items())
    assert all(person.sex is nik.sex for nik, person in population.people.items())
    assert all(f"{person.birth_date:%m%y}" == nik.value[8:12] for nik, person in population.people.items())


def test_the_same_seed_makes_the_same_people_and_another_seed_others(population: Population) -> None:
    assert make(VILLAGES) == population
    assert make(VILLAGES, seed=7).people.keys() != population.people.keys()


def test_the_cast_does_not_depend_on_the_size(population: Population) -> None:
    found = cast(VILLAGES)
    assert found == cast(VILLAGES)
    few, many = make(VILLAGES, people=10), population
    for mother in found.mothers:
        assert few.people[mother.nik] == many.people[mother.nik]


def _sound(population: Population) -> None:
    people = population.people
    mothers: defaultdict[Nik, list[int]] = defaultdict(list)
    for person in people.values():
        assert person.birth_date <= REFERENCE
        assert 1 <= len(person.name) <= 60
        assert person.died_on is None or person.birth_date < person.died_on <= REFERENCE
        if person.mother:
            mother = people[person.mother]
            assert mother.sex is Sex.FEMALE
            assert 15 <= age_on(mother.birth_date, person.birth_date) <= 60
            assert mother.name == person.mother_name
            mothers[person.mother].append(person.birth_date.toordinal())
        if person.father:
            father = people[person.father]
            assert father.sex is Sex.MALE
            assert 15 <= age_on(father.birth_date, person.birth_date) <= 80
            assert father.died_on is None or person.birth_date <= father.died_on + timedelta(days=300)
    for births in mothers.values():
        ordered = sorted(births)
        assert all(later - earlier >= 280 for earlier, later in pairwise(ordered))


def _married_soundly(population: Population) -> None:
    people = population.people
    first_child: dict[Nik, date] = {}
    for person in people.values():
        if person.mother and person.father:
            known = first_child.get(person.mother, person.birth_date)
            first_child[person.mother] = min(known, person.birth_date)
    standing: Counter[Nik] = Counter()
    for wedding in population.weddings:
        assert wedding.married_on <= REFERENCE
        for nik in filter(None, (wedding.husband, wedding.wife)):
            assert age_on(people[nik].birth_date, wedding.married_on) >= 19
            standing[nik] += wedding.ended_on is None
            if wedding.ended_on is None:
                assert people[nik].marital_status is MaritalStatus.MARRIED
        if wedding.wife in first_child:
            assert wedding.married_on < first_child[wedding.wife]
        assert wedding.ended_on is None or wedding.married_on < wedding.ended_on <= REFERENCE
    assert max(standing.values(), default=0) <= 1
    assert all(
        standing[person.nik] == 1
        for person in people.values()
        if person.marital_status is MaritalStatus.MARRIED and person.died_on is None
    )


def _housed_soundly(population: Population) -> None:
    seen: Counter[Nik] = Counter()
    assert len({household.number for household in population.households}) == len(population.households)
    for household in population.households:
        assert KkNumber.parse(household.number).value == household.number
        assert household.village_code in VILLAGES
        relations = [relation for _, relation in household.lines]
        assert relations[0] is Relation.HEAD
        assert relations.count(Relation.HEAD) == 1
        assert relations.count(Relation.WIFE) <= 1
        seen.update(nik for nik, _ in household.lines)
    alive = {nik for nik, person in population.people.items() if person.died_on is None}
    assert set(seen) == alive
    assert max(seen.values()) == 1


def test_the_demo_population_is_sound(population: Population) -> None:
    _sound(population)
    _married_soundly(population)
    _housed_soundly(population)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(min_value=0, max_value=2**31 - 1), st.integers(min_value=250, max_value=600))
def test_any_seed_makes_a_sound_population(seed: int, people: int) -> None:
    made = make(VILLAGES, seed=seed, people=people)
    assert len(made.people) == people
    _sound(made)
    _married_soundly(made)
    _housed_soundly(made)


def test_names_come_from_many_cultures(population: Population) -> None:
    words = {word for person in population.people.values() for word in person.name.split()}
    present = [c.code for c in CULTURES if words & set(c.men + c.women)]
    assert len(present) == len(CULTURES)
    assert len({person.name for person in population.people.values()}) > 1200


def test_regions_of_the_tables_exist() -> None:
    known = set(CODES)
    assert all(code in known for culture in CULTURES for code in culture.regencies)
    assert [CODES.count(code) for code in ("33", "33.14", "33.14.10")] == [1, 1, 1]
    assert Counter(code.count(".") for code in CODES) == {0: 38, 1: 514, 2: 7285, 3: 83762}


def test_the_cast_has_every_part(register: Cast) -> None:
    found = demo_cast()
    assert len(found.mothers) >= 40
    assert {mother["used"] for mother in found.mothers} == {False}
    assert all(mother["husband_nik"] for mother in found.mothers)
    assert found.single_mother["husband_name"] is None
    unknown = found.mother_of_unknown_husband
    assert (unknown["husband_nik"], bool(unknown["husband_name"])) == (None, True)
    parts = [found.midwife, *found.officers.values()]
    assert len({person["nik"] for person in parts}) == 6
    for mother in register.mothers:
        marriage = queries.family(mother.nik).marriage_of(mother.nik)
        assert marriage is not None
        assert marriage.husband.nik == mother.husband


def test_first_cards_say_what_the_register_says(register: Cast) -> None:
    """The kept card of a seeded family is the card that a question would be answered with."""
    for family in models.Family.objects.order_by("id")[:40]:
        card = models.FamilyCard.objects.get(family=family)
        kept = json.loads(vault.unseal("familycard", "content", card.id, card.content))
        told = cards.card_of(family, queries.family_record(family), "seeded")
        assert kept == json.loads(vault.unseal("familycard", "content", told.id, told.content))


def test_seeding_twice_changes_nothing(register: Cast) -> None:
    people = models.Person.objects.count()
    again = seeding.seed(people=people)
    assert (again.fresh, again.people) == (False, people)
    assert models.Person.objects.count() == people


def test_production_and_a_register_of_real_people_refuse_fiction(
    register: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    models.Seeding.objects.all().delete()
    with pytest.raises(FictionRefused):
        seeding.seed()
    from pendopo.foundation.settings import current

    for name, value in {
        "PRODUCTION": "1",
        "DEMO": "0",
        "PROFILE": "register",
        "BASE_URL": "https://x.example",
    }.items():
        monkeypatch.setenv(f"PENDOPO_{name}", value)
    current.cache_clear()
    try:
        with pytest.raises(FictionRefused):
            seeding.seed()
    finally:
        monkeypatch.undo()
        current.cache_clear()
