"""The pages of a live session over HTTP: who sees what, who may do what, and what a refusal says."""

import datetime as dt
import re
from functools import partial
from uuid import UUID, uuid4

import pytest
import time_machine
from django.test import Client

from pendopo.cabinet.actions import bodies, dossiers, session_live, sessions
from pendopo.cabinet.actions.live import state_of
from pendopo.cabinet.live import commands
from pendopo.cabinet.live.state import Phase
from pendopo.cabinet.models import Ballot, Mandate, Session
from pendopo.cabinet.testing.browsers import at_seat, browser
from pendopo.cabinet.testing.house import House
from pendopo.cabinet.values import Choice, Classification, Outcome, Presence, Scope, Stance
from pendopo.foundation.clock import now

COUNCIL = ("ketua", "wakil-1", "wakil-2", "anggota-01", "anggota-02", "anggota-03")
MEMBERS = ("bupati", "wabup", "sekda", "asisten-1", "asisten-2", "bappeda", "bkad")
OK, SEE_OTHER, FORBIDDEN, NOT_FOUND, CONFLICT, WRONG = 200, 303, 403, 404, 409, 422


def live(session: Session, page: str = "") -> str:
    return f"/cabinet/sessions/{session.id}/live/{page}"


def give(client: Client, session: Session, verb: str, page: str = "clerk/", **fields: object) -> int:
    """Send a form of the console with the place that is shown now; return the status."""
    sent = {"verb": verb, "expected_seq": state_of(session.id).seq, **fields}
    return client.post(live(session, page), sent).status_code


def begin_vote(house: House, session: Session) -> str:
    """Open the only item and put it to the vote; return the id of the vote."""
    chair, item, poll = house.actor(house.chair), str(session.items.get().id), session_live.new_poll()
    session_live.lead(chair, session.id, partial(commands.open_item, item=item))
    put = partial(commands.put_motion, poll=poll, item=item, question="Setuju?")
    session_live.lead(chair, session.id, put)
    return poll


def vote(house: House, session: Session, seat: str, choice: str, **fields: object) -> tuple[int, str]:
    """Send the ballot of a seat as its holder's browser would."""
    poll = next(iter(state_of(session.id).polls.values()))
    sent = {
        "poll": poll.id,
        "seat": house.seats[seat],
        "choice": choice,
        "papers": poll.docset_hash,
        **fields,
    }
    answer = at_seat(house, seat).post(live(session, "ballot/"), sent)
    return answer.status_code, answer.content.decode()


@pytest.fixture
def sitting(council: House) -> Session:
    """A council in session with one item and a quorum."""
    session = council.session(council.dossier("keputusan", "wakil-1"))
    council.open(session, *COUNCIL)
    return Session.objects.get(id=session.id)


def test_a_stranger_is_told_that_there_is_no_such_session(council: House, sitting: Session) -> None:
    stranger = browser(uuid4())
    for page in ("", "clerk/", "chair/", "projector/", "ticket/"):
        there = stranger.get(live(sitting, page))
        nowhere = stranger.get(live(sitting, page).replace(str(sitting.id), str(uuid4())))
        assert there.status_code == nowhere.status_code == NOT_FOUND
    assert Client().get(live(sitting)).status_code == SEE_OTHER
    assert council.body.code == "dprd-contoh"


def test_a_member_does_not_come_to_the_clerks_desk_nor_to_the_wall(council: House, sitting: Session) -> None:
    member = at_seat(council, "wakil-1")
    for page in ("clerk/", "chair/", "projector/"):
        assert member.get(live(sitting, page)).status_code == FORBIDDEN
    assert give(member, sitting, "close") == FORBIDDEN
    assert state_of(sitting.id).phase is Phase.RUNNING


def test_the_clerk_leads_a_session_from_opening_to_close(council: House) -> None:
    matter = council.dossier("keputusan", "wakil-1")
    session = council.session(matter)
    clerk = at_seat(council, "sekwan")
    sessions.lock(council.actor("sekwan"), session.id)
    assert give(clerk, session, "open_session") == SEE_OTHER
    for seat in COUNCIL:
        assert give(clerk, session, "attend", seat=council.seats[seat], presence="room") == SEE_OTHER
    item = session.items.get().id
    assert give(clerk, session, "open_item", item=item) == SEE_OTHER
    assert give(clerk, session, "motion", item=item, question="Setuju?") == SEE_OTHER
    for seat in COUNCIL:
        assert vote(council, session, seat, "yes" if seat != "wakil-2" else "no")[0] == SEE_OTHER
    poll = next(iter(state_of(session.id).polls))
    assert give(clerk, session, "close_poll", poll=poll) == SEE_OTHER
    page = clerk.get(live(session, "clerk/")).content.decode()
    assert "Disetujui" in page
    assert give(clerk, session, "decide", item=item, outcome="adopted", poll=poll) == SEE_OTHER
    assert give(clerk, session, "close") == SEE_OTHER
    state = state_of(session.id)
    assert (state.phase, state.disposed[str(item)].outcome) == (Phase.CLOSED, Outcome.ADOPTED)


def test_two_clerks_at_once_and_the_second_looks_again(council: House, sitting: Session) -> None:
    first, second, seen = at_seat(council, "sekwan"), at_seat(council, "ketua"), state_of(sitting.id).seq
    sent = {"expected_seq": seen, "verb": "adjourn"}
    assert first.post(live(sitting, "clerk/"), sent).status_code == SEE_OTHER
    refused = second.post(live(sitting, "chair/"), {**sent, "verb": "close"})
    assert refused.status_code == CONFLICT
    assert "Orang lain mengubah sidang" in refused.content.decode()
    assert state_of(sitting.id).phase is Phase.ADJOURNED


def test_a_form_without_the_place_that_was_seen_does_nothing(council: House, sitting: Session) -> None:
    answer = at_seat(council, "sekwan").post(live(sitting, "clerk/"), {"verb": "close"})
    assert answer.status_code == WRONG
    assert state_of(sitting.id).phase is Phase.RUNNING


def test_when_the_clerk_falls_away_during_a_vote_the_chair_goes_on(council: House, sitting: Session) -> None:
    clerk = at_seat(council, "sekwan")
    item = sitting.items.get().id
    give(clerk, sitting, "open_item", item=item)
    give(clerk, sitting, "motion", item=item, question="Setuju?")
    del clerk
    for seat in COUNCIL:
        vote(council, sitting, seat, "yes")
    chair, poll = at_seat(council, "ketua"), next(iter(state_of(sitting.id).polls))
    assert give(chair, sitting, "close_poll", page="chair/", poll=poll) == SEE_OTHER
    assert give(chair, sitting, "decide", page="chair/", item=item, outcome="adopted", poll=poll) == SEE_OTHER


def test_a_ballot_after_the_vote_was_closed_is_refused(council: House, sitting: Session) -> None:
    poll = begin_vote(council, sitting)
    close = partial(commands.close_poll, poll_id=poll)
    session_live.lead(council.actor("ketua"), sitting.id, close)
    status, page = vote(council, sitting, "wakil-1", "yes")
    assert status == CONFLICT
    assert "sudah selesai atau batal" in page
    assert not Ballot.objects.exists()


def test_a_second_ballot_of_a_seat_is_refused(council: House, sitting: Session) -> None:
    begin_vote(council, sitting)
    assert vote(council, sitting, "wakil-1", "yes")[0] == SEE_OTHER
    assert vote(council, sitting, "wakil-1", "no")[0] == CONFLICT
    assert next(iter(state_of(sitting.id).polls.values())).ballots == {"wakil-1": Choice.YES}


def test_a_recused_member_does_not_vote(council: House) -> None:
    matter = council.dossier("keputusan", "wakil-1")
    session = council.session(matter)
    council.say("anggota-01", session, matter, Stance.RECUSED)
    council.open(session, *COUNCIL)
    begin_vote(council, session)
    status, page = vote(council, session, "anggota-01", "yes")
    assert status == CONFLICT
    assert "mundur" in page
    assert not Ballot.objects.exists()


def test_a_ballot_on_papers_that_changed_counts_for_nothing(council: House, sitting: Session) -> None:
    begin_vote(council, sitting)
    old = next(iter(state_of(sitting.id).polls.values())).docset_hash
    matter = sitting.items.get().dossier
    paper = matter.documents.get().paper
    dossiers.replace_document(
        council.actor("sekwan"), matter.id, paper, data=council.paper(), filename="b.pdf"
    )
    assert vote(council, sitting, "wakil-1", "yes", papers=old)[0] == CONFLICT
    page = at_seat(council, "wakil-1").get(live(sitting)).content.decode()
    assert "Batal, karena berkasnya diganti" in page


def test_whoever_stands_in_for_two_seats_votes_once_and_nobody_votes_again_for_a_seat_that_has_voted(
    council: House, sitting: Session
) -> None:
    poll, deputy = begin_vote(council, sitting), council.actor("anggota-05").subject_id
    assert deputy is not None
    for seat in ("wakil-1", "wakil-2"):
        bodies.delegate(
            council.actor(seat),
            council.seats[seat],
            to_subject_id=deputy,
            scopes=[Scope.VOTE],
            valid_from=now(),
            valid_to=now() + dt.timedelta(days=1),
        )
    client, papers = at_seat(council, "anggota-05"), state_of(sitting.id).polls[poll].docset_hash

    def cast(seat: str) -> int:
        sent = {"poll": poll, "seat": council.seats[seat], "choice": "yes", "papers": papers}
        return client.post(live(sitting, "ballot/"), sent).status_code

    assert [cast("wakil-1"), cast("wakil-2")] == [SEE_OTHER, CONFLICT]
    assert vote(council, sitting, "wakil-1", "no")[0] == CONFLICT
    assert state_of(sitting.id).polls[poll].ballots == {"wakil-1": Choice.YES}


def test_somebody_elses_seat_is_not_voted_for(council: House, sitting: Session) -> None:
    poll = begin_vote(council, sitting)
    papers = state_of(sitting.id).polls[poll].docset_hash
    sent = {"poll": poll, "seat": council.seats["wakil-2"], "choice": "yes", "papers": papers}
    assert at_seat(council, "wakil-1").post(live(sitting, "ballot/"), sent).status_code == FORBIDDEN
    assert not Ballot.objects.exists()


def test_without_quorum_at_the_close_a_vote_comes_to_nothing(council: House, sitting: Session) -> None:
    poll = begin_vote(council, sitting)
    for seat in COUNCIL[:3]:
        vote(council, sitting, seat, "yes")
    for seat in COUNCIL[3:]:
        assert (
            at_seat(council, seat)
            .post(live(sitting), {"verb": "attend", "seat": council.seats[seat], "presence": "absent"})
            .status_code
            == SEE_OTHER
        )
    clerk = at_seat(council, "sekwan")
    assert give(clerk, sitting, "close_poll", poll=poll) == SEE_OTHER
    assert "Tidak sah karena tidak kuorum" in clerk.get(live(sitting, "clerk/")).content.decode()
    item = sitting.items.get().id
    assert give(clerk, sitting, "decide", item=item, outcome="adopted", poll=poll) == CONFLICT


def test_a_clock_that_jumps_back_moves_neither_order_nor_tally(council: House, sitting: Session) -> None:
    poll = begin_vote(council, sitting)
    vote(council, sitting, "wakil-1", "yes")
    Mandate.objects.update(starts_at=now() - dt.timedelta(days=1))
    before = state_of(sitting.id)
    with time_machine.travel(now() - dt.timedelta(minutes=10)):
        session_live.lead(council.actor("ketua"), sitting.id, partial(commands.close_poll, poll_id=poll))
    state = state_of(sitting.id)
    assert state.seq == before.seq + 1
    assert state.recount(poll).yes == 1
    assert all(spent.total_seconds() >= 0 for spent in state.spent.values())


def test_who_voted_how_is_told_only_after_the_close(council: House, sitting: Session) -> None:
    poll = begin_vote(council, sitting)
    vote(council, sitting, "wakil-1", "no")
    wall = at_seat(council, "ketua")
    during = wall.get(live(sitting, "projector/")).content.decode()
    assert re.search(r"<b>1</b>\s*dari 6 suara masuk", during)
    assert "Wakil ketua I <b>" not in during
    session_live.lead(council.actor("ketua"), sitting.id, partial(commands.close_poll, poll_id=poll))
    after = at_seat(council, "anggota-03").get(live(sitting)).content.decode()
    assert "Wakil ketua I <b>Menolak</b>" in after
    assert "tanpa tanda tangan passkey" in after


def test_below_the_class_there_is_neither_title_nor_number_nor_count(rapim: House) -> None:
    secret = rapim.dossier("pengangkatan", title="Nama yang rahasia", classification=Classification.SECRET)
    session = rapim.session(secret, rapim.dossier())
    session.room_ceiling = Classification.SECRET
    session.save()
    rapim.open(session, *MEMBERS, "dinkes")
    item = str(session.items.get(dossier=secret).id)
    session_live.lead(rapim.actor("bupati"), session.id, partial(commands.open_item, item=item))
    low = at_seat(rapim, "dinkes").get(live(session)).content.decode()
    high = at_seat(rapim, "wabup").get(live(session)).content.decode()
    assert "Nama yang rahasia" in high
    for telling in ("Nama yang rahasia", secret.number, item):
        assert telling not in low
    assert "Butir tertutup" in low


def test_the_wall_shows_nothing_above_the_class_of_the_room(rapim: House) -> None:
    narrow = rapim.dossier(title="Hanya untuk dua orang", need_to_know=("bkad", "bappeda"))
    session = rapim.session(narrow)
    rapim.open(session, *MEMBERS)
    item = str(session.items.get().id)
    chair = rapim.actor("bupati")
    session_live.lead(chair, session.id, partial(commands.open_item, item=item))
    wall = at_seat(rapim, "bupati").get(live(session, "projector/")).content.decode()
    assert "Hanya untuk dua orang" not in wall
    assert "Butir tertutup" in wall
    assert "<form" not in wall


def test_where_the_chair_decides_nobody_speaks_of_votes(rapim: House) -> None:
    session = rapim.session(rapim.dossier())
    rapim.open(session, *MEMBERS)
    item = str(session.items.get().id)
    session_live.lead(rapim.actor("bupati"), session.id, partial(commands.open_item, item=item))
    chair = at_seat(rapim, "bupati")
    page = chair.get(live(session, "chair/")).content.decode()
    assert "Arahan pimpinan" in page
    assert "suara" not in re.sub(r"<[^>]+>", "", page).lower()
    assert give(chair, session, "motion", page="chair/", item=item, question="Setuju?") == CONFLICT


def test_a_member_asks_to_speak_and_a_point_of_order_goes_first(council: House, sitting: Session) -> None:
    item = str(sitting.items.get().id)
    session_live.lead(council.actor("ketua"), sitting.id, partial(commands.open_item, item=item))
    for seat, verb in (("wakil-1", "ask"), ("wakil-2", "order")):
        sent = {"verb": verb, "seat": council.seats[seat]}
        assert at_seat(council, seat).post(live(sitting), sent).status_code == SEE_OTHER
    assert [turn.seat for turn in state_of(sitting.id).waiting] == ["wakil-2", "wakil-1"]


def test_the_bundle_is_adopted_as_it_was_shown_or_not_at_all(rapim: House) -> None:
    matters = [rapim.dossier(title=f"Perkara {number}") for number in range(2)]
    session = rapim.session(*matters)
    for seat in rapim.people:
        if seat != rapim.clerk:
            for matter in matters:
                rapim.say(seat, session, matter, Stance.NO_OBJECTION)
    rapim.open(session, *MEMBERS)
    clerk = at_seat(rapim, rapim.clerk)
    page = clerk.get(live(session, "clerk/")).content.decode()
    assert "Sahkan 2 butir ini" in page
    items = [str(item.id) for item in session.items.order_by("order")]
    pulled = {"verb": "pull", "item": items[0], "seat": rapim.seats["bkad"]}
    assert at_seat(rapim, "bkad").post(live(session), pulled).status_code == SEE_OTHER
    assert give(clerk, session, "consent", items=items) == CONFLICT
    assert give(clerk, session, "consent", items=items[1:]) == SEE_OTHER
    assert set(state_of(session.id).disposed) == {items[1]}


def test_the_script_asks_for_the_own_part_and_gets_no_page_around_it(
    council: House, sitting: Session
) -> None:
    client = at_seat(council, "wakil-1")
    part = client.get(live(sitting), headers={"X-Part": "own"})
    assert part["X-Part"] == "member"
    assert "<html" not in part.content.decode()
    sent = {"verb": "attend", "seat": council.seats["wakil-1"], "presence": "remote"}
    answer = client.post(live(sitting), sent, headers={"X-Part": "own"})
    assert (answer.status_code, answer["X-Part"]) == (OK, "member")
    assert state_of(sitting.id).presence["wakil-1"] is Presence.REMOTE


def test_every_page_is_complete_in_both_languages(council: House, sitting: Session) -> None:
    begin_vote(council, sitting)
    clerk = at_seat(council, "sekwan")
    for page in ("", "clerk/", "chair/", "projector/"):
        indonesian, english = clerk.get(live(sitting, page)), clerk.get("/en" + live(sitting, page))
        assert indonesian.status_code == english.status_code == OK
        assert "Pemungutan suara" in indonesian.content.decode()
        assert "Pemungutan suara" not in english.content.decode()


@pytest.mark.parametrize("emergency", ["security-threat"])
def test_the_emergency_quorum_needs_its_ground(valitsus: House, emergency: str) -> None:
    session = valitsus.session(valitsus.dossier(*_first_kind(valitsus)))
    seats = [seat for seat, _ in valitsus.seats.items()]
    members = [s for s in seats if s not in {valitsus.chair, valitsus.clerk}][:2]
    valitsus.open(session, valitsus.chair, *members)
    chair = at_seat(valitsus, valitsus.chair)
    assert "Kuorum darurat" in chair.get(live(session, "chair/")).content.decode()
    assert give(chair, session, "emergency", page="chair/", ground=emergency) == SEE_OTHER
    quorum = state_of(session.id).quorum
    assert quorum is not None
    assert quorum.reached


def _first_kind(house: House) -> tuple[str, str]:
    kinds = house.body.configuration["item_types"]
    plain = next(
        k["code"] for k in kinds if not k.get("alternatives_required") and not k.get("classification")
    )
    owner = next(seat for seat in house.seats if seat not in {house.chair, house.clerk})
    return plain, owner


def test_a_ticket_is_given_to_members_only_and_names_nobody(council: House, sitting: Session) -> None:
    answer = at_seat(council, "wakil-1").get(live(sitting, "ticket/")).json()
    assert "/live/stream?ticket=" in answer["url"]
    subject: UUID | None = council.actor("wakil-1").subject_id
    assert str(subject) not in answer["url"]
    assert at_seat(council, "wakil-1").get(live(sitting, "ticket/?screen=wall")).status_code == FORBIDDEN
