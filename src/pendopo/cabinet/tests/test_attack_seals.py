"""A clerk who wants to read sealed positions before the others have spoken."""

import datetime as dt

import pytest
import time_machine

from pendopo.cabinet import errors
from pendopo.cabinet.actions import dossiers as papers
from pendopo.cabinet.actions import planning, sessions
from pendopo.cabinet.actions import positions as reading
from pendopo.cabinet.models import Position, Session
from pendopo.cabinet.positions import content_of
from pendopo.cabinet.queries import agenda, dossiers
from pendopo.cabinet.records.agenda import Outlook
from pendopo.cabinet.testing.house import House
from pendopo.cabinet.values import SessionState, Stance
from pendopo.foundation.clock import now

pytestmark = pytest.mark.django_db

MEMBERS = (
    "presiden",
    "wapres",
    "menko-1",
    "menko-2",
    "mensesneg",
    "menkeu",
    "mendagri",
    "menpan",
    "menkes",
    "menkomdigi",
)


def closed(session: Session) -> bool:
    """Say whether every envelope of the session is still closed."""
    return all(content_of(row) is None for row in Position.objects.filter(item__session=session))


def test_the_clerk_does_not_open_the_envelopes_before_everybody_has_spoken(sidang: House) -> None:
    matter = sidang.dossier("rperpres", "menkeu")
    session, clerk = sidang.session(matter), sidang.actor("seskab")
    for seat in MEMBERS[1:]:
        sidang.say(seat, session, matter, Stance.OBJECT)
        with pytest.raises(errors.LockWaits):
            sessions.lock(clerk, session.id)
    assert closed(session)
    sidang.say(MEMBERS[0], session, matter, Stance.NO_OBJECTION)
    sessions.lock(clerk, session.id)
    assert not closed(session)


def test_a_new_paper_makes_the_clerk_wait_again(sidang: House) -> None:
    matter = sidang.dossier("rperpres", "menkeu")
    session, clerk = sidang.session(matter), sidang.actor("seskab")
    for seat in MEMBERS:
        sidang.say(seat, session, matter, Stance.NO_OBJECTION)
    paper = matter.documents.get().paper
    papers.replace_document(clerk, matter.id, paper, data=sidang.paper(), filename="baru.pdf")
    with pytest.raises(errors.LockWaits):
        sessions.lock(clerk, session.id)


def test_the_clerk_does_not_bring_the_lock_forward_by_moving_the_session(sidang: House) -> None:
    matter = sidang.dossier("rperpres", "menkeu")
    session, clerk = sidang.session(matter), sidang.actor("seskab")
    sidang.say("menkes", session, matter, Stance.OBJECT)
    hours = session.planned_start - session.lock_at
    soon = sessions.Plan("Rapat", "Meeting", "Istana", now() + hours + dt.timedelta(minutes=1))
    with pytest.raises(errors.LockWaits):
        planning.replan(clerk, session.id, soon)
    later = sessions.Plan("Rapat", "Meeting", "Istana", session.planned_start + dt.timedelta(days=1))
    planning.replan(clerk, session.id, later)
    planning.replan(sidang.actor("presiden"), session.id, soon)
    with time_machine.travel(now() + dt.timedelta(minutes=2), tick=False):
        assert sessions.lock_due() == 1


def test_the_lock_at_its_time_waits_for_nobody(sidang: House) -> None:
    matter = sidang.dossier("rperpres", "menkeu")
    session = sidang.session(matter)
    sidang.say("menkes", session, matter, Stance.OBJECT)
    with time_machine.travel(session.lock_at + dt.timedelta(seconds=1), tick=False):
        assert sessions.lock_due() == 1
    session.refresh_from_db()
    assert session.state == SessionState.LOCKED


def test_before_the_lock_nobody_learns_whether_somebody_objected(sidang: House) -> None:
    calm, stormy = sidang.dossier("rperpres", "menkeu"), sidang.dossier("rperpres", "menkeu")
    session = sidang.session(calm, stormy)
    for seat in MEMBERS:
        sidang.say(seat, session, calm, Stance.NO_OBJECTION)
        sidang.say(seat, session, stormy, Stance.OBJECT, speak=True)
    for seat in ("menkes", "seskab", "presiden"):
        view = agenda.of_session(sidang.actor(seat), session.id, "id")
        assert {(one.outlook, one.reasons, one.path, one.stated) for one in view.items} == {
            (Outlook.WAITING, (), None, len(MEMBERS))
        }
        shown = [dossiers.dossier(sidang.actor(seat), one.id, "id") for one in (calm, stormy)]
        assert [(one.positions, one.positions_sealed) for one in shown] == [((), len(MEMBERS))] * 2


def test_what_was_opened_and_reopened_stays_open_and_says_so(sidang: House) -> None:
    matter = sidang.dossier("rperpres", "menkeu")
    session, chair = sidang.session(matter), sidang.actor("presiden")
    sidang.say("menkes", session, matter, Stance.OBJECT)
    sessions.lock(chair, session.id)
    sessions.reopen(chair, session.id, "Berkas menyusul", now() + dt.timedelta(days=1))
    view = agenda.of_session(sidang.actor("menpan"), session.id, "id")
    assert not view.session.positions_sealed
    sidang.say("menpan", session, matter, Stance.ABSTAIN)
    said = dossiers.dossier(sidang.actor("menkeu"), matter.id, "id").positions
    assert {one.stance for one in said} == {Stance.OBJECT, Stance.ABSTAIN}


@pytest.mark.parametrize("way", ["off and on again", "another session"])
def test_an_objection_is_not_taken_away_by_taking_the_item_off_the_agenda(rapim: House, way: str) -> None:
    matter = rapim.dossier()
    session, clerk = rapim.session(matter), rapim.actor("risalah")
    for seat in rapim.people:
        if seat not in {"risalah", "dinkes"}:
            rapim.say(seat, session, matter, Stance.NO_OBJECTION)
    reading.record_read(rapim.actor("dinkes"), matter.id)
    rapim.say("dinkes", session, matter, Stance.OBJECT)
    sessions.unschedule(clerk, session.items.get().id)
    if way == "another session":
        session = rapim.session(matter)
    else:
        sessions.schedule(clerk, session.id, matter.id)
    sessions.lock(clerk, session.id)
    item = session.items.get(removed_at=None)
    assert item.reasons == [["objection", "dinkes"]]
    said = dossiers.dossier(rapim.actor("wabup"), matter.id, "id").positions
    assert [one.office for one in said if one.stance is Stance.OBJECT] == ["Kepala Dinas Kesehatan"]


def test_a_position_of_before_does_not_hold_on_other_papers(rapim: House) -> None:
    matter = rapim.dossier()
    session, clerk = rapim.session(matter), rapim.actor("risalah")
    rapim.say("dinkes", session, matter, Stance.NO_OBJECTION)
    sessions.unschedule(clerk, session.items.get().id)
    paper = matter.documents.get().paper
    papers.replace_document(clerk, matter.id, paper, data=rapim.paper(), filename="baru.pdf")
    matter.refresh_from_db()
    sessions.schedule(clerk, session.id, matter.id)
    line = agenda.of_session(rapim.actor("dinkes"), session.id, "id").items[0]
    assert [mine.stance for mine in line.mine] == [None], "it is asked anew"
