"""Coordination by page: who is asked until when, answers with points, what the owner makes of them."""

import datetime as dt
from uuid import UUID

import pytest
import time_machine
from django.test import Client

from pendopo.cabinet import agenda, errors
from pendopo.cabinet.actions import coordination, dossiers, planning, sessions
from pendopo.cabinet.actions.coordination import Asked
from pendopo.cabinet.actions.dossiers import Text
from pendopo.cabinet.consent import Reason, ReasonCode
from pendopo.cabinet.models import CoordinationRequest, CoordinationRound, Difference, Dossier
from pendopo.cabinet.testing.house import House
from pendopo.cabinet.tests.rooms import field, page, seated, stranger, words
from pendopo.cabinet.values import Classification, Response, Stance, Verdict
from pendopo.foundation.clock import now
from pendopo.foundation.outbox import deliver_due
from pendopo.foundation.working_calendar import calendar
from pendopo.identity import testing as people
from pendopo.inbox import api as inbox

pytestmark = pytest.mark.django_db
HIDDEN = "Pengangkatan pejabat eselon dua"


def draft(house: House, owner: str = "bkad", **more: object) -> Dossier:
    text = Text(title="Loket keliling", summary="Loket mendatangi desa.", **more)  # type: ignore[arg-type]  # as given
    made = dossiers.open_dossier(
        house.actor(owner), house.body.code, item_type="perbup", owner_seat=owner, text=text
    )
    dossiers.add_document(house.actor(owner), made, name="Naskah", data=house.paper(), filename="naskah.pdf")
    return Dossier.objects.get(id=made)


def asked(house: House, *seats: str, owner: str = "bkad") -> Dossier:
    row = draft(house, owner)
    coordination.open_round(house.actor(owner), row.id, Asked(mandatory=seats))
    return row


def request_of(row: Dossier, seat: str) -> UUID:
    return CoordinationRequest.objects.get(round__dossier=row, seat__code=seat).id


def seen(client: Client, address: str) -> dict[str, object]:
    """Return what the page of a question holds unseen: the papers, and the answer so far."""
    return {name: field(client, address, name) for name in ("papers", "edition")}


def board(row: Dossier) -> str:
    return f"/cabinet/dossiers/{row.id}/coordination/"


def test_the_owner_asks_seats_until_a_day_that_the_form_shows(rapim: House) -> None:
    client, row = seated(rapim, "bkad"), draft(rapim)
    shown = client.get(board(row)).content.decode()
    assert "5 hari kerja:" in shown
    assert ">4 hari kerja:" not in shown
    sent = {
        "edition": field(client, board(row), "edition"),
        "seat-dinkes": "mandatory",
        "seat-dinsos": "optional",
        "seat-bupati": "no",
        "days": "7",
    }
    assert client.post(f"{board(row)}ask/", sent).status_code == 303
    made = CoordinationRound.objects.get()
    assert made.due_at == calendar().add_working_days(made.created_at, 7)
    found = dict(made.requests.values_list("seat__code", "mandatory"))
    assert found == {"dinkes": True, "dinsos": False}
    assert "0 dari 2 sudah menjawab" in page(client, "/cabinet/dossiers/")


def test_only_clerk_and_chair_give_less_time_than_the_body_does(rapim: House) -> None:
    row = draft(rapim)
    with pytest.raises(errors.DoesNotFit):
        coordination.open_round(rapim.actor("bkad"), row.id, Asked(("dinkes",), working_days=2))
    shown = page(seated(rapim, "risalah"), board(row))
    assert "1 hari kerja:" in shown
    coordination.open_round(rapim.actor("risalah"), row.id, Asked(("dinkes",), working_days=2))


def test_asking_nobody_comes_back_with_the_days_that_were_chosen(rapim: House) -> None:
    client, row = seated(rapim, "bkad"), draft(rapim)
    answer = client.post(f"{board(row)}ask/", {"edition": field(client, board(row), "edition"), "days": "9"})
    assert answer.status_code == 422
    assert "Pilih paling sedikit satu kursi" in words(answer)
    assert '<option value="9" selected>' in answer.content.decode()


def test_a_seat_that_may_not_know_is_not_offered_and_cannot_be_asked(rapim: House) -> None:
    row = draft(rapim, classification=Classification.SECRET, need_to_know=("wabup", "dinkes"))
    shown = seated(rapim, "bkad").get(board(row)).content.decode()
    assert "seat-wabup" in shown
    assert "seat-dinkes" not in shown  # named, but its class does not reach
    assert "seat-sekda" not in shown
    for seat in ("dinkes", "sekda"):
        with pytest.raises(errors.AboveTheRoom):
            coordination.open_round(rapim.actor("bkad"), row.id, Asked((seat,)))


@pytest.mark.parametrize("response", ["agree", "no_interest"])
def test_a_seat_answers_on_one_page(rapim: House, response: str) -> None:
    row = asked(rapim, "dinkes")
    client, address = seated(rapim, "dinkes"), f"/cabinet/requests/{request_of(row, 'dinkes')}/"
    shown = page(client, address)
    for told in ("Loket keliling", "Loket mendatangi desa.", "Naskah", "Sesudah itu diam dianggap setuju"):
        assert told in shown
    sent = seen(client, address) | {"response": response, "point": "", "do": "send"}
    answer = client.post(address, sent)
    assert (answer.status_code, answer["Location"]) == (303, f"{board(row)}?done=said")
    assert CoordinationRequest.objects.get().response == response


def test_an_objection_without_a_point_comes_back(rapim: House) -> None:
    row = asked(rapim, "dinkes")
    client, address = seated(rapim, "dinkes"), f"/cabinet/requests/{request_of(row, 'dinkes')}/"
    answer = client.post(address, {"response": "object", "point": ["", " "], "do": "send"})
    assert answer.status_code == 422
    assert "Tulis paling sedikit satu butir" in words(answer)
    assert 'value="object" checked' in answer.content.decode()


def test_points_without_an_objection_are_not_dropped_in_silence(rapim: House) -> None:
    row = asked(rapim, "dinkes")
    client, address = seated(rapim, "dinkes"), f"/cabinet/requests/{request_of(row, 'dinkes')}/"
    answer = client.post(address, {"response": "agree", "point": ["Bidan belum dilatih"], "do": "send"})
    assert answer.status_code == 422
    assert "Bidan belum dilatih" in answer.content.decode()


def test_more_points_than_fields_are_typed_one_by_one(rapim: House) -> None:
    row = asked(rapim, "dinkes")
    client, address = seated(rapim, "dinkes"), f"/cabinet/requests/{request_of(row, 'dinkes')}/"
    shown = client.post(address, {"response": "object", "point": ["A", "B", "C"], "do": "more"})
    assert 'id="point-4"' in shown.content.decode()
    points = ["Satu", "Dua", "", "Empat"]
    client.post(address, seen(client, address) | {"response": "object", "point": points, "do": "send"})
    assert Difference.objects.count() == 3


def test_an_answer_on_papers_that_changed_comes_back_with_its_points(rapim: House) -> None:
    row = asked(rapim, "dinkes")
    client, address = seated(rapim, "dinkes"), f"/cabinet/requests/{request_of(row, 'dinkes')}/"
    before = seen(client, address)
    paper = row.documents.get().paper
    dossiers.replace_document(rapim.actor("bkad"), row.id, paper, data=rapim.paper(), filename="baru.pdf")
    answer = client.post(address, before | {"response": "object", "point": ["Belum cukup"], "do": "send"})
    assert answer.status_code == 409
    assert "Belum cukup" in answer.content.decode()
    assert not Difference.objects.exists()


def objected(house: House, *points: str) -> Dossier:
    row = asked(house, "dinkes", "dinsos")
    coordination.respond(house.actor("dinkes"), request_of(row, "dinkes"), Response.OBJECT, points)
    return row


def test_two_of_one_seat_do_not_overwrite_each_other(rapim: House) -> None:
    row = asked(rapim, "dinkes")
    client, address = seated(rapim, "dinkes"), f"/cabinet/requests/{request_of(row, 'dinkes')}/"
    before = seen(client, address)
    said = request_of(row, "dinkes")
    coordination.respond(rapim.actor("dinkes"), said, Response.OBJECT, ["Bidan belum dilatih"])
    answer = client.post(address, before | {"response": "agree_if", "point": ["Jaringan"], "do": "send"})
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Bidan belum dilatih" in shown
    assert "Jaringan</textarea>" in shown
    again = before | {"edition": shown.split('name="edition" value="')[1].split('"')[0]}
    sent = again | {"response": "agree_if", "point": ["Jaringan"], "do": "send"}
    assert client.post(address, sent).status_code == 303


def test_owner_and_clerk_do_not_answer_one_point_over_each_other(rapim: House) -> None:
    row = objected(rapim, "Bidan belum dilatih")
    client, point = seated(rapim, "bkad"), Difference.objects.get()
    before = field(client, board(row), "edition")
    coordination.answer(rapim.actor("risalah"), point.id, "Dijawab sekretaris.", Verdict.ACCEPTED)
    sent = {"verdict": "kept", "answer": "Biayanya cukup.", "edition": before}
    answer = client.post(f"{board(row)}points/{point.id}/answer/", sent)
    assert answer.status_code == 409
    for told in ("Dijawab sekretaris.", "Biayanya cukup."):
        assert told in answer.content.decode()


def test_what_was_typed_into_a_session_that_ended_is_there_again(rapim: House) -> None:
    row = asked(rapim, "dinkes")
    client, address = seated(rapim, "dinkes"), f"/cabinet/requests/{request_of(row, 'dinkes')}/"
    before, who = seen(client, address), rapim.actor("dinkes").subject_id
    assert who is not None
    with time_machine.travel(now() + dt.timedelta(hours=1), tick=True):
        sent = client.post(address, before | {"response": "object", "point": ["Bidan belum dilatih"]})
        assert sent["Location"].startswith("/sign-in/")
        people.sign_in(client, who)
        shown = client.get(address).content.decode()
    assert "Bidan belum dilatih" in shown
    assert "Sesi Anda berakhir di tengah jalan" in shown
    assert not Difference.objects.exists()


def test_an_answer_to_a_point_survives_a_sign_in(rapim: House) -> None:
    row = objected(rapim, "Bidan belum dilatih")
    client, point = seated(rapim, "bkad"), Difference.objects.get()
    address, who = f"{board(row)}points/{point.id}/answer/", rapim.actor("bkad").subject_id
    assert who is not None
    assert client.get(address)["Location"] == board(row)
    with time_machine.travel(now() + dt.timedelta(hours=1), tick=True):
        client.post(address, {"verdict": "kept", "answer": "Biayanya sudah paling kecil."})
        people.sign_in(client, who)
        shown = client.get(address).content.decode()
    assert "Biayanya sudah paling kecil." in shown
    assert "Sesi Anda berakhir di tengah jalan" in shown


def test_the_owner_answers_a_point_and_the_seat_settles_it(rapim: House) -> None:
    row = objected(rapim, "Bidan belum dilatih")
    owner, seat = seated(rapim, "bkad", 1), seated(rapim, "dinkes", 2)
    point = Difference.objects.get()
    base = f"{board(row)}points/{point.id}/"
    assert owner.post(f"{base}answer/", {"answer": "Pelatihan masuk pasal 4."}).status_code == 422
    sent = {"verdict": "accepted", "answer": "Pelatihan masuk pasal 4."}
    sent["edition"] = field(owner, board(row), "edition")
    assert owner.post(f"{base}answer/", sent).status_code == 303
    shown = page(seat, board(row))
    assert "1 dari 1 butir masih berbeda" in shown
    assert "diikuti, menunggu kursinya" in shown
    edition = {name: field(seat, board(row), name) for name in ("edition", "papers")}
    assert owner.post(f"{base}settle/", edition | {"resolution": "Sudah"}).status_code == 403
    assert seat.post(f"{base}settle/", edition | {"resolution": ""}).status_code == 422
    assert seat.post(f"{base}settle/", edition | {"resolution": "Pasal 4 cukup."}).status_code == 303
    assert "Semua 1 butir selesai" in page(owner, board(row))


def test_a_difference_that_the_owner_keeps_stays_to_be_seen(rapim: House) -> None:
    row = objected(rapim, "Biaya terlalu besar", "Waktu terlalu singkat")
    point = Difference.objects.order_by("created_at").first()
    assert point is not None
    coordination.answer(rapim.actor("bkad"), point.id, "Biayanya sudah paling kecil.", Verdict.KEPT)
    shown = page(seated(rapim, "wabup"), board(row))
    assert "2 dari 2 butir masih berbeda" in shown
    assert "mempertahankan naskah : Biayanya sudah paling kecil." in shown.replace("naskah:", "naskah :")


def test_silence_is_shown_as_deemed_consent_with_its_day(rapim: House) -> None:
    row = asked(rapim, "dinkes", "dinsos")
    coordination.respond(rapim.actor("dinsos"), request_of(row, "dinsos"), Response.AGREE)
    due = CoordinationRound.objects.get().due_at
    client = seated(rapim, "bkad")
    assert "dianggap setuju mulai" in page(client, board(row))
    with time_machine.travel(due + dt.timedelta(minutes=1), tick=True):
        coordination.close_due_rounds()
    shown = page(client, board(row))
    assert "karena diam, tenggat" in shown
    assert "dianggap setuju karena diam: 1" in page(client, f"/cabinet/dossiers/{row.id}/history/")


def test_whoever_is_asked_is_told_and_led_to_the_question_without_its_title(rapim: House) -> None:
    client, row = seated(rapim, "dinkes"), asked(rapim, "dinkes")
    while deliver_due():
        pass
    who = rapim.actor("dinkes").subject_id
    assert who is not None
    message = inbox.messages_of(who)[0]
    assert row.number in message.title
    assert "diam dianggap setuju" in message.text
    assert "Loket" not in f"{message.title} {message.text}"
    assert str(request_of(row, "dinkes")) in page_links(client, f"/my/inbox/{message.id}/")


def test_the_owner_is_told_that_a_dossier_came_back(rapim: House) -> None:
    seated(rapim, "bkad")
    matter = rapim.dossier(owner="bkad")
    dossiers.return_to_owner(rapim.actor("risalah"), matter.id, "Lengkapi lampiran.")
    while deliver_due():
        pass
    who = rapim.actor("bkad").subject_id
    assert who is not None
    message = inbox.messages_of(who)[0]
    assert matter.number in message.title
    assert "lampiran" not in message.text


def page_links(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_a_round_is_closed_by_page_once_everybody_who_must_has_answered(rapim: House) -> None:
    row = asked(rapim, "dinkes")
    client = seated(rapim, "bkad")
    assert client.post(f"{board(row)}close/").status_code == 409
    coordination.respond(rapim.actor("dinkes"), request_of(row, "dinkes"), Response.AGREE)
    assert client.post(f"{board(row)}close/").status_code == 303
    assert CoordinationRound.objects.get().closed_at is not None
    assert "Ajukan ke sekretariat" in page(client, f"/cabinet/dossiers/{row.id}/work/")


def test_two_who_ask_at_once_open_one_round(rapim: House) -> None:
    client, row = seated(rapim, "risalah"), draft(rapim)
    seen = field(client, board(row), "edition")
    coordination.open_round(rapim.actor("bkad"), row.id, Asked(("dinsos",)))
    sent = {"edition": seen, "seat-dinkes": "mandatory", "days": "5"}
    assert client.post(f"{board(row)}ask/", sent).status_code == 409
    assert CoordinationRound.objects.count() == 1


def test_whoever_is_not_asked_cannot_answer(rapim: House) -> None:
    row = asked(rapim, "dinkes")
    address = f"/cabinet/requests/{request_of(row, 'dinkes')}/"
    other = seated(rapim, "dinsos")
    assert other.get(address).status_code == 403
    page(stranger(), address, 404)


def test_below_the_class_neither_board_nor_question_exists(rapim: House) -> None:
    matter = rapim.dossier("pengangkatan", "sekda", title=HIDDEN, classification=Classification.SECRET)
    dossiers.return_to_owner(rapim.actor("risalah"), matter.id, "Lengkapi")
    coordination.open_round(rapim.actor("sekda"), matter.id, Asked(("wabup",)))
    question = request_of(matter, "wabup")
    coordination.respond(rapim.actor("wabup"), question, Response.OBJECT, ["Belum lengkap"])
    point = Difference.objects.get()
    low = seated(rapim, "dinkes")
    for client in (low, stranger()):
        page(client, board(matter), 404)
        page(client, f"/cabinet/requests/{question}/", 404)
        for verb in ("answer", "settle"):
            sent = {"verdict": "kept", "answer": "x", "resolution": "x"}
            assert client.post(f"{board(matter)}points/{point.id}/{verb}/", sent).status_code == 404


def agreed(house: House, *seats: str) -> Dossier:
    """Ask these seats, let them agree, close the round."""
    row = asked(house, *seats)
    for seat in seats:
        coordination.respond(house.actor(seat), request_of(row, seat), Response.AGREE)
    coordination.close_round(house.actor("bkad"), CoordinationRound.objects.get(dossier=row).id)
    return row


def rewritten(house: House, row: Dossier) -> None:
    paper = row.documents.filter(superseded_by=None).get().paper
    dossiers.replace_document(
        house.actor("bkad"), row.id, paper, data=house.paper(), filename="naskah-baru.pdf"
    )


def why(house: House, row: Dossier) -> set[ReasonCode]:
    """Return what stands between a dossier and consent, all members having no objection."""
    session = house.session(row)
    for seat in house.people:
        if seat != house.clerk:
            house.say(seat, session, row, Stance.NO_OBJECTION)
    sessions.lock(house.actor(house.chair), session.id)
    session.refresh_from_db()
    return {reason.code for reason in agenda.plan(session)[0].reasons}


def test_an_answer_holds_for_the_papers_that_it_was_given_on_and_is_asked_for_again(rapim: House) -> None:
    row = agreed(rapim, "sekda", "bappeda")
    rewritten(rapim, row)
    client = seated(rapim, "sekda")
    question = f"/cabinet/requests/{request_of(row, 'sekda')}/"
    assert "jawaban tidak diterima lagi" in page(client, question), "the owner is still at work"

    dossiers.submit(rapim.actor("bkad"), row.id)
    while deliver_due():
        pass
    assert "Naskah berubah sesudah 2 kursi menjawab" in page(client, board(row))
    who = rapim.actor("sekda").subject_id
    assert who is not None
    titles = [one.title for one in inbox.messages_of(who)]
    assert titles.count(f"Naskah {row.number} berubah sejak kursi Anda ditanya") == 1
    assert "Loket keliling" in page(client, "/cabinet/dossiers/?view=asked")

    answer = client.post(question, {"response": "agree", "do": "send", **seen(client, question)})
    assert answer.status_code == 303
    assert "Loket keliling" not in page(client, "/cabinet/dossiers/?view=asked")
    read = page(seated(rapim, rapim.chair), f"/cabinet/dossiers/{row.id}/")
    assert read.count("menanggapi naskah lama") == 1
    assert why(rapim, row) == {ReasonCode.RESPONSE_STALE}, "the other seat has not answered again"


def test_a_seat_whose_answer_is_only_welcome_is_not_told_that_the_matter_waits_for_it(rapim: House) -> None:
    row = draft(rapim)
    coordination.open_round(rapim.actor("bkad"), row.id, Asked(mandatory=(), optional=("sekda",)))
    request = request_of(row, "sekda")
    coordination.respond(rapim.actor("sekda"), request, Response.AGREE)
    coordination.close_round(rapim.actor("bkad"), CoordinationRound.objects.get(dossier=row).id)
    rewritten(rapim, row)
    dossiers.submit(rapim.actor("bkad"), row.id)
    client = seated(rapim, "sekda")
    question, told = page(client, f"/cabinet/requests/{request}/"), page(client, board(row))
    assert "Anda boleh membaca naskah yang baru" in question
    assert "perkaranya dibahas" not in question + told
    assert why(rapim, row) == set()


def test_a_seat_hears_of_papers_that_changed_while_nobody_could_answer(rapim: House) -> None:
    row = agreed(rapim, "sekda")
    dossiers.submit(rapim.actor("bkad"), row.id)
    first = rapim.session(row)
    sessions.lock(rapim.actor(rapim.chair), first.id)
    rewritten(rapim, row)
    while deliver_due():
        pass
    planning.defer(rapim.actor(rapim.chair), first.items.get().id, "Belum siap")
    rapim.session(row)
    while deliver_due():
        pass
    who = rapim.actor("sekda").subject_id
    assert who is not None
    titles = [one.title for one in inbox.messages_of(who)]
    assert titles.count(f"Naskah {row.number} berubah sejak kursi Anda ditanya") == 1


def test_who_was_left_out_since_is_not_said_to_be_asked_again_and_a_new_round_does_without(
    rapim: House,
) -> None:
    row = agreed(rapim, "sekda", "bappeda")
    rewritten(rapim, row)
    closer = Text(title="Loket keliling", summary="Loket", need_to_know=("bappeda",))
    dossiers.edit_dossier(rapim.actor("bkad"), row.id, closer)
    dossiers.submit(rapim.actor("bkad"), row.id)
    assert "Naskah berubah sesudah 1 kursi menjawab" in page(seated(rapim, "bkad"), board(row))
    with pytest.raises(errors.NoSuchDossier):
        coordination.respond(rapim.actor("sekda"), request_of(row, "sekda"), Response.AGREE)

    dossiers.return_to_owner(rapim.actor(rapim.clerk), row.id, "Tanyakan lagi")
    made = coordination.open_round(rapim.actor("bkad"), row.id, Asked(mandatory=("bappeda",)))
    again = CoordinationRequest.objects.get(round=made)
    coordination.respond(rapim.actor("bappeda"), again.id, Response.AGREE)
    coordination.close_round(rapim.actor("bkad"), made)
    dossiers.submit(rapim.actor("bkad"), row.id)
    session = rapim.session(row)
    codes = {reason.code for reason in agenda.plan(session)[0].reasons}
    assert ReasonCode.RESPONSE_STALE not in codes


def test_who_agrees_to_the_papers_in_force_stands_in_nobodys_way(rapim: House) -> None:
    row = agreed(rapim, "sekda")
    rewritten(rapim, row)
    dossiers.submit(rapim.actor("bkad"), row.id)
    coordination.respond(rapim.actor("sekda"), request_of(row, "sekda"), Response.AGREE)
    assert why(rapim, row) == set()


def reworded(house: House, row: Dossier, **changed: object) -> None:
    said = {"title": "Loket keliling", "summary": "Loket mendatangi desa."} | changed
    text = Text(**said)  # type: ignore[arg-type]  # as given
    dossiers.edit_dossier(house.actor("bkad"), row.id, text)
    row.refresh_from_db()


def test_other_words_are_as_much_as_another_paper(rapim: House) -> None:
    row = agreed(rapim, "sekda")
    reworded(rapim, row, summary="Loket menunggu di kota.")
    dossiers.submit(rapim.actor("bkad"), row.id)
    assert why(rapim, row) == {ReasonCode.RESPONSE_STALE}


def test_minutes_and_circle_are_no_words(rapim: House) -> None:
    row = agreed(rapim, "sekda")
    before = row.docset_hash
    reworded(rapim, row, planned_minutes=25, budget_line="1.02.03")
    assert row.docset_hash == before
    dossiers.submit(rapim.actor("bkad"), row.id)
    assert why(rapim, row) == set()


def test_a_position_does_not_outlive_the_words_that_it_was_taken_on(rapim: House) -> None:
    row = agreed(rapim, "sekda")
    dossiers.submit(rapim.actor("bkad"), row.id)
    first = rapim.session(row)
    rapim.say("bappeda", first, row, Stance.NO_OBJECTION)
    dossiers.return_to_owner(rapim.actor("risalah"), row.id, "Perjelas biayanya.")
    reworded(rapim, row, summary="Loket mendatangi desa, dan biayanya dua kali lipat.")
    dossiers.submit(rapim.actor("bkad"), row.id)
    again = rapim.session(row)
    for seat in set(rapim.people) - {"bappeda", rapim.clerk}:
        rapim.say(seat, again, row, Stance.NO_OBJECTION)
    sessions.lock(rapim.actor(rapim.chair), again.id)
    again.refresh_from_db()
    reasons = agenda.plan(again)[0].reasons
    assert Reason(ReasonCode.SILENT, "bappeda") in reasons, "it would be carried over with the same words"


def test_a_reworded_dossier_still_tells_which_paper_changed(rapim: House) -> None:
    row = draft(rapim)
    reworded(rapim, row, summary="Loket menunggu di kota.")
    dossiers.submit(rapim.actor("bkad"), row.id)
    session = rapim.session(row)
    client = seated(rapim, "bappeda")
    rapim.say("bappeda", session, row, Stance.NO_OBJECTION)
    rewritten(rapim, row)
    shown = page(client, f"/cabinet/dossiers/{row.id}/")
    assert "Naskah diganti, sekarang versi 2" in shown
    assert "Naskah ditambahkan" not in shown


def test_a_second_answer_may_object(rapim: House) -> None:
    row = agreed(rapim, "sekda")
    rewritten(rapim, row)
    dossiers.submit(rapim.actor("bkad"), row.id)
    request = request_of(row, "sekda")
    coordination.respond(rapim.actor("sekda"), request, Response.OBJECT, ["Biayanya naik"])
    assert why(rapim, row) == {ReasonCode.RESPONSE_OBJECTS, ReasonCode.OPEN_DIFFERENCE}


def test_nobody_changes_an_answer_that_still_holds_once_the_round_is_closed(rapim: House) -> None:
    row = agreed(rapim, "sekda")
    dossiers.submit(rapim.actor("bkad"), row.id)
    with pytest.raises(errors.StateDoesNotAllow):
        coordination.respond(rapim.actor("sekda"), request_of(row, "sekda"), Response.OBJECT, ["Tidak"])


def test_silence_is_deemed_consent_to_what_was_asked_and_to_nothing_later(rapim: House) -> None:
    row = asked(rapim, "sekda")
    rewritten(rapim, row)
    with time_machine.travel(now() + dt.timedelta(days=30), tick=False):
        assert coordination.close_due_rounds() == 1
    dossiers.submit(rapim.actor("bkad"), row.id)
    assert why(rapim, row) == {ReasonCode.RESPONSE_STALE}


def test_settling_the_last_point_on_the_papers_read_is_an_answer_on_these(rapim: House) -> None:
    row = asked(rapim, "sekda")
    coordination.respond(rapim.actor("sekda"), request_of(row, "sekda"), Response.OBJECT, ["Siapa sopirnya?"])
    coordination.close_round(rapim.actor("bkad"), CoordinationRound.objects.get(dossier=row).id)
    point = Difference.objects.get(dossier=row)
    client = seated(rapim, "sekda")
    before = {name: field(client, board(row), name) for name in ("papers", "edition")}
    rewritten(rapim, row)
    address = f"{board(row)}points/{point.id}/settle/"
    late = client.post(address, {"resolution": "Sopir dari dinas", **before})
    assert late.status_code == errors.DocumentsChanged.status
    read = {name: field(client, board(row), name) for name in ("papers", "edition")}
    assert client.post(address, {"resolution": "Sopir dari dinas", **read}).status_code == 303
    dossiers.submit(rapim.actor("bkad"), row.id)
    assert why(rapim, row) == set()
