"""What follows from the answers and the evidence on one indicator: its values, its proposal, its flags.

Agency and assessor are kept apart: :func:`own` and :func:`assessed` never mix. A live reading below its
threshold lowers what is *proposed* for the agency and flags the assessor's level for review; it never
changes a level that somebody gave. A reading that failed or is too old changes nothing and is told (frozen).
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from pendopo.maturity.instruments import Instrument
from pendopo.maturity.models import Answer, Evidence
from pendopo.maturity.values import ASSESSED, OWN, EvidenceKind, Stage


class LiveState(StrEnum):
    """How a piece of live evidence stands."""

    WAITING = "waiting"
    """Nothing could be read yet; it counts for nothing."""
    HOLDS = "holds"
    FELL = "fell"
    FROZEN = "frozen"
    """The last reading is too old, or a later one failed: what it said stays, and is not to be relied on."""


class Flag(StrEnum):
    """What somebody should look at."""

    DOUBT = "doubt"
    """A reading fell after the assessor gave a level that rests on it."""
    DROPPED = "dropped"
    """The agency claims more than its readings bear now."""
    FROZEN = "frozen"
    OBJECTION = "objection"
    """The agency objected, and nobody has decided."""


@dataclass(frozen=True, slots=True)
class Given:
    """A level with where it comes from."""

    stage: Stage
    level: Decimal
    accepted: int | None
    reason: str
    at: dt.datetime
    revision: int
    by_subject_id: UUID | None
    by_post_id: UUID | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that follows on one indicator."""

    own: Given | None
    assessed: Given | None
    objection: Given | None
    """The agency's claim while it waits for a decision."""
    proposed: Decimal | None
    flags: frozenset[Flag]

    @property
    def current(self) -> Decimal | None:
        """Return the level that counts: the assessor's, else what is proposed for the agency."""
        return self.assessed.level if self.assessed else self.proposed


def judge(
    instrument: Instrument, answers: Iterable[Answer], evidence: Sequence[Evidence], now: dt.datetime
) -> Judgement:
    """Return what follows from the answers (any order) and the standing evidence of one item."""
    given = sorted((given_of(row) for row in answers), key=lambda one: one.revision)
    mine, theirs = highest(given, OWN), highest(given, ASSESSED)
    claim = open_objection(given)
    low = Decimal(instrument.scale.low)
    level = proposed(mine.level if mine else None, low, evidence)
    flags = set()
    if claim:
        flags.add(Flag.OBJECTION)
    if mine and level is not None and level < mine.level:
        flags.add(Flag.DROPPED)
    if any(live_state(one, now) is LiveState.FROZEN for one in lives(evidence)):
        flags.add(Flag.FROZEN)
    if theirs and any(_shakes(one, theirs) for one in lives(evidence)):
        flags.add(Flag.DOUBT)
    return Judgement(mine, theirs, claim, level, frozenset(flags))


def given_of(row: Answer) -> Given:
    """Return an answer as a value."""
    return Given(
        Stage(row.stage),
        row.level,
        row.accepted,
        row.reason,
        row.created_at,
        row.revision,
        row.by_subject_id,
        row.by_post_id,
    )


def highest(given: Sequence[Given], stages: tuple[Stage, ...]) -> Given | None:
    """Return the newest answer of the highest of these stages; ``given`` is in order of revision."""
    for stage in reversed(stages):
        found = [one for one in given if one.stage is stage]
        if found:
            return found[-1]
    return None


def lives(evidence: Iterable[Evidence]) -> list[Evidence]:
    """Return the live ones that stand."""
    return [one for one in evidence if one.kind == EvidenceKind.LIVE and one.removed_at is None]


def live_state(row: Evidence, now: dt.datetime) -> LiveState:
    """Return how a piece of live evidence stands; its last reading was read with it."""
    reading = row.reading
    if reading is None:
        return LiveState.WAITING
    if row.failed_at is not None or reading.expires_at <= now:
        return LiveState.FROZEN
    return LiveState.HOLDS if row.holds else LiveState.FELL


def bears(row: Evidence) -> bool:
    """Say whether evidence counts for its level. A frozen reading still counts as what it last said."""
    if row.removed_at is not None:
        return False
    return row.kind != EvidenceKind.LIVE or row.holds is True


def proposed(own: Decimal | None, low: Decimal, evidence: Iterable[Evidence]) -> Decimal | None:
    """Return the level proposed for the agency: what it says, but below the lowest reading that fell.

    Where nobody has said anything, the highest level that readings show, below the lowest that fell.
    """
    found = lives(evidence)
    fallen = min((one.level for one in found if one.holds is False), default=None)
    if own is not None:
        return own if fallen is None else min(own, max(low, Decimal(fallen - 1)))
    shown = [one.level for one in found if one.holds and (fallen is None or one.level < fallen)]
    return Decimal(max(shown)) if shown else None


def without_evidence(
    instrument: Instrument, level: Decimal, evidence: Sequence[Evidence], *, external: bool
) -> tuple[int, ...]:
    """Return the levels up to this one that nothing shows: levels are cumulative, each needs its own.

    The lowest level needs none. Where an outside index decides, only the level itself does.
    """
    low = int(instrument.scale.low)
    shown = {one.level for one in evidence if bears(one)}
    whole = int(level)
    needed = range(whole, whole + 1) if external or not instrument.cumulative else range(low + 1, whole + 1)
    return tuple(one for one in needed if one > low and one not in shown)


def open_objection(given: Sequence[Given]) -> Given | None:
    """Return the objection that waits for its decision; ``given`` is in order of revision."""
    found = [one for one in given if one.stage in {Stage.OBJECTION, Stage.FINAL}]
    return found[-1] if found and found[-1].stage is Stage.OBJECTION else None


def _shakes(row: Evidence, assessed: Given) -> bool:
    """Say whether a reading fell that the assessor's level rests on, and fell after it was given."""
    reaches = assessed.accepted if assessed.accepted is not None else int(assessed.level)
    return (
        row.holds is False and row.level <= reaches and row.fell_at is not None and row.fell_at > assessed.at
    )
