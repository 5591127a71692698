"""The head of an assessment's pages."""

from collections.abc import Mapping
from uuid import UUID

from pendopo.maturity import pinned
from pendopo.maturity.models import Assessment
from pendopo.maturity.records.assessment import Head
from pendopo.maturity.values import CycleKind, CycleState


def head_of(row: Assessment, bodies: Mapping[UUID, str]) -> Head:
    """Return what every page of an assessment says first."""
    cycle = row.cycle
    return Head(
        assessment_id=row.id,
        cycle_id=cycle.id,
        agency=bodies[row.agency_id],
        instrument=pinned.of(cycle),
        year=cycle.year,
        kind=CycleKind(cycle.kind),
        state=CycleState(cycle.state),
        is_current=pinned.is_current(cycle),
    )
