"""The demonstration's evaluations: SPBE of last year, closed, and Pemdi of this year, under way.

Everything is done by the hands of the demonstration's people through the room's own verbs; live readings are
of what really ran in this hall. Levels that nothing here measures are fiction, and their reasons say so.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from uuid import UUID

from pendopo.agencies import api as agencies
from pendopo.foundation.actor import SYSTEM, Actor, ActorKind
from pendopo.foundation.settings import current
from pendopo.identity import api as identity
from pendopo.kernel.nik import Nik
from pendopo.ledger import api as ledger
from pendopo.maturity import demo_published, judging, pinned, visibility
from pendopo.maturity.actions import answers, comments, cycles, evidence
from pendopo.maturity.actions.answers import Said
from pendopo.maturity.instruments import Instrument
from pendopo.maturity.models import Cycle, Evidence, Item
from pendopo.maturity.refusals import NotADemo
from pendopo.maturity.values import CycleKind, CycleState, Stage

BODY = "pemda-contoh"
PUBLISH = agencies.Permission.MATURITY_PUBLISH.value
SPBE, PEMDI = ("spbe-2020", 2025), ("pemdi-2026", 2026)
POSTS = {
    "diskominfo": ("Koordinator evaluasi", "Evaluation coordinator", (visibility.COORDINATE, PUBLISH)),
    "bappeda": ("Sekretaris tim evaluasi", "Secretary of the evaluation team", (visibility.COORDINATE,)),
    "bkad": ("Narahubung evaluasi", "Evaluation contact", (visibility.ANSWER, visibility.OBJECT)),
    "dinkes": ("Asesor internal", "Internal assessor", (visibility.CHECK,)),
    "asesor": ("Asesor eksternal (contoh)", "External assessor (specimen)", (visibility.ASSESS,)),
}
FICTION = "Rekaan untuk peragaan; tidak ada yang diukur di sini."
SHOWN = "Didukung data langsung pendopo ini."
JUDGED_PEMDI = 6


def seed(people_file: Path) -> dict[str, int]:
    """Bring both cycles in, unless they are there; return how many live readings gave a value.

    Raises ``NotADemo`` in a hall that is none, or before its people are there.
    """
    if not current().demo or current().production:
        raise NotADemo
    officers = _officers(people_file)
    if set(officers) != set(POSTS):
        raise NotADemo
    ledger.sequence()  # a hall that has just started may not have come to what is counted here
    for (instrument, year), play in ((SPBE, _play_spbe), (PEMDI, _play_pemdi)):
        if not Cycle.objects.filter(instrument_id=instrument, year=year).exists():
            made = cycles.start(officers["diskominfo"], instrument, year, kind=CycleKind.EVALUATION)
            play(_Play(officers, made))
    demo_published.seed(officers["diskominfo"])
    read = Evidence.objects.filter(reading__isnull=False)
    return {"cycles": Cycle.objects.count(), "readings": read.count()}


class _Play:
    """One cycle in the hands of its people."""

    def __init__(self, officers: dict[str, Actor], cycle_id: UUID) -> None:
        self.officers = officers
        self.cycle = Cycle.objects.get(id=cycle_id)
        self.assessment = self.cycle.assessments.get()
        self.instrument: Instrument = pinned.of(self.cycle)

    def items(self) -> Iterator[tuple[Item, int]]:
        """Return each indicator with the level that its readings show; the lowest where nothing is read."""
        found = self.assessment.items.order_by("order").prefetch_related("evidence")
        low = self.instrument.scale.low
        for item in found:
            shown = judging.proposed(None, low, item.evidence.all())
            yield item, int(shown or low)

    def claim(self, item: Item, level: int) -> None:
        """Show what is missing up to a level by links, and claim it."""
        contact = self.officers["bkad"]
        held = {one.level for one in item.evidence.all() if judging.bears(one)}
        for step in range(int(self.instrument.scale.low) + 1, level + 1):
            if step not in held:
                url = f"https://jdih.pemda-contoh.example/{self.instrument.id}/{item.number}/{step}"
                evidence.add_link(contact, item.id, step, title=f"Dokumen contoh {step}", url=url)
        answers.give(contact, item.id, Stage.SELF, Said(str(level), SHOWN))

    def judge(self, levels: Mapping[UUID, tuple[int, str]]) -> None:
        """Let the assessor accept everything up to each level and give them, with their reasons."""
        low = int(self.instrument.scale.low)
        said = {
            item_id: Said(str(level), reason, frozenset(range(low + 1, level + 1)))
            for item_id, (level, reason) in levels.items()
        }
        answers.give_all(self.officers["asesor"], self.assessment.id, Stage.DOCUMENT, said)

    def move(self) -> None:
        """Take the cycle on by one state."""
        self.cycle.refresh_from_db()
        cycles.move(self.officers["diskominfo"], self.cycle.id, seen=CycleState(self.cycle.state))

    def close(self) -> None:
        """Close by two people."""
        cycles.ask_to_close(self.officers["diskominfo"], self.cycle.id)
        cycles.close(self.officers["bappeda"], self.cycle.id)


def _play_spbe(play: _Play) -> None:
    """Assess every indicator and close: what is read counts, all else is fiction of level 1 to 3."""
    evidence.read_all(play.officers["bkad"], play.assessment.id)
    shown = list(play.items())
    for item, level in shown:
        if level > 1:
            play.claim(item, level)
    play.move()
    fiction = {item.id: 1 + (item.order * 7) % 3 for item, _ in shown}
    play.judge(
        {item.id: (level, SHOWN) if level > 1 else (fiction[item.id], FICTION) for item, level in shown}
    )
    play.move()
    play.move()
    play.close()


def _play_pemdi(play: _Play) -> None:
    """Claim what readings show, let the assessor begin with some; the rest waits for whoever tries it."""
    evidence.read_all(play.officers["bkad"], play.assessment.id)
    shown = [(item, level) for item, level in play.items() if level > 1]
    for item, level in shown:
        play.claim(item, level)
    play.move()
    begun = shown[:JUDGED_PEMDI]
    play.judge({item.id: (max(2, level - 1), SHOWN) for item, level in begun})
    for item, level in begun[:2]:
        comments.remark(play.officers["asesor"], item.id, "Mohon lampirkan laporan reviunya.", level)


def _officers(file: Path) -> dict[str, Actor]:
    """Return the people of the demonstration in their posts, appointed if need be."""
    told = json.loads(file.read_text(encoding="utf-8"))
    niks = {one["role"]: one["nik"] for one in told["members"]}
    body = agencies.body_by_code(BODY)
    found = {}
    for role in POSTS:
        subject = identity.subject_by_nik(Nik.parse(niks[role])) if role in niks else None
        if subject is not None:
            found[role] = _in_post(subject.id, role, body)
    return found


def _in_post(subject_id: UUID, role: str, body: agencies.Body) -> Actor:
    title_id, title_en, parts = POSTS[role]
    held = [one for one in agencies.posts_of(subject_id) if one.body_id == body.id]
    post = (
        held[0]
        if held
        else agencies.appoint(
            subject_id,
            body=body,
            title_id=title_id,
            title_en=title_en,
            permissions=(visibility.READ, *parts),
            actor=SYSTEM,
        )
    )
    return Actor(
        ActorKind.OFFICER,
        subject_id=subject_id,
        assurance=2,
        body_id=body.id,
        post_id=post.id,
        permissions=post.permissions,
    )
