"""What happens when a birth is commanded: every rule, and what is entered."""

import dataclasses
import threading
from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from pendopo.exchange.api import (
    BirthCommand,
    CorrectionCommand,
    Father,
    MarriageProof,
    RefusalReason,
    Relation,
)
from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.clock import now, today
from pendopo.foundation.models import AuditRow, OutboxEvent
from pendopo.kernel.nik import Nik
from pendopo.kernel.sex import Sex
from pendopo.registers import models, queries, vault
from pendopo.registers.actions.correct_birth import correct_birth
from pendopo.registers.actions.register_birth import register_birth
from pendopo.registers.errors import CommandRefused
from pendopo.registers.synthetic.people import Cast
from pendopo.registers.tests import builders


def refused(command: BirthCommand) -> CommandRefused:
    people, counters = models.Person.objects.count(), dict(models.Counter.objects.values_list())
    with pytest.raises(CommandRefused) as caught:
        register_birth(command, SYSTEM)
    assert models.Person.objects.count() == people
    assert dict(models.Counter.objects.values_list()) == counters
    return caught.value


def test_a_child_is_entered_with_nik_certificate_and_family_card(register: Cast) -> None:
    mother = register.mothers[0]
    before = queries.family(mother.nik)
    done = register_birth(builders.birth(mother), SYSTEM)
    nik = done.certificate.child_nik
    assert nik.is_demo
    assert nik.sex is Sex.FEMALE
    assert nik.birth_date(today()) == builders.yesterday()
    after = queries.family(mother.nik)
    line = after.member(nik)
    assert line is not None
    assert line.relation is Relation.CHILD
    assert line.father_name == mother.husband_name
    assert (done.family_card, done.family_card_version) == (before.number, before.version + 1)
    assert after.version == before.version + 1
    assert done.certificate.number.startswith(f"3314-LU-{today():%d%m%Y}-")
    assert done.certificate.birth_place == "Kabupaten Sragen"
    assert done.certificate.parents_married
    assert AuditRow.objects.filter(event="registers.birth_registered").count() == 1
    assert OutboxEvent.objects.filter(topic="registers.birth_registered").count() == 1
    assert models.FamilyCard.objects.filter(family__lines__person__nik_index=_index(nik.value)).count() == 2


def _index(nik: str) -> bytes:
    return vault.nik_index(nik)


def test_the_counters_do_not_spell_the_niks_that_they_gave(register: Cast) -> None:
    nik = register_birth(builders.birth(register.mothers[0]), SYSTEM).certificate.child_nik
    series = list(models.Counter.objects.values_list("series", flat=True))
    assert any(name.startswith("nik:") for name in series)
    assert not any(nik.value[:12] in name for name in series)


def test_series_that_were_kept_in_the_clear_go_on_under_their_index(register: Cast) -> None:
    stem = register_birth(builders.birth(register.mothers[0]), SYSTEM).certificate.child_nik.value[:12]
    models.Counter.objects.filter(series__startswith="nik:").delete()
    models.Counter.objects.create(series=f"nik:{stem}", last=7)
    import_module("pendopo.registers.migrations.0002_counters_without_niks").rename(apps, None)
    left = dict(models.Counter.objects.filter(series__startswith="nik:").values_list())
    assert left == {f"nik:{vault.series_index(stem)}": 7}


def test_late_reports_have_their_own_series(register: Cast) -> None:
    mother = register.mothers[1]
    command = builders.birth(mother)
    late = dataclasses.replace(command.child, birth_date=today() - timedelta(days=61))
    done = register_birth(dataclasses.replace(command, child=late), SYSTEM)
    assert "-LT-" in done.certificate.number


def test_twins_are_two_commands_and_get_two_serials(register: Cast) -> None:
    mother = register.mothers[2]
    first = builders.birth(mother)
    twin = dataclasses.replace(first.child, delivery_count=2)
    other = dataclasses.replace(
        twin, name="Laras Ayu Lestari", delivery_order=2, birth_order=twin.birth_order + 1
    )
    one = register_birth(dataclasses.replace(first, child=twin), SYSTEM)
    two = register_birth(dataclasses.replace(first, child=other), SYSTEM)
    assert one.certificate.child_nik.value[:12] == two.certificate.child_nik.value[:12]
    assert two.certificate.child_nik.serial == one.certificate.child_nik.serial + 1
    assert two.family_card_version == one.family_card_version + 1


@pytest.mark.parametrize("changed", ["name", "delivery_order", "birth_order", "delivery_count"])
def test_one_child_is_not_entered_twice(register: Cast, changed: str) -> None:
    """Each likeness alone is enough: name, place in the delivery, order, size of the delivery."""
    mother = register.mothers[3]
    first = builders.birth(mother)
    twin = dataclasses.replace(first.child, delivery_count=2)
    done = register_birth(dataclasses.replace(first, child=twin), SYSTEM)
    other: dict[str, Any] = {
        "name": "Laras Ayu Lestari",
        "delivery_order": 2,
        "birth_order": twin.birth_order + 1,
    }
    if changed == "delivery_count":
        other |= {"delivery_count": 3, "delivery_order": 3}
    else:
        other.pop(changed)
    error = refused(dataclasses.replace(first, child=dataclasses.replace(twin, **other)))
    assert error.reason == RefusalReason.DUPLICATE_BIRTH
    assert error.reference == done.certificate.number


def test_births_of_one_mother_are_months_apart(register: Cast) -> None:
    mother = register.mothers[4]
    command = builders.birth(mother)
    earlier = dataclasses.replace(command.child, birth_date=today() - timedelta(days=100))
    register_birth(dataclasses.replace(command, child=earlier), SYSTEM)
    again = dataclasses.replace(command.child, birth_order=earlier.birth_order + 1, name="Laras Ayu")
    assert refused(dataclasses.replace(command, child=again)).reason == RefusalReason.BIRTH_TOO_CLOSE


def test_twins_may_be_born_on_two_sides_of_midnight(register: Cast) -> None:
    mother = register.mothers[4]
    command = builders.birth(mother)
    first = dataclasses.replace(command.child, delivery_count=2, birth_date=today() - timedelta(days=2))
    second = dataclasses.replace(
        first,
        delivery_order=2,
        birth_order=first.birth_order + 1,
        name="Laras Ayu",
        birth_date=today() - timedelta(days=1),
    )
    register_birth(dataclasses.replace(command, child=first), SYSTEM)
    register_birth(dataclasses.replace(command, child=second), SYSTEM)


def test_a_child_cannot_be_an_earlier_child_than_the_register_knows(register: Cast) -> None:
    mother = next(m for m in register.mothers if builders.next_order(m) > 1)
    command = builders.birth(mother)
    first = dataclasses.replace(command.child, birth_order=1)
    assert refused(dataclasses.replace(command, child=first)).reason == RefusalReason.BIRTH_ORDER_IMPLAUSIBLE


def test_mother_must_be_known_a_woman_alive_and_of_age(register: Cast) -> None:
    mother = register.mothers[5]
    assert mother.husband is not None
    command = builders.birth(mother)
    unknown = dataclasses.replace(command, mother_nik=_stranger(command))
    assert refused(unknown).reason == RefusalReason.MOTHER_NOT_FOUND
    man = dataclasses.replace(command, mother_nik=mother.husband, marriage_proof=MarriageProof.DOCUMENT)
    assert refused(man).reason == RefusalReason.MOTHER_NOT_FEMALE
    row = models.Person.objects.filter(nik_index=_index(mother.nik.value))
    row.update(died_on=builders.yesterday() - timedelta(days=1))
    assert (
        refused(dataclasses.replace(command, applicant_nik=mother.husband)).reason
        == RefusalReason.MOTHER_NOT_ALIVE
    )
    row.update(died_on=None, birth_date=date(today().year - 70, 1, 1))
    assert refused(command).reason == RefusalReason.MOTHER_AGE_IMPLAUSIBLE
    row.update(birth_date=date(today().year - 9, 1, 1))
    assert refused(command).reason == RefusalReason.MOTHER_AGE_IMPLAUSIBLE


def test_a_mother_who_died_giving_birth_has_her_child_entered(register: Cast) -> None:
    mother = register.mothers[5]
    assert mother.husband is not None
    models.Person.objects.filter(nik_index=_index(mother.nik.value)).update(died_on=builders.yesterday())
    command = dataclasses.replace(builders.birth(mother), applicant_nik=mother.husband)
    assert register_birth(command, SYSTEM).certificate.mother_name


def _stranger(command: BirthCommand) -> Nik:
    return Nik.parse(command.mother_nik.value[:12] + "9998")


def test_father_must_be_known_a_man_and_not_long_dead(register: Cast) -> None:
    mother, other = register.mothers[6], register.mothers[7]
    assert mother.husband is not None
    command = dataclasses.replace(builders.birth(mother), marriage_proof=MarriageProof.DOCUMENT)
    stranger = dataclasses.replace(command, father=Father(nik=_stranger(command)))
    assert refused(stranger).reason == RefusalReason.FATHER_NOT_FOUND
    woman = dataclasses.replace(command, father=Father(nik=other.nik))
    assert refused(woman).reason == RefusalReason.FATHER_NOT_MALE
    row = models.Person.objects.filter(nik_index=_index(mother.husband.value))
    row.update(died_on=builders.yesterday() - timedelta(days=301))
    assert refused(command).reason == RefusalReason.FATHER_DIED_TOO_EARLY
    row.update(died_on=builders.yesterday() - timedelta(days=299))
    assert register_birth(command, SYSTEM).certificate.father_name == mother.husband_name


def test_father_younger_than_a_child_is_refused(register: Cast) -> None:
    mother = register.mothers[6]
    assert mother.husband is not None
    row = models.Person.objects.filter(nik_index=_index(mother.husband.value))
    row.update(birth_date=today() - timedelta(days=5 * 365))
    assert refused(builders.birth(mother)).reason == RefusalReason.FATHER_AGE_IMPLAUSIBLE


def test_marriage_must_be_on_record_where_the_register_is_the_proof(register: Cast) -> None:
    mother, other = register.mothers[8], register.mothers[9]
    command = dataclasses.replace(builders.birth(mother), father=Father(nik=other.husband))
    assert refused(command).reason == RefusalReason.MARRIAGE_NOT_RECORDED
    stated = dataclasses.replace(command, marriage_proof=MarriageProof.STATEMENT)
    assert not register_birth(stated, SYSTEM).certificate.parents_married


def test_child_of_a_single_mother_has_no_father(register: Cast) -> None:
    mother = register.single_mother
    command = builders.birth(mother)
    named = dataclasses.replace(command, father=Father(stated_name="Orang Lain"))
    assert refused(named).reason == RefusalReason.FATHER_NEEDS_MARRIAGE_PROOF
    done = register_birth(command, SYSTEM)
    assert done.certificate.father_name is None
    assert not done.certificate.parents_married


def test_father_whom_the_register_does_not_know_stands_by_name(register: Cast) -> None:
    mother = register.mother_of_unknown_husband
    command = dataclasses.replace(
        builders.birth(mother),
        father=Father(stated_name=mother.husband_name),
        marriage_proof=MarriageProof.REGISTER,
    )
    assert register_birth(command, SYSTEM).certificate.father_name == mother.husband_name


@pytest.mark.parametrize("name", ["Sekar", "Sekar 2", "S" * 61 + " Ayu", "Sekar Ayu!"])
def test_names_against_the_rule_are_refused(register: Cast, name: str) -> None:
    command = builders.birth(register.mothers[10])
    bad = dataclasses.replace(command, child=dataclasses.replace(command.child, name=name))
    assert refused(bad).reason == RefusalReason.CHILD_NAME_INVALID


def test_nobody_is_born_tomorrow_or_in_nowhere(register: Cast) -> None:
    command = builders.birth(register.mothers[10])
    tomorrow = dataclasses.replace(command.child, birth_date=today() + timedelta(days=1))
    assert refused(dataclasses.replace(command, child=tomorrow)).reason == RefusalReason.BIRTH_IN_FUTURE
    nowhere = dataclasses.replace(command.child, birth_place_code="33.98")
    assert refused(dataclasses.replace(command, child=nowhere)).reason == RefusalReason.UNKNOWN_REGION
    stranger = dataclasses.replace(command, applicant_nik=_stranger(command))
    assert refused(stranger).reason == RefusalReason.APPLICANT_NOT_FOUND


def test_midwife_may_be_the_applicant(register: Cast) -> None:
    command = dataclasses.replace(builders.birth(register.mothers[10]), applicant_nik=register.midwife)
    assert register_birth(command, SYSTEM).event_id


def _correction(certificate: str, nik: Nik, **changes: object) -> CorrectionCommand:
    made = CorrectionCommand(
        certificate=certificate,
        child_nik=nik,
        child_name="Sekar Ayu Lestary",
        birth_place_code=None,
        reason="Salah tulis",
        case_number="PA-2026-000001",
        decided_at=now(),
    )
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]  # tests name real fields


def test_a_correction_makes_a_new_issue_and_a_new_card(register: Cast) -> None:
    done = register_birth(builders.birth(register.mothers[11]), SYSTEM)
    first = done.certificate
    fixed = correct_birth(_correction(first.number, first.child_nik, birth_place_code="33.72"), SYSTEM)
    assert fixed.certificate.full_number == f"{first.number}/2"
    assert fixed.replaced == first.number
    assert fixed.certificate.birth_place == "Kota Surakarta"
    assert {field.value for field in fixed.certificate.corrected} == {"child_name", "birth_place"}
    assert fixed.certificate.father_name == first.father_name
    assert fixed.family_card_version == done.family_card_version + 1
    member = queries.family(register.mothers[11].nik).member(first.child_nik)
    assert member is not None
    assert member.name == "Sekar Ayu Lestary"
    assert models.CertificateIssue.objects.count() == 2


def test_a_correction_must_name_the_right_child_and_change_something(register: Cast) -> None:
    first = register_birth(builders.birth(register.mothers[11]), SYSTEM).certificate
    cases = {
        _correction(first.number, register.mothers[0].nik): RefusalReason.CERTIFICATE_NOT_FOUND,
        _correction("3314-LU-01012020-0001", first.child_nik): RefusalReason.CERTIFICATE_NOT_FOUND,
        _correction(
            first.number, first.child_nik, child_name=first.child_name
        ): RefusalReason.NOTHING_TO_CORRECT,
        _correction(first.number, first.child_nik, child_name="Sekar"): RefusalReason.CHILD_NAME_INVALID,
        _correction(first.number, first.child_nik, birth_place_code="99.99"): RefusalReason.UNKNOWN_REGION,
    }
    for command, reason in cases.items():
        with pytest.raises(CommandRefused) as caught:
            correct_birth(command, SYSTEM)
        assert caught.value.reason == reason
    assert models.CertificateIssue.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_births_entered_at_once_get_different_numbers(busy_register: Cast) -> None:
    """Eight mothers on one day: eight serials and eight certificate numbers, none left out."""
    commands = [builders.birth(mother) for mother in busy_register.mothers[:8]]
    commands = [
        dataclasses.replace(command, child=dataclasses.replace(command.child, birth_time=None))
        for command in commands
    ]
    niks: list[str] = []
    numbers: list[str] = []
    failures: list[BaseException] = []

    def run(command: BirthCommand) -> None:
        try:
            done = register_birth(command, SYSTEM)
            niks.append(done.certificate.child_nik.value)
            numbers.append(done.certificate.number)
        except BaseException as error:  # noqa: BLE001  # told below, in the test's own thread
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(command,)) for command in commands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(set(niks)) == 8
    assert sorted(int(number[-4:]) for number in numbers) == list(range(1, 9))


@pytest.mark.django_db(transaction=True)
def test_one_birth_sent_twice_at_once_is_entered_once(busy_register: Cast) -> None:
    command = builders.birth(busy_register.mothers[0])
    outcomes: list[str] = []

    def run() -> None:
        try:
            register_birth(command, SYSTEM)
            outcomes.append("entered")
        except CommandRefused as error:
            outcomes.append(error.reason)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["duplicate-birth"] * 3 + ["entered"]
