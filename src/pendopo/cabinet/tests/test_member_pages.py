"""What a member sees before a session and what happens to what they press and type."""

import datetime as dt
import io
import json
import re
import zipfile
from typing import cast

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse, HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pendopo.cabinet.actions import bodies, dossiers, sessions
from pendopo.cabinet.models import AgendaItem, Dossier, Position, Read, Session
from pendopo.cabinet.positions import content_of
from pendopo.cabinet.queries import agenda
from pendopo.cabinet.testing.house import House, person
from pendopo.cabinet.values import Classification, Scope, Stance
from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.clock import now
from pendopo.foundation.outbox import deliver_due
from pendopo.identity import testing as people
from pendopo.inbox import api as inbox

pytestmark = pytest.mark.django_db
HTML = {"Accept": "text/html"}


def seated(house: House, seat: str, serial: int = 1) -> Client:
    """Put a person with a Digital ID in a seat and sign her in."""
    who = people.a_person(people.a_nik(serial), f"Anggota {serial}", email=None)
    bodies.seat_person(house.body.code, seat, who.id, actor=SYSTEM)
    house.people[seat] = person(who.id)
    client = Client(headers=HTML)
    people.sign_in(client, who.id)
    return client


def text_of(response: HttpResponseBase) -> str:
    page = bytes(getattr(response, "content", b"")).decode()
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def press(
    house: House, client: Client, item: AgendaItem, seat: str, stance: str, **more: str
) -> HttpResponse:
    fields = {
        "seat": str(house.seats[seat]),
        "papers": item.dossier.docset_hash,
        "stance": stance,
        "back": "home",
    }
    return cast("HttpResponse", client.post(f"/cabinet/items/{item.id}/position/", fields | more))


def replace_paper(house: House, matter: Dossier) -> None:
    clerk = house.actor(house.clerk)
    paper = matter.documents.get(superseded_by=None).paper
    dossiers.replace_document(clerk, matter.id, paper, data=house.paper(), filename="baru.pdf")


def test_a_member_sees_first_how_many_items_await_a_position(rapim: House) -> None:
    rapim.session(rapim.dossier(), rapim.dossier(title="Loket keliling"))
    shown = text_of(seated(rapim, "bkad").get("/cabinet/"))
    assert "2 butir menunggu sikap Anda" in shown
    assert "Loket keliling" in shown


def test_one_press_states_a_position(rapim: House) -> None:
    session = rapim.session(rapim.dossier())
    client = seated(rapim, "bkad")
    item = session.items.select_related("dossier").get()
    answer = press(rapim, client, item, "bkad", "speak", text="Satu pertanyaan")
    assert (answer.status_code, answer["Location"]) == (303, "/cabinet/?done=position")
    content = content_of(Position.objects.get())
    assert content is not None
    assert (content.stance, content.wants_to_speak, content.text) == (
        Stance.NO_OBJECTION,
        True,
        "Satu pertanyaan",
    )
    assert "Tidak ada yang menunggu sikap Anda" in text_of(client.get("/cabinet/?done=position"))


def test_a_position_on_changed_papers_comes_back_with_what_was_typed(rapim: House) -> None:
    matter = rapim.dossier()
    session = rapim.session(matter)
    client = seated(rapim, "bkad")
    item = session.items.select_related("dossier").get()
    replace_paper(rapim, matter)
    answer = press(rapim, client, item, "bkad", "object", text="Anggaran belum ada")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Anggaran belum ada" in page
    assert 'id="error-summary" tabindex="-1" autofocus' in page
    assert "Berkasnya berubah sejak Anda membukanya" in page
    assert "Naskah diganti, sekarang versi 2" in page
    assert not Position.objects.exists()


def test_a_position_after_the_lock_comes_back_with_what_was_typed(rapim: House) -> None:
    session = rapim.session(rapim.dossier())
    client = seated(rapim, "bkad")
    item = session.items.select_related("dossier").get()
    sessions.lock(rapim.actor(rapim.clerk), session.id)
    answer = press(rapim, client, item, "bkad", "object", text="Terlambat sedikit")
    assert answer.status_code == 409
    assert "Terlambat sedikit" in answer.content.decode()
    assert "Sikap sudah dikunci" in text_of(answer)


def test_a_position_for_the_seat_of_another_comes_back_to_the_dossier(rapim: House) -> None:
    matter = rapim.dossier()
    session = rapim.session(matter)
    client = seated(rapim, "bkad")
    item = session.items.select_related("dossier").get()
    answer = press(rapim, client, item, "wabup", "object", back=f"dossier:{matter.id}")
    assert answer.status_code == 403
    assert "Anda tidak memegang kursi ini" in text_of(answer)
    assert matter.number in text_of(answer)


def test_a_stale_position_says_which_paper_changed_and_to_what_version(rapim: House) -> None:
    matter = rapim.dossier()
    session = rapim.session(matter)
    client = seated(rapim, "bkad")
    rapim.say("bkad", session, matter, Stance.OBJECT)
    replace_paper(rapim, matter)
    shown = text_of(client.get("/cabinet/"))
    assert "Berkas berubah sejak sikap Anda" in shown
    assert "Naskah diganti, sekarang versi 2" in shown


def test_a_council_speaks_of_votes_and_a_leadership_meeting_never_does(council: House, rapim: House) -> None:
    council.session(council.dossier("keputusan", "wakil-1"))
    assert "1 butir menunggu suara awal Anda" in text_of(seated(council, "anggota-01").get("/cabinet/"))
    rapim.session(rapim.dossier())
    shown = text_of(seated(rapim, "bkad", 2).get("/cabinet/"))
    assert "suara awal" not in shown


def test_the_agenda_says_why_an_item_is_debated_and_that_its_signature_holds(rapim: House) -> None:
    matter = rapim.dossier()
    session = rapim.session(matter)
    client = seated(rapim, "bkad")
    rapim.say("bkad", session, matter, Stance.OBJECT)
    shown = text_of(client.get(f"/cabinet/sessions/{session.id}/agenda/"))
    assert "Dibahas karena:" in shown
    assert "keberatan: Kepala BKAD" in shown
    assert "Tanda tangannya cocok" in shown


def test_sealed_positions_are_counted_and_not_told(sidang: House) -> None:
    matter = sidang.dossier("rperpres", "menkeu")
    session = sidang.session(matter)
    sidang.say("menkes", session, matter, Stance.OBJECT)
    shown = text_of(seated(sidang, "wapres").get(f"/cabinet/dossiers/{matter.id}/"))
    assert "1 kursi sudah menyatakan. Isinya tersegel sampai" in shown
    assert "Menteri Kesehatan Keberatan" not in shown


def test_opening_a_dossier_is_recorded_and_seen_by_other_members(rapim: House) -> None:
    matter = rapim.dossier()
    rapim.session(matter)
    seated(rapim, "bkad", 1).get(f"/cabinet/dossiers/{matter.id}/")
    assert Read.objects.filter(dossier=matter, seat__code="bkad").count() == 1
    assert "Kepala BKAD , Anggota 1" in text_of(
        seated(rapim, "wabup", 2).get(f"/cabinet/dossiers/{matter.id}/")
    )


def test_an_opinion_reaches_only_the_class_that_it_was_given(rapim: House) -> None:
    matter = rapim.dossier()
    session = rapim.session(matter)
    item = session.items.get()
    client = seated(rapim, "bkad", 1)
    fields = {
        "seat": str(rapim.seats["bkad"]),
        "papers": matter.docset_hash,
        "text": "Risiko gugatan tinggi",
        "classification": "2",
        "back": f"dossier:{matter.id}",
    }
    assert client.post(f"/cabinet/items/{item.id}/opinion/", fields).status_code == 303
    assert "Risiko gugatan" in text_of(seated(rapim, "wabup", 2).get(f"/cabinet/dossiers/{matter.id}/"))
    assert "Risiko gugatan" not in text_of(seated(rapim, "dinkes", 3).get(f"/cabinet/dossiers/{matter.id}/"))


def test_below_the_class_a_member_meets_no_trace_of_an_item(rapim: House) -> None:
    secret = rapim.dossier("pengangkatan", title="Tiga calon", classification=Classification.SECRET)
    session = rapim.session(secret, rapim.dossier())
    client = seated(rapim, "dinkes")
    paper = secret.documents.get()
    home = text_of(client.get("/cabinet/"))
    assert "1 butir menunggu sikap Anda" in home
    assert "1 butir, 0 tanpa keberatan" in home
    assert "Tiga calon" not in home + text_of(client.get(f"/cabinet/sessions/{session.id}/agenda/"))
    assert client.get(f"/cabinet/dossiers/{secret.id}/").status_code == 404
    assert client.get(f"/cabinet/papers/{paper.id}/").status_code == 404
    packed = zipfile.ZipFile(io.BytesIO(client.post(f"/cabinet/sessions/{session.id}/pack/").content))
    assert [one["class"] for one in json.loads(packed.read("manifest.json"))] == ["open"]
    assert "Tiga calon" not in packed.read("index.html").decode()


def test_a_stranger_meets_no_body_and_no_thing_in_it(rapim: House) -> None:
    matter = rapim.dossier()
    session = rapim.session(matter)
    stranger = Client(headers=HTML)
    people.sign_in(stranger, people.a_person(people.a_nik(9), "Tamu", email=None).id)
    assert "Tidak ada sidang untuk Anda" in text_of(stranger.get("/cabinet/"))
    for path in (
        f"sessions/{session.id}/agenda/",
        f"dossiers/{matter.id}/",
        f"papers/{matter.documents.get().id}/",
    ):
        assert stranger.get(f"/cabinet/{path}").status_code == 404


def test_a_classified_paper_carries_its_reader_on_every_page(rapim: House) -> None:
    import pikepdf

    secret = rapim.dossier("pengangkatan", classification=Classification.SECRET)
    rapim.session(secret)
    client = seated(rapim, "wabup", 7)
    answer = client.get(f"/cabinet/papers/{secret.documents.get().id}/")
    with pikepdf.open(io.BytesIO(answer.content)) as file:
        drawn = b"".join(bytes(part.read_bytes()) for part in file.pages[0].Contents)
    assert b"Rahasia \xb7 dibuka oleh Anggota 7" in drawn
    assert "no-store" in answer["Cache-Control"]


def test_an_open_paper_is_handed_out_as_it_is(rapim: House) -> None:
    import hashlib

    matter = rapim.dossier()
    rapim.session(matter)
    paper = matter.documents.get()
    answer = seated(rapim, "bkad").get(f"/cabinet/papers/{paper.id}/")
    assert hashlib.sha256(answer.content).digest() == bytes(paper.sha256)


def test_the_reading_pack_holds_papers_with_their_hashes_and_counts_as_read(rapim: House) -> None:
    import hashlib

    matter = rapim.dossier()
    session = rapim.session(matter)
    answer = seated(rapim, "bkad").post(f"/cabinet/sessions/{session.id}/pack/")
    packed = zipfile.ZipFile(io.BytesIO(answer.content))
    (entry,) = json.loads(packed.read("manifest.json"))
    assert hashlib.sha256(packed.read(entry["file"])).hexdigest() == entry["sha256"]
    assert "dibuka oleh Anggota 1" in packed.read("index.html").decode()
    assert Read.objects.get(seat__code="bkad").docset_hash == matter.docset_hash


def test_an_agenda_asks_no_more_queries_when_it_is_longer(rapim: House) -> None:
    matters = [rapim.dossier() for _ in range(2)]
    session = rapim.session(*matters)
    actor = rapim.actor("bkad")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            agenda.of_session(actor, session.id, "id")
        return len(queries)

    for matter in matters:
        rapim.say("bkad", session, matter, Stance.NO_OBJECTION)
    few = asked()
    for _ in range(4):
        more = rapim.dossier()
        sessions.schedule(rapim.actor(rapim.clerk), session.id, more.id)
        for seat in ("bkad", "wabup", "dinkes"):
            rapim.say(seat, session, more, Stance.OBJECT)
    assert asked() == few


def test_a_deputy_is_named_by_nik_and_told(rapim: House) -> None:
    rapim.session(rapim.dossier())
    client = seated(rapim, "bkad")
    deputy = people.a_person(people.a_nik(5), "Wakil Lima", email=None)
    last = now() + dt.timedelta(days=20)
    fields = {
        "seat": str(rapim.seats["bkad"]),
        "nik": people.a_nik(5).value,
        "scopes": Scope.POSITION.value,
        "from-day": str(now().day),
        "from-month": str(now().month),
        "from-year": str(now().year),
        "to-day": str(last.day),
        "to-month": str(last.month),
        "to-year": str(last.year),
    }
    answer = client.post("/cabinet/deputies/", fields)
    assert (answer.status_code, answer["Location"]) == (303, "/cabinet/deputies/?done=named")
    while deliver_due():
        pass
    assert "Anda ditugasi mewakili sebuah kursi" in [one.title for one in inbox.messages_of(deputy.id)]
    shown = client.get("/cabinet/deputies/").content.decode()
    assert "Wakil Lima" in shown
    assert people.a_nik(5).value not in shown


def test_a_nik_that_nobody_has_comes_back_with_the_form_as_it_was(rapim: House) -> None:
    client = seated(rapim, "bkad")
    answer = client.post("/cabinet/deputies/", {"nik": people.a_nik(77).value, "to-day": "31"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "orangnya belum punya Identitas Digital" in page
    assert 'value="31"' in page


def test_a_revoked_deputy_stands_in_no_longer(rapim: House) -> None:
    client = seated(rapim, "bkad")
    deputy = people.a_person(people.a_nik(5), "Wakil Lima", email=None)
    made = bodies.delegate(
        rapim.actor("bkad"),
        rapim.seats["bkad"],
        to_subject_id=deputy.id,
        scopes=[Scope.POSITION],
        valid_from=now() - dt.timedelta(minutes=1),
        valid_to=now() + dt.timedelta(days=2),
    )
    theirs = Client(headers=HTML)
    people.sign_in(theirs, deputy.id)
    assert "Kepala BKAD (mewakili)" in text_of(theirs.get("/cabinet/"))
    assert client.post(f"/cabinet/deputies/{made}/revoke/").status_code == 303
    assert "Tidak ada sidang untuk Anda" in text_of(theirs.get("/cabinet/"))


def test_members_hear_that_positions_are_open_without_a_title(rapim: House) -> None:
    rapim.session(rapim.dossier(title="Hal yang rahasia judulnya"))
    while deliver_due():
        pass
    subject = rapim.actor("bkad").subject_id
    assert subject is not None
    (message,) = inbox.messages_of(subject)
    assert "menunggu Anda" in message.title
    assert "Hal yang" not in message.title + message.text


def test_only_those_whose_position_went_stale_hear_that_papers_changed(rapim: House) -> None:
    matter = rapim.dossier()
    session = rapim.session(matter)
    rapim.say("bkad", session, matter, Stance.NO_OBJECTION)
    while deliver_due():
        pass
    replace_paper(rapim, matter)
    while deliver_due():
        pass
    told = {seat: _titles(rapim, seat) for seat in ("bkad", "wabup")}
    assert f"Berkas {matter.number} berubah sejak Anda menanggapinya" in told["bkad"]
    assert len(told["wabup"]) == 1


def _titles(house: House, seat: str) -> list[str]:
    subject = house.actor(seat).subject_id
    assert subject is not None
    return [one.title for one in inbox.messages_of(subject)]


def test_the_worker_locks_a_session_whose_time_has_come(rapim: House) -> None:
    from pendopo.cabinet import jobs

    session = rapim.session(rapim.dossier())
    assert jobs.lock_due() == 0
    with time_machine.travel(session.lock_at + dt.timedelta(seconds=1), tick=False):
        assert jobs.lock_due() == 1
    assert Session.objects.get(id=session.id).locked_at is not None


def test_the_home_page_is_whole_in_english(rapim: House) -> None:
    rapim.session(rapim.dossier())
    client = seated(rapim, "bkad")
    shown = text_of(client.get("/en/cabinet/"))
    assert "1 item awaits your position" in shown
    assert "cabinet." not in shown


def test_a_position_may_be_stated_again_and_the_last_counts(rapim: House) -> None:
    session = rapim.session(rapim.dossier())
    client = seated(rapim, "bkad")
    item = session.items.select_related("dossier").get()
    press(rapim, client, item, "bkad", "object")
    press(rapim, client, item, "bkad", "abstain", back=f"dossier:{item.dossier_id}")
    shown = client.get(f"/cabinet/dossiers/{item.dossier_id}/").content.decode()
    assert Position.objects.count() == 2
    assert re.search(r'value="abstain"[^>]*aria-pressed="true"', shown)
