"""What follows a session, over HTTP: minutes, decisions, tasks, what the public sees, boards and calendar."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pendopo.cabinet.actions import decisions, minutes, reminders
from pendopo.cabinet.actions.decisions import Order, Public
from pendopo.cabinet.models import Minutes, Publication, Task
from pendopo.cabinet.testing.browsers import seated
from pendopo.cabinet.testing.house import House
from pendopo.cabinet.testing.walk import DEBATED, HIDDEN, PLAIN, Held, drafted, meeting
from pendopo.foundation.clock import now, today
from pendopo.foundation.formats import zone
from pendopo.identity import testing as people
from pendopo.inbox import api as inbox

HTML = {"Accept": "text/html"}


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture
def held(rapim: House) -> Held:
    return drafted(meeting(rapim))


def decided(house: House, held: Held, text: str = "Bupati menyetujui pergeseran.") -> None:
    decisions.write_decision(house.actor(house.clerk), held.debated, text)


def ordered(house: House, held: Held, due: dt.date | None = None) -> Task:
    decided(house, held)
    held.session.refresh_from_db()
    row = held.session.items.get(id=held.debated).decision
    order = Order("bkad", "Menyiapkan pergeseran", due or today(zone()), budget_line="5.1.02")
    decisions.direct(house.actor(house.clerk), row.id, "Segera dilaksanakan.", [order])
    return Task.objects.get()


def test_a_member_reads_minutes_without_what_is_above_them(rapim: House, held: Held) -> None:
    text = page(seated(rapim, "dinkes"), f"/cabinet/sessions/{held.session.id}/minutes/")
    assert PLAIN in text
    assert DEBATED in text
    assert HIDDEN not in text
    assert "Rancangan versi 1" in text


def test_the_minutes_speak_english_too(rapim: House, held: Held) -> None:
    text = page(seated(rapim, "wabup"), f"/en/cabinet/sessions/{held.session.id}/minutes/")
    assert "Adopted together without debate" in text
    assert "nothing here translates" in text
    assert HIDDEN in text


def test_late_minutes_are_shown_late(rapim: House, held: Held) -> None:
    Minutes.objects.update(due_at=now() - dt.timedelta(hours=1))
    text = page(seated(rapim, "dinkes"), f"/cabinet/sessions/{held.session.id}/minutes/")
    assert "Terlambat" in text


def test_a_member_approves_on_the_page(rapim: House, held: Held) -> None:
    client = seated(rapim, "bkad")
    address = f"/cabinet/sessions/{held.session.id}/minutes/approve/"
    answer = client.post(address, {"seat": str(rapim.seats["bkad"]), "version": "1", "remark": ""})
    assert answer.status_code == 303
    assert Minutes.objects.get().approvals.get().approved


def test_approving_an_old_version_comes_back_with_the_sentence(rapim: House, held: Held) -> None:
    minutes.revise(rapim.actor(rapim.clerk), held.session.id, minutes.Words())
    client = seated(rapim, "bkad")
    address = f"/cabinet/sessions/{held.session.id}/minutes/approve/"
    answer = client.post(address, {"seat": str(rapim.seats["bkad"]), "version": "1"})
    assert answer.status_code == 409
    assert "Berkasnya berubah" in answer.content.decode()


def test_the_clerk_edits_and_signs_on_the_page(rapim: House, held: Held) -> None:
    client = seated(rapim, "risalah")
    base = f"/cabinet/sessions/{held.session.id}/minutes/"
    edited = client.post(f"{base}revise/", {f"debate-{held.debated}": "Uji coba dahulu.", "remarks": ""})
    assert edited.status_code == 303
    assert "Uji coba dahulu." in page(client, base)
    assert client.post(f"{base}sign/", {"version": "2"}).status_code == 303
    assert "Ditandatangani" in page(client, base)


@pytest.mark.parametrize("form", ["akn", "popolo", "json", "ical"])
def test_a_session_is_exported_from_its_page(rapim: House, held: Held, form: str) -> None:
    answer = seated(rapim, "dinkes").get(f"/cabinet/sessions/{held.session.id}/export/{form}/")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    assert HIDDEN.encode() not in answer.content


def test_the_clerk_writes_a_decision_directs_and_publishes(rapim: House, held: Held) -> None:
    client = seated(rapim, "risalah")
    base = f"/cabinet/items/{held.debated}/decision/"
    assert client.post(base, {"text": "Bupati menyetujui."}).status_code == 303
    fields = {
        "order": "Segera.",
        "owner-0": "bkad",
        "task-0": "Menyiapkan",
        "due-0-day": "5",
        "due-0-month": "1",
        "due-0-year": "2031",
        "every-0": "",
    }
    assert client.post(f"{base}direct/", fields).status_code == 303
    public = {"title": "Pergeseran anggaran", "public_text": "Anggaran air bersih digeser.", "embargo": ""}
    assert client.post(f"{base}publish/", public).status_code == 303
    text = page(client, base)
    assert "Menyiapkan" in text
    assert "Terbit" in text
    assert DEBATED in page(client, "/cabinet/register/")


def test_a_day_that_cannot_be_read_comes_back_with_what_was_typed(rapim: House, held: Held) -> None:
    decided(rapim, held)
    client = seated(rapim, "risalah")
    fields = {"order": "Segera.", "owner-0": "bkad", "task-0": "Menyiapkan", "due-0-day": "besok"}
    answer = client.post(f"/cabinet/items/{held.debated}/decision/direct/", fields)
    assert answer.status_code == 422
    assert "Menyiapkan" in answer.content.decode()


def test_the_public_reads_only_what_was_published_and_after_its_embargo(rapim: House, held: Held) -> None:
    decided(rapim, held)
    row = held.session.items.get(id=held.debated).decision
    later = now() + dt.timedelta(days=2)
    words = Public("Air bersih", "Anggaran digeser.", embargo_until=later)
    decisions.publish(rapim.actor("risalah"), row.id, words)
    stranger = Client(headers=HTML)
    publication = Publication.objects.get()
    for address in ("/cabinet/decisions/", "/cabinet/decisions.json", "/cabinet/decisions.rss"):
        assert "Air bersih" not in page(stranger, address)
    page(stranger, f"/cabinet/decisions/{publication.id}/", 404)
    Publication.objects.update(embargo_until=now())
    for address in ("/cabinet/decisions/", "/cabinet/decisions.json", "/cabinet/decisions.rss"):
        assert "Air bersih" in page(stranger, address)
        assert DEBATED not in page(stranger, address)
    assert "Anggaran digeser." in page(stranger, f"/cabinet/decisions/{publication.id}/")


def test_the_board_shows_tasks_and_filters_them_without_a_script(rapim: House, held: Held) -> None:
    ordered(rapim, held)
    client = seated(rapim, "dinkes")
    assert "Menyiapkan pergeseran" in page(client, "/cabinet/follow-up/")
    assert "Menyiapkan pergeseran" in page(client, "/cabinet/follow-up/?owner=bkad&state=report")
    assert "Menyiapkan pergeseran" not in page(client, "/cabinet/follow-up/?state=done")


def test_the_owner_reports_and_the_clerk_closes(rapim: House, held: Held) -> None:
    task = ordered(rapim, held)
    owner, clerk = seated(rapim, "bkad", 1), seated(rapim, "risalah", 2)
    address = f"/cabinet/tasks/{task.id}/"
    assert owner.post(address, {"text": "Naskah siap.", "progress": "60"}).status_code == 303
    assert "60 persen" in page(owner, address)
    assert owner.post(f"{address}close/", {"how": "done"}).status_code == 403
    assert clerk.post(f"{address}close/", {"how": "done"}).status_code == 303
    assert "Selesai" in page(owner, address)


def test_the_next_report_is_due_never_after_the_end_of_the_task(rapim: House, held: Held) -> None:
    due = today(zone()) + dt.timedelta(days=30)
    task = ordered(rapim, held, due)
    decisions.report(rapim.actor("bkad"), task.id, "Naskah siap.", 60)
    task.refresh_from_db()
    assert task.next_report_on == due


def test_a_reminder_comes_once_a_day_at_most(rapim: House, held: Held) -> None:
    task = ordered(rapim, held)
    who = rapim.actor("bkad").subject_id
    assert who is not None
    assert reminders.remind() == 1
    assert reminders.remind() == 0
    assert "Laporan" in inbox.messages_of(who)[0].title
    Task.objects.filter(id=task.id).update(due_on=today(zone()) - dt.timedelta(days=3), reminded_on=None)
    assert reminders.remind() == 1
    assert "tenggat" in inbox.messages_of(who)[0].title


def test_a_reminder_names_neither_task_nor_matter(rapim: House, held: Held) -> None:
    ordered(rapim, held)
    reminders.remind()
    who = rapim.actor("bkad").subject_id
    assert who is not None
    message = inbox.messages_of(who)[0]
    assert "Menyiapkan" not in f"{message.title} {message.text}"
    assert DEBATED not in f"{message.title} {message.text}"


def test_the_outlook_counts_what_the_reader_may_know_of(rapim: House, held: Held) -> None:
    text = page(seated(rapim, "dinkes"), "/cabinet/outlook/")
    assert "Perubahan anggaran" in text
    assert "Pengangkatan pejabat" not in text


def test_the_measure_states_its_formula_and_constants(rapim: House, held: Held) -> None:
    text = page(seated(rapim, "dinkes"), "/cabinet/measure/")
    assert "Jam orang = " in text
    assert "Menit per halaman" in text
    assert "1 dari 2" in text


def test_the_simulation_page_says_that_behaviour_is_assumed(rapim: House) -> None:
    text = page(seated(rapim, "dinkes"), "/cabinet/simulation/")
    assert "adalah anggapan, bukan pengamatan" in text


def test_a_calendar_address_is_shown_once_and_works_without_signing_in(rapim: House, held: Held) -> None:
    client = seated(rapim, "wabup")
    shown = client.post("/cabinet/calendar/", {"how": "make"}).content.decode()
    found = re.search(r"/cabinet/calendar/[\w-]+\.ics", shown)
    assert found
    assert found[0] not in client.get("/cabinet/calendar/").content.decode()
    answer = Client().get(found[0])
    assert answer["Content-Type"].startswith("text/calendar")
    assert HIDDEN.encode() not in answer.content
    client.post("/cabinet/calendar/", {"how": "revoke"})
    assert Client().get(found[0]).status_code == 404


def test_the_register_asks_the_database_as_often_for_many_decisions(rapim: House, held: Held) -> None:
    client = seated(rapim, "risalah")
    decided(rapim, held)
    with CaptureQueriesContext(connection) as one:
        page(client, "/cabinet/register/")
    decisions.write_decision(rapim.actor("risalah"), held.plain, "Disetujui.")
    with CaptureQueriesContext(connection) as two:
        page(client, "/cabinet/register/")
    assert len(two) == len(one)


@pytest.mark.parametrize(
    "address", ["minutes/", "minutes/risalah.pdf", "export/json/"], ids=["minutes", "file", "export"]
)
def test_a_stranger_finds_nothing_of_a_session(held: Held, address: str) -> None:
    who = people.a_person(people.a_nik(9), "Orang Lain", email=None)
    client = Client(headers=HTML)
    people.sign_in(client, who.id)
    page(client, f"/cabinet/sessions/{held.session.id}/{address}", 404)
