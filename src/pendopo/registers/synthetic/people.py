"""Frozen fiction: persons, marriages and families before they become rows."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from pendopo.exchange.api import MaritalStatus, Relation
from pendopo.kernel.nik import Nik
from pendopo.kernel.sex import Sex


@dataclass(frozen=True, slots=True)
class Birthplace:
    """A regency or city; its name is looked up when rows are made."""

    code: str


@dataclass(frozen=True, slots=True)
class Someone:
    """A fictitious person. ``father`` and ``mother`` point into the same population where they are in it."""

    nik: Nik
    name: str
    sex: Sex
    birth_date: date
    birthplace: Birthplace
    religion: str
    occupation: str
    marital_status: MaritalStatus
    died_on: date | None
    father: Nik | None
    mother: Nik | None
    father_name: str
    mother_name: str
    email: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class Wedding:
    """A recorded marriage; a side without NIK is a person whom the register does not know."""

    husband: Nik | None
    husband_name: str
    wife: Nik | None
    wife_name: str
    married_on: date
    ended_on: date | None
    certificate: str
    recorded_by: Literal["kua", "civil-registry"]


@dataclass(frozen=True, slots=True)
class Household:
    """One family card: lines in order, the first is the head."""

    number: str
    street: str
    rt: str
    rw: str
    village_code: str
    issued_on: date
    lines: tuple[tuple[Nik, Relation], ...]


@dataclass(frozen=True, slots=True)
class Population:
    """Everything that one seed makes."""

    people: dict[Nik, Someone]
    weddings: tuple[Wedding, ...]
    households: tuple[Household, ...]


@dataclass(frozen=True, slots=True)
class CastMother:
    """A mother of the cast: who she is, and her husband as far as the register knows him."""

    nik: Nik
    husband: Nik | None
    husband_name: str | None


@dataclass(frozen=True, slots=True)
class Cast:
    """The people of the demonstration, found again by seed alone."""

    mothers: tuple[CastMother, ...]
    single_mother: CastMother
    mother_of_unknown_husband: CastMother
    midwife: Nik
    administrator: Nik
    population_verifier: Nik
    population_decider: Nik
    counter_officer: Nik
    dinsos_officer: Nik
