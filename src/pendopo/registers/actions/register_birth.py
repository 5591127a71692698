"""Enter a birth: the child with a new NIK, the event, the certificate, a new version of the family card."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from pendopo.exchange.api import (
    BirthCommand,
    BirthRegistered,
    Certificate,
    MaritalStatus,
    MarriageProof,
    RefusalReason,
    Relation,
)
from pendopo.foundation.actor import Actor
from pendopo.foundation.audit import audit, event_type
from pendopo.foundation.clock import now
from pendopo.foundation.outbox import emit
from pendopo.foundation.settings import current
from pendopo.kernel.ids import uuid7
from pendopo.kernel.names import PersonName
from pendopo.kernel.nik import Nik
from pendopo.kernel.sex import Sex
from pendopo.registers import birth_rules, cards, certificates, models, numbers, queries, regions, vault
from pendopo.registers.errors import CommandRefused

REGISTERED = event_type("registers.birth_registered", "The office entered a birth on command of a hall")


@transaction.atomic
def register_birth(command: BirthCommand, actor: Actor) -> BirthRegistered:
    """Check and enter one child. Raises :class:`CommandRefused`; then nothing was changed.

    The mother's row is locked first, so that two commands about one mother are examined one after the other.
    """
    moment, zone = now(), ZoneInfo(current().time_zone)
    birth_rules.check_child(command, moment, zone)
    mother, father, applicant = _people(command)
    family = _family_of(mother)
    birth_place = regions.regency_name(command.child.birth_place_code)
    if birth_place is None:
        raise CommandRefused(RefusalReason.UNKNOWN_REGION)
    birth_rules.check_birth(command, _known(mother, father))
    child = _insert_child(command, mother, father, family, birth_place)
    _add_line(family, child, mother)
    birth = _insert_birth(command, (child, mother, father, applicant), family, moment, zone)
    certificate = _certificate(command, birth, queries.nik_of(child), birth_place)
    certificates.store(birth, certificate, command.case_number)
    version = cards.issue(family, "birth", certificate.registered_on)
    audit(REGISTERED, actor=actor, object_id=birth.id, detail={"certificate": birth.certificate})
    emit("registers.birth_registered", {"birth_id": str(birth.id), "family_id": str(family.id)})
    return BirthRegistered(str(birth.id), certificate, queries.card_number(family), version, moment)


def _people(command: BirthCommand) -> tuple[models.Person, models.Person | None, models.Person]:
    rows = models.Person.objects.select_for_update(no_key=True)
    mother = rows.filter(nik_index=vault.nik_index(command.mother_nik.value)).first()
    if mother is None:
        raise CommandRefused(RefusalReason.MOTHER_NOT_FOUND)
    father_nik = command.father.nik if command.father else None
    father = queries.find(father_nik) if father_nik else None
    if father_nik and father is None:
        raise CommandRefused(RefusalReason.FATHER_NOT_FOUND)
    applicant = queries.find(command.applicant_nik)
    if applicant is None or applicant.died_on is not None:
        raise CommandRefused(RefusalReason.APPLICANT_NOT_FOUND)
    return mother, father, applicant


def _family_of(mother: models.Person) -> models.Family:
    line = models.FamilyLine.objects.filter(person=mother).first()
    if line is None:
        raise CommandRefused(RefusalReason.MOTHER_WITHOUT_FAMILY_CARD)
    return models.Family.objects.select_for_update(no_key=True).get(id=line.family_id)


def _known(mother: models.Person, father: models.Person | None) -> birth_rules.Known:
    return birth_rules.Known(
        mother=_parent(mother),
        father=_parent(father) if father else None,
        siblings=tuple(_sibling(row) for row in mother.children_of_mother.select_related("birth")),
        marriages=_marriages(mother, father),
    )


def _parent(row: models.Person) -> birth_rules.Parent:
    return birth_rules.Parent(Sex(row.sex), row.birth_date, row.died_on)


def _sibling(row: models.Person) -> birth_rules.Sibling:
    birth = getattr(row, "birth", None)
    return birth_rules.Sibling(
        name=queries.name_of(row),
        birth_date=row.birth_date,
        birth_order=birth.birth_order if birth else None,
        delivery_order=birth.delivery_order if birth else None,
        delivery_count=birth.delivery_count if birth else None,
        certificate=birth.certificate if birth else "",
    )


def _marriages(mother: models.Person, father: models.Person | None) -> tuple[birth_rules.MarriagePeriod, ...]:
    """Recorded marriages of the mother with this father, or with a husband unknown here."""
    of_mother = models.Marriage.objects.filter(Q(wife=mother), Q(husband=father))
    return tuple(birth_rules.MarriagePeriod(row.married_on, row.ended_on) for row in of_mother)


def _insert_child(
    command: BirthCommand,
    mother: models.Person,
    father: models.Person | None,
    family: models.Family,
    birth_place: str,
) -> models.Person:
    child, row_id = command.child, uuid7()
    nik = numbers.issue_nik(
        family.village_code, child.birth_date, child.sex, fiction=command.mother_nik.is_demo
    )
    return models.Person.objects.create(
        id=row_id,
        nik_index=vault.nik_index(nik.value),
        nik=vault.seal("person", "nik", row_id, nik.value),
        name=vault.seal("person", "name", row_id, PersonName.parse(child.name).value),
        sex=child.sex.value,
        birth_date=child.birth_date,
        birth_place=birth_place,
        birth_place_code=child.birth_place_code,
        marital_status=MaritalStatus.UNMARRIED.value,
        citizenship="WNI",
        religion=mother.religion,
        occupation="BELUM/TIDAK BEKERJA",
        father=father,
        mother=mother,
        parent_names=vault.seal_map(
            "person",
            "parent_names",
            row_id,
            {"father": _father_name(command, father), "mother": queries.name_of(mother)},
        ),
    )


def _father_name(command: BirthCommand, father: models.Person | None) -> str | None:
    if father is not None:
        return queries.name_of(father)
    return command.father.stated_name if command.father else None


def _add_line(family: models.Family, child: models.Person, mother: models.Person) -> None:
    lines = {line.person_id: line for line in family.lines.all()}
    of_mother = Relation(lines[mother.id].relation)
    if of_mother in {Relation.HEAD, Relation.WIFE}:
        relation = Relation.CHILD
    elif of_mother in {Relation.CHILD, Relation.CHILD_IN_LAW}:
        relation = Relation.GRANDCHILD
    else:
        relation = Relation.OTHER_RELATIVE
    models.FamilyLine.objects.create(
        family=family,
        person=child,
        number=max(line.number for line in lines.values()) + 1,
        relation=relation.value,
    )


type _People = tuple[models.Person, models.Person, models.Person | None, models.Person]


def _insert_birth(
    command: BirthCommand, people: _People, family: models.Family, moment: datetime, zone: ZoneInfo
) -> models.Birth:
    given, row_id = command.child, uuid7()
    child, mother, father, applicant = people
    number = numbers.issue_certificate_number(
        family.village_code, given.birth_date, moment.astimezone(zone).date()
    )
    return models.Birth.objects.create(
        id=row_id,
        child=child,
        mother=mother,
        father=father,
        applicant=applicant,
        father_stated_name=_sealed_stated_name(command, row_id),
        marriage_proof=command.marriage_proof.value,
        birth_time=given.birth_time,
        place_kind=given.place_kind.value,
        attendant=given.attendant.value,
        birth_order=given.birth_order,
        delivery_order=given.delivery_order,
        delivery_count=given.delivery_count,
        weight_grams=given.weight_grams,
        length_millimetres=given.length_millimetres,
        certificate=number,
        registered_at=moment,
        case_number=command.case_number,
    )


def _sealed_stated_name(command: BirthCommand, row_id: UUID) -> bytes | None:
    if command.father is None or command.father.stated_name is None:
        return None
    return vault.seal("birth", "father_stated_name", row_id, command.father.stated_name)


def _certificate(command: BirthCommand, birth: models.Birth, nik: Nik, birth_place: str) -> Certificate:
    day = birth.registered_at.astimezone(ZoneInfo(current().time_zone)).date()
    return Certificate(
        number=birth.certificate,
        version=1,
        registered_on=day,
        issued_on=day,
        child_nik=nik,
        child_name=queries.name_of(birth.child),
        child_sex=command.child.sex,
        birth_date=command.child.birth_date,
        birth_place=birth_place,
        birth_order=command.child.birth_order,
        mother_name=queries.name_of(birth.mother),
        father_name=_father_name(command, birth.father),
        parents_married=command.marriage_proof in {MarriageProof.REGISTER, MarriageProof.DOCUMENT},
    )
