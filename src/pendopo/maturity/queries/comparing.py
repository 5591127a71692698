"""An agency's years side by side, and what one instrument carries over from an earlier one."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from pendopo.foundation.actor import Actor
from pendopo.maturity import pinned, visibility
from pendopo.maturity.final import interim, judgements
from pendopo.maturity.index import exact_text
from pendopo.maturity.instruments import Instrument
from pendopo.maturity.models import Assessment
from pendopo.maturity.queries.heads import head_of
from pendopo.maturity.queries.naming import bodies
from pendopo.maturity.records.assessment import Carried, Compared, YearView
from pendopo.maturity.refusals import NoSuchCycle
from pendopo.maturity.values import CycleState


def compared(actor: Actor, assessment_id: UUID, language: str) -> Compared:
    """Return an agency's cycles, oldest first, and the carry-over into this one; raise ``NoSuchCycle``.

    For whoever sees the whole assessment. The levels before are those of the newest earlier cycle of the
    instrument that this one carries over from.
    """
    row = visibility.assessment(actor, assessment_id)
    if not visibility.sees_whole(actor, row):
        raise NoSuchCycle
    found = visibility.assessments(actor).filter(agency_id=row.agency_id)
    rows = [
        one for one in found.order_by("cycle__year", "created_at", "id") if visibility.sees_whole(actor, one)
    ]
    instrument = pinned.of(row.cycle)
    earlier = [
        one
        for one in rows
        if one.cycle.instrument_id == instrument.carried_from and one.cycle.year < row.cycle.year
    ]
    before = earlier[-1] if earlier else None
    return Compared(
        head=head_of(row, bodies(language)),
        years=tuple(year_of(one) for one in rows),
        before=year_of(before) if before else None,
        carried=_carried(row, instrument, before, language) if before else (),
    )


def year_of(row: Assessment) -> YearView:
    """Return the index of one cycle: as it was closed, or as it stands."""
    cycle, instrument = row.cycle, pinned.of(row.cycle)
    kept = row.result
    if kept is not None:
        index, exact, key, missing = Decimal(kept["index"]), kept["exact"], kept["predicate"], 0
    else:
        outcome, missing = interim(instrument, current_levels(row, instrument), cycle.year)
        index, exact, key = outcome.index, exact_text(outcome.exact), outcome.predicate.key
    return YearView(
        assessment_id=row.id,
        instrument=instrument,
        year=cycle.year,
        is_final=cycle.state == CycleState.CLOSED,
        index=index,
        exact=exact,
        predicate=key,
        missing=missing,
    )


def current_levels(row: Assessment, instrument: Instrument) -> dict[tuple[str, int], Decimal | None]:
    """Return the level that counts now by number and row: the assessor's, else what is proposed."""
    return {(item.number, item.row): one.current for item, one in judgements(row, instrument)}


def _carried(
    row: Assessment, instrument: Instrument, before: Assessment, language: str
) -> tuple[Carried, ...]:
    earlier = pinned.of(before.cycle)
    now_levels = current_levels(row, instrument)
    then = current_levels(before, earlier)
    return tuple(
        Carried(
            number=one.number,
            name=_name(instrument, one.number, language),
            level=now_levels.get((one.number, 1)),
            sources=tuple(_source(earlier, number, then, language) for number in one.sources),
            note=one.note.of(language),
        )
        for one in instrument.carries
    )


def _source(
    earlier: Instrument, number: str, then: Mapping[tuple[str, int], Decimal | None], language: str
) -> tuple[str, str, Decimal | None]:
    return number, _name(earlier, number, language), then.get((number, 1))


def _name(instrument: Instrument, number: str, language: str) -> str:
    found = instrument.indicator(number)
    return found.name.of(language) if found else number
