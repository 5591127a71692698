"""What an insider types: markup, control characters, impossible days, and files made to choke on."""

import io
import json
import time
from pathlib import Path

import pypdf
import pytest
from lxml import etree  # type: ignore[import-untyped]  # it ships no types
from pydantic import ValidationError

from pendopo.agencies import api as agencies
from pendopo.cabinet import configuration, errors, texts
from pendopo.cabinet.actions import decisions, exports, imports, minutes, positions
from pendopo.cabinet.actions.decisions import Public
from pendopo.cabinet.actions.exports import Form
from pendopo.cabinet.imports import openslides
from pendopo.cabinet.imports.openslides import UnreadableExportError
from pendopo.cabinet.models import Dossier, Publication
from pendopo.cabinet.queries import agenda
from pendopo.cabinet.testing import walk
from pendopo.cabinet.testing.browsers import at_seat, named
from pendopo.cabinet.testing.house import House
from pendopo.cabinet.testing.walk import drafted
from pendopo.cabinet.values import Classification
from pendopo.documents import api as documents
from pendopo.foundation.actor import SYSTEM
from pendopo.keys import api as keys
from pendopo_partners.authority import open_authority

pytestmark = pytest.mark.django_db

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1)) {{ 7*7 }}"
TYPST = '#read("/etc/passwd") #import "x": * $ x $ *tebal* @rujuk #panic("x")'
NUL = "Judul\x00dengan\x0b\x1b[31m\u202etanda"


def test_markup_in_titles_and_opinions_is_text(rapim: House) -> None:
    matter = rapim.dossier(title=MARKUP)
    session = rapim.session(matter)
    item = session.items.get()
    positions.give_opinion(
        rapim.actor("dinkes"),
        item.id,
        rapim.seats["dinkes"],
        text=MARKUP,
        classification=Classification.OPEN,
        docset_hash=matter.docset_hash,
    )
    client = named(rapim, "bkad")
    for address in (
        f"/cabinet/dossiers/{matter.id}/",
        f"/cabinet/sessions/{session.id}/agenda/",
        "/cabinet/",
    ):
        page = client.get(address).content.decode()
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="javascript:' not in page
        assert "{{ 7*7 }}" in page


def test_control_characters_break_no_page_and_no_export(rapim: House) -> None:
    matter = rapim.dossier(title=NUL)
    session = rapim.session(matter)
    line = agenda.of_session(rapim.actor("bkad"), session.id, "id").items[0]
    assert line.title == "Juduldengan[31mtanda"
    assert texts.tidied("baris satu\r\nbaris dua\ttab") == "baris satu\nbaris dua\ttab"


def test_a_nul_is_no_server_error(rapim: House) -> None:
    client = at_seat(rapim, "bkad")
    assert client.get("/cabinet/follow-up/", {"owner": "\x00", "state": "\x00"}).status_code < 500
    assert client.get("/cabinet/register/", {"page": "9" * 5000}).status_code == 200


def test_an_export_with_control_characters_is_still_a_document(rapim: House) -> None:
    held = drafted(walk.meeting(rapim))
    clerk = rapim.actor(rapim.clerk)
    minutes.revise(clerk, held.session.id, minutes.Words({str(held.plain): f"{NUL} {MARKUP}"}, NUL))
    akn = exports.export(clerk, held.session.id, Form.AKN).data
    assert "Judul" in etree.tostring(etree.fromstring(akn), encoding="unicode")
    json.loads(exports.export(clerk, held.session.id, Form.POPOLO).data)


def test_typst_in_a_title_is_set_as_it_was_typed(rapim: House, tmp_path: Path) -> None:
    agency = agencies.body(rapim.body.agency_id).code
    keys.ensure(f"seal:{agency}", "ES256")
    request = keys.certificate_request(f"seal:{agency}", "Segel CONTOH", organisation="Contoh")
    keys.install_certificate(f"seal:{agency}", open_authority(tmp_path).issue_for_seal(request))
    held = drafted(walk.meeting(rapim))
    clerk = rapim.actor(rapim.clerk)
    minutes.revise(clerk, held.session.id, minutes.Words({str(held.plain): TYPST}, TYPST))
    minutes.sign(clerk, held.session.id, version=2)
    row = held.session.minutes.get(version=2)
    minutes.seal_files(row.id)
    low = minutes.hand_out(rapim.actor("dinkes"), held.session.id)
    reader = pypdf.PdfReader(io.BytesIO(low))
    text = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
    assert '#read("/etc/passwd")' in text
    assert "root:" not in text
    about = json.dumps({str(key): str(value) for key, value in (reader.metadata or {}).items()})
    assert walk.HIDDEN not in about + text
    assert "Risalah" in about
    assert not reader.attachments
    assert documents.documents_of_case(row.id) == []


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1999-12-31"])
def test_a_day_at_the_end_of_the_calendar_is_refused_and_breaks_nothing(rapim: House, day: str) -> None:
    held = drafted(walk.meeting(rapim))
    clerk = at_seat(rapim, rapim.clerk)
    decisions.write_decision(rapim.actor(rapim.clerk), held.plain, "Disetujui")
    address = f"/cabinet/items/{held.plain}/decision/"
    year, month, date = day.split("-")

    def typed(name: str) -> dict[str, str]:
        return {f"{name}-year": year, f"{name}-month": month, f"{name}-day": date}

    sent = {"title": "Judul", "public_text": "Isi", **typed("embargo")}
    assert clerk.post(f"{address}publish/", sent).status_code == 422
    task = {"order": "Arahan", "task-0": "Tugas", "owner-0": "bkad", "every-0": "9" * 5000, **typed("due-0")}
    assert clerk.post(f"{address}direct/", task).status_code == 422
    deputy = {
        "seat": rapim.seats["risalah"],
        "nik": "9901015203960001",
        **{
            f"{end}-{part}": one
            for end in ("from", "to")
            for part, one in zip(("year", "month", "day"), (year, month, date), strict=True)
        },
    }
    assert clerk.post("/cabinet/deputies/", deputy).status_code == 422
    assert not Publication.objects.exists()
    assert clerk.get("/cabinet/decisions/").status_code == 200


def test_a_matter_that_few_need_to_know_of_is_not_published(rapim: House) -> None:
    held = drafted(walk.meeting(rapim))
    clerk = rapim.actor(rapim.clerk)
    made = decisions.write_decision(clerk, held.plain, "Disetujui")
    Dossier.objects.filter(items=held.plain).update(need_to_know=["bkad"])
    with pytest.raises(errors.AboveTheRoom):
        decisions.publish(clerk, made, Public("Judul", "Isi"))


@pytest.mark.parametrize("low", ["bupati", "risalah"])
def test_a_body_whose_chair_or_clerk_may_not_read_all_of_it_is_not_founded(low: str) -> None:
    text = configuration.load(configuration.folder() / "rapim-contoh.yaml").model_dump(mode="json")
    for seat in text["seats"]:
        if seat["code"] == low:
            seat["ceiling"] = 1
    with pytest.raises(ValidationError, match=low):
        configuration.BodyConfiguration.model_validate(text)


def export_of(**collections: object) -> bytes:
    return json.dumps({"meeting": [{"id": 1, "name": "Rapat"}], **collections}).encode()


@pytest.mark.parametrize(
    "data",
    [b"[" * 200_000, b'{"meeting":' * 50_000, export_of(motion=[{"id": n} for n in range(6000)])],
    ids=["nested", "nested objects", "many"],
)
def test_a_file_made_to_choke_on_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(UnreadableExportError):
        openslides.read(data)


@pytest.mark.parametrize(
    "text", ["<" * 2_000_000, " " * 2_000_000, "<a " * 700_000], ids=["tags", "spaces", "open"]
)
def test_a_text_made_to_choke_on_is_read_in_no_time(text: str) -> None:
    begun = time.perf_counter()
    openslides.read(export_of(motion=[{"id": 1, "title": "Usul", "text": text}]))
    assert time.perf_counter() - begun < 30, "a quadratic pattern would take hours"


def test_an_import_brings_neither_control_characters_nor_endless_times(rapim: House) -> None:
    data = export_of(
        motion=[{"id": 3, "title": f"{NUL}\ud800", "text": f"<p>{MARKUP}</p>", "number": "A\x00"}],
        agenda_item=[{"id": 1, "content_object_id": "motion/3", "duration": 10**30}],
    )
    read = openslides.read(data.replace(b'"name": "Rapat"', b'"name": "Rapat", "start_time": 253402300799'))
    assert read.start is None
    assert read.matters[0].minutes == 480
    brought = imports.bring_in(read, "rapim-contoh", actor=SYSTEM)
    line = agenda.of_session(rapim.actor("risalah"), brought.session_id, "id").items[0]
    assert line.title == "A: Juduldengan[31mtanda"
    assert named(rapim, "risalah").get(f"/cabinet/dossiers/{line.dossier_id}/").status_code == 200


ENDLESS = "9" * 5000


@pytest.mark.parametrize("field", ["minutes", "hour", "minute", "day", "month", "year", "ceiling"])
def test_an_endless_number_is_refused_in_words(rapim: House, field: str) -> None:
    session = rapim.session(rapim.dossier())
    item = session.items.get()
    clerk = named(rapim, rapim.clerk)
    plan = f"/cabinet/sessions/{session.id}/plan/"
    wrong = {
        "verb": "arrange",
        "item": item.id,
        "path": "debate",
        "title_id": "a",
        "place": "b",
        field: ENDLESS,
    }
    for address in (
        plan,
        f"{plan}edit/",
        f"{plan}reopen/",
        "/cabinet/sessions/new/",
        "/cabinet/dossiers/new/",
    ):
        for name in (field, f"start-{field}", f"lock-{field}"):
            assert clerk.post(address, {**wrong, name: ENDLESS}).status_code < 500, (address, name)
