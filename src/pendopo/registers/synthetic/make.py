"""Make a population from a seed: first the families of the cast, then others until there are enough people.

The cast stands first in the stream of random numbers, so it is the same for every size of population.
Plausibility: women marry at 19 or later (the age of UU 16/2019, not verified), men are a few years older, the
first child comes nine months after the wedding at the earliest, children are at least eighteen months apart.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from pendopo.exchange.api import MaritalStatus, Relation
from pendopo.kernel.clock import age_on
from pendopo.kernel.nik import DEMO_DISTRICT, Nik, compose
from pendopo.kernel.sex import Sex
from pendopo.registers.synthetic.cultures import CULTURES, ISLAM, Culture
from pendopo.registers.synthetic.people import (
    Birthplace,
    Cast,
    CastMother,
    Household,
    Population,
    Someone,
    Wedding,
)

REFERENCE: Final = date(2026, 11, 1)
"""The day on which the fiction stands still; nobody is born or marries later."""
HOME: Final = "33.14"
DEFAULT_SEED: Final = 1945
DEFAULT_PEOPLE: Final = 2000
CAST_MOTHERS: Final = 48
MAJORITY: Final = 17
SCHOOL_BEGINS: Final = 6
SCHOOL_ENDS: Final = 19
DEGREE: Final = 23
DEGREE_WORK: Final = ("PEGAWAI NEGERI SIPIL", "GURU", "PERAWAT")
LAST_BIRTH: Final = 44
LEAVES_HOME: Final = 24
LARGEST_FAMILY: Final = 9
YEAR: Final = timedelta(days=365.25)
LAST_DAY: Final = REFERENCE - timedelta(days=90)
"""Nobody is born in the last months, so that every mother may report a birth today."""

FLOWERS: Final = ("Melati", "Kenanga", "Mawar", "Anggrek", "Teratai", "Cempaka", "Flamboyan", "Kamboja")
HAMLETS: Final = (
    "Krajan",
    "Sidomulyo",
    "Karanganyar",
    "Ngablak",
    "Sumberejo",
    "Bulakrejo",
    "Tegalsari",
    "Wonosari",
)
MEN_WORK: Final = (
    *("PETANI/PEKEBUN",) * 5,
    *("KARYAWAN SWASTA",) * 4,
    *("WIRASWASTA",) * 4,
    *("BURUH HARIAN LEPAS",) * 2,
    "PEGAWAI NEGERI SIPIL",
    "GURU",
    "PEDAGANG",
    "SOPIR",
    "PERAWAT",
)
WOMEN_WORK: Final = (
    *("MENGURUS RUMAH TANGGA",) * 6,
    *("KARYAWAN SWASTA",) * 3,
    *("WIRASWASTA",) * 3,
    *("PETANI/PEKEBUN",) * 2,
    "PEGAWAI NEGERI SIPIL",
    "GURU",
    "PEDAGANG",
    "PERAWAT",
)


@dataclass(frozen=True, slots=True)
class _Couple:
    """A married couple; ``surname`` is what its children inherit, empty where names are not inherited."""

    husband: Someone
    wife: Someone
    married_on: date
    culture: Culture
    surname: str

    @property
    def first_birth(self) -> date:
        """The earliest day of a first child."""
        return self.married_on + timedelta(days=280)


@dataclass(slots=True)
class _Maker:
    """The random stream and what was made so far."""

    random: random.Random
    villages: Sequence[str]
    people: dict[Nik, Someone] = field(default_factory=dict)
    weddings: list[Wedding] = field(default_factory=list)
    households: list[Household] = field(default_factory=list)
    serials: Counter[str] = field(default_factory=Counter)
    number: int = 0

    def day(self, first: date, last: date) -> date:
        """Any day between two days; the first if they cross."""
        return first + timedelta(days=self.random.randint(0, max(0, (last - first).days)))

    def culture(self) -> Culture:
        """A culture by its weight."""
        return self.random.choices(CULTURES, [culture.weight for culture in CULTURES])[0]

    def nik(self, regency: str, born: date, sex: Sex) -> Nik:
        """The next number of the series."""
        region = regency.replace(".", "") + DEMO_DISTRICT
        series = compose(region, born, sex, 1).value[:12]
        self.serials[series] += 1
        return compose(region, born, sex, self.serials[series])

    def given_name(self, culture: Culture, sex: Sex, surname: str) -> str:
        """Two or three words; people born long ago do not always have two, see :meth:`person`."""
        men = sex is Sex.MALE
        first = self.random.choice(culture.men if men else culture.women)
        second = self.random.choice(culture.men_second if men else culture.women_second)
        words = [first, surname or second]
        if surname and self.chance(0.4):
            words = [first, second, surname]
        if culture.code == "balinese":
            words = (["I"] if men else ["Ni"]) + words
        return " ".join(words)

    def person(
        self,
        culture: Culture,
        sex: Sex,
        born: date,
        *,
        religion: str,
        surname: str = "",
        parents: tuple[Someone | None, Someone | None] = (None, None),
        status: MaritalStatus = MaritalStatus.UNMARRIED,
        local: bool = False,
    ) -> Someone:
        """Make one person and remember her."""
        father, mother = parents
        regency = HOME if local else self.random.choice(culture.regencies)
        name = self.given_name(culture, sex, surname)
        if born < date(1970, 1, 1) and not surname and self.chance(0.25):
            name = name.split()[-1]
        self.number += 1
        grown = age_on(born, REFERENCE) >= MAJORITY
        someone = Someone(
            nik=self.nik(regency, born, sex),
            name=name,
            sex=sex,
            birth_date=born,
            birthplace=Birthplace(regency),
            religion=religion,
            occupation=self._occupation(sex, born),
            marital_status=status,
            died_on=None,
            father=father.nik if father else None,
            mother=mother.nik if mother else None,
            father_name=father.name if father else self.given_name(culture, Sex.MALE, surname),
            mother_name=mother.name if mother else self.given_name(culture, Sex.FEMALE, ""),
            email=f"warga{self.number}@contoh.example" if grown else None,
            phone=f"+62999{self.number:07d}" if grown else None,
        )
        self.people[someone.nik] = someone
        return someone

    def _occupation(self, sex: Sex, born: date) -> str:
        age = age_on(born, REFERENCE)
        if age < SCHOOL_BEGINS:
            return "BELUM/TIDAK BEKERJA"
        work = self.random.choice(MEN_WORK if sex is Sex.MALE else WOMEN_WORK)
        return "PELAJAR/MAHASISWA" if age < SCHOOL_ENDS or (age < DEGREE and work in DEGREE_WORK) else work

    def change(self, someone: Someone, **values: MaritalStatus | Nik | date | str | None) -> Someone:
        """Replace a person by the same person with other values."""
        changed = replace(someone, **values)  # type: ignore[arg-type]  # callers name real fields
        self.people[someone.nik] = changed
        return changed

    def wedding(
        self, husband: Someone | str, wife: Someone, on: date, ended_on: date | None = None
    ) -> Wedding:
        """Record a marriage; a husband given by name is unknown to the register."""
        muslim = wife.religion == ISLAM
        number = len(self.weddings) + 1
        made = Wedding(
            husband=husband.nik if isinstance(husband, Someone) else None,
            husband_name=husband.name if isinstance(husband, Someone) else husband,
            wife=wife.nik,
            wife_name=wife.name,
            married_on=on,
            ended_on=ended_on,
            certificate=(
                f"{number:04d}/{on.day:03d}/{_ROMAN[on.month - 1]}/{on.year}"
                if muslim
                else f"3314-KW-{on:%d%m%Y}-{number:04d}"
            ),
            recorded_by="kua" if muslim else "civil-registry",
        )
        self.weddings.append(made)
        return made

    def household(self, lines: Sequence[tuple[Someone, Relation]], issued_on: date) -> Household:
        """Put people on a new family card."""
        village = self.random.choice(self.villages)
        series = f"{village.replace('.', '')[:6]}{issued_on:%d%m%y}"
        self.serials["kk" + series] += 1
        house = self.random.randint(1, 120)
        street = (
            f"Jl. {self.random.choice(FLOWERS)} No. {house}"
            if self.chance(0.5)
            else f"Dusun {self.random.choice(HAMLETS)} No. {house}"
        )
        made = Household(
            number=f"{series}{self.serials['kk' + series]:04d}",
            street=street,
            rt=f"{self.random.randint(1, 12):03d}",
            rw=f"{self.random.randint(1, 6):03d}",
            village_code=village,
            issued_on=issued_on,
            lines=tuple((someone.nik, relation) for someone, relation in lines),
        )
        self.households.append(made)
        return made

    def couple(self, wife_age: tuple[int, int]) -> _Couple:
        """A married couple whose wife is of an age between two, today."""
        culture = self.culture()
        religion = self.random.choice(culture.religions)
        wife_born = self.day(REFERENCE - wife_age[1] * YEAR, REFERENCE - wife_age[0] * YEAR)
        husband_born = wife_born - timedelta(days=self.random.randint(-700, 3300))
        earliest = max(wife_born + 19 * YEAR, husband_born + 19 * YEAR) + timedelta(days=2)
        married_on = self.day(earliest, min(earliest + 7 * YEAR, REFERENCE - timedelta(days=420)))
        surname = self.random.choice(culture.surnames) if culture.surnames else ""
        others = [name for name in culture.surnames if name != surname]
        status = MaritalStatus.MARRIED
        husband = self.person(
            culture, Sex.MALE, husband_born, religion=religion, surname=surname, status=status
        )
        wife = self.person(
            culture,
            Sex.FEMALE,
            wife_born,
            religion=religion,
            surname=self.random.choice(others) if others else "",
            status=status,
        )
        self.wedding(husband, wife, married_on)
        return _Couple(husband, wife, married_on, culture, surname)

    def children(self, parents: _Couple, last: date, wanted: int) -> list[Someone]:
        """Up to ``wanted`` children born until a day, while the mother is under 44; grown ones moved out."""
        born = self.day(parents.first_birth, parents.first_birth + 2 * YEAR)
        children: list[Someone] = []
        while len(children) < wanted and born <= last and age_on(parents.wife.birth_date, born) < LAST_BIRTH:
            if age_on(born, REFERENCE) <= LEAVES_HOME:
                children.append(self._child(parents, born))
            born += timedelta(days=self.random.randint(560, 1900))
        return children

    def _child(self, parents: _Couple, born: date) -> Someone:
        return self.person(
            parents.culture,
            self.random.choice((Sex.MALE, Sex.FEMALE)),
            born,
            religion=parents.husband.religion,
            surname=parents.surname,
            parents=(parents.husband, parents.wife),
            local=self.chance(0.9),
        )

    def chance(self, share: float) -> bool:
        """True in the given share of cases."""
        return self.random.random() < share


_ROMAN: Final = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def make(villages: Sequence[str], *, seed: int = DEFAULT_SEED, people: int = DEFAULT_PEOPLE) -> Population:
    """Make the cast and then families until there are exactly ``people`` (the cast alone if that is more).

    ``villages`` are the dotted codes of the villages of the home regency, sorted.
    """
    maker, _ = _with_cast(villages, seed)
    kinds = (_young_family, _young_family, _mature_family, _extended_family, _old_couple, _one_parent, _alone)
    while len(maker.people) < people:
        # The last ones live alone, so that the number is met exactly.
        kind = maker.random.choice(kinds) if people - len(maker.people) >= LARGEST_FAMILY else _alone
        kind(maker)
    return Population(maker.people, tuple(maker.weddings), tuple(maker.households))


def cast(villages: Sequence[str], *, seed: int = DEFAULT_SEED) -> Cast:
    """The cast of a seed: the same people that :func:`make` puts first."""
    return _with_cast(villages, seed)[1]


def _with_cast(villages: Sequence[str], seed: int) -> tuple[_Maker, Cast]:
    maker = _Maker(random.Random(seed), villages)  # noqa: S311  # fiction, not secrets
    mothers = tuple(_expecting_family(maker) for _ in range(CAST_MOTHERS))
    single = _single_mother(maker)
    unknown = _wife_of_unknown(maker)
    officers = [_officer(maker, work) for work in ("BIDAN", *("PEGAWAI NEGERI SIPIL",) * 5)]
    return maker, Cast(mothers, single, unknown, *officers)


def _expecting_family(maker: _Maker) -> CastMother:
    """A couple who may expect a child now: she is 21 to 36, the youngest child is two or older."""
    couple = maker.couple((21, 36))
    _card(maker, couple, maker.children(couple, REFERENCE - 2 * YEAR, maker.random.randint(0, 2)))
    return CastMother(couple.wife.nik, couple.husband.nik, couple.husband.name)


def _card(maker: _Maker, couple: _Couple, children: list[Someone], *others: tuple[Someone, Relation]) -> None:
    """The card of a couple, issued soon after its last event."""
    latest = max([couple.married_on, *(child.birth_date for child in children)])
    lines = [(couple.husband, Relation.HEAD), (couple.wife, Relation.WIFE)]
    lines += [(child, Relation.CHILD) for child in children]
    maker.household([*lines, *others], maker.day(latest, min(latest + timedelta(days=60), REFERENCE)))


def _single_mother(maker: _Maker) -> CastMother:
    culture = CULTURES[0]
    born = maker.day(REFERENCE - 30 * YEAR, REFERENCE - 24 * YEAR)
    woman = maker.person(culture, Sex.FEMALE, born, religion=ISLAM, local=True)
    maker.household([(woman, Relation.HEAD)], maker.day(REFERENCE - 3 * YEAR, REFERENCE))
    return CastMother(woman.nik, None, None)


def _wife_of_unknown(maker: _Maker) -> CastMother:
    """Married to a man whom the register does not know: the marriage stands with his name only."""
    culture, status = CULTURES[0], MaritalStatus.MARRIED
    born = maker.day(REFERENCE - 33 * YEAR, REFERENCE - 26 * YEAR)
    woman = maker.person(culture, Sex.FEMALE, born, religion=ISLAM, status=status, local=True)
    husband = maker.given_name(culture, Sex.MALE, "")
    married_on = maker.day(REFERENCE - 4 * YEAR, REFERENCE - 2 * YEAR)
    maker.wedding(husband, woman, married_on)
    maker.household([(woman, Relation.HEAD)], maker.day(married_on, married_on + timedelta(days=60)))
    return CastMother(woman.nik, None, husband)


def _officer(maker: _Maker, work: str) -> Nik:
    """A couple of whom one works for the state."""
    couple = maker.couple((30, 48))
    chosen = couple.wife if work == "BIDAN" or maker.chance(0.5) else couple.husband
    maker.change(chosen, occupation=work)
    _card(maker, couple, maker.children(couple, REFERENCE - 2 * YEAR, maker.random.randint(0, 3)))
    return chosen.nik


def _young_family(maker: _Maker) -> None:
    couple = maker.couple((21, 38))
    _card(maker, couple, maker.children(couple, LAST_DAY, maker.random.randint(0, 3)))


def _mature_family(maker: _Maker) -> None:
    couple = maker.couple((38, 58))
    _card(maker, couple, maker.children(couple, LAST_DAY, maker.random.randint(1, 5)))


def _extended_family(maker: _Maker) -> None:
    """A family with the widowed mother of the head on the same card."""
    couple = maker.couple((26, 45))
    children = maker.children(couple, LAST_DAY, maker.random.randint(1, 4))
    born = couple.husband.birth_date - timedelta(days=maker.random.randint(19 * 366, 35 * 365))
    grandmother = maker.person(
        couple.culture,
        Sex.FEMALE,
        born,
        religion=couple.husband.religion,
        status=MaritalStatus.WIDOWED,
    )
    maker.change(couple.husband, mother=grandmother.nik, mother_name=grandmother.name)
    _card(maker, couple, children, (grandmother, Relation.PARENT))


def _old_couple(maker: _Maker) -> None:
    _card(maker, maker.couple((58, 82)), [])


def _one_parent(maker: _Maker) -> None:
    """Half of them widowed, half divorced; the children stand on the mother's card."""
    couple = maker.couple((30, 52))
    last = max(REFERENCE - 5 * YEAR, couple.married_on + timedelta(days=300))
    children = maker.children(couple, last, maker.random.randint(1, 3))
    latest = max([couple.married_on + timedelta(days=300), *(child.birth_date for child in children)])
    ended_on = maker.day(latest, REFERENCE - timedelta(days=30))
    maker.weddings.append(replace(maker.weddings.pop(), ended_on=ended_on))
    widowed = maker.chance(0.5)
    status = MaritalStatus.WIDOWED if widowed else MaritalStatus.DIVORCED
    maker.change(couple.wife, marital_status=status)
    lines = [(couple.wife, Relation.HEAD), *((child, Relation.CHILD) for child in children)]
    maker.household(lines, maker.day(ended_on, REFERENCE))
    if widowed:
        maker.change(couple.husband, died_on=ended_on)
        return
    maker.change(couple.husband, marital_status=status)
    maker.household([(couple.husband, Relation.HEAD)], maker.day(ended_on, REFERENCE))


def _alone(maker: _Maker) -> None:
    culture = maker.culture()
    sex = maker.random.choice((Sex.MALE, Sex.FEMALE))
    born = maker.day(REFERENCE - 35 * YEAR, REFERENCE - 20 * YEAR)
    surname = maker.random.choice(culture.surnames) if culture.surnames else ""
    someone = maker.person(
        culture, sex, born, religion=maker.random.choice(culture.religions), surname=surname
    )
    maker.household([(someone, Relation.HEAD)], maker.day(born + 18 * YEAR, REFERENCE))
