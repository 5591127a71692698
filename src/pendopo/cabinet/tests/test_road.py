"""The road of a dossier, from draft to decision, and what stands in its way."""

from functools import partial

import pytest
from django.db import connection

from pendopo.cabinet import agenda, errors, sealing, visibility
from pendopo.cabinet.actions import coordination, dossiers, positions, session_live, sessions
from pendopo.cabinet.actions.coordination import Asked
from pendopo.cabinet.actions.live import state_of
from pendopo.cabinet.actions.positions import Said
from pendopo.cabinet.consent import ReasonCode
from pendopo.cabinet.live import commands
from pendopo.cabinet.models import CoordinationRequest, Dossier, Position, Session
from pendopo.cabinet.standing import standing_of
from pendopo.cabinet.testing.house import House, person
from pendopo.cabinet.values import (
    Choice,
    Classification,
    DossierState,
    Outcome,
    Path,
    Presence,
    Response,
    Stance,
)
from pendopo.kernel.ids import uuid7

MEMBERS = ("bupati", "wabup", "sekda", "asisten-1", "asisten-2", "bappeda", "bkad")


def everybody_agrees(house: House, session: Session, matter: Dossier) -> None:
    for seat, actor in house.people.items():
        if seat != house.clerk:
            house.say(seat, session, matter, Stance.NO_OBJECTION)
            assert actor.subject_id


def reasons(session: Session, matter: Dossier) -> set[ReasonCode]:
    planned = {one.item.dossier_id: one for one in agenda.plan(session)}
    return {reason.code for reason in planned[matter.id].reasons}


def test_an_item_that_nobody_contests_passes_by_consent(rapim: House) -> None:
    matter = rapim.dossier()
    session = rapim.session(matter)
    everybody_agrees(rapim, session, matter)
    rapim.open(session, *MEMBERS)
    item = session.items.get()
    assert item.path == Path.CONSENT
    chair = rapim.actor("bupati")
    session_live.lead(chair, session.id, partial(commands.adopt_by_consent, items=[str(item.id)]))
    matter.refresh_from_db()
    assert matter.state == DossierState.DECIDED
    assert state_of(session.id).disposed[str(item.id)].by_consent


def test_silence_is_consent_only_once_the_papers_were_opened(rapim: House) -> None:
    matter = rapim.dossier()
    session = rapim.session(matter)
    clerk = rapim.actor(rapim.clerk)
    sessions.lock(clerk, session.id)
    session.refresh_from_db()
    assert reasons(session, matter) == {ReasonCode.SILENT}
    for seat in rapim.people:
        positions.record_read(rapim.actor(seat), matter.id)
    assert reasons(session, matter) == set()


def test_a_new_paper_makes_every_position_stale(rapim: House) -> None:
    matter = rapim.dossier()
    session = rapim.session(matter)
    everybody_agrees(rapim, session, matter)
    clerk = rapim.actor(rapim.clerk)
    paper = matter.documents.get().paper
    dossiers.replace_document(clerk, matter.id, paper, data=rapim.paper(), filename="naskah2.pdf")
    sessions.lock(clerk, session.id)
    session.refresh_from_db()
    planned = agenda.plan(session)[0]
    assert {reason.code for reason in planned.reasons} == {ReasonCode.STALE}
    fresh = [
        one for one in planned.matter.positions.values() if one.docset_hash == planned.matter.docset_hash
    ]
    assert fresh == []


def test_a_position_on_papers_that_have_changed_is_refused(rapim: House) -> None:
    matter = rapim.dossier()
    session = rapim.session(matter)
    old = matter.docset_hash
    paper = matter.documents.get().paper
    clerk = rapim.actor(rapim.clerk)
    dossiers.replace_document(clerk, matter.id, paper, data=rapim.paper(), filename="naskah2.pdf")
    said = Said(Stance.NO_OBJECTION, old)
    with pytest.raises(errors.DocumentsChanged):
        positions.state_position(rapim.actor("bkad"), session.items.get().id, rapim.seats["bkad"], said)


def test_no_position_is_written_after_the_lock(rapim: House) -> None:
    matter = rapim.dossier()
    session = rapim.session(matter)
    sessions.lock(rapim.actor(rapim.clerk), session.id)
    with pytest.raises(errors.Locked):
        rapim.say("bkad", session, matter, Stance.OBJECT)


def test_nobody_states_a_position_for_a_seat_of_another(rapim: House) -> None:
    matter = rapim.dossier()
    session = rapim.session(matter)
    said = Said(Stance.OBJECT, matter.docset_hash)
    with pytest.raises(errors.NotYourSeat):
        positions.state_position(rapim.actor("bkad"), session.items.get().id, rapim.seats["wabup"], said)


def test_a_stranger_sees_neither_body_nor_session_nor_dossier(rapim: House) -> None:
    matter = rapim.dossier()
    session = rapim.session(matter)
    stranger = standing_of(person(uuid7()))
    assert not visibility.bodies(stranger).exists()
    assert not visibility.sessions(stranger).exists()
    with pytest.raises(errors.NoSuchDossier):
        visibility.dossier(stranger, matter.id)
    with pytest.raises(errors.NoSuchSession):
        visibility.session(stranger, session.id)


def test_below_the_class_there_is_neither_title_nor_count(rapim: House) -> None:
    secret = rapim.dossier("pengangkatan", classification=Classification.SECRET)
    plain = rapim.dossier()
    session = rapim.session(secret, plain)
    low = standing_of(rapim.actor("dinkes"))
    assert [item.dossier_id for item in visibility.items(low, session)] == [plain.id]
    with pytest.raises(errors.NoSuchItem):
        visibility.item(low, session.items.get(dossier=secret).id)
    high = standing_of(rapim.actor("wabup"))
    assert visibility.items(high, session).count() == len([secret, plain])


def test_need_to_know_narrows_the_class(rapim: House) -> None:
    matter = rapim.dossier(need_to_know=("bkad", "bappeda"))
    assert visibility.dossiers(standing_of(rapim.actor("bkad"))).filter(id=matter.id).exists()
    assert not visibility.dossiers(standing_of(rapim.actor("dinkes"))).filter(id=matter.id).exists()
    assert visibility.dossiers(standing_of(rapim.actor("bupati"))).filter(id=matter.id).exists()


def test_an_objection_in_coordination_is_debated_until_it_is_settled(rapim: House) -> None:
    clerk = rapim.actor(rapim.clerk)
    matter = rapim.dossier()
    Dossier.objects.filter(id=matter.id).update(state=DossierState.DRAFT)
    opened = coordination.open_round(clerk, matter.id, Asked(mandatory=("bkad", "bappeda")))
    for request in CoordinationRequest.objects.filter(round_id=opened):
        seat = request.seat.code
        if seat == "bkad":
            coordination.respond(rapim.actor(seat), request.id, Response.OBJECT, ["Tidak ada anggaran"])
        else:
            coordination.respond(rapim.actor(seat), request.id, Response.AGREE)
    coordination.close_round(clerk, opened)
    dossiers.submit(clerk, matter.id)
    session = rapim.session(matter)
    everybody_agrees(rapim, session, matter)
    sessions.lock(clerk, session.id)
    session.refresh_from_db()
    assert reasons(session, matter) == {ReasonCode.RESPONSE_OBJECTS, ReasonCode.OPEN_DIFFERENCE}
    coordination.resolve(rapim.actor("bkad"), matter.differences.get().id, "Digeser ke 2027")
    assert reasons(session, matter) == set()


def test_sealed_positions_open_at_the_lock_and_not_before(sidang: House) -> None:
    matter = sidang.dossier("rperpres", "menkeu")
    session = sidang.session(matter)
    sidang.say("menkes", session, matter, Stance.OBJECT)
    row = Position.objects.get()
    assert row.sealed_content is None
    session.refresh_from_db()
    with pytest.raises(errors.StillSealed):
        sealing.release(session)
    with connection.cursor() as cursor:
        cursor.execute("SELECT cabinet_position::text FROM cabinet_position")
        assert "object" not in cursor.fetchone()[0]
    sessions.lock(sidang.actor("presiden"), session.id)
    planned = agenda.plan(Session.objects.get(id=session.id))[0]
    assert planned.matter.positions["menkes"].stance is Stance.OBJECT


def test_a_council_votes_and_a_recused_member_does_not(council: House) -> None:
    matter = council.dossier("keputusan", "wakil-1")
    session = council.session(matter)
    council.say("anggota-01", session, matter, Stance.RECUSED)
    council.open(session, "ketua", "wakil-1", "wakil-2", "anggota-01", "anggota-02", "anggota-03")
    chair = council.actor("ketua")
    item = str(session.items.get().id)
    poll = session_live.new_poll()
    session_live.lead(chair, session.id, partial(commands.open_item, item=item))
    session_live.lead(
        chair, session.id, partial(commands.put_motion, poll=poll, item=item, question="Setuju?")
    )
    from pendopo.cabinet.actions.live import act

    def cast(seat: str, choice: Choice) -> None:
        act(
            council.actor(seat),
            session.id,
            partial(commands.cast, poll_id=poll, seat=seat, choice=choice, docset_hash=matter.docset_hash),
        )

    cast("ketua", Choice.YES)
    cast("wakil-1", Choice.YES)
    cast("wakil-2", Choice.NO)
    with pytest.raises(errors.Recused):
        cast("anggota-01", Choice.YES)
    with pytest.raises(errors.AlreadyVoted):
        cast("ketua", Choice.NO)
    session_live.lead(chair, session.id, partial(commands.close_poll, poll_id=poll))
    session_live.lead(
        chair, session.id, partial(commands.decide, item=item, outcome=Outcome.ADOPTED, poll=poll)
    )
    matter.refresh_from_db()
    assert matter.state == DossierState.DECIDED


def test_a_paper_replaced_during_the_vote_voids_it(council: House) -> None:
    matter = council.dossier("keputusan", "wakil-1")
    session = council.session(matter)
    council.open(session, "ketua", "wakil-1", "wakil-2", "anggota-01", "anggota-02", "anggota-03")
    chair = council.actor("ketua")
    item = str(session.items.get().id)
    session_live.lead(chair, session.id, partial(commands.open_item, item=item))
    session_live.lead(
        chair, session.id, partial(commands.put_motion, poll="p", item=item, question="Setuju?")
    )
    paper = matter.documents.get().paper
    dossiers.replace_document(
        council.actor("sekwan"), matter.id, paper, data=council.paper(), filename="baru.pdf"
    )
    assert state_of(session.id).polls["p"].void


def test_without_quorum_nothing_is_decided(rapim: House) -> None:
    matter = rapim.dossier()
    session = rapim.session(matter)
    rapim.open(session, "bupati", "wabup")
    item = str(session.items.get().id)
    with pytest.raises(errors.NoQuorum):
        session_live.lead(
            rapim.actor("bupati"), session.id, partial(commands.decide, item=item, outcome=Outcome.ADOPTED)
        )


def test_a_member_does_not_lead(rapim: House) -> None:
    matter = rapim.dossier()
    session = rapim.session(matter)
    rapim.open(session, *MEMBERS)
    with pytest.raises(errors.NotTheClerk):
        session_live.lead(rapim.actor("bkad"), session.id, commands.close)


def test_two_clerks_at_once_the_second_is_told_to_look_again(rapim: House) -> None:
    matter = rapim.dossier()
    session = rapim.session(matter)
    rapim.open(session, *MEMBERS)
    clerk, seen = rapim.actor(rapim.clerk), state_of(session.id).seq
    session_live.lead(clerk, session.id, commands.adjourn, expected_seq=seen)
    with pytest.raises(errors.OthersWereFaster):
        session_live.attend(clerk, session.id, rapim.seats["dinsos"], Presence.ROOM, expected_seq=seen)
