"""A founded body with a person in every seat, and short ways to what the tests begin from."""

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

from pendopo.agencies import api as agencies
from pendopo.cabinet import configuration
from pendopo.cabinet.actions import bodies, dossiers, positions, session_live, sessions
from pendopo.cabinet.actions.dossiers import Text
from pendopo.cabinet.actions.positions import Said
from pendopo.cabinet.models import Body, Dossier, Seat, Session
from pendopo.cabinet.values import Classification, Presence, Stance
from pendopo.foundation.actor import SYSTEM, Actor, ActorKind
from pendopo.foundation.clock import now
from pendopo.kernel.ids import uuid7

PAPER = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


def person(subject_id: UUID) -> Actor:
    """Return a person as the hall knows them after signing in with a passkey."""
    return Actor(ActorKind.PERSON, subject_id=subject_id, assurance=2)


@dataclass(frozen=True, slots=True)
class House:
    """A body and who sits in it."""

    body: Body
    people: dict[str, Actor]
    seats: dict[str, UUID]
    papers: list[int] = field(default_factory=list)

    def actor(self, seat: str) -> Actor:
        """Return the person in a seat."""
        return self.people[seat]

    def dossier(
        self,
        item_type: str = "perbup",
        owner: str = "diskominfo",
        *,
        title: str = "Penghapusan aplikasi ganda",
        classification: Classification = Classification.OPEN,
        need_to_know: tuple[str, ...] | None = None,
    ) -> Dossier:
        """Open a dossier with one paper and submit it."""
        clerk = self.actor(self.clerk)
        text = Text(
            title=title, summary="Ringkasan", classification=classification, need_to_know=need_to_know
        )
        made = dossiers.open_dossier(clerk, self.body.code, item_type=item_type, owner_seat=owner, text=text)
        dossiers.add_document(clerk, made, name="Naskah", data=self.paper(), filename="naskah.pdf")
        dossiers.submit(clerk, made)
        return Dossier.objects.get(id=made)

    @property
    def clerk(self) -> str:
        """Return the code of the secretary's seat."""
        return next(
            code
            for code in self.seats
            if code in {"risalah", "seskab", "riigisekretar", "sekda", "sekwan"}
            and Seat.objects.get(id=self.seats[code]).role == "secretary"
        )

    @property
    def chair(self) -> str:
        """Return the code of the chair's seat."""
        return Seat.objects.get(body=self.body, role="chair").code

    def paper(self) -> bytes:
        """Return a PDF that differs from every one before."""
        self.papers.append(len(self.papers))
        return PAPER.replace(b"200 200", f"{200 + len(self.papers)} 200".encode())

    def session(self, *matters: Dossier) -> Session:
        """Plan a session with these dossiers and open positions."""
        clerk = self.actor(self.clerk)
        start = now() + dt.timedelta(days=3)
        made = sessions.plan(clerk, self.body.code, sessions.Plan("Rapat", "Meeting", "Pendopo", start))
        for matter in matters:
            sessions.schedule(clerk, made, matter.id)
        sessions.open_positions(clerk, made)
        return Session.objects.get(id=made)

    def say(
        self, seat: str, session: Session, matter: Dossier, stance: Stance, *, speak: bool = False
    ) -> UUID:
        """State a position on the papers in force."""
        item = session.items.get(dossier=matter)
        matter.refresh_from_db()
        said = Said(stance, matter.docset_hash, wants_to_speak=speak)
        return positions.state_position(self.actor(seat), item.id, self.seats[seat], said)

    def open(self, session: Session, *present: str) -> None:
        """Lock and open a session with these seats in the room."""
        clerk = self.actor(self.clerk)
        sessions.lock(self.actor(self.chair), session.id)
        session_live.open_session(clerk, session.id)
        for seat in present:
            session_live.attend(clerk, session.id, self.seats[seat], Presence.ROOM)


def found(code: str) -> House:
    """Found a shipped body and seat a person everywhere."""
    text = configuration.load(configuration.folder() / f"{code}.yaml")
    try:
        agencies.body_by_code(text.agency)
    except agencies.UnknownBody:
        agencies.create_body(text.agency, name_id="Contoh", name_en="Example", actor=SYSTEM)
    bodies.found(text, actor=SYSTEM)
    body = Body.objects.get(code=code)
    people = {}
    for seat in text.seats:
        subject = uuid7()
        bodies.seat_person(code, seat.code, subject, actor=SYSTEM)
        people[seat.code] = person(subject)
    return House(body, people, dict(Seat.objects.filter(body=body).values_list("code", "id")))
