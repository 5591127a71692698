"""A session that was held and closed: by consent, debated, and one item that few may know of."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from pendopo.cabinet.actions import ballots, minutes, session_live
from pendopo.cabinet.live import commands
from pendopo.cabinet.models import Session
from pendopo.cabinet.testing.house import House
from pendopo.cabinet.testing.passkeys import plugged
from pendopo.cabinet.values import Choice, Classification, Outcome, Stance

PLAIN = "Penghapusan aplikasi ganda"
DEBATED = "Pergeseran anggaran air bersih"
HIDDEN = "Pengangkatan pejabat eselon dua"
ROOM = ("bupati", "wabup", "sekda", "asisten-1", "asisten-2", "bappeda", "bkad", "dinkes")
COUNCIL = ("ketua", "wakil-1", "wakil-2", "anggota-01", "anggota-02", "anggota-03", "anggota-04")


@dataclass(frozen=True, slots=True)
class Held:
    """A closed session and its items by what they are."""

    session: Session
    plain: UUID
    debated: UUID
    secret: UUID | None = None


def meeting(house: House) -> Held:
    """Hold a leadership meeting (``rapim-contoh``) and close it."""
    matters = {
        PLAIN: house.dossier(title=PLAIN),
        DEBATED: house.dossier("anggaran", "bkad", title=DEBATED),
        HIDDEN: house.dossier("pengangkatan", "sekda", title=HIDDEN, classification=Classification.SECRET),
    }
    session = house.session(*matters.values())
    for seat in house.people:
        if seat != house.clerk:
            house.say(seat, session, matters[PLAIN], Stance.NO_OBJECTION)
    house.say("dinkes", session, matters[DEBATED], Stance.OBJECT, speak=True)
    house.open(session, *ROOM)
    items = {title: session.items.get(dossier=matter).id for title, matter in matters.items()}
    lead = partial(session_live.lead, house.actor(house.chair), session.id)
    lead(partial(commands.adopt_by_consent, items=[str(items[PLAIN])]))
    lead(partial(commands.open_item, item=str(items[DEBATED])))
    lead(partial(commands.give_floor, seat="dinkes"))
    lead(commands.end_floor)
    lead(partial(commands.decide, item=str(items[DEBATED]), outcome=Outcome.ADOPTED))
    lead(partial(commands.decide, item=str(items[HIDDEN]), outcome=Outcome.DEFERRED))
    lead(commands.close)
    session.refresh_from_db()
    return Held(session, items[PLAIN], items[DEBATED], items[HIDDEN])


def vote(house: House, *signing: str) -> Held:
    """Hold a council (``dprd-contoh``) that votes four to two with one abstention, and close it.

    The seats ``signing`` sign their ballots with a passkey.
    """
    plain, matter = (
        house.dossier("informasi", "wakil-1", title=PLAIN),
        house.dossier("keputusan", "wakil-1", title=DEBATED),
    )
    session = house.session(plain, matter)
    house.open(session, *COUNCIL)
    item = session.items.get(dossier=matter)
    poll = session_live.new_poll()
    lead = partial(session_live.lead, house.actor(house.chair), session.id)
    lead(partial(commands.open_item, item=str(item.id)))
    lead(partial(commands.put_motion, poll=poll, item=str(item.id), question="Setuju?"))
    choices = (Choice.YES,) * 4 + (Choice.NO,) * 2 + (Choice.ABSTAIN,)
    for seat, choice in zip(COUNCIL, choices, strict=True):
        actor, own = house.actor(seat), house.seats[seat]
        answer = None
        if seat in signing and actor.subject_id is not None:
            passkey = plugged(actor.subject_id)
            answer = passkey.sign(ballots.begin(actor, session.id, poll, own, choice))
        ballots.cast(
            actor,
            session.id,
            poll,
            seat_id=own,
            choice=choice,
            docset_hash=matter.docset_hash,
            answer=answer,
        )
    lead(partial(commands.close_poll, poll_id=poll))
    lead(partial(commands.decide, item=str(item.id), outcome=Outcome.ADOPTED, poll=poll))
    lead(commands.close)
    session.refresh_from_db()
    return Held(session, session.items.get(dossier=plain).id, item.id)


def drafted(held: Held) -> Held:
    """Draft the minutes, as the worker does."""
    minutes.draft(held.session.id)
    held.session.refresh_from_db()
    return held
