"""In the session: to be counted twice, to vote on what one may not know, to stop the clerk by pressing."""

import datetime as dt
from functools import partial
from uuid import UUID

import pytest

from pendopo.cabinet import errors
from pendopo.cabinet.actions import ballots, bodies, session_live
from pendopo.cabinet.actions.live import state_of
from pendopo.cabinet.live import commands
from pendopo.cabinet.models import Body, Session
from pendopo.cabinet.testing.browsers import at_seat, browser
from pendopo.cabinet.testing.house import House, found
from pendopo.cabinet.values import Choice, Classification, Outcome, Path, Presence, Scope, Stance
from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.clock import now

pytestmark = pytest.mark.django_db

COUNCIL = ("ketua", "wakil-1", "wakil-2", "anggota-01", "anggota-02", "anggota-03")
CONFLICT, FORBIDDEN, NOT_FOUND, SEE_OTHER, WRONG = 409, 403, 404, 303, 422


def narrow_vote(house: House) -> tuple[Session, str]:
    """Put an item to the vote that the third member of the council may not know of."""
    matter = house.dossier(
        "keputusan", "wakil-1", title="Nama rahasia", need_to_know=("wakil-2", "anggota-01")
    )
    session = house.session(matter)
    house.open(session, *COUNCIL)
    item, poll = str(session.items.get().id), session_live.new_poll()
    chair = house.actor("ketua")
    session_live.lead(chair, session.id, partial(commands.open_item, item=item))
    put = partial(commands.put_motion, poll=poll, item=item, question="Setuju?")
    session_live.lead(chair, session.id, put)
    return session, poll


def cast(house: House, session: Session, seat: str, choice: Choice = Choice.YES, who: str = "") -> None:
    poll = next(iter(state_of(session.id).polls.values()))
    ballots.cast(
        house.actor(who or seat),
        session.id,
        poll.id,
        seat_id=house.seats[seat],
        choice=choice,
        docset_hash=poll.docset_hash,
        answer=None,
    )


def stand_in(house: House, seat: str, deputy: UUID, *scopes: Scope) -> None:
    bodies.delegate(
        house.actor(seat),
        house.seats[seat],
        to_subject_id=deputy,
        scopes=scopes,
        valid_from=now() - dt.timedelta(minutes=1),
        valid_to=now() + dt.timedelta(days=1),
    )


def test_who_may_not_know_of_an_item_is_in_no_count_of_its_vote(council: House) -> None:
    session, poll = narrow_vote(council)
    for seat in ("ketua", "wakil-1", "wakil-2", "anggota-01"):
        cast(council, session, seat)
    session_live.lead(council.actor("ketua"), session.id, partial(commands.close_poll, poll_id=poll))
    counted = state_of(session.id).polls[poll].counted
    assert counted is not None
    assert (counted.yes, counted.entitled) == (4, 4), "two more are present, and know nothing of it"


def test_who_may_not_know_of_an_item_casts_no_ballot_on_it_even_with_its_address(council: House) -> None:
    session, poll = narrow_vote(council)
    papers = state_of(session.id).polls[poll].docset_hash
    client = at_seat(council, "anggota-03")
    sent = {"poll": poll, "seat": council.seats["anggota-03"], "choice": "no", "papers": papers}
    known = client.post(f"/cabinet/sessions/{session.id}/live/ballot/", sent)
    other = client.post(
        f"/cabinet/sessions/{session.id}/live/ballot/", {**sent, "poll": session_live.new_poll()}
    )
    assert known.status_code == other.status_code == CONFLICT
    refused = [
        answer.content.decode().count("Pemungutan suara ini sudah selesai") for answer in (known, other)
    ]
    assert refused == [1, 1], "the answer does not tell that there is such a vote"
    assert "Nama rahasia" not in known.content.decode()
    asked = client.post(f"/cabinet/sessions/{session.id}/live/ballot/options/", sent)
    assert asked.status_code == CONFLICT
    assert not state_of(session.id).polls[poll].ballots


def test_nobody_asks_to_speak_on_an_item_that_they_may_not_know_of(council: House) -> None:
    session, _ = narrow_vote(council)
    with pytest.raises(errors.StateDoesNotAllow):
        session_live.ask_floor(council.actor("anggota-03"), session.id, council.seats["anggota-03"])
    session_live.ask_floor(council.actor("anggota-01"), session.id, council.seats["anggota-01"])
    assert [one.seat for one in state_of(session.id).waiting] == ["anggota-01"]


def test_one_person_is_counted_once_for_the_quorum(council: House) -> None:
    session = council.session(council.dossier("keputusan", "wakil-1"))
    council.open(session, "ketua", "wakil-1", "wakil-2", "anggota-01")
    deputy = council.actor("anggota-01").subject_id
    assert deputy is not None
    stand_in(council, "anggota-02", deputy, Scope.SPEAK, Scope.VOTE)
    with pytest.raises(errors.SitsAlready):
        session_live.attend(
            council.actor("anggota-01"), session.id, council.seats["anggota-02"], Presence.ROOM
        )
    quorum = state_of(session.id).quorum
    assert quorum is not None
    assert (quorum.present, quorum.reached) == (4, False)
    session_live.attend(council.actor("anggota-01"), session.id, council.seats["anggota-01"], Presence.ABSENT)
    session_live.attend(council.actor("anggota-01"), session.id, council.seats["anggota-02"], Presence.ROOM)
    quorum = state_of(session.id).quorum
    assert quorum is not None
    assert quorum.present == 4, "for the other seat instead, not as well"


def test_the_clerk_does_not_count_one_holder_of_two_seats_twice(council: House) -> None:
    session = council.session(council.dossier("keputusan", "wakil-1"))
    holder = council.actor("anggota-01").subject_id
    assert holder is not None
    bodies.seat_person("dprd-contoh", "anggota-02", holder, actor=SYSTEM)
    council.open(session, "ketua", "anggota-01")
    clerk = council.actor(council.clerk)
    with pytest.raises(errors.SitsAlready):
        session_live.attend(clerk, session.id, council.seats["anggota-02"], Presence.ROOM)


@pytest.mark.parametrize("scope", [Scope.READ, Scope.POSITION, Scope.VOTE])
def test_a_deputy_without_the_word_neither_attends_nor_speaks_nor_pulls(council: House, scope: Scope) -> None:
    matter = council.dossier("informasi", "wakil-1")
    session = council.session(matter)
    council.open(session, *COUNCIL)
    deputy = UUID(int=7)
    stand_in(council, "anggota-03", deputy, scope)
    item, client, seat = session.items.get(), browser(deputy), council.seats["anggota-03"]
    for verb in ("attend", "ask", "order", "withdraw", "pull"):
        sent = {"verb": verb, "seat": seat, "item": item.id, "presence": "absent"}
        answer = client.post(f"/cabinet/sessions/{session.id}/live/", sent)
        assert answer.status_code == FORBIDDEN, verb


@pytest.mark.parametrize("scope", [Scope.READ, Scope.POSITION, Scope.SPEAK])
def test_a_deputy_without_the_vote_casts_none(council: House, scope: Scope) -> None:
    session, poll = narrow_vote(council)
    deputy = UUID(int=7)
    stand_in(council, "anggota-01", deputy, scope)
    papers = state_of(session.id).polls[poll].docset_hash
    sent = {"poll": poll, "seat": council.seats["anggota-01"], "choice": "no", "papers": papers}
    for page in ("ballot/", "ballot/options/"):
        answer = browser(deputy).post(f"/cabinet/sessions/{session.id}/live/{page}", sent)
        assert answer.status_code == FORBIDDEN


def test_only_who_is_there_pulls_an_item_and_only_with_a_seat_of_this_body(rapim: House) -> None:
    matter = rapim.dossier()
    session = rapim.session(matter)
    for seat in rapim.people:
        if seat != rapim.clerk:
            rapim.say(seat, session, matter, Stance.NO_OBJECTION)
    rapim.open(session, "bupati", "wabup", "sekda")
    item = session.items.get()
    assert item.path == Path.CONSENT
    with pytest.raises(errors.NotPresent):
        session_live.pull(rapim.actor("bkad"), session.id, item.id, rapim.seats["bkad"])
    other = found("forkopimda-contoh")
    watcher = other.actor("kapolres")
    assert watcher.subject_id is not None
    bodies.seat_person("rapim-contoh", "risalah", watcher.subject_id, actor=SYSTEM)
    with pytest.raises(errors.NoSuchItem):
        session_live.pull(watcher, session.id, item.id, other.seats["kapolres"])
    session_live.pull(rapim.actor("sekda"), session.id, item.id, rapim.seats["sekda"])
    assert state_of(session.id).pulled == {str(item.id): "sekda"}


def test_ballots_and_arrivals_do_not_keep_the_clerk_from_the_next_command(council: House) -> None:
    session, poll = narrow_vote(council)
    seen, clerk = state_of(session.id).seq, council.actor(council.clerk)
    for seat in ("ketua", "wakil-1", "wakil-2"):
        cast(council, session, seat)
    session_live.attend(council.actor("anggota-03"), session.id, council.seats["anggota-03"], Presence.REMOTE)
    state = session_live.lead(
        clerk, session.id, partial(commands.close_poll, poll_id=poll), expected_seq=seen
    )
    assert state.polls[poll].counted is not None
    with pytest.raises(errors.OthersWereFaster):
        session_live.lead(clerk, session.id, commands.close_item, expected_seq=seen)
    with pytest.raises(errors.OthersWereFaster):
        session_live.lead(clerk, session.id, commands.close_item, expected_seq=state.seq + 1)


def test_nobody_decides_after_the_quorum_went_between_motion_and_close(council: House) -> None:
    session, poll = narrow_vote(council)
    for seat in ("ketua", "wakil-1", "wakil-2", "anggota-01"):
        cast(council, session, seat)
    for seat in ("wakil-2", "anggota-01", "anggota-02"):
        session_live.attend(council.actor(seat), session.id, council.seats[seat], Presence.ABSENT)
    chair, item = council.actor("ketua"), str(session.items.get().id)
    session_live.lead(chair, session.id, partial(commands.close_poll, poll_id=poll))
    with pytest.raises(errors.NoQuorum):
        session_live.lead(
            chair, session.id, partial(commands.decide, item=item, outcome=Outcome.ADOPTED, poll=poll)
        )


def test_a_ground_for_the_emergency_that_the_body_does_not_know_is_refused(valitsus: House) -> None:
    plain = next(
        one["code"]
        for one in Body.objects.get(code="valitsus").configuration["item_types"]
        if not one.get("alternatives_required") and not one.get("classification")
    )
    session = valitsus.session(valitsus.dossier(plain, "rahandus"))
    valitsus.open(session, "peaminister", "rahandus", "sise")
    sent = {"verb": "emergency", "ground": "<b>bosan</b>", "expected_seq": state_of(session.id).seq}
    answer = at_seat(valitsus, "peaminister").post(f"/cabinet/sessions/{session.id}/live/chair/", sent)
    assert answer.status_code == WRONG
    assert not state_of(session.id).emergency


def test_a_secret_item_takes_no_vote_of_the_low_class_into_its_threshold(rapim: House) -> None:
    secret = rapim.dossier("pengangkatan", "sekda", classification=Classification.SECRET)
    session = rapim.session(secret)
    Session.objects.filter(id=session.id).update(room_ceiling=Classification.SECRET)
    rapim.open(session, "bupati", "sekda", "dinkes", "dinsos")
    item = str(session.items.get().id)
    assert state_of(session.id).entitled(item) == {"bupati", "sekda"}


def test_one_window_does_not_fill_the_session_with_noise(council: House) -> None:
    session = council.session(council.dossier("keputusan", "wakil-1"))
    council.open(session, "ketua", "wakil-1")
    client, seat = at_seat(council, "anggota-01"), council.seats["anggota-01"]
    answers = [
        client.post(
            f"/cabinet/sessions/{session.id}/live/",
            {"verb": "attend", "seat": seat, "presence": "room" if n % 2 else "remote"},
        ).status_code
        for n in range(62)
    ]
    assert answers == [SEE_OTHER] * 60 + [429] * 2
