"""From the decision to the close: what moves a dossier, what its page tells, and English words."""

import datetime as dt
import re

import pytest
from django.test import Client

from pendopo.cabinet import errors
from pendopo.cabinet.actions import closing, decisions, minutes
from pendopo.cabinet.actions.decisions import Order, Public
from pendopo.cabinet.course import Facts, Work, may_close, state_after
from pendopo.cabinet.models import Dossier, Publication, Task
from pendopo.cabinet.testing.browsers import at_seat, seated
from pendopo.cabinet.testing.house import House
from pendopo.cabinet.testing.walk import Held, drafted, meeting
from pendopo.cabinet.values import DossierState
from pendopo.foundation.clock import now, today
from pendopo.foundation.formats import zone
from pendopo.foundation.models import AuditRow

DONE = Work(is_open=False, is_reported=True)
PUBLIC = Public("Air bersih", "Anggaran air bersih digeser.")


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (Facts(), DossierState.DECIDED),
        (Facts(minuted=True), DossierState.MINUTED),
        (Facts(minuted=True, signed=True), DossierState.SIGNED),
        (Facts(minuted=True, signed=True, released=True), DossierState.PUBLISHED),
        (Facts(released=True), DossierState.PUBLISHED),
        (Facts(minuted=True, signed=True, tasks=(DONE,)), DossierState.FOLLOWED_UP),
        (Facts(minuted=True, signed=True, tasks=(DONE, Work(is_open=True))), DossierState.SIGNED),
        (Facts(minuted=True, signed=True, tasks=(Work(is_open=False),)), DossierState.SIGNED),
        (Facts(minuted=True, tasks=(DONE,)), DossierState.MINUTED),
        (
            Facts(minuted=True, signed=True, tasks=(DONE, Work(is_open=False, is_dropped=True))),
            DossierState.FOLLOWED_UP,
        ),
    ],
)
def test_the_state_is_the_furthest_thing_that_happened(facts: Facts, state: DossierState) -> None:
    assert state_after(facts) is state


def test_nothing_is_closed_before_the_minutes_are_signed_or_while_a_task_is_open() -> None:
    signed = Facts(minuted=True, signed=True)
    assert may_close(DossierState.SIGNED, signed)
    assert not may_close(DossierState.MINUTED, Facts(minuted=True))
    assert not may_close(DossierState.PUBLISHED, Facts(released=True))
    assert not may_close(DossierState.SIGNED, Facts(minuted=True, signed=True, tasks=(Work(is_open=True),)))
    assert not may_close(DossierState.DEFERRED, signed)


@pytest.fixture
def held(rapim: House) -> Held:
    return drafted(meeting(rapim))


def dossier_of(held: Held) -> Dossier:
    return Dossier.objects.get(items__id=held.debated)


def state_of(held: Held) -> str:
    return dossier_of(held).state


def decision(house: House, held: Held) -> None:
    decisions.write_decision(house.actor("risalah"), held.debated, "Bupati menyetujui.")


def publish(house: House, held: Held, words: Public = PUBLIC) -> Publication:
    row = held.session.items.get(id=held.debated).decision
    decisions.publish(house.actor("risalah"), row.id, words)
    return Publication.objects.get()


def page(client: Client, address: str) -> str:
    answer = client.get(address, headers={"Accept": "text/html"})
    assert answer.status_code == 200, address
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_a_dossier_goes_through_all_states_to_its_close(rapim: House, held: Held) -> None:
    clerk = rapim.actor("risalah")
    assert state_of(held) == DossierState.MINUTED
    decision(rapim, held)
    minutes.sign(clerk, held.session.id, version=1)
    assert state_of(held) == DossierState.SIGNED
    publish(rapim, held)
    assert state_of(held) == DossierState.PUBLISHED
    row = held.session.items.get(id=held.debated).decision
    decisions.direct(clerk, row.id, "Segera.", [Order("bkad", "Menyiapkan", today(zone()))])
    task = Task.objects.get()
    with pytest.raises(errors.TasksOpen):
        closing.close_dossier(clerk, dossier_of(held).id)
    with pytest.raises(errors.NotReported):
        decisions.close_task(clerk, task.id, done=True)
    decisions.report(rapim.actor("bkad"), task.id, "Selesai.", 100)
    assert state_of(held) == DossierState.PUBLISHED
    decisions.close_task(clerk, task.id, done=True)
    assert state_of(held) == DossierState.FOLLOWED_UP
    closing.close_dossier(clerk, dossier_of(held).id)
    closed = dossier_of(held)
    assert closed.state == DossierState.CLOSED
    assert closed.closed_by == clerk.subject_id
    assert AuditRow.objects.filter(event="cabinet.dossier_closed", object_id=closed.id).count() == 1
    with pytest.raises(errors.StateDoesNotAllow):
        decisions.direct(clerk, row.id, "Lagi.", [Order("bkad", "Lagi", today(zone()))])


def test_a_new_directive_takes_the_dossier_back_to_work(rapim: House, held: Held) -> None:
    clerk = rapim.actor("risalah")
    decision(rapim, held)
    minutes.sign(clerk, held.session.id, version=1)
    row = held.session.items.get(id=held.debated).decision
    decisions.direct(clerk, row.id, "Segera.", [Order("bkad", "Satu", today(zone()))])
    decisions.close_task(clerk, Task.objects.get().id, done=False)
    assert state_of(held) == DossierState.FOLLOWED_UP
    decisions.direct(clerk, row.id, "Segera.", [Order("bkad", "Dua", today(zone()))])
    assert state_of(held) == DossierState.SIGNED


def test_an_embargo_holds_the_state_back_until_its_end(rapim: House, held: Held) -> None:
    decision(rapim, held)
    minutes.sign(rapim.actor("risalah"), held.session.id, version=1)
    later = Public("Air bersih", "Digeser.", embargo_until=now() + dt.timedelta(hours=2))
    publish(rapim, held, later)
    assert closing.release_due() == 0
    assert state_of(held) == DossierState.SIGNED
    Publication.objects.update(embargo_until=now())
    assert closing.release_due() == 1
    assert closing.release_due() == 0
    assert state_of(held) == DossierState.PUBLISHED
    assert AuditRow.objects.filter(event="cabinet.released").count() == 1


def test_signing_late_does_not_take_back_what_was_published(rapim: House, held: Held) -> None:
    decision(rapim, held)
    publish(rapim, held)
    assert state_of(held) == DossierState.PUBLISHED
    minutes.sign(rapim.actor("risalah"), held.session.id, version=1)
    assert state_of(held) == DossierState.PUBLISHED


def test_what_was_put_off_is_moved_by_nothing(rapim: House, held: Held) -> None:
    assert held.secret is not None
    minutes.sign(rapim.actor("risalah"), held.session.id, version=1)
    row = Dossier.objects.get(items__id=held.secret)
    closing.settle([row.id])
    row.refresh_from_db()
    assert row.state == DossierState.DEFERRED
    with pytest.raises(errors.StateDoesNotAllow):
        closing.close_dossier(rapim.actor("bupati"), row.id)


def test_only_clerk_and_chair_close(rapim: House, held: Held) -> None:
    minutes.sign(rapim.actor("risalah"), held.session.id, version=1)
    with pytest.raises(errors.NotTheClerk):
        closing.close_dossier(rapim.actor("bkad"), dossier_of(held).id)
    address = f"/cabinet/dossiers/{dossier_of(held).id}/"
    assert "Tutup berkas" not in page(seated(rapim, "bkad", 1), address)
    clerk = seated(rapim, "risalah", 2)
    assert "Tutup berkas" in page(clerk, address)
    assert clerk.post(f"{address}close/").status_code == 303
    text = page(clerk, address)
    assert "Berkas ditutup , selesai" in text
    assert "Tutup berkas" not in text


def test_the_page_tells_the_way_and_what_is_missing(rapim: House, held: Held) -> None:
    decision(rapim, held)
    publish(rapim, held)
    clerk = seated(rapim, "risalah")
    address = f"/cabinet/dossiers/{dossier_of(held).id}/"
    text = page(clerk, address)
    assert "setelah risalah sidangnya ditandatangani" in text
    assert "Diumumkan" in text
    minutes.sign(rapim.actor("risalah"), held.session.id, version=1)
    row = held.session.items.get(id=held.debated).decision
    decisions.direct(rapim.actor("risalah"), row.id, "Segera.", [Order("bkad", "Satu", today(zone()))])
    text = page(clerk, address)
    assert "0 dari 1 tugas selesai" in text
    assert "setelah semua tugasnya ditutup" in text


def test_the_public_reads_english_only_where_the_body_wrote_it(rapim: House, held: Held) -> None:
    decision(rapim, held)
    one = publish(rapim, held)
    stranger = Client()
    address = f"/cabinet/decisions/{one.id}/"
    text = page(stranger, f"/en{address}")
    assert "The body wrote no English text" in text
    assert "Anggaran air bersih digeser." in text
    assert "in Indonesian only" in page(stranger, "/en/cabinet/decisions/")
    written = Public("Air bersih", "Digeser.", "Clean water", "The budget for clean water was moved.")
    publish(rapim, held, written)
    english = page(stranger, f"/en{address}")
    assert "The budget for clean water was moved." in english
    assert "written by the body itself" in english
    assert "Digeser." not in english
    assert "Digeser." in page(stranger, address)
    assert "Clean water" not in page(stranger, address)
    told = stranger.get("/cabinet/decisions.json").json()["decisions"][0]
    assert (told["title_en"], told["text_en"]) == (written.title_en, written.text_en)


def test_half_an_english_text_is_refused_and_what_was_typed_stays(rapim: House, held: Held) -> None:
    decision(rapim, held)
    with pytest.raises(errors.TextMissing):
        publish(rapim, held, Public("Air", "Digeser.", title_en="Water"))
    fields = {"title": "Air", "public_text": "Digeser.", "title_en": "Water", "embargo": ""}
    answer = at_seat(rapim, "risalah").post(f"/cabinet/items/{held.debated}/decision/publish/", fields)
    assert answer.status_code == 422
    assert 'value="Water"' in answer.content.decode()
    assert not Publication.objects.exists()
