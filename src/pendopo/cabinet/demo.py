"""The demonstration's leadership meeting: people in seats, dossiers on their way, a session before its lock.

Everything goes through the verbs that people use; only the coordination rounds are answered at once. A second
run changes nothing.
"""

import datetime as dt
import json
from pathlib import Path
from uuid import UUID

from pendopo.agencies import api as agencies
from pendopo.cabinet import configuration, demo_papers
from pendopo.cabinet.actions import bodies, coordination, dossiers, positions, sessions
from pendopo.cabinet.actions.coordination import Asked
from pendopo.cabinet.actions.dossiers import Text
from pendopo.cabinet.actions.positions import Said
from pendopo.cabinet.demo_matters import MATTERS, Matter
from pendopo.cabinet.models import AgendaItem, CoordinationRequest, Dossier, Mandate, Seat
from pendopo.cabinet.values import Response, Stance
from pendopo.foundation.actor import SYSTEM, Actor, ActorKind
from pendopo.foundation.clock import now
from pendopo.foundation.formats import zone
from pendopo.foundation.settings import current
from pendopo.foundation.working_calendar import calendar
from pendopo.identity import api as identity
from pendopo.kernel.nik import Nik

BODY = "rapim-contoh"
CLERK = "risalah"
OFFICERS = {"dukcapil": "population_decider", "dinsos": "dinsos"}
"""Seats that officers of the demonstration hold besides their posts; others have people of their own."""
BEGINS = dt.time(10)
WORKING_DAYS = 3
SAID = (
    ("aplikasi", "bkad", Stance.OBJECT, True, "Biaya pemindahan data belum ada di pagu 2027."),
    ("aplikasi", "bupati", Stance.NO_OBJECTION, False, ""),
    ("aplikasi", "dinkes", Stance.NO_OBJECTION, False, ""),
    ("akta", "dinkes", Stance.NO_OBJECTION, False, "Pilihan pertama; bidan siap dilatih."),
    ("akta", "bkad", Stance.NO_OBJECTION, False, ""),
    ("akta", "bappeda", Stance.NO_OBJECTION, False, ""),
    ("apbd", "bappeda", Stance.NO_OBJECTION, True, "Perlu penjelasan umur teknis jembatan."),
    ("bansos", "dukcapil", Stance.NO_OBJECTION, False, ""),
    ("bansos", "bkad", Stance.NO_OBJECTION, False, ""),
    ("jabatan", "wabup", Stance.ABSTAIN, False, ""),
)
AGREED = "kantor"
"""Every seat that is held has no objection to it: it will pass without debate."""
STALE = "aplikasi"
"""Its paper is replaced after positions were stated."""


class NotADemoError(RuntimeError):
    """This hall is not a demo."""


def seed(people_file: Path) -> dict[str, int]:
    """Found the body, seat people and bring its matters in. Raises :class:`NotADemoError`."""
    if not current().demo or current().production:
        raise NotADemoError
    people = _people(people_file)
    body_id = bodies.found(configuration.load(configuration.folder() / f"{BODY}.yaml"), actor=SYSTEM)
    for seat, subject_id in people.items():
        if not Mandate.objects.filter(seat__body_id=body_id, seat__code=seat, ends_at=None).exists():
            bodies.seat_person(BODY, seat, subject_id, actor=SYSTEM)
    if not Dossier.objects.filter(body_id=body_id).exists() and CLERK in people:
        _Meeting(body_id, people).prepare()
    return {"seated": len(people), "dossiers": Dossier.objects.filter(body_id=body_id).count()}


def _people(file: Path) -> dict[str, UUID]:
    """Return who sits where: people whose part is a seat, and officers with a seat."""
    told = json.loads(file.read_text(encoding="utf-8"))
    parts = {one["role"]: one["nik"] for one in (*told["officers"], *told["members"])}
    seats = {seat.code for seat in configuration.load(configuration.folder() / f"{BODY}.yaml").seats}
    niks = {role: nik for role, nik in parts.items() if role in seats and role not in OFFICERS}
    niks |= {seat: parts[role] for seat, role in OFFICERS.items() if role in parts}
    found = {seat: identity.subject_by_nik(Nik.parse(nik)) for seat, nik in niks.items()}
    return {seat: subject.id for seat, subject in found.items() if subject is not None}


class _Meeting:
    """One meeting on its way, by the hands of its people."""

    def __init__(self, body_id: UUID, people: dict[str, UUID]) -> None:
        self.body_id = body_id
        self.people = {
            seat: Actor(ActorKind.PERSON, subject_id=subject_id, assurance=2)
            for seat, subject_id in people.items()
        }
        self.seats = dict(Seat.objects.filter(body_id=body_id).values_list("code", "id"))
        self.clerk = self.people[CLERK]
        self.dossiers: dict[str, UUID] = {}

    def prepare(self) -> None:
        """Bring matters in, plan the session, state some positions, replace one paper."""
        for matter in MATTERS:
            self.dossiers[matter.code] = self._dossier(matter)
        session_id = sessions.plan(self.clerk, BODY, self._plan())
        for matter in MATTERS:
            sessions.schedule(
                self.clerk,
                session_id,
                self.dossiers[matter.code],
                information_only=matter.item_type == "informasi",
            )
        sessions.open_positions(self.clerk, session_id)
        self._say()
        self._replace(next(matter for matter in MATTERS if matter.code == STALE))

    def _dossier(self, matter: Matter) -> UUID:
        text = Text(
            title=matter.title,
            summary=matter.summary,
            legal_basis=matter.basis,
            alternatives=matter.alternatives,
            classification=matter.classification,
            planned_minutes=matter.minutes,
        )
        made = dossiers.open_dossier(
            self.clerk, BODY, item_type=matter.item_type, owner_seat=matter.owner, text=text
        )
        dossiers.add_document(
            self.clerk, made, name="Naskah", data=_paper(matter, 1), filename=f"{matter.code}.pdf"
        )
        if matter.answers:
            self._coordinate(made, matter)
        dossiers.submit(self.clerk, made)
        return made

    def _coordinate(self, dossier_id: UUID, matter: Matter) -> None:
        asked = [seat for seat in matter.answers if seat in self.people]
        round_id = coordination.open_round(self.clerk, dossier_id, Asked(mandatory=asked))
        for request in CoordinationRequest.objects.filter(round_id=round_id).select_related("seat"):
            response, point = matter.answers[request.seat.code]
            actor = self.people[request.seat.code]
            coordination.respond(actor, request.id, Response(response), [point] if point else [])
        coordination.close_round(self.clerk, round_id)

    def _plan(self) -> sessions.Plan:
        day = calendar().add_working_days(now(), WORKING_DAYS).astimezone(zone()).date()
        return sessions.Plan(
            "Rapat pimpinan",
            "Leadership meeting",
            f"Pendopo {agencies.body_by_code('pemda-contoh').name_id}",
            dt.datetime.combine(day, BEGINS, zone()),
        )

    def _say(self) -> None:
        everybody = [(AGREED, seat, Stance.NO_OBJECTION, False, "") for seat in self.people if seat != CLERK]
        for code, seat, stance, speaks, text in (*SAID, *everybody):
            if seat in self.people:
                dossier = Dossier.objects.get(id=self.dossiers[code])
                item = AgendaItem.objects.get(dossier=dossier, removed_at=None)
                positions.record_read(self.people[seat], dossier.id)
                said = Said(stance, dossier.docset_hash, speaks, text)
                positions.state_position(self.people[seat], item.id, self.seats[seat], said)

    def _replace(self, matter: Matter) -> None:
        dossier_id = self.dossiers[matter.code]
        paper = Dossier.objects.get(id=dossier_id).documents.get().paper
        dossiers.replace_document(
            self.clerk, dossier_id, paper, data=_paper(matter, 2), filename=f"{matter.code}-2.pdf"
        )


def _paper(matter: Matter, version: int) -> bytes:
    changed = (
        ["Versi ini memuat biaya pemindahan data: Rp1.240.000.000 pada pagu 2027."] if version > 1 else []
    )
    choices = [f"{n}. {one.title}: {one.effect}." for n, one in enumerate(matter.alternatives, 1)]
    basis = [f"Dasar: {matter.basis}."] if matter.basis else []
    foot = f"Naskah contoh, versi {version}. Seluruh isinya rekaan."
    return demo_papers.typeset(matter.title, [matter.summary, *choices, *changed, *basis], foot)
