"""A dossier by page: the list, a new one, its words and papers, its way to the secretariat and back."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pendopo.cabinet.actions import coordination, dossiers
from pendopo.cabinet.actions.coordination import Asked
from pendopo.cabinet.actions.dossiers import Text
from pendopo.cabinet.models import Dossier
from pendopo.cabinet.queries import preparation
from pendopo.cabinet.testing.house import House
from pendopo.cabinet.tests.rooms import field, page, seated, stranger, words
from pendopo.cabinet.values import Classification, DossierState, Stance

pytestmark = pytest.mark.django_db
LIST, NEW = "/cabinet/dossiers/", "/cabinet/dossiers/new/"
HIDDEN = "Pengangkatan pejabat eselon dua"
TYPED = {
    "body": "rapim-contoh",
    "item_type": "perbup",
    "title": "Loket keliling",
    "summary": "Loket mendatangi desa.",
    "legal_basis": "UU 24/2013",
    "classification": "0",
    "circle": "all",
    "recommended": "",
    "minutes": "",
    "budget_line": "",
    "do": "save",
}


def file(house: House, name: str = "naskah.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, house.paper(), content_type="application/pdf")


def opened(house: House, owner: str = "bkad", **more: Any) -> Dossier:
    text = Text(title="Loket keliling", summary="Loket mendatangi desa.", **more)
    made = dossiers.open_dossier(
        house.actor(owner), house.body.code, item_type="perbup", owner_seat=owner, text=text
    )
    return Dossier.objects.get(id=made)


def test_a_newcomer_is_told_what_to_do_first(rapim: House) -> None:
    shown = page(seated(rapim, "bkad"), LIST)
    assert "Kursi Anda belum punya berkas" in shown
    assert "beri judul dan ringkasan" in shown


def test_somebody_without_a_seat_sees_an_empty_list_and_no_body(rapim: House) -> None:
    rapim.dossier()
    client = stranger()
    for address in (LIST, NEW):
        shown = page(client, address)
        assert "Rapat Pimpinan" not in shown
        assert "ganda" not in shown


def test_a_draft_is_opened_from_the_form(rapim: House) -> None:
    client = seated(rapim, "bkad")
    answer = client.post(NEW, TYPED)
    row = Dossier.objects.get()
    assert (answer.status_code, answer["Location"]) == (
        303,
        f"/cabinet/dossiers/{row.id}/work/?done=opened",
    )
    shown = page(client, answer["Location"])
    assert "Loket keliling" in shown
    assert "Tambahkan naskah pertama" in shown
    assert row.owner.code == "bkad"


def test_the_kind_says_what_follows_from_it(rapim: House) -> None:
    shown = page(seated(rapim, "bkad"), NEW)
    assert "Selalu dibahas. Lazimnya 20 menit." in shown
    assert "Paling sedikit dua pilihan." in shown


def test_everything_wrong_is_told_at_once_and_everything_typed_is_kept(rapim: House) -> None:
    client = seated(rapim, "bkad")
    typed = TYPED | {"item_type": "kebijakan", "title": "", "minutes": "lama", "choice-1": "Bidan"}
    answer = client.post(NEW, typed | {"effect-1": "Pelatihan 62 bidan"})
    shown = answer.content.decode()
    assert answer.status_code == 422
    for sentence in ("Tulis judulnya.", "paling sedikit 2 pilihan", "Tulis menit bulat"):
        assert sentence in shown
    for kept in (
        "Loket mendatangi desa.",
        "UU 24/2013",
        "Pelatihan 62 bidan",
        'value="Bidan"',
        'value="lama"',
    ):
        assert kept in shown
    assert not Dossier.objects.exists()


def test_another_row_for_a_choice_loses_nothing(rapim: House) -> None:
    client = seated(rapim, "bkad")
    rows = {f"choice-{n}": f"Cara {n}" for n in (1, 2, 3)}
    shown = client.post(NEW, TYPED | rows | {"do": "more"}).content.decode()
    assert 'name="choice-4"' in shown
    assert 'value="Cara 3"' in shown


def test_choices_are_kept_with_the_one_that_is_recommended(rapim: House) -> None:
    client = seated(rapim, "bkad")
    typed = TYPED | {"item_type": "kebijakan", "choice-1": "Bidan", "choice-2": "Loket", "recommended": "2"}
    assert client.post(NEW, typed).status_code == 303
    row = Dossier.objects.get()
    work = preparation.work(rapim.actor("bkad"), row.id, "id")
    assert [(one.title, one.recommended) for one in work.written.alternatives] == [
        ("Bidan", False),
        ("Loket", True),
    ]
    assert "disarankan" in page(client, f"/cabinet/dossiers/{row.id}/work/")


def test_a_circle_without_a_seat_is_refused(rapim: House) -> None:
    answer = seated(rapim, "bkad").post(NEW, TYPED | {"circle": "some"})
    assert "paling sedikit satu kursi yang perlu tahu" in words(answer)


def test_a_member_opens_nothing_for_the_seat_of_another(rapim: House) -> None:
    answer = seated(rapim, "dinkes").post(NEW, TYPED | {"owner_seat": "bkad"})
    assert answer.status_code == 422
    assert not Dossier.objects.exists()


def test_the_clerk_opens_one_for_any_seat(rapim: House) -> None:
    assert seated(rapim, "risalah").post(NEW, TYPED | {"owner_seat": "dinkes"}).status_code == 303
    assert Dossier.objects.get().owner.code == "dinkes"


def test_whoever_saves_second_sees_both_and_loses_nothing(rapim: House) -> None:
    client, row = seated(rapim, "bkad"), opened(rapim)
    address = f"/cabinet/dossiers/{row.id}/edit/"
    seen = field(client, address, "edition")
    clerk = rapim.actor(rapim.clerk)
    dossiers.edit_dossier(clerk, row.id, Text(title="Loket tiap pekan", summary="Ditulis sekretaris."))
    answer = client.post(address, TYPED | {"title": "Loket tiap bulan", "edition": seen})
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Orang lain mengubahnya ketika Anda mengerjakannya" in shown
    assert "Ditulis sekretaris." in shown
    assert 'value="Loket tiap bulan"' in shown
    again = field_in(shown, "edition")
    assert client.post(address, TYPED | {"title": "Loket tiap bulan", "edition": again}).status_code == 303


def field_in(shown: str, name: str) -> str:
    return shown.split(f'name="{name}" value="')[1].split('"', maxsplit=1)[0]


def test_papers_are_added_replaced_and_taken_out(rapim: House) -> None:
    client, row = seated(rapim, "bkad"), opened(rapim)
    base = f"/cabinet/dossiers/{row.id}/"
    assert client.post(f"{base}papers/", {"name": "Naskah", "file": file(rapim)}).status_code == 303
    paper = row.documents.get().paper
    seen = field(client, f"{base}papers/{paper}/replace/", "edition")
    sent = {"file": file(rapim, "baru.pdf"), "edition": seen}
    assert client.post(f"{base}papers/{paper}/replace/", sent).status_code == 303
    assert row.documents.get(superseded_by=None).n == 2
    seen = field(client, f"{base}papers/{paper}/remove/", "edition")
    assert client.post(f"{base}papers/{paper}/remove/", {"edition": seen}).status_code == 303
    assert page(client, f"{base}papers/{paper}/replace/", 404)


def test_a_paper_without_a_name_takes_the_files_own(rapim: House) -> None:
    client, row = seated(rapim, "bkad"), opened(rapim)
    client.post(f"/cabinet/dossiers/{row.id}/papers/", {"name": "", "file": file(rapim, "telaah staf.pdf")})
    assert "telaah staf" in page(client, f"/cabinet/dossiers/{row.id}/work/")


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [(None, "Pilih filenya dahulu."), (SimpleUploadedFile("x.pdf", b"bukan pdf"), "PDF")],
    ids=["none", "not a paper"],
)
def test_an_upload_that_cannot_be_kept_comes_back_with_its_name(
    rapim: House, sent: SimpleUploadedFile | None, sentence: str
) -> None:
    client, row = seated(rapim, "bkad"), opened(rapim)
    fields: dict[str, Any] = {"name": "Telaah staf"} | ({"file": sent} if sent else {})
    answer = client.post(f"/cabinet/dossiers/{row.id}/papers/", fields)
    assert answer.status_code in {409, 415, 422, 400}
    assert sentence in words(answer)
    assert 'value="Telaah staf"' in answer.content.decode()


def test_replacing_says_how_many_positions_become_stale(rapim: House) -> None:
    matter = rapim.dossier(owner="bkad")
    session = rapim.session(matter)
    for seat in ("dinkes", "dinsos"):
        rapim.say(seat, session, matter, Stance.NO_OBJECTION)
    client = seated(rapim, "bkad")
    paper = matter.documents.get().paper
    shown = page(client, f"/cabinet/dossiers/{matter.id}/papers/{paper}/replace/")
    assert "2 kursi sudah bersikap atas naskah yang berlaku" in shown


def test_a_paper_that_somebody_replaced_meanwhile_is_not_replaced_blindly(rapim: House) -> None:
    client, matter = seated(rapim, "bkad"), rapim.dossier(owner="bkad")
    paper = matter.documents.get().paper
    address = f"/cabinet/dossiers/{matter.id}/papers/{paper}/replace/"
    seen = field(client, address, "edition")
    clerk = rapim.actor(rapim.clerk)
    dossiers.replace_document(clerk, matter.id, paper, data=rapim.paper(), filename="baru.pdf")
    answer = client.post(address, {"file": file(rapim), "edition": seen})
    assert answer.status_code == 409
    assert matter.documents.count() == 2


def test_a_dossier_goes_to_the_secretariat_and_comes_back_with_a_reason(rapim: House) -> None:
    owner, clerk, row = seated(rapim, "bkad", 1), seated(rapim, "risalah", 2), opened(rapim)
    base = f"/cabinet/dossiers/{row.id}/"
    owner.post(f"{base}papers/", {"file": file(rapim)})
    sent = owner.post(f"{base}submit/", {"edition": field(owner, f"{base}work/", "edition")})
    assert sent.status_code == 303
    reason = {"reason": " ", "edition": field(clerk, f"{base}return/", "edition")}
    assert clerk.post(f"{base}return/", reason).status_code == 422
    reason["reason"] = "Lampiran anggaran belum ada."
    assert owner.post(f"{base}return/", reason).status_code == 403
    assert clerk.post(f"{base}return/", reason).status_code == 303
    row.refresh_from_db()
    assert row.state == DossierState.RETURNED
    assert "Lampiran anggaran belum ada." in page(owner, f"{base}work/")


def test_the_history_tells_who_and_why_with_the_fingerprint_of_the_papers(rapim: House) -> None:
    client, row = seated(rapim, "bkad"), opened(rapim)
    base = f"/cabinet/dossiers/{row.id}/"
    client.post(f"{base}papers/", {"name": "Naskah", "file": file(rapim)})
    row.refresh_from_db()
    reason = {"reason": "Digabung.", "edition": field(client, f"{base}withdraw/", "edition")}
    client.post(f"{base}withdraw/", reason)
    shown = page(client, f"{base}history/")
    for told in ("Rancangan dibuka", "Naskah ditambahkan: Naskah", "Ditarik", "Digabung.", "Anggota 1"):
        assert told in shown
    assert row.docset_hash[:12] in shown


def test_a_withdrawn_dossier_offers_nothing_more(rapim: House) -> None:
    client, row = seated(rapim, "bkad"), opened(rapim)
    dossiers.withdraw(rapim.actor("bkad"), row.id, "Digabung.")
    shown = page(client, f"/cabinet/dossiers/{row.id}/work/")
    assert "Tarik untuk seterusnya" not in shown
    assert "Ditarik, karena Digabung." in shown
    assert client.get(f"/cabinet/dossiers/{row.id}/withdraw/").status_code == 409


def test_a_member_reads_but_does_not_prepare_what_others_bring(rapim: House) -> None:
    matter, client = rapim.dossier(owner="bkad"), seated(rapim, "dinkes")
    assert client.get(f"/cabinet/dossiers/{matter.id}/work/").status_code == 403
    assert client.get(f"/cabinet/dossiers/{matter.id}/history/").status_code == 200
    assert f'href="/cabinet/dossiers/{matter.id}/"' in client.get(f"{LIST}?view=all").content.decode()


@pytest.mark.parametrize("what", ["work/", "edit/", "withdraw/", "return/", "history/", "coordination/"])
def test_below_the_class_no_page_of_a_dossier_exists(rapim: House, what: str) -> None:
    matter = rapim.dossier("pengangkatan", "sekda", title=HIDDEN, classification=Classification.SECRET)
    for client in (seated(rapim, "dinkes", 1), stranger()):
        assert HIDDEN not in page(client, f"/cabinet/dossiers/{matter.id}/{what}", 404)


@pytest.mark.parametrize("view", ["mine", "asked", "ready", "all"])
def test_below_the_class_no_list_tells_of_a_dossier(rapim: House, view: str) -> None:
    low = seated(rapim, "dinkes")
    empty = words(low.get(f"{LIST}?view={view}"))
    rapim.dossier("pengangkatan", "sekda", title=HIDDEN, classification=Classification.SECRET)
    opened(rapim, "bkad", need_to_know=("bkad", "wabup"))
    assert words(low.get(f"{LIST}?view={view}")) == empty


def test_a_draft_of_another_seat_is_in_no_list(rapim: House) -> None:
    client, _ = seated(rapim, "dinkes"), opened(rapim)
    assert "Loket keliling" not in page(client, f"{LIST}?view=all")


def test_a_seat_that_is_asked_finds_the_way_to_its_answer(rapim: House) -> None:
    row = opened(rapim)
    dossiers.add_document(
        rapim.actor("bkad"), row.id, name="Naskah", data=rapim.paper(), filename="naskah.pdf"
    )
    coordination.open_round(rapim.actor("bkad"), row.id, Asked(mandatory=("dinkes",)))
    shown = seated(rapim, "dinkes").get(f"{LIST}?view=asked").content.decode()
    assert "Loket keliling" in shown
    assert "/cabinet/requests/" in shown
    assert "0 dari 1 sudah menjawab" in words(seated(rapim, "bkad", 2).get(LIST))


def test_a_list_goes_on_where_it_ended(rapim: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparation, "PAGE", 2)
    for number in range(3):
        rapim.dossier(title=f"Urusan {number}")
    client = seated(rapim, "risalah")
    first = client.get(LIST).content.decode()
    assert "Urusan 2" in first
    assert "Urusan 0" not in first
    address = first.split('rel="next"')[0].rpartition('href="')[2].rstrip('" ').replace("&amp;", "&")
    assert "Urusan 0" in page(client, address)


def test_the_list_asks_the_database_as_often_for_many_dossiers(rapim: House) -> None:
    client = seated(rapim, "risalah")
    rapim.session(rapim.dossier())
    asked = _asked(client)
    for number in range(3):
        matter = opened(rapim, "dinkes")
        dossiers.add_document(
            rapim.actor("dinkes"), matter.id, name="N", data=rapim.paper(), filename="n.pdf"
        )
        coordination.open_round(rapim.actor("dinkes"), matter.id, Asked(mandatory=("bkad", "dinsos")))
        assert number < 3
    assert _asked(client) == asked + 1  # the answers of rounds, now that there are some


def _asked(client: Client) -> int:
    with CaptureQueriesContext(connection) as seen:
        page(client, LIST)
    return len(seen)
