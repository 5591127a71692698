"""A contact address that was replaced stays known for 30 days, so that its owner hears of a take-over."""

import datetime as dt

import pytest
import time_machine
from django.db import transaction

from pendopo.foundation.actor import Actor, ActorKind
from pendopo.foundation.clock import now
from pendopo.identity import api, jobs, models, testing
from pendopo.identity.actions.subjects import change_contact, ensure_subject, write_contact
from pendopo.identity.policy import FORMER_ADDRESSES
from pendopo.identity.records import SubjectView

pytestmark = pytest.mark.django_db


def change(person: SubjectView, address: str) -> None:
    change_contact(address, actor=Actor(ActorKind.PERSON, person.id, 2))


def former(person: SubjectView) -> list[str | None]:
    return [api.former_email(one) for one in api.former_contacts(person.id)]


def test_each_replaced_address_is_kept_and_sealed(sari: SubjectView) -> None:
    change(sari, "kedua@example.id")
    change(sari, "ketiga@example.id")
    assert former(sari) == ["sari@example.id", "kedua@example.id"]
    assert api.email_of(sari.id) == "ketiga@example.id"
    assert all(b"example" not in bytes(row.email) for row in models.FormerContact.objects.all())


def test_the_same_address_again_replaces_nothing(sari: SubjectView) -> None:
    change(sari, " sari@example.id ")
    assert former(sari) == []


def test_after_thirty_days_it_is_forgotten_and_swept(sari: SubjectView) -> None:
    change(sari, "kedua@example.id")
    (kept,) = api.former_contacts(sari.id)
    with time_machine.travel(now() + dt.timedelta(days=29, hours=23)):
        jobs.sweep()
        assert former(sari) == ["sari@example.id"]
    with time_machine.travel(now() + dt.timedelta(days=30, hours=1)):
        assert api.former_contacts(sari.id) == ()
        assert api.former_email(kept) is None
        jobs.sweep()
        assert not models.FormerContact.objects.exists()


def test_an_address_that_is_present_again_is_not_told_twice(sari: SubjectView) -> None:
    change(sari, "kedua@example.id")
    change(sari, "sari@example.id")
    assert former(sari) == [None, "kedua@example.id"]
    change(sari, "kedua@example.id")
    assert former(sari) == ["sari@example.id", None]


def test_many_changes_do_not_push_the_first_address_out(sari: SubjectView) -> None:
    for number in range(FORMER_ADDRESSES + 5):
        change(sari, f"pencuri{number}@example.id")
    assert len(former(sari)) == FORMER_ADDRESSES
    assert former(sari)[0] == "sari@example.id"


def test_an_address_mistyped_at_the_first_activation_is_not_kept() -> None:
    with transaction.atomic():
        row = ensure_subject(testing.a_nik(7), "Rina Puspita", proofing=1)
        write_contact(row.id, "salah@example.id")
        write_contact(row.id, "rina@example.id")
    assert api.former_contacts(row.id) == ()
