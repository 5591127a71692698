"""Who looked at my data: whose list it is, what it says, and when it may say "complete and proved"."""

import datetime as dt
import hashlib
import json
import re
import threading

import pytest
from django.apps import apps
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from pendopo.agencies import api as agencies
from pendopo.foundation.actor import SYSTEM, Actor, ActorKind
from pendopo.kernel.ids import uuid7
from pendopo.ledger import api as ledger
from pendopo.portal import looks, proofs
from pendopo.portal.pages import access
from pendopo.portal.tests.conftest import Look, Person
from pendopo_wire import canonical
from pendopo_wire.merkle import leaf_hash, verify_inclusion

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db: None) -> agencies.Body:
    agencies.create_body(
        "pemda-contoh",
        name_id="Pemerintah Kabupaten Contoh",
        name_en="Government of Contoh",
        actor=SYSTEM,
        member_id="ID-DEMO/GOV/PEMDA-CONTOH",
    )
    return agencies.create_body(
        "dukcapil",
        name_id="Dukcapil Contoh",
        name_en="Population Office of Contoh",
        actor=SYSTEM,
        member_id="ID-DEMO/GOV/DUKCAPIL-CONTOH",
    )


def _text(answer: HttpResponse) -> str:
    assert answer.status_code == 200
    without_tags = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(without_tags.split())


def _attribute(answer: HttpResponse, name: str) -> str:
    found = re.search(rf'{name}="([^"]*)"', answer.content.decode())
    assert found, name
    return found[1]


def test_an_own_look_is_named_with_its_application(office: agencies.Body, person: Person, look: Look) -> None:
    look(person, by=person)
    ledger.sequence()
    text = _text(person.opens(access.listing))
    assert "Anda sendiri, lewat permohonan 2026-11-000412" in text
    assert "Dukcapil Contoh memberikan: nama, tanggal lahir, alamat" in text
    assert "Tujuan: Pencatatan kelahiran" in text
    assert "belum diverifikasi" in text
    assert "3 isian" in text


def test_an_application_without_a_number_shows_none(
    office: agencies.Body, person: Person, look: Look
) -> None:
    draft_id = str(uuid7())
    look(person, by=person, issue=draft_id)
    look(person, issue=draft_id)
    ledger.sequence()
    answer = person.opens(access.listing)
    assert "Anda sendiri, saat mengisi permohonan" in _text(answer)
    assert draft_id not in answer.content.decode()


def test_it_is_all_there_in_english(office: agencies.Body, person: Person, look: Look) -> None:
    look(person, by=person)
    ledger.sequence()
    text = _text(person.opens(access.listing, lang="en"))
    assert "You yourself, through application 2026-11-000412" in text
    assert "Population Office of Contoh provided: name, date of birth, address" in text
    assert "Complete and proved up to" in text


def test_an_officer_is_named_by_body_and_post(office: agencies.Body, person: Person) -> None:
    post = agencies.appoint(
        uuid7(),
        body=office,
        title_id="Verifikator",
        title_en="Verifier",
        permissions=["casework:case:read"],
        actor=SYSTEM,
    )
    officer = Actor(ActorKind.OFFICER, post.subject_id, 3, body_id=office.id, post_id=post.id)
    ledger.record_look(
        officer,
        subjects=[person.pseudonym],
        purpose="civil-registration.birth",
        legal_basis="uu-23-2006",
        fields=["mother.name", "evidence"],
        issue="2026-11-000412",
    )
    text = _text(person.opens(access.listing))
    assert "Dukcapil Contoh, Verifikator" in text
    assert "Membaca: nama, berkas yang dilampirkan" in text


def test_another_persons_look_does_not_say_who_she_is(
    office: agencies.Body, person: Person, stranger: Person, look: Look
) -> None:
    look(person, by=stranger)
    ledger.sequence()
    text = _text(person.opens(access.listing))
    assert "Pemerintah Kabupaten Contoh" in text
    assert "Anda sendiri" not in text
    assert stranger.pseudonym not in text


def test_the_list_is_complete_and_proved_only_when_the_proofs_hold(
    office: agencies.Body, person: Person, look: Look
) -> None:
    for _ in range(3):
        look(person, by=person)
    ledger.sequence()
    answer = person.opens(access.listing)
    assert _attribute(answer, "data-completeness") == "proved"
    assert "Lengkap dan terbukti sampai" in _text(answer)
    # Somebody with the database hides one line.
    oldest = apps.get_model("ledger", "AccessSubject").objects.earliest("at")
    oldest.delete()
    answer = person.opens(access.listing)
    assert _attribute(answer, "data-completeness") == "broken"
    assert "Lengkap dan terbukti" not in _text(answer)
    assert "Daftar memuat 2 catatan, sedangkan buku membuktikan 3" in _text(answer)


@pytest.mark.django_db(transaction=True)
def test_a_growing_log_never_looks_broken(person: Person, look: Look) -> None:
    look(person)
    ledger.sequence()
    stop = threading.Event()

    def grow() -> None:
        try:
            while not stop.is_set():
                look(person)
                ledger.sequence()
        finally:
            connection.close()

    sequencer = threading.Thread(target=grow)
    sequencer.start()
    try:
        verdicts = {proofs.completeness(person.pseudonym).verdict for _ in range(60)}
    finally:
        stop.set()
        sequencer.join()
    assert verdicts == {proofs.Whole.PROVED}


def test_the_list_costs_the_same_however_long_it_is(
    office: agencies.Body, person: Person, look: Look
) -> None:
    def queries() -> int:
        person.opens(access.listing)
        with CaptureQueriesContext(connection) as captured:
            person.opens(access.listing)
        return len(captured)

    look(person)
    ledger.sequence()
    short = queries()
    for _ in range(access.PAGE):
        look(person)
    ledger.sequence()
    assert queries() <= short <= 14


def test_a_forged_checkpoint_proves_nothing(office: agencies.Body, person: Person, look: Look) -> None:
    look(person)
    ledger.sequence()
    row = apps.get_model("ledger", "Checkpoint").objects.latest("size")
    row.note = row.note.replace("— pendopo", "— p3ndopo")
    row.save()
    assert proofs.completeness(person.pseudonym).verdict is proofs.Whole.BROKEN


def test_a_line_of_the_last_second_is_shown_as_being_booked(
    office: agencies.Body, person: Person, look: Look
) -> None:
    look(person)
    ledger.sequence()
    fresh = look(person)
    answer = person.opens(access.listing)
    assert _attribute(answer, "data-completeness") == "proved"
    assert "1 catatan terbaru sedang dibukukan" in _text(answer)
    page = person.opens(access.proof, entry_id=fresh)
    assert "Sedang dibukukan" in _text(page)
    assert "data-leaf-index" not in page.content.decode()


def test_nobody_looked_yet(person: Person) -> None:
    answer = person.opens(access.listing)
    assert "Belum ada yang membaca data Anda" in _text(answer)
    assert _attribute(answer, "data-completeness") == "empty"


def test_nobody_sees_anothers_list_or_proof(
    office: agencies.Body, person: Person, stranger: Person, look: Look
) -> None:
    entry_id = look(person)
    ledger.sequence()
    assert "Belum ada yang membaca data Anda" in _text(stranger.opens(access.listing))
    for view in (access.proof, access.proof_file):
        with pytest.raises(ledger.EntryNotFoundError):
            stranger.opens(view, entry_id=entry_id)
    entries = json.loads(stranger.opens(access.list_file).content)["entries"]
    assert entries == []


def test_the_proof_page_shows_place_and_path(office: agencies.Body, person: Person, look: Look) -> None:
    entry_id = look(person, by=person)
    for _ in range(5):
        look(person)
    ledger.sequence()
    answer = person.opens(access.proof, entry_id=entry_id)
    assert "Bukti cocok" in _text(answer)
    assert int(_attribute(answer, "data-tree-size")) >= 6
    assert _attribute(answer, "data-holds") == "yes"


def test_a_changed_entry_is_told(office: agencies.Body, person: Person, look: Look) -> None:
    entry_id = look(person)
    ledger.sequence()
    commitment = apps.get_model("ledger", "AccessRecord").objects.get(id=entry_id).commitment_id
    row = apps.get_model("foundation", "Commitment").objects.get(id=commitment)
    row.digest = bytes(32)
    row.save()
    answer = person.opens(access.proof, entry_id=entry_id)
    assert "Bukti tidak cocok" in _text(answer)
    assert "Bukti cocok" not in _text(answer)


def test_the_proof_file_can_be_checked_without_us(office: agencies.Body, person: Person, look: Look) -> None:
    for _ in range(4):
        look(person)
    entry_id = look(person, by=person)
    ledger.sequence()
    answer = person.opens(access.proof_file, entry_id=entry_id)
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Cache-Control"] == "private, no-store"
    proof = json.loads(answer.content)
    opened = hashlib.sha256(bytes.fromhex(proof["salt"]) + canonical.dumps(proof["record"])).digest()
    leaf = leaf_hash(opened)
    assert leaf.hex() == proof["leaf_hash"]
    path = [bytes.fromhex(step) for step in proof["path"]]
    root = bytes.fromhex(proof["root"])
    assert verify_inclusion(leaf, proof["leaf_index"], proof["tree_size"], path, root)
    (own,) = proof["names"]
    named = hashlib.sha256(bytes.fromhex(own["salt"]) + own["name"].encode()).hexdigest()
    assert proof["record"]["subjects"] == [named]
    proof["record"]["purpose"] = "something.else"
    forged = hashlib.sha256(bytes.fromhex(proof["salt"]) + canonical.dumps(proof["record"])).digest()
    assert leaf_hash(forged).hex() != proof["leaf_hash"]


def test_the_whole_list_can_be_taken_away(office: agencies.Body, person: Person, look: Look) -> None:
    for _ in range(25):
        look(person)
    ledger.sequence()
    taken = json.loads(person.opens(access.list_file).content)
    assert len(taken["entries"]) == taken["counter"]["count"] == 25
    assert taken["counter"]["checkpoint"].startswith("pendopo/")


def test_pages_meet_without_gap_or_double(office: agencies.Body, person: Person, look: Look) -> None:
    made = {str(look(person)) for _ in range(access.PAGE + 5)}
    ledger.sequence()
    first = person.opens(access.listing).content.decode()
    cursor = re.search(r"\?before=([0-9a-f-]{36})", first)
    assert cursor
    second = person.opens(access.listing, f"/my/access?before={cursor[1]}").content.decode()
    shown = [re.findall(r'id="look-([0-9a-f-]{36})"', page) for page in (first, second)]
    assert [len(page) for page in shown] == [access.PAGE, 5]
    assert {*shown[0], *shown[1]} == made


@pytest.mark.parametrize("ago", [0, 1, 9, 40, 400])
def test_every_look_stands_under_a_heading(ago: int, person: Person, look: Look) -> None:
    look(person, ago=dt.timedelta(days=ago))
    ledger.sequence()
    entries = looks.described(ledger.access_of(person.pseudonym), "id")
    ((period, bundles),) = access.grouped(entries)
    assert [len(bundle.looks) for bundle in bundles] == [1]
    assert period in {"today", "yesterday", "month"} or re.fullmatch(r"\d{4}-\d{2}", period)
    assert person.opens(access.listing).status_code == 200


def test_the_same_look_again_stands_in_one_entry_and_none_is_lost(
    office: agencies.Body, person: Person, stranger: Person, look: Look
) -> None:
    made = [look(person, by=person, ago=dt.timedelta(seconds=9 - place)) for place in range(3)]
    made.append(look(person, by=stranger, ago=dt.timedelta(seconds=5)))
    made.append(look(person, by=person))
    ledger.sequence()
    entries = looks.described(ledger.access_of(person.pseudonym), "id")
    assert [len(bundle.looks) for bundle in looks.bundled(entries)] == [1, 1, 3]
    html = person.opens(access.listing).content.decode()
    assert "Dibaca 3 kali" in html
    for entry_id in made:
        assert f"/my/access/{entry_id}/" in html
        assert html.count(f'id="look-{entry_id}"') == 1


def test_unknown_bodies_purposes_and_fields_are_shown_by_their_code(person: Person) -> None:
    ledger.record_access(
        ledger.AccessEntry(
            message_id=str(uuid7()),
            at=dt.datetime.now(dt.UTC),
            subjects=(person.pseudonym,),
            purpose="health.insurance",
            legal_basis="uu-99-2099",
            fields=("blood_group",),
            consumer="ID-DEMO/GOV/ELSEWHERE/SYSTEM",
            provider="ID-DEMO/GOV/ELSEWHERE/REGISTER",
            service="x-v1",
            side="consumer",
            statement="a.b.c",
        )
    )
    text = _text(person.opens(access.listing))
    for shown in ("ID-DEMO/GOV/ELSEWHERE/SYSTEM", "health.insurance", "uu-99-2099", "blood_group"):
        assert shown in text


def test_an_erased_entry_keeps_its_place(office: agencies.Body, person: Person, look: Look) -> None:
    entry_id = look(person)
    ledger.sequence()
    ledger.erase(entry_id, actor=SYSTEM, ground="retention")
    answer = person.opens(access.listing)
    assert "Isi catatan dihapus" in _text(answer)
    assert _attribute(answer, "data-completeness") == "proved"
    assert "Bukti cocok" in _text(person.opens(access.proof, entry_id=entry_id))
