"""Questions and commands to the population office (service interface ``population-v1``).

Each function is one exchange through two gateways: signed, logged on both sides, and written to the access
record of every person shown. Nothing is cached here.
"""

import json
from collections.abc import Iterable

from pydantic import ValidationError

from pendopo.exchange.context import Context
from pendopo.exchange.errors import (
    CommandRefused,
    ExchangeDenied,
    FamilyNotFound,
    Hop,
    PersonNotFound,
    PopulationAnswerInvalid,
    PopulationUnavailable,
)
from pendopo.exchange.gateway import Answer, Endpoint, call
from pendopo.exchange.population import answers, commands
from pendopo.exchange.pseudonyms import pseudonym
from pendopo.exchange.records import (
    BirthCommand,
    BirthCorrected,
    BirthRegistered,
    CorrectionCommand,
    Family,
    Person,
    PersonField,
)
from pendopo.exchange.services import POPULATION, service_for
from pendopo.foundation.settings import current
from pendopo.kernel.nik import Nik

__all__ = ["correct_birth", "family", "person", "register_birth"]

OK = 200
CREATED = 201
NOW_NOT = frozenset({408, 425, 429, 502, 503, 504})
"""Statuses that say "not now", or come from something that stands before the office's system."""


def person(nik: Nik, *, fields: Iterable[PersonField], context: Context) -> Person:
    """Ask for some fields of one person.

    Raises :class:`PersonNotFound`; :class:`ExchangeDenied` when the purpose does not allow a field.
    """
    asked = sorted({PersonField(field) for field in fields})
    answer = _ask("/persons", {"nik": nik.value, "fields": asked}, subjects=(nik,), context=context)
    found = _parse(answers.PersonAnswer, answer).record()
    if found.nik != nik or not found.fields <= set(asked):
        raise PopulationAnswerInvalid(Hop.POPULATION_OFFICE, "another-person-or-field")
    return found


def family(nik: Nik, *, context: Context) -> Family:
    """Ask for the family card on which a person stands, with its standing marriages.

    Raises :class:`PersonNotFound` or :class:`FamilyNotFound`.
    """
    answer = _ask("/families", {"nik": nik.value}, subjects=(nik,), context=context)
    found = _parse(answers.FamilyAnswer, answer).record()
    if found.member(nik) is None:
        raise PopulationAnswerInvalid(Hop.POPULATION_OFFICE, "another-family")
    return found


def register_birth(command: BirthCommand, *, context: Context, idempotency_key: str) -> BirthRegistered:
    """Command the office to enter one child. Repeat with the same key after :class:`PopulationUnavailable`.

    Raises :class:`CommandRefused` with a ``RefusalReason`` when the office examined it and says no.
    """
    niks = [command.mother_nik, command.applicant_nik]
    if command.father is not None and command.father.nik is not None:
        niks.append(command.father.nik)
    answer = _ask(
        "/births",
        commands.birth(command),
        subjects=tuple(dict.fromkeys(niks)),
        context=context,
        key=idempotency_key,
    )
    return _parse(answers.BirthAnswer, answer).record()


def correct_birth(command: CorrectionCommand, *, context: Context, idempotency_key: str) -> BirthCorrected:
    """Command the office to correct an issued birth certificate; it answers with the new issue."""
    answer = _ask(
        f"/births/{command.certificate}/corrections",
        commands.correction(command),
        subjects=(command.child_nik,),
        context=context,
        key=idempotency_key,
    )
    found = _parse(answers.CorrectionAnswer, answer).record()
    if found.certificate.child_nik != command.child_nik:
        raise PopulationAnswerInvalid(Hop.POPULATION_OFFICE, "another-child")
    return found


def _ask(
    path: str, body: commands.Json, *, subjects: tuple[Nik, ...], context: Context, key: str | None = None
) -> Answer:
    if current().production and any(nik.is_demo for nik in subjects):
        # Fiction has no place in production: nobody real has such a number.
        raise PersonNotFound if key is None else ExchangeDenied(Hop.OWN_GATEWAY, "fictitious-nik")
    endpoint = Endpoint(service_for(POPULATION), path)
    names = tuple(pseudonym(nik) for nik in subjects)
    answer = call(endpoint, json.dumps(body).encode(), context=context, subjects=names, idempotency_key=key)
    if answer.status not in {OK, CREATED}:
        raise _refusal(answer, command=key is not None)
    if not set(names) <= set(answer.subjects) and key is None:
        # The access record would not name the person whom we asked about.
        raise PopulationAnswerInvalid(Hop.POPULATION_OFFICE, "subjects-missing")
    return answer


def _parse[A: answers.Wire](model: type[A], answer: Answer) -> A:
    try:
        return model.model_validate_json(answer.body)
    except ValidationError:
        # The text of a validation error quotes its input, which is personal data: it stops here.
        raise PopulationAnswerInvalid(Hop.POPULATION_OFFICE, "schema") from None


def _refusal(
    answer: Answer, *, command: bool
) -> PersonNotFound | CommandRefused | ExchangeDenied | PopulationUnavailable:
    """Translate a problem document of the office itself."""
    try:
        problem = answers.ProblemAnswer.model_validate_json(answer.body)
    except ValidationError:
        problem = answers.ProblemAnswer()
    if problem.code == "registers.person_not_found":
        return PersonNotFound()
    if problem.code == "registers.family_not_found":
        return FamilyNotFound()
    if command and problem.code == "registers.command_refused" and problem.reason:
        return CommandRefused(problem.reason, problem.reference)
    if answer.status in {400, 401, 403, 405, 413, 415, 422}:
        return ExchangeDenied(Hop.POPULATION_OFFICE, problem.reason or f"status-{answer.status}")
    if answer.status in NOW_NOT:
        return PopulationUnavailable(Hop.POPULATION_OFFICE, f"status-{answer.status}")
    return PopulationAnswerInvalid(Hop.POPULATION_OFFICE, f"status-{answer.status}")
