"""Every indicator that is bound to a measure: a fault in the room lowers it, mending brings it back.

A fault is planted where it would happen (``measure_faults``). The room's own measure then reads it, the
indicator's proposed level drops, and rises again once the fault is mended.
"""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

import pytest

from pendopo.catalogue.api import Service
from pendopo.foundation.clock import now
from pendopo.maturity import judging, library, pinned
from pendopo.maturity.actions import evidence
from pendopo.maturity.actions.refresh import refresh
from pendopo.maturity.instruments import Binding
from pendopo.maturity.judging import Flag, Judgement, LiveState
from pendopo.maturity.models import Evidence, Item
from pendopo.maturity.testing.evaluation import Evaluation, begin
from tests.house.measure_faults import FAULTS

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("service", "sealed"),
    pytest.mark.filterwarnings("ignore::RuntimeWarning"),
]

YEARS = {"spbe-2020": 2025, "pemdi-2026": 2026}
AT_THE_BOTTOM = {"casework.satisfaction"}
"""Bound at the least value that the measure can have: it cannot fall below, only have nothing to count."""


def _bound() -> Iterator[tuple[str, str, Binding]]:
    for instrument in library.instruments():
        for indicator in instrument.indicators:
            for one in indicator.evidence:
                yield instrument.id, indicator.number, one


def test_every_bound_measure_has_a_fault() -> None:
    """Whoever binds another measure plants its fault here; whoever binds none any more takes it out."""
    assert {one.measure for _, _, one in _bound()} == set(FAULTS)


@pytest.mark.parametrize("measure", FAULTS)
def test_a_fault_lowers_every_indicator_bound_to_a_measure(measure: str, service: Service) -> None:
    """What the unit claims falls below the level that the measure showed, and returns with it."""
    assert service.agency == "dukcapil"
    fault = FAULTS[measure]()
    claimed: list[tuple[Item, int, list[Evidence]]] = []
    for instrument, year in YEARS.items():
        found = begin(instrument, year)
        for number, levels in _levels(instrument, measure).items():
            claimed.append(_claim(found, number, levels, measure))
    assert claimed
    for item, top, pieces in claimed:
        assert _judged(item).proposed == top, item.number
        fault.plant()
        _read(pieces)
        _assert_lowered(item, measure, top)
        fault.mend()
        _read(pieces)
        assert (_judged(item).proposed, set(_judged(item).flags)) == (Decimal(top), set()), item.number


def _assert_lowered(item: Item, measure: str, top: int) -> None:
    judged = _judged(item)
    assert judged.proposed is not None
    if measure in AT_THE_BOTTOM:
        assert Flag.FROZEN in judged.flags
    else:
        assert judged.proposed < top, item.number
        assert Flag.DROPPED in judged.flags
    assert judged.own is not None
    assert judged.own.level == top, "what somebody gave is never changed"


def _levels(instrument: str, measure: str) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for name, number, one in _bound():
        if (name, one.measure) == (instrument, measure):
            found[number].append(one.level)
    return found


def _claim(
    found: Evaluation, number: str, levels: list[int], measure: str
) -> tuple[Item, int, list[Evidence]]:
    top, item = max(levels), found.item(number)
    found.show(number, *(level for level in range(2, top) if level not in levels))
    made = [evidence.add_live(found["contact"], item.id, level, measure) for level in levels]
    pieces = list(Evidence.objects.select_related("reading").filter(id__in=made))
    states = {judging.live_state(one, now()) for one in pieces}
    assert states == {LiveState.HOLDS}, f"{number}: {[one.failed_with for one in pieces]}"
    found.claim(number, top)
    return item, top, pieces


def _read(pieces: list[Evidence]) -> None:
    for one in pieces:
        assert refresh(one.id)


def _judged(item: Item) -> Judgement:
    held = list(item.evidence.select_related("reading").filter(removed_at=None))
    return judging.judge(pinned.of(item.assessment.cycle), item.answers.all(), held, now())
