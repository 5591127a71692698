"""A regency with its two offices, an officer for each part of an assessment, and a small instrument.

The small instrument has a whole scale of five levels, two aspects and four indicators; the second of them is
bound to the measure :data:`MEASURE`, whose value a test sets.
"""

import datetime as dt
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from uuid import UUID

from pendopo.agencies import api as agencies
from pendopo.foundation.actor import SYSTEM, Actor
from pendopo.foundation.measures import Measure, Reading, Scope, Unit, share
from pendopo.identity import testing as people
from pendopo.maturity import visibility
from pendopo.maturity.actions import answers, cycles, evidence
from pendopo.maturity.actions.answers import Said
from pendopo.maturity.models import Assessment, Cycle, Item
from pendopo.maturity.values import CycleKind, CycleState, Stage

MEASURE = "casework.on-time"
YEAR = 2026
REASON = "Sesuai dokumen yang dilampirkan."
PARTS = {
    "coordinator": (visibility.READ, visibility.COORDINATE),
    "second_coordinator": (visibility.READ, visibility.COORDINATE),
    "contact": (visibility.READ, visibility.ANSWER),
    "internal": (visibility.READ, visibility.CHECK),
    "assessor": (visibility.READ, visibility.ASSESS),
    "second_assessor": (visibility.READ, visibility.ASSESS),
    "objector": (visibility.READ, visibility.OBJECT),
    "clerk": ("casework:case:read",),
}
_SERIAL = count(4100)
_TINY = """
kind: levels
id: tiny
title: {id: Instrumen kecil, en: Small instrument}
short: {id: Kecil, en: Small}
legal: {id: Tidak ada, en: None}
valid_from: 2025-01-01
provenance:
  structure: &own {mark: own, source: {id: Uji, en: Test}}
  weights: *own
  names: *own
  criteria: *own
  bands: *own
  validity: *own
scale: {low: 1, high: 5, step: 1}
cumulative: true
places: 2
count: 4
levels:
  process: &levels
    1: {id: Satu, en: One}
    2: {id: Dua, en: Two}
    3: {id: Tiga, en: Three}
    4: {id: Empat, en: Four}
    5: {id: Lima, en: Five}
bands:
  - {key: low, low: 1, name: {id: Rendah, en: Low}}
  - {key: high, low: 3, name: {id: Tinggi, en: High}}
predicate_of: {default: unrounded}
effort: {unit: {id: hari, en: days}, to: {2: 1, 3: 1, 4: 1, 5: 1}}
domains:
  - key: D
    name: {id: Domain, en: Domain}
    weight: 100
    aspects:
      - key: A
        name: {id: Aspek A, en: Aspect A}
        weight: 50
        indicators:
          - {number: 1, name: {id: Pertama, en: First}, weight: 25, capability: process, criteria: *levels}
          - number: 2
            name: {id: Kedua, en: Second}
            weight: 25
            capability: process
            criteria: *levels
            evidence:
              - measure: casework.on-time
                level: 3
                says: {id: Separuh selesai, en: Half is done}
                at_least: 50
              - measure: casework.on-time
                level: 4
                says: {id: Delapan puluh persen selesai, en: Eighty percent is done}
                at_least: 80
                over: 10
      - key: B
        name: {id: Aspek B, en: Aspect B}
        weight: 50
        indicators:
          - {number: 3, name: {id: Ketiga, en: Third}, weight: 25, capability: process, criteria: *levels}
          - {number: 4, name: {id: Keempat, en: Fourth}, weight: 25, capability: process, criteria: *levels}
"""


@dataclass
class Gauge:
    """What the measure of the tests says: ``part`` of ``whole``, nothing, or it breaks."""

    part: int = 90
    whole: int = 100
    breaks: Exception | None = None
    asked: list[Scope] = field(default_factory=list)

    def read(self, scope: Scope) -> Reading | None:
        """Answer as a room's measure does."""
        self.asked.append(scope)
        if self.breaks is not None:
            raise self.breaks
        return share(self.part, self.whole)

    def measure(self, expires_after: dt.timedelta = dt.timedelta(days=2)) -> Measure:
        """Return it as a measure."""
        return Measure(MEASURE, Unit.PERCENT, "portal.figures", expires_after, self.read, by_agency=True)


def write_instrument(folder: Path) -> None:
    """Put the small instrument into a folder of instruments."""
    (folder / "tiny.yaml").write_text(_TINY, encoding="utf-8")


def an_officer(part: str, body: str = "pemda-contoh", *, unit: agencies.Unit | None = None) -> Actor:
    """Appoint a new person to a part of an assessment and return them in that post."""
    serial = next(_SERIAL)
    subject = people.a_person(people.a_nik(serial), f"Petugas {serial}", email=None)
    post = agencies.appoint(
        subject.id,
        body=people.a_body(body),
        unit=unit,
        title_id=f"Petugas {part}",
        title_en=f"Officer {part}",
        permissions=PARTS[part],
        actor=SYSTEM,
    )
    return people.officer(subject.id, post)


@dataclass
class Evaluation:
    """One cycle of one agency with somebody in every part."""

    officers: dict[str, Actor]
    cycle_id: UUID

    def __getitem__(self, part: str) -> Actor:
        return self.officers[part]

    @property
    def cycle(self) -> Cycle:
        """Return the cycle as it is now."""
        return Cycle.objects.get(id=self.cycle_id)

    @property
    def assessment(self) -> Assessment:
        """Return the regency's own assessment."""
        return self.cycle.assessments.get(agency_id=self.cycle.body_id)

    def item(self, number: str) -> Item:
        """Return an indicator as it is now."""
        return self.assessment.items.get(number=number, row=1)

    def show(self, number: str, *levels: int) -> None:
        """Give links as evidence for levels of an indicator."""
        for level in levels:
            title, url = f"Peraturan {level}", f"https://jdih.example.go.id/{number}/{level}"
            evidence.add_link(self["contact"], self.item(number).id, level, title=title, url=url)

    def claim(self, number: str, level: int | str) -> int:
        """Let the unit claim a level."""
        return answers.give(self["contact"], self.item(number).id, Stage.SELF, Said(str(level), REASON))

    def assess(self, number: str, level: int, stage: Stage = Stage.DOCUMENT, part: str = "assessor") -> int:
        """Let an assessor accept all levels up to one and give it."""
        said = Said(str(level), REASON, frozenset(range(2, level + 1)))
        return answers.give(self[part], self.item(number).id, stage, said)

    def assess_all(self, level: int = 2) -> None:
        """Let an assessor give every indicator of the regency the same level."""
        for item in self.assessment.items.all():
            self.assess(item.number, level)

    def to(self, state: CycleState) -> None:
        """Take the cycle on until it is in this state."""
        while self.cycle.state != state:
            cycles.move(self["coordinator"], self.cycle_id, seen=CycleState(self.cycle.state))

    def close(self) -> None:
        """Close by two people."""
        cycles.ask_to_close(self["coordinator"], self.cycle_id)
        cycles.close(self["second_coordinator"], self.cycle_id)


def begin(
    instrument: str = "tiny",
    year: int = YEAR,
    *,
    kind: CycleKind = CycleKind.EVALUATION,
    agency_codes: tuple[str, ...] = (),
) -> Evaluation:
    """Appoint everybody and open a cycle."""
    for code in ("pemda-contoh", "dukcapil", "dinsos"):
        people.a_body(code)
    officers = {part: an_officer(part) for part in PARTS}
    chosen = [agencies.body_by_code(code).id for code in agency_codes]
    cycle_id = cycles.start(officers["coordinator"], instrument, year, kind=kind, agency_ids=chosen)
    return Evaluation(officers, cycle_id)


__all__ = [
    "MEASURE",
    "PARTS",
    "REASON",
    "YEAR",
    "Evaluation",
    "Gauge",
    "an_officer",
    "begin",
    "write_instrument",
]
