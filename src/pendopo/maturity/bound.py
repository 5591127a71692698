"""Do the measures exist that instruments bind, and can thresholds be met? Checked when a hall starts."""

from collections.abc import Iterator
from decimal import Decimal

from pendopo.foundation import measures
from pendopo.foundation.measures import Measure, Unit, UnknownMeasureError
from pendopo.maturity import library
from pendopo.maturity.instruments import Binding

WHOLE = Decimal(100)


def problems() -> list[str]:
    """Return a sentence for each binding of an installed instrument that no reading could ever decide."""
    return [
        f"{instrument.id}, indicator {indicator.number}, level {binding.level}: {defect}"
        for instrument in library.instruments()
        for indicator in instrument.indicators
        for binding in indicator.evidence
        for defect in defects(binding)
    ]


def defects(binding: Binding) -> Iterator[str]:
    """Say what is wrong with one binding."""
    try:
        measure = measures.measure(binding.measure)
    except UnknownMeasureError:
        known = ", ".join(one.key for one in measures.measures())
        yield f"there is no measure {binding.measure}; there are {known}"
    else:
        yield from _threshold(binding, measure)


def _threshold(binding: Binding, measure: Measure) -> Iterator[str]:
    if measure.less_is_better and binding.at_most is None:
        yield f"{measure.key} is better the less it is, so it needs at_most"
    if not measure.less_is_better and binding.at_least is None:
        yield f"{measure.key} is better the more it is, so it needs at_least"
    given = [bound for bound in (binding.at_least, binding.at_most) if bound is not None]
    if measure.unit is Unit.PERCENT and any(not 0 <= bound <= WHOLE for bound in given):
        yield f"{measure.key} is a share, so its threshold lies between 0 and 100"
