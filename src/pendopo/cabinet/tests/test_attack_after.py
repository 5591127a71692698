"""After the session: below the class of a decision, with two seats, through a calendar, without a trace."""

import datetime as dt
import io
from pathlib import Path
from uuid import uuid4

import pypdf
import pytest

from pendopo.agencies import api as agencies
from pendopo.cabinet import errors
from pendopo.cabinet.actions import bodies, calendar, coordination, decisions, dossiers, exports, minutes
from pendopo.cabinet.actions.coordination import Asked
from pendopo.cabinet.actions.decisions import Order
from pendopo.cabinet.actions.dossiers import Text
from pendopo.cabinet.actions.exports import Form
from pendopo.cabinet.models import CoordinationRequest, Dossier, Opinion, Read, Task
from pendopo.cabinet.queries import minutes as minutes_queries
from pendopo.cabinet.queries import tasks
from pendopo.cabinet.testing import walk
from pendopo.cabinet.testing.browsers import at_seat, named
from pendopo.cabinet.testing.house import House, found
from pendopo.cabinet.testing.walk import DEBATED, HIDDEN, Held, drafted
from pendopo.cabinet.values import Classification, Response
from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.clock import today
from pendopo.foundation.formats import zone
from pendopo.foundation.outbox import deliver_due
from pendopo.inbox import api as inbox
from pendopo.keys import api as keys
from pendopo_partners.authority import open_authority

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(rapim: House) -> Held:
    return drafted(walk.meeting(rapim))


def order(owner: str) -> Order:
    return Order(owner, "Susun daftar calon", today(zone()) + dt.timedelta(days=30))


def hidden_decision(house: House, held: Held) -> object:
    assert held.secret is not None
    return decisions.write_decision(house.actor("bupati"), held.secret, "Ditunda")


def seal_for(house: House, folder: Path) -> None:
    """Give the body's agency a seal, as a hall has one."""
    agency = agencies.body(house.body.agency_id).code
    keys.ensure(f"seal:{agency}", "ES256")
    request = keys.certificate_request(f"seal:{agency}", "Segel CONTOH", organisation="Contoh")
    keys.install_certificate(f"seal:{agency}", open_authority(folder).issue_for_seal(request))


@pytest.mark.parametrize("owner", ["dinkes", "diskominfo"])
def test_a_task_is_not_given_to_a_seat_below_the_class_of_its_matter(
    rapim: House, held: Held, owner: str
) -> None:
    assert held.secret is not None
    made = decisions.write_decision(rapim.actor("bupati"), held.secret, "Ditunda")
    with pytest.raises(errors.OwnerMayNotKnow):
        decisions.direct(rapim.actor("bupati"), made, "Siapkan", [order("bkad"), order(owner)])
    assert not Task.objects.exists(), "nor the others of the same order"
    client = at_seat(rapim, "bupati")
    due = today(zone()) + dt.timedelta(days=9)
    sent = {"order": "Siapkan", "task-0": "Susun", "owner-0": owner}
    sent |= {f"due-0-{part}": str(getattr(due, part)) for part in ("day", "month", "year")}
    answer = client.post(f"/cabinet/items/{held.secret}/decision/direct/", sent)
    assert answer.status_code == 422
    assert "tidak berhak mengetahui perkara ini" in answer.content.decode()
    assert "Susun" in answer.content.decode(), "what was typed is still there"


def test_a_task_outside_the_circle_of_need_to_know_is_not_given_either(rapim: House, held: Held) -> None:
    made = decisions.write_decision(rapim.actor("bupati"), held.plain, "Disetujui")
    Dossier.objects.filter(items=held.plain).update(need_to_know=["bkad"])
    with pytest.raises(errors.OwnerMayNotKnow):
        decisions.direct(rapim.actor("bupati"), made, "Siapkan", [order("dinkes")])
    decisions.direct(rapim.actor("bupati"), made, "Siapkan", [order("bkad")])


def test_the_board_counts_no_task_of_a_matter_above_the_reader(rapim: House, held: Held) -> None:
    assert held.secret is not None
    made = decisions.write_decision(rapim.actor("bupati"), held.secret, "Ditunda")
    decisions.direct(rapim.actor("bupati"), made, "Siapkan", [order("bkad")])
    task = Task.objects.get()
    assert tasks.tasks(rapim.actor("dinkes"), "id") == []
    assert tasks.owners(rapim.actor("dinkes"), "id") == []
    low = at_seat(rapim, "dinkes")
    for verb in ("", "close/"):
        known = low.post(f"/cabinet/tasks/{task.id}/{verb}", {"progress": 5, "text": "x", "how": "done"})
        other = low.post(f"/cabinet/tasks/{uuid4()}/{verb}", {"progress": 5, "text": "x", "how": "done"})
        assert known.json()["code"] == other.json()["code"], verb
        assert known.status_code == 404


def test_a_remark_on_the_minutes_is_read_by_who_may_read_all_of_them(rapim: House, held: Held) -> None:
    said = f"Pada butir {HIDDEN} ada yang keliru"
    minutes.approve(rapim.actor("bkad"), held.session.id, rapim.seats["bkad"], version=1, remark=said)
    minutes.approve(rapim.actor("dinkes"), held.session.id, rapim.seats["dinkes"], version=1, remark="Ejaan")

    def remarks(seat: str) -> set[str]:
        view = minutes_queries.minutes(rapim.actor(seat), held.session.id, "id")
        assert view is not None
        return {one.remark for one in view.approvals} - {""}

    assert remarks("dinkes") == {"Ejaan"}, "one's own"
    assert remarks("dinsos") == set()
    assert remarks("bkad") == remarks("risalah") == {said, "Ejaan"}


def test_minutes_and_decisions_of_a_closed_matter_are_not_read_without_a_trace(
    rapim: House, held: Held
) -> None:
    hidden_decision(rapim, held)
    minutes.revise(rapim.actor("bupati"), held.session.id, minutes.Words())
    client = named(rapim, "bkad")
    matter = Dossier.objects.get(items=held.secret)
    for address in (
        f"/cabinet/sessions/{held.session.id}/minutes/",
        f"/cabinet/items/{held.secret}/decision/",
        f"/cabinet/sessions/{held.session.id}/export/{Form.AKN.value}/",
        f"/cabinet/items/{held.secret}/decision/act.xml",
    ):
        before = Read.objects.filter(dossier=matter, seat__code="bkad").count()
        assert client.get(address).status_code == 200, address
        assert Read.objects.filter(dossier=matter, seat__code="bkad").count() == before + 1, address
    assert not Read.objects.filter(dossier=matter, docset_hash=matter.docset_hash, seat__code="bkad").exists()
    low = named(rapim, "dinkes", 2)
    assert low.get(f"/cabinet/sessions/{held.session.id}/minutes/").status_code == 200
    assert not Read.objects.filter(dossier=matter, seat__code="dinkes").exists()


def test_who_holds_two_seats_gets_a_sealed_file_of_what_they_may_read(
    rapim: House, held: Held, tmp_path: Path
) -> None:
    seal_for(rapim, tmp_path)
    narrow = Dossier.objects.get(items=held.plain)
    Dossier.objects.filter(id=narrow.id).update(need_to_know=["dinkes"], owner=rapim.seats["dinkes"])
    both = rapim.actor("dinkes").subject_id
    assert both is not None
    bodies.seat_person("rapim-contoh", "bkad", both, actor=SYSTEM)
    minutes.sign(rapim.actor("bupati"), held.session.id, version=1)
    minutes.seal_files(held.session.minutes.get().id)
    client = at_seat(rapim, "dinkes")
    for _ in range(2):
        answer = client.get(f"/cabinet/sessions/{held.session.id}/minutes/risalah.pdf")
        assert answer.status_code == 200
        reader = pypdf.PdfReader(io.BytesIO(answer.content))
        text = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
        assert all(title in text for title in (walk.PLAIN, DEBATED, HIDDEN))
    one = minutes.hand_out(rapim.actor("dinsos"), held.session.id)
    low = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(one)).pages)
    assert HIDDEN not in low
    assert DEBATED in " ".join(low.split())


def test_who_holds_two_seats_gives_an_opinion_for_either(rapim: House) -> None:
    matter = rapim.dossier()
    session = rapim.session(matter)
    client = named(rapim, "dinkes")
    both = rapim.actor("dinkes").subject_id
    assert both is not None
    bodies.seat_person("rapim-contoh", "bkad", both, actor=SYSTEM)
    page = client.get(f"/cabinet/dossiers/{matter.id}/").content.decode()
    assert 'id="opinion-seat"' in page
    item = session.items.get()
    for seat in ("bkad", "dinkes"):
        assert f'value="{rapim.seats[seat]}"' in page
        sent = {
            "seat": rapim.seats[seat],
            "papers": matter.docset_hash,
            "text": f"Sebagai {seat}",
            "classification": 0,
            "back": f"dossier:{matter.id}",
        }
        assert client.post(f"/cabinet/items/{item.id}/opinion/", sent).status_code == 303
    assert set(Opinion.objects.values_list("seat__code", flat=True)) == {"bkad", "dinkes"}


def test_an_opinion_above_one_seat_is_not_read_through_the_other(rapim: House) -> None:
    matter = rapim.dossier(classification=Classification.LIMITED, need_to_know=("dinkes", "sekda"))
    session = rapim.session(matter)
    client = named(rapim, "dinkes")
    both = rapim.actor("dinkes").subject_id
    assert both is not None
    bodies.seat_person("rapim-contoh", "bkad", both, actor=SYSTEM)
    sent = {
        "seat": rapim.seats["sekda"],
        "papers": matter.docset_hash,
        "text": "Untuk yang berhak saja",
        "classification": 2,
    }
    at_seat(rapim, "sekda").post(f"/cabinet/items/{session.items.get().id}/opinion/", sent)
    assert Opinion.objects.get().classification == Classification.SECRET
    page = client.get(f"/cabinet/dossiers/{matter.id}/").content.decode()
    assert "Untuk yang berhak saja" not in page, "bkad has the class, dinkes the need to know"
    assert (
        "Untuk yang berhak saja"
        in named(rapim, "sekda", 2).get(f"/cabinet/dossiers/{matter.id}/").content.decode()
    )


def test_a_calendar_holds_no_title_that_few_need_to_know(rapim: House) -> None:
    narrow = rapim.dossier(title="Nama yang sempit", need_to_know=("bkad",))
    rapim.session(narrow, rapim.dossier(title="Jalan desa"))
    feed = calendar.read(calendar.make(rapim.actor("bkad")), "id").decode()
    assert "Jalan desa" in feed
    assert "Nama yang sempit" not in feed
    low = calendar.read(calendar.make(rapim.actor("dinkes")), "id").decode()
    assert "tertutup" not in low.lower(), "below it there is not even a closed item"


def test_guessing_calendar_addresses_is_slowed_down_and_owners_are_not(rapim: House) -> None:
    token = calendar.make(rapim.actor("bkad"))
    client = at_seat(rapim, "bkad")
    answers = [client.get(f"/cabinet/calendar/{n}.ics").status_code for n in range(32)]
    assert answers == [404] * 30 + [429] * 2
    assert client.get(f"/cabinet/calendar/{token}.ics").status_code == 200


def test_nobody_packs_without_end(rapim: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pendopo.cabinet.actions.packs.PACKS_AN_HOUR", 1)
    session = rapim.session(rapim.dossier())
    client = named(rapim, "bkad")
    packed = [client.post(f"/cabinet/sessions/{session.id}/pack/").status_code for _ in range(2)]
    assert packed == [200, 429]


def test_a_member_of_another_body_learns_not_even_that_minutes_are_there(rapim: House, held: Held) -> None:
    other = found("forkopimda-contoh")
    client, sent = at_seat(other, "kapolres"), {"seat": other.seats["kapolres"], "version": 1}
    known = client.post(f"/cabinet/sessions/{held.session.id}/minutes/approve/", sent)
    unknown = client.post(f"/cabinet/sessions/{uuid4()}/minutes/approve/", sent)
    assert (known.status_code, known.json()["code"]) == (unknown.status_code, unknown.json()["code"])


def test_who_is_asked_is_not_shut_out_until_their_silence_is_consent(rapim: House) -> None:
    clerk = rapim.actor(rapim.clerk)
    text = Text(title="Rancangan", summary="Ringkasan")
    made = dossiers.open_dossier(clerk, "rapim-contoh", item_type="perbup", owner_seat="bkad", text=text)
    dossiers.add_document(clerk, made, name="Naskah", data=rapim.paper(), filename="naskah.pdf")
    coordination.open_round(clerk, made, Asked(mandatory=("dinkes",)))
    for closed in (
        Text(title="Rancangan", summary="Ringkasan", classification=Classification.SECRET),
        Text(title="Rancangan", summary="Ringkasan", need_to_know=("bkad", "sekda")),
    ):
        with pytest.raises(errors.AboveTheRoom):
            dossiers.edit_dossier(clerk, made, closed)
    request = CoordinationRequest.objects.get()
    coordination.respond(rapim.actor("dinkes"), request.id, Response.OBJECT, ["Belum sepakat"])


def test_a_matter_that_becomes_secret_leaves_the_open_series_of_numbers(rapim: House) -> None:
    clerk = rapim.actor(rapim.clerk)
    text = Text(title="Rancangan", summary="Ringkasan")
    made = dossiers.open_dossier(clerk, "rapim-contoh", item_type="perbup", owner_seat="bkad", text=text)
    was = Dossier.objects.get(id=made).number
    secret = Text(title="Rancangan", summary="Ringkasan", classification=Classification.SECRET)
    dossiers.edit_dossier(clerk, made, secret)
    assert "/R/" in Dossier.objects.get(id=made).number
    assert rapim.dossier().number == was, "the last number is free again, and no gap tells of it"


def test_no_export_for_the_command_line_sees_more_than_its_seat(rapim: House, held: Held) -> None:
    data = exports.export(rapim.actor("dinkes"), held.session.id, Form.JSON).data.decode()
    assert HIDDEN not in data
    assert DEBATED in data


def test_a_body_hears_of_whoever_is_seated_in_it(rapim: House) -> None:
    people = {seat: rapim.actor(seat).subject_id for seat in ("bupati", "bkad", "dinkes", "dinsos")}
    rapim.session(rapim.dossier())
    new = people["dinsos"]
    assert new is not None
    bodies.seat_person("rapim-contoh", "bkad", new, actor=SYSTEM)
    while deliver_due():
        pass

    def told(seat: str) -> int:
        subject_id = people[seat]
        assert subject_id is not None
        return sum("berganti pemegang" in one.title for one in inbox.messages_of(subject_id))

    assert {seat: told(seat) for seat in people} == {"bupati": 1, "dinkes": 1, "bkad": 1, "dinsos": 0}
