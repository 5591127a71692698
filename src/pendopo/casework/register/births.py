"""Turning an approved application into the command that the population office understands.

Which answer fills which argument is said by the definition (``catalogue.command_input``); here the values
become the typed command. A value of the wrong kind is a mistake of the definition, not of the applicant,
and stops with :class:`DefinitionMismatch`.
"""

import datetime as dt
from collections.abc import Mapping

from pendopo.casework.errors import DefinitionMismatch
from pendopo.casework.models import Case
from pendopo.catalogue import api as catalogue
from pendopo.catalogue.api import Facts, Service, Value
from pendopo.exchange.api import BirthAttendant, BirthCommand, BirthPlaceKind, Child, Father, MarriageProof
from pendopo.identity import api as identity
from pendopo.kernel.nik import InvalidNik, Nik
from pendopo.kernel.sex import Sex

ACTION = "register_birth"
MILLIMETRES = 10


def command_of(case: Case, service: Service, facts: Facts, child: int) -> BirthCommand:
    """Return the command for one child of an approved case."""
    given = _Arguments(catalogue.command_input(service, facts, ACTION, child))
    try:
        return BirthCommand(
            child=_child(given),
            mother_nik=Nik.parse(given.text("mother_nik")),
            father=_father(given),
            marriage_proof=MarriageProof(given.text("marriage_proof")),
            applicant_nik=identity.nik_of(case.subject_id),
            case_number=case.number,
            decided_at=case.decision.decided_at,
        )
    except (InvalidNik, ValueError) as error:
        raise DefinitionMismatch from error


class _Arguments:
    """Typed access to the arguments of a command."""

    def __init__(self, given: Mapping[str, Value | None]) -> None:
        self._given = given

    def text(self, name: str) -> str:
        value = self._given.get(name)
        if not isinstance(value, str) or not value:
            raise DefinitionMismatch(name=name)
        return value

    def optional_text(self, name: str) -> str | None:
        return self.text(name) if self._given.get(name) else None

    def number(self, name: str) -> int:
        value = self._given.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise DefinitionMismatch(name=name)
        return value

    def optional_number(self, name: str) -> int | None:
        return None if self._given.get(name) is None else self.number(name)

    def day(self, name: str) -> dt.date:
        value = self._given.get(name)
        if not isinstance(value, dt.date):
            raise DefinitionMismatch(name=name)
        return value

    def optional_time(self, name: str) -> dt.time | None:
        value = self._given.get(name)
        if value is not None and not isinstance(value, dt.time):
            raise DefinitionMismatch(name=name)
        return value


def _child(given: _Arguments) -> Child:
    return Child(
        name=given.text("name"),
        sex=Sex(given.text("sex")),
        birth_date=given.day("birth_date"),
        birth_time=given.optional_time("birth_time"),
        birth_place_code=given.text("birth_place_code"),
        place_kind=BirthPlaceKind(given.text("place_kind")),
        attendant=BirthAttendant(given.text("attendant")),
        birth_order=given.number("birth_order"),
        delivery_order=given.number("delivery_order"),
        delivery_count=given.number("delivery_count"),
        weight_grams=given.optional_number("weight_grams"),
        length_millimetres=_length(given),
    )


def _length(given: _Arguments) -> int | None:
    """Return the length in millimetres, which the definition gives in centimetres or millimetres."""
    centimetres = given.optional_number("length_cm")
    return given.optional_number("length_millimetres") if centimetres is None else centimetres * MILLIMETRES


def _father(given: _Arguments) -> Father | None:
    nik, name = given.optional_text("father_nik"), given.optional_text("father_stated_name")
    if nik is None and name is None:
        return None
    return Father(nik=None if nik is None else Nik.parse(nik), stated_name=name)
