"""Sessions and agendas by page: a plan, its items, versions, positions; two clerks at once."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pendopo.cabinet.actions import dossiers, planning, sessions
from pendopo.cabinet.actions.planning import Arrangement, Way
from pendopo.cabinet.models import AgendaItem, AgendaVersion, Dossier, Session
from pendopo.cabinet.testing.house import House
from pendopo.cabinet.tests.rooms import field, page, seated, stranger, words
from pendopo.cabinet.values import Classification, DossierState, Path, SessionKind, SessionState
from pendopo.foundation.clock import now
from pendopo.foundation.formats import zone

pytestmark = pytest.mark.django_db
LIST, NEW = "/cabinet/sessions/", "/cabinet/sessions/new/"
HIDDEN = "Pengangkatan pejabat eselon dua"


def typed(days: int = 6, **more: str) -> dict[str, str]:
    day = (now() + dt.timedelta(days=days)).astimezone(zone())
    return {
        "body": "rapim-contoh",
        "title_id": "Rapat pimpinan",
        "title_en": "Leadership meeting",
        "kind": "ordinary",
        "day-day": str(day.day),
        "day-month": str(day.month),
        "day-year": str(day.year),
        "time-hour": "10",
        "time-minute": "30",
        "minutes": "90",
        "place": "Pendopo",
        "remote": "yes",
        "ceiling": "2",
    } | more


def planned(house: House) -> Session:
    start = now() + dt.timedelta(days=4)
    made = sessions.plan(
        house.actor(house.clerk),
        house.body.code,
        sessions.Plan("Rapat pimpinan", "Leadership meeting", "Pendopo", start),
    )
    return Session.objects.get(id=made)


def desk(session: Session) -> str:
    return f"/cabinet/sessions/{session.id}/plan/"


def press(client: Client, session: Session, verb: str, **more: Any) -> HttpResponse:
    """Press a button of the desk as it is now, or as ``edition`` saw it."""
    seen = {"edition": field(client, desk(session), "edition")} if "edition" not in more else {}
    answer = client.post(desk(session), seen | {"verb": verb} | more)
    assert isinstance(answer, HttpResponse)
    return answer


def order(session: Session) -> list[str]:
    items = session.items.filter(removed_at=None).order_by("order")
    return [str(one) for one in items.values_list("dossier__number", flat=True)]


def test_the_first_session_is_asked_for_where_there_is_none(rapim: House) -> None:
    assert "Rencanakan yang pertama" in page(seated(rapim, "risalah", 1), LIST)
    shown = page(seated(rapim, "dinkes", 2), LIST)
    assert "Sidang muncul di sini setelah direncanakan sekretariat" in shown
    assert "Rencanakan sidang" not in shown


def test_the_clerk_plans_a_session_in_the_time_of_the_region(rapim: House) -> None:
    client = seated(rapim, "risalah")
    answer = client.post(NEW, typed(kind="extraordinary"))
    row = Session.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"{desk(row)}?done=planned")
    local = row.planned_start.astimezone(zone())
    assert (local.hour, local.minute, row.planned_minutes) == (10, 30, 90)
    assert row.kind == SessionKind.EXTRAORDINARY
    assert row.lock_at == row.planned_start - dt.timedelta(hours=18)
    assert "Agenda masih kosong" in page(client, desk(row))


def test_everything_wrong_with_a_plan_is_told_at_once_and_kept(rapim: House) -> None:
    client = seated(rapim, "risalah")
    wrong = {"day-day": "31", "day-month": "2", "time-hour": "25", "minutes": "0", "title_en": ""}
    answer = client.post(NEW, typed() | wrong)
    shown = words(answer)
    assert answer.status_code == 422
    for told in ("bahasa Inggris, paling", "bulan, dan tahun yang ada", "Isi jam 0 sampai 23", "menit bulat"):
        assert told in shown
    assert 'value="Pendopo"' in answer.content.decode()
    past = client.post(NEW, typed(days=-1))
    assert "Waktu ini sudah lewat" in words(past)


def test_a_member_plans_nothing(rapim: House) -> None:
    client, session = seated(rapim, "dinkes"), planned(rapim)
    assert "Hanya sekretaris atau ketua" in page(client, NEW)
    client.post(NEW, typed())
    assert Session.objects.count() == 1
    assert client.get(desk(session)).status_code == 403
    assert client.post(desk(session), {"verb": "open"}).status_code == 403


def test_ready_dossiers_are_put_on_the_agenda_and_fill_its_time(rapim: House) -> None:
    client, session, matter = seated(rapim, "risalah"), planned(rapim), rapim.dossier()
    assert "Penghapusan aplikasi ganda" in page(client, desk(session))
    answer = press(client, session, "schedule", dossier=str(matter.id), minutes="25", path="information")
    item = AgendaItem.objects.get()
    assert answer["Location"].endswith(f"#item-{item.id}")
    assert (item.planned_minutes, item.information_only) == (25, True)
    shown = page(client, desk(session))
    assert "25 menit direncanakan dari 2 jam; tersisa 1 jam 35 menit" in shown
    planning.arrange(rapim.actor("risalah"), item.id, Arrangement(150, Path.CONSENT))
    assert "kelebihan 30 menit" in page(client, desk(session))


def test_items_move_up_and_down_by_button_and_the_button_keeps_the_focus(rapim: House) -> None:
    client, session = seated(rapim, "risalah"), planned(rapim)
    matters = [rapim.dossier(title=f"Urusan {n}") for n in range(3)]
    for matter in matters:
        sessions.schedule(rapim.actor("risalah"), session.id, matter.id)
    last = session.items.get(dossier=matters[2])
    answer = press(client, session, "up", item=str(last.id))
    assert order(session) == [matters[0].number, matters[2].number, matters[1].number]
    shown = client.get(answer["Location"].partition("#")[0]).content.decode()
    assert shown.count("autofocus") == 1
    press(client, session, "up", item=str(last.id))
    press(client, session, "up", item=str(last.id))
    press(client, session, "down", item=str(session.items.get(dossier=matters[0]).id))
    assert order(session) == [matters[2].number, matters[1].number, matters[0].number]


def test_minutes_and_path_are_changed_item_by_item(rapim: House) -> None:
    client, session, matter = seated(rapim, "risalah"), planned(rapim), rapim.dossier()
    sessions.schedule(rapim.actor("risalah"), session.id, matter.id)
    item = AgendaItem.objects.get()
    bad = press(client, session, "arrange", item=str(item.id), minutes="banyak", path="debate")
    assert bad.status_code == 422
    assert 'value="banyak"' in bad.content.decode()
    press(client, session, "arrange", item=str(item.id), minutes="30", path="debate")
    item.refresh_from_db()
    assert (item.planned_minutes, item.pulled_by_id) == (30, rapim.seats["risalah"])
    press(client, session, "arrange", item=str(item.id), minutes="30", path="consent")
    item.refresh_from_db()
    assert item.pulled_by_id is None


def test_what_the_chair_pulled_only_the_chair_gives_back(rapim: House) -> None:
    clerk, chair, matter = seated(rapim, "risalah", 1), seated(rapim, "bupati", 2), rapim.dossier()
    session = planned(rapim)
    sessions.schedule(rapim.actor("risalah"), session.id, matter.id)
    item = AgendaItem.objects.get()
    assert press(chair, session, "pull", item=str(item.id)).status_code == 303
    assert "dibahas atas permintaan Bupati" in page(clerk, desk(session))
    refused = press(clerk, session, "arrange", item=str(item.id), minutes="10", path="consent")
    assert refused.status_code == 403
    assert press(clerk, session, "pull", item=str(item.id)).status_code == 403
    press(chair, session, "arrange", item=str(item.id), minutes="10", path="consent")
    item.refresh_from_db()
    assert item.pulled_by_id is None


def test_an_item_is_taken_off_or_put_off_with_a_reason(rapim: House) -> None:
    client, session = seated(rapim, "risalah"), planned(rapim)
    off, later = rapim.dossier(title="Keluar"), rapim.dossier(title="Tunda")
    for matter in (off, later):
        sessions.schedule(rapim.actor("risalah"), session.id, matter.id)
    items = {matter.id: str(session.items.get(dossier=matter).id) for matter in (off, later)}
    press(client, session, "unschedule", item=items[off.id])
    assert press(client, session, "defer", item=items[later.id], reason="").status_code == 422
    press(client, session, "defer", item=items[later.id], reason="Menunggu angka BPS.")
    states = dict(Dossier.objects.values_list("id", "state"))
    assert (states[off.id], states[later.id]) == (DossierState.SUBMITTED, DossierState.DEFERRED)
    shown = page(client, desk(session))
    assert "Ditunda" in shown
    assert "Menunggu angka BPS." in page(client, f"/cabinet/dossiers/{later.id}/history/")


def test_an_agenda_is_published_and_says_what_changed_since(rapim: House) -> None:
    client, session = seated(rapim, "risalah"), planned(rapim)
    first, second = rapim.dossier(title="Urusan lama"), rapim.dossier(title="Urusan baru")
    sessions.schedule(rapim.actor("risalah"), session.id, first.id)
    assert press(client, session, "publish").status_code == 303
    assert "Tidak ada yang berubah sejak itu" in page(client, desk(session))
    sessions.schedule(rapim.actor("risalah"), session.id, second.id)
    planning.arrange(
        rapim.actor("risalah"), session.items.get(dossier=first).id, Arrangement(40, Path.CONSENT)
    )
    shown = page(client, desk(session))
    assert "Baru: Urusan baru (urutan 2)" in shown
    assert "Urusan lama: 10 menit, sekarang 40" in shown
    press(client, session, "publish")
    assert AgendaVersion.objects.count() == 2
    shown = page(seated(rapim, "dinkes", 2), f"/cabinet/sessions/{session.id}/versions/")
    assert "Agenda versi 2" in shown
    assert "Baru: Urusan baru (urutan 2)" in shown
    assert "tanda tangan berlaku" in shown


def test_positions_are_opened_locked_and_opened_again_for_a_reason(rapim: House) -> None:
    client, session, matter = seated(rapim, "risalah"), planned(rapim), rapim.dossier()
    sessions.schedule(rapim.actor("risalah"), session.id, matter.id)
    assert press(client, session, "open").status_code == 303
    assert press(client, session, "lock").status_code == 303
    reopen = f"{desk(session)}reopen/"
    day = (now() + dt.timedelta(days=2)).astimezone(zone())
    until = {
        "day-day": str(day.day),
        "day-month": str(day.month),
        "day-year": str(day.year),
        "time-hour": "9",
    }
    refused = client.post(reopen, until | {"reason": ""})
    assert refused.status_code == 422
    assert f'value="{day.year}"' in refused.content.decode()
    gone = client.post(reopen, until | {"reason": "Berkas menyusul.", "day-year": "2020"})
    assert "Isi hari dan jam yang belum lewat" in words(gone)
    assert client.post(reopen, until | {"reason": "Berkas menyusul."}).status_code == 303
    session.refresh_from_db()
    assert session.state == SessionState.POSITIONS_OPEN
    assert "Dibuka lagi sesudah dikunci, karena Berkas menyusul." in page(client, desk(session))
    history = page(client, f"/cabinet/dossiers/{matter.id}/history/")
    assert "Dibuka lagi sesudah dikunci" in history
    assert "Berkas menyusul." in history


def test_of_two_clerks_the_second_is_told_and_keeps_what_was_typed(rapim: House) -> None:
    client, session, matter = seated(rapim, "risalah"), planned(rapim), rapim.dossier()
    sessions.schedule(rapim.actor("bupati"), session.id, matter.id)
    item, seen = AgendaItem.objects.get(), field(client, desk(session), "edition")
    planning.arrange(rapim.actor("bupati"), item.id, Arrangement(20, Path.CONSENT))
    more = {"item": str(item.id), "minutes": "35", "path": "debate", "edition": seen}
    answer = press(client, session, "arrange", **more)
    assert answer.status_code == 409
    assert "Orang lain mengubahnya" in words(answer)
    assert 'value="35"' in answer.content.decode()
    item.refresh_from_db()
    assert item.planned_minutes == 20
    again = answer.content.decode().split('name="edition" value="')[1].split('"')[0]
    assert press(client, session, "arrange", **(more | {"edition": again})).status_code == 303


def test_a_plan_is_changed_and_the_lock_moves_with_it(rapim: House) -> None:
    client, session = seated(rapim, "risalah"), planned(rapim)
    address = f"{desk(session)}edit/"
    seen = field(client, address, "edition")
    assert client.post(address, typed(days=9, place="Aula", edition=seen)).status_code == 303
    session.refresh_from_db()
    assert session.place == "Aula"
    assert session.lock_at == session.planned_start - dt.timedelta(hours=18)
    stale = client.post(address, typed(days=10, place="Lapangan", edition=seen))
    assert stale.status_code == 409
    assert 'value="Lapangan"' in stale.content.decode()


def test_the_desk_tells_nothing_above_the_class_of_the_chair(rapim: House) -> None:
    """A clerk of a lower class makes an agenda in which there is more than they may know."""
    session, clerk = planned(rapim), rapim.actor("bupati")
    plain = [rapim.dossier(title=f"Urusan {n}") for n in range(2)]
    secret = rapim.dossier("pengangkatan", "sekda", title=HIDDEN, classification=Classification.SECRET)
    rapim.body.seats.filter(code="risalah").update(ceiling=Classification.OPEN)
    low = seated(rapim, "risalah")
    empty = words(low.get(desk(session)))
    assert HIDDEN not in empty
    for matter in (plain[0], secret, plain[1]):
        sessions.schedule(clerk, session.id, matter.id)
    sessions.publish_agenda(clerk, session.id)
    for address in (desk(session), f"/cabinet/sessions/{session.id}/versions/", LIST):
        shown = page(low, address)
        assert HIDDEN not in shown
        assert "3 butir" not in shown
        assert "urutan 3" not in shown
    assert "20 menit direncanakan" in page(low, desk(session))
    press(low, session, "up", item=str(session.items.get(dossier=plain[1]).id))
    assert order(session) == [plain[1].number, secret.number, plain[0].number]
    hidden = session.items.get(dossier=secret)
    assert press(low, session, "unschedule", item=str(hidden.id)).status_code == 404


@pytest.mark.parametrize("what", ["plan/", "plan/edit/", "plan/reopen/", "versions/"])
def test_a_stranger_finds_no_session(rapim: House, what: str) -> None:
    session = planned(rapim)
    page(stranger(), f"/cabinet/sessions/{session.id}/{what}", 404)


def test_lists_of_sessions_show_a_stranger_none(rapim: House) -> None:
    planned(rapim)
    assert "Rapat pimpinan" not in page(stranger(), LIST)


def test_a_dossier_above_the_room_is_not_offered(rapim: House) -> None:
    client, session = seated(rapim, "risalah"), planned(rapim)
    rapim.dossier("pengangkatan", "sekda", title=HIDDEN, classification=Classification.SECRET)
    assert HIDDEN in page(client, desk(session))
    seen = field(client, f"{desk(session)}edit/", "edition")
    client.post(f"{desk(session)}edit/", typed(ceiling="0", edition=seen))
    assert HIDDEN not in page(client, desk(session))


def test_lists_and_desk_ask_the_database_as_often_for_many(rapim: House) -> None:
    client, session = seated(rapim, "risalah"), planned(rapim)
    sessions.schedule(rapim.actor("risalah"), session.id, rapim.dossier().id)
    rapim.dossier()
    few = [_asked(client, address) for address in (LIST, desk(session))]
    for _ in range(3):
        sessions.schedule(rapim.actor("risalah"), session.id, rapim.dossier().id)
        rapim.dossier()
        planned(rapim)
    assert [_asked(client, address) for address in (LIST, desk(session))] == few


def _asked(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        page(client, address)
    return len(seen)


def test_an_item_moves_no_further_than_the_end(rapim: House) -> None:
    session, matter = planned(rapim), rapim.dossier()
    sessions.schedule(rapim.actor("risalah"), session.id, matter.id)
    item = AgendaItem.objects.get()
    planning.move(rapim.actor("risalah"), item.id, Way.UP)
    planning.move(rapim.actor("risalah"), item.id, Way.DOWN)
    assert AgendaItem.objects.get().order == item.order


def test_a_dossier_that_was_withdrawn_meanwhile_is_not_scheduled(rapim: House) -> None:
    client, session, matter = seated(rapim, "risalah"), planned(rapim), rapim.dossier()
    seen = field(client, desk(session), "edition")
    dossiers.withdraw(rapim.actor("diskominfo"), matter.id, "Digabung")
    answer = press(client, session, "schedule", dossier=str(matter.id), minutes="10", edition=seen)
    assert answer.status_code == 409
