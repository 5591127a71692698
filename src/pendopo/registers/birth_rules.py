"""When the office refuses to enter a birth: pure rules over what the register knows.

Limits of age and interval are plausibility limits of this register, not law; they catch slips of the pen.
What is *not* checked: whether the evidence is true (an officer of the hall decided that before commanding).
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pendopo.exchange.api import BirthCommand, MarriageProof, RefusalReason
from pendopo.kernel.clock import age_on
from pendopo.kernel.names import InvalidName, PersonName
from pendopo.kernel.sex import Sex
from pendopo.registers.errors import CommandRefused

MOTHER_AGE = (12, 60)
FATHER_AGE = (12, 100)
LONGEST_PREGNANCY_DAYS = 300
SHORTEST_INTERVAL_DAYS = 140
LONGEST_DELIVERY_DAYS = 3


@dataclass(frozen=True, slots=True)
class Parent:
    """What the rules need to know of a mother or father in the register."""

    sex: Sex
    birth_date: date
    died_on: date | None


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another child of the mother. Numbers are None where no command entered its birth."""

    name: str
    birth_date: date
    birth_order: int | None
    delivery_order: int | None
    delivery_count: int | None
    certificate: str


@dataclass(frozen=True, slots=True)
class MarriagePeriod:
    """A recorded marriage between the two parents."""

    married_on: date
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that the register knows about one birth command."""

    mother: Parent
    father: Parent | None
    siblings: tuple[Sibling, ...]
    marriages: tuple[MarriagePeriod, ...]


def check_child(command: BirthCommand, moment: datetime, zone: ZoneInfo) -> None:
    """Rules that need nothing from the register: the name and the moment of birth."""
    try:
        PersonName.parse(command.child.name)
    except InvalidName:
        raise CommandRefused(RefusalReason.CHILD_NAME_INVALID) from None
    child, local = command.child, moment.astimezone(zone)
    late_today = child.birth_time is not None and child.birth_time > local.time()
    if child.birth_date > local.date() or (child.birth_date == local.date() and late_today):
        raise CommandRefused(RefusalReason.BIRTH_IN_FUTURE)


def check_birth(command: BirthCommand, known: Known) -> None:
    """Rules over parents, marriage and siblings. Raises :class:`CommandRefused` with the first that fails."""
    born = command.child.birth_date
    _check_mother(known.mother, born)
    _check_father(command, known, born)
    for sibling in known.siblings:
        _check_sibling(command, sibling)
    elder = sum(1 for sibling in known.siblings if sibling.birth_date < born)
    if command.child.birth_order <= elder:
        raise CommandRefused(RefusalReason.BIRTH_ORDER_IMPLAUSIBLE)


def _check_mother(mother: Parent, born: date) -> None:
    if mother.sex is not Sex.FEMALE:
        raise CommandRefused(RefusalReason.MOTHER_NOT_FEMALE)
    if mother.died_on is not None and mother.died_on < born:
        # A mother who died giving birth has died on that day or later; her child is entered.
        raise CommandRefused(RefusalReason.MOTHER_NOT_ALIVE)
    if not MOTHER_AGE[0] <= age_on(mother.birth_date, born) <= MOTHER_AGE[1]:
        raise CommandRefused(RefusalReason.MOTHER_AGE_IMPLAUSIBLE)


def _check_father(command: BirthCommand, known: Known, born: date) -> None:
    if command.father is not None and command.marriage_proof is MarriageProof.NONE:
        # Without proof of marriage or a statement the child is entered as a child of the mother.
        raise CommandRefused(RefusalReason.FATHER_NEEDS_MARRIAGE_PROOF)
    if command.marriage_proof is MarriageProof.REGISTER and not any(
        _covers(period, born) for period in known.marriages
    ):
        raise CommandRefused(RefusalReason.MARRIAGE_NOT_RECORDED)
    father = known.father
    if father is None:
        return
    if father.sex is not Sex.MALE:
        raise CommandRefused(RefusalReason.FATHER_NOT_MALE)
    if father.died_on is not None and (born - father.died_on).days > LONGEST_PREGNANCY_DAYS:
        raise CommandRefused(RefusalReason.FATHER_DIED_TOO_EARLY)
    if not FATHER_AGE[0] <= age_on(father.birth_date, born) <= FATHER_AGE[1]:
        raise CommandRefused(RefusalReason.FATHER_AGE_IMPLAUSIBLE)


def _covers(period: MarriagePeriod, born: date) -> bool:
    """Born within the marriage or soon enough after its end."""
    ended = period.ended_on
    return period.married_on <= born and (ended is None or (born - ended).days <= LONGEST_PREGNANCY_DAYS)


def _check_sibling(command: BirthCommand, sibling: Sibling) -> None:
    child = command.child
    apart = abs((child.birth_date - sibling.birth_date).days)
    if apart == 0 and _same_child(command, sibling):
        raise CommandRefused(RefusalReason.DUPLICATE_BIRTH, sibling.certificate)
    one_delivery = child.delivery_count > 1 and apart <= LONGEST_DELIVERY_DAYS
    if apart < SHORTEST_INTERVAL_DAYS and not one_delivery:
        reason = RefusalReason.DUPLICATE_BIRTH if apart == 0 else RefusalReason.BIRTH_TOO_CLOSE
        raise CommandRefused(reason, sibling.certificate)
    if sibling.birth_order == child.birth_order:
        raise CommandRefused(RefusalReason.BIRTH_ORDER_IMPLAUSIBLE, sibling.certificate)


def _same_child(command: BirthCommand, sibling: Sibling) -> bool:
    child = command.child
    return (
        sibling.name.casefold() == PersonName.parse(child.name).value.casefold()
        or sibling.delivery_order == child.delivery_order
        or sibling.birth_order == child.birth_order
        or (sibling.delivery_count is not None and sibling.delivery_count != child.delivery_count)
    )
