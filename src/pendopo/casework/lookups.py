"""Asking the registers for what the law lets them tell, so that nobody is asked twice.

Which look-ups are due is said by the definition (``Interpretation.lookups_due``); this module runs them
through the exchange, one after another, and puts the answers beside the answers of the person. It does
network I/O and is never called inside a transaction.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from pendopo.casework.content import Content, Known
from pendopo.catalogue import api as catalogue
from pendopo.catalogue.api import Facts, Interpretation, LookupDue, Service, Value
from pendopo.exchange import api as exchange
from pendopo.foundation.actor import Actor
from pendopo.foundation.clock import now, today
from pendopo.foundation.formats import zone
from pendopo.foundation.limits import rate_limit
from pendopo.identity import api as identity
from pendopo.kernel.nik import InvalidNik, Nik

POPULATION = "population"
UNUSABLE_ANSWER = "population_answer"
MOST_LOOKUPS = 12
"""More than any honest application needs; a definition that loops stops here."""
TRIES, SECONDS = 40, 3600


@dataclass(frozen=True, slots=True)
class Applicant:
    """The signed-in person, as the facts of an application know them."""

    subject_id: UUID
    nik: Nik
    name: str


def applicant_of(subject_id: UUID) -> Applicant:
    """Read who the applicant is from ``identity``."""
    nik, name = identity.nik_and_name(subject_id)
    return Applicant(subject_id, nik, name)


def facts_of(applicant: Applicant, content: Content, day: dt.date | None = None) -> Facts:
    """Return the facts that ``catalogue`` interprets, as of ``day`` (default: today)."""
    return Facts(
        today=day or today(zone()),
        session={"nik": applicant.nik.value, "name": applicant.name},
        answers=content.answers,
        known=content.register_answers(),
    )


@dataclass(frozen=True, slots=True)
class Looked:
    """The content after the look-ups; ``waits_for`` says what is missing (see there), or is empty."""

    content: Content
    state: Interpretation
    waits_for: str


def run(service: Service, content: Content, applicant: Applicant, actor: Actor, *, issue: str = "") -> Looked:
    """Run every look-up that is due, until none is or a register does not answer.

    Raises ``TooManyRequests`` when one person looks up improbably many people, and ``ExchangeDenied`` when
    the agreement does not cover the question (a mistake of configuration, never of the applicant).
    """
    state = catalogue.interpret(service, facts_of(applicant, content))
    for _ in range(MOST_LOOKUPS):
        if not state.lookups_due:
            return Looked(content, state, "")
        for due in state.lookups_due:
            rate_limit("casework.lookup", key=str(applicant.subject_id), limit=TRIES, seconds=SECONDS)
            try:
                content = content.with_known(due.key, _ask(due, content, applicant, actor, issue))
            except exchange.PopulationUnavailable as error:
                state = catalogue.interpret(service, facts_of(applicant, content))
                return Looked(content, state, waits_for(error))
        state = catalogue.interpret(service, facts_of(applicant, content))
    return Looked(content, state, "")


def waits_for(error: exchange.PopulationUnavailable) -> str:
    """Say what is missing: the office itself, or an answer of it that can be used. People are told which."""
    return UNUSABLE_ANSWER if isinstance(error, exchange.PopulationAnswerInvalid) else POPULATION


def _ask(due: LookupDue, content: Content, applicant: Applicant, actor: Actor, issue: str) -> Known:
    try:
        nik = Nik.parse(due.nik)
    except InvalidNik:
        return Known(due.nik, None, now(), "", own=False, purpose=due.lookup.purpose)
    context = exchange.Context(purpose=due.lookup.purpose, actor=actor, issue=issue)
    try:
        values, members = _OPERATIONS[due.lookup.operation](nik, due, context)
    except exchange.PersonNotFound:
        values, members = None, frozenset[str]()
    own = nik == applicant.nik or _in_own_family(nik, content)
    return Known(
        nik=nik.value,
        values=values,
        read_at=now(),
        subject=exchange.pseudonym(nik),
        own=own,
        purpose=due.lookup.purpose,
        members=tuple(sorted(members)) if own else (),
    )


def _in_own_family(nik: Nik, content: Content) -> bool:
    wanted = exchange.pseudonym(nik)
    return any(wanted in answer.members for answer in content.known.values() if answer.own)


type _Answer = tuple[dict[str, Value] | None, frozenset[str]]


def _person(nik: Nik, due: LookupDue, context: exchange.Context) -> _Answer:
    wanted = [exchange.PersonField(name) for name in due.lookup.fields if name != "nik"]
    found = exchange.population.person(nik, fields=wanted, context=context)
    candidates: dict[str, Value | None] = {
        "nik": found.nik.value,
        "name": found.name,
        "sex": None if found.sex is None else found.sex.value,
        "birth_date": found.birth_date,
        "birth_place": found.birth_place,
        "alive": found.alive,
        "marital_status": None if found.marital_status is None else found.marital_status.value,
        "citizenship": found.citizenship,
        "occupation": found.occupation,
        "religion": found.religion,
        "address": None if found.address is None else one_line(found.address),
        "family_card": found.family_card,
    }
    return _present(candidates), frozenset()


def _family(nik: Nik, due: LookupDue, context: exchange.Context) -> _Answer:
    found = exchange.population.family(nik, context=context)
    marriage = found.marriage_of(nik)
    candidates: dict[str, Value | None] = {"number": found.number, "marriage_recorded": marriage is not None}
    if marriage is not None:
        spouse = marriage.wife if marriage.husband.nik == nik else marriage.husband
        candidates |= {
            "married_on": marriage.married_on,
            "marriage_certificate": marriage.certificate,
            "spouse_nik": None if spouse.nik is None else spouse.nik.value,
            "spouse_name": spouse.name,
        }
    wanted = {name: value for name, value in candidates.items() if name in due.lookup.fields}
    members = frozenset(exchange.pseudonym(member.nik) for member in found.members)
    if marriage is not None:
        members |= {exchange.pseudonym(side.nik) for side in (marriage.wife, marriage.husband) if side.nik}
    return _present(wanted), members


_OPERATIONS: dict[str, Callable[[Nik, LookupDue, exchange.Context], _Answer]] = {
    "person": _person,
    "family": _family,
}


def _present(candidates: dict[str, Value | None]) -> dict[str, Value]:
    return {name: value for name, value in candidates.items() if value is not None}


def one_line(address: exchange.Address) -> str:
    """Write an address as on an envelope, without its codes."""
    return f"{address.street}, RT {address.rt}/RW {address.rw}, {address.village}, {address.district}"
