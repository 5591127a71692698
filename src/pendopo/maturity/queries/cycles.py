"""Cycles: the list, the progress of one, and how its end stands."""

from collections import Counter
from collections.abc import Mapping
from uuid import UUID

from pendopo.foundation.actor import Actor
from pendopo.maturity import pinned, visibility
from pendopo.maturity.actions.cycles import NEXT
from pendopo.maturity.final import interim, judgements
from pendopo.maturity.instruments import Instrument
from pendopo.maturity.judging import Flag
from pendopo.maturity.models import Assessment, Cycle
from pendopo.maturity.queries.naming import Names, bodies
from pendopo.maturity.records.assessment import CycleLine, CycleView, Index, Moved, Progress
from pendopo.maturity.values import CycleKind, CycleState


def cycles(actor: Actor, language: str) -> tuple[CycleLine, ...]:
    """Return the cycles in which the officer sees anything, newest year first."""
    names = bodies(language)
    seen: dict[UUID, list[Assessment]] = {}
    for row in visibility.assessments(actor).order_by("created_at", "id"):
        seen.setdefault(row.cycle_id, []).append(row)
    return tuple(_line(cycle, seen[cycle.id], names) for cycle in visibility.cycles(actor))


def cycle(actor: Actor, cycle_id: UUID, language: str) -> CycleView:
    """Return one cycle with the progress of the agencies that the officer sees; raise ``NoSuchCycle``."""
    row = visibility.cycle(actor, cycle_id)
    names = bodies(language)
    found = list(visibility.assessments(actor).filter(cycle=row).order_by("created_at", "id"))
    leads = row.body_id == actor.body_id and actor.can(visibility.COORDINATE)
    whole = [one for one in found if visibility.sees_whole(actor, one)]
    steps = list(row.steps.order_by("created_at", "id"))
    by = Names([one.by_post_id for one in steps], language)
    instrument = pinned.of(row)
    asked = next((one for one in reversed(steps) if row.close_asked_by and one.kind == "close_asked"), None)
    return CycleView(
        line=_line(row, found, names),
        is_current=pinned.is_current(row),
        leads=leads,
        following=NEXT[CycleKind(row.kind)].get(CycleState(row.state)),
        close_asked=(by.of(asked.by_post_id), asked.created_at) if asked else None,
        asked_by_reader=row.close_asked_by is not None and row.close_asked_by == actor.subject_id,
        progress=tuple(progress(one, instrument, row.year, names) for one in whole),
        steps=tuple(Moved(one.kind, one.created_at, by.of(one.by_post_id), one.reason) for one in steps),
    )


def progress(row: Assessment, instrument: Instrument, year: int, names: Mapping[UUID, str]) -> Progress:
    """Return how far an agency is, with its index as it stands: the assessors' levels, else the proposed."""
    found = judgements(row, instrument)
    flags = Counter(flag for _, one in found for flag in one.flags)
    values = {(item.number, item.row): one.current for item, one in found}
    kept = row.result
    return Progress(
        assessment_id=row.id,
        agency=names[row.agency_id],
        items=len(found),
        claimed=sum(one.own is not None for _, one in found),
        assessed=sum(one.assessed is not None for _, one in found),
        flags={flag: flags[flag] for flag in Flag if flags[flag]},
        index=Index(*interim(instrument, values, year)),
        result=(kept["index"], kept["exact"], kept["predicate"]) if kept else None,
    )


def _line(row: Cycle, assessments: list[Assessment], names: Mapping[UUID, str]) -> CycleLine:
    return CycleLine(
        id=row.id,
        instrument=pinned.of(row),
        year=row.year,
        kind=CycleKind(row.kind),
        state=CycleState(row.state),
        assessments=tuple((one.id, names[one.agency_id]) for one in assessments),
    )
