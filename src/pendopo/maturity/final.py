"""What a cycle would be closed with: the assessors' levels of each agency, and the index that follows."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pendopo.foundation.clock import now
from pendopo.maturity import judging, pinned
from pendopo.maturity.index import Levels, Outcome, compute, exact_text
from pendopo.maturity.instruments import Instrument
from pendopo.maturity.judging import Judgement
from pendopo.maturity.models import Assessment, Cycle, Item
from pendopo_wire import canonical

type Result = dict[str, str | dict[str, str] | dict[str, list[str]]]


@dataclass(frozen=True, slots=True)
class Final:
    """One agency: its levels as they stand, and which indicators are not ready."""

    row: Assessment
    instrument: Instrument
    year: int
    levels: Levels
    unassessed: tuple[str, ...]
    objected: tuple[str, ...]

    def result(self) -> Result:
        """Return what is kept of it when the cycle closes."""
        outcome = compute(self.instrument, self.levels, year=self.year)
        return {
            "index": f"{outcome.index:f}",
            "exact": exact_text(outcome.exact),
            "predicate": outcome.predicate.key,
            "domains": {key: f"{one.value:f}" for key, one in outcome.domains.items()},
            "aspects": {key: f"{one.value:f}" for key, one in outcome.aspects.items()},
            "levels": {key: [f"{one:f}" for one in rows(value)] for key, value in self.levels.items()},
        }


def rows(level: Decimal | tuple[Decimal, ...]) -> tuple[Decimal, ...]:
    """Return the levels of an indicator, one a row."""
    return level if isinstance(level, tuple) else (level,)


def finals_of(cycle: Cycle) -> list[Final]:
    """Return every assessment of a cycle as it stands."""
    instrument = pinned.of(cycle)
    found = cycle.assessments.order_by("created_at", "id")
    return [_final(row, instrument, cycle.year) for row in found]


def fingerprint(finals: Sequence[Final]) -> str:
    """Return one digest for all levels, so that the second of two people closes what the first one saw."""
    told: dict[str, dict[str, list[str]]] = {
        str(one.row.id): {key: [f"{each:f}" for each in rows(value)] for key, value in one.levels.items()}
        for one in finals
    }
    return hashlib.sha256(canonical.dumps(told)).hexdigest()


def judgements(row: Assessment, instrument: Instrument) -> list[tuple[Item, Judgement]]:
    """Return each indicator of an assessment with what follows from answers and evidence; four queries."""
    found = list(row.items.order_by("order").prefetch_related("answers", "evidence__reading"))
    moment = now()
    return [
        (one, judging.judge(instrument, one.answers.all(), list(one.evidence.all()), moment)) for one in found
    ]


def levels_of(
    instrument: Instrument, values: Mapping[tuple[str, int], Decimal | None]
) -> tuple[Levels, tuple[str, ...]]:
    """Return levels by indicator from single rows, and the indicators of which a row has none.

    A missing outside index is left out where the instrument knows what it counts as.
    """
    levels: dict[str, Decimal | tuple[Decimal, ...]] = {}
    gone: list[str] = []
    for one in instrument.indicators:
        each = [values.get((one.number, n)) for n in range(1, one.rows + 1)]
        there = tuple(level for level in each if level is not None)
        if len(there) == one.rows:
            levels[one.number] = there if one.rows > 1 else there[0]
        elif there or one.external is None or instrument.missing is None:
            gone.append(one.number)
    return levels, tuple(gone)


def interim(
    instrument: Instrument, values: Mapping[tuple[str, int], Decimal | None], year: int
) -> tuple[Outcome, int]:
    """Return the index with the lowest level for whatever has none yet, and how many indicators these are."""
    levels, gone = levels_of(instrument, values)
    low = instrument.scale.low
    assumed = {
        one.number: (low,) * one.rows if one.rows > 1 else low
        for one in instrument.indicators
        if one.number in gone
    }
    return compute(instrument, dict(levels) | assumed, year=year), len(gone)


def _final(row: Assessment, instrument: Instrument, year: int) -> Final:
    found = judgements(row, instrument)
    values = {(item.number, item.row): one.assessed.level if one.assessed else None for item, one in found}
    levels, gone = levels_of(instrument, values)
    objected = tuple(item.number for item, one in found if one.objection)
    return Final(row, instrument, year, levels, gone, objected)
