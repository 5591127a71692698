"""What must agree inside an instrument file; every defect is a sentence that begins with its place."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from pendopo.maturity.schema import AspectFile, BandFile, ExternalFile, IndicatorFile, InstrumentFile

PARTS = ("structure", "weights", "names", "criteria", "bands", "validity")
"""What every file must say the provenance of."""


def defects(file: InstrumentFile) -> list[str]:
    """Return every defect; none for an instrument that can be used."""
    return [
        *_scale(file),
        *_weights(file),
        *_numbers(file),
        *_keys(file),
        *_bands(file),
        *_levels(file),
        *_rest(file),
        *(found for aspect in _aspects(file) for one in aspect.indicators for found in _indicator(one, file)),
    ]


def _aspects(file: InstrumentFile) -> list[AspectFile]:
    return [aspect for domain in file.domains for aspect in domain.aspects]


def _steps(file: InstrumentFile) -> range:
    return range(int(file.scale.low), int(file.scale.high) + 1)


def _scale(file: InstrumentFile) -> Iterator[str]:
    scale = file.scale
    if scale.low >= scale.high:
        yield f"scale: low is {scale.low}, which is not below high, {scale.high}"
    elif any(bound != int(bound) for bound in (scale.low, scale.high)):
        yield "scale: low and high must be whole levels, because criteria hang on whole levels"
    elif scale.step is not None and (scale.high - scale.low) % scale.step != 0:
        yield f"scale.step: steps of {scale.step} from {scale.low} never reach {scale.high}"
    if file.missing is not None and not scale.low <= file.missing <= scale.high:
        yield f"missing: {file.missing} lies outside the scale, {scale.low} to {scale.high}"


def _weights(file: InstrumentFile) -> Iterator[str]:
    yield from _sum("domains: their weights", (one.weight for one in file.domains), Decimal(100))
    for domain in file.domains:
        place = f"domains.{domain.key}: the weights of its aspects"
        yield from _sum(place, (one.weight for one in domain.aspects), domain.weight)
    for aspect in _aspects(file):
        weighed = [one.weight for one in aspect.indicators if one.weight is not None]
        if not weighed:
            continue
        if len(weighed) != len(aspect.indicators):
            without = ", ".join(one.number for one in aspect.indicators if one.weight is None)
            yield f"aspects.{aspect.key}: indicators {without} have no weight, the others have; all or none"
        else:
            yield from _sum(f"aspects.{aspect.key}: the weights of its indicators", weighed, aspect.weight)


def _sum(place: str, weights: Iterable[Decimal], whole: Decimal) -> Iterator[str]:
    total = sum(weights, Decimal())
    if total != whole:
        yield f"{place} sum to {total}, not to {whole}"


def _numbers(file: InstrumentFile) -> Iterator[str]:
    numbers = [one.number for aspect in _aspects(file) for one in aspect.indicators]
    yield from _twice("indicators", numbers)
    prefix = numbers[0].rstrip("0123456789")
    wanted = [f"{prefix}{count}" for count in range(1, file.count + 1)]
    gone = [number for number in wanted if number not in numbers]
    more = [number for number in numbers if number not in wanted]
    if gone:
        yield f"indicators: {', '.join(gone)} missing; count says there are {file.count}"
    if more:
        yield f"indicators: {', '.join(more)} beyond the {file.count} that count says there are"


def _keys(file: InstrumentFile) -> Iterator[str]:
    yield from _twice("domains", [one.key for one in file.domains])
    yield from _twice("aspects", [one.key for one in _aspects(file)])
    yield from _twice("bands", [one.key for one in file.bands])


def _twice(place: str, keys: list[str]) -> Iterator[str]:
    double = sorted({key for key in keys if keys.count(key) > 1})
    if double:
        yield f"{place}: {', '.join(double)} more than once"


def _bands(file: InstrumentFile) -> Iterator[str]:
    first, last = file.bands[0], file.bands[-1]
    if first.low != file.scale.low:
        yield (
            f"bands.{first.key}: begins at {first.low}, but an index can be {file.scale.low}; "
            "the lowest band begins where the scale does"
        )
    for lower, upper in pairwise(file.bands):
        yield from _neighbours(lower, upper)
    if last.low > file.scale.high:
        yield f"bands.{last.key}: begins at {last.low}, above the highest level, {file.scale.high}"
    if last.below is not None:
        yield f"bands.{last.key}: the highest band ends with the scale; leave out its “below”"


def _neighbours(lower: BandFile, upper: BandFile) -> Iterator[str]:
    if upper.low <= lower.low:
        yield f"bands.{upper.key}: begins at {upper.low}, not above {lower.key}, which begins at {lower.low}"
    elif lower.below is not None and lower.below < upper.low:
        yield (
            f"bands.{lower.key}: ends below {lower.below} and {upper.key} begins at {upper.low}; "
            "an index between them would have no predicate"
        )
    elif lower.below is not None and lower.below > upper.low:
        yield (
            f"bands.{lower.key}: ends below {lower.below} and {upper.key} begins at {upper.low}; "
            "an index between them would have two predicates"
        )


def _levels(file: InstrumentFile) -> Iterator[str]:
    steps = _steps(file)
    for capability, names in file.levels.items():
        yield from _whole(f"levels.{capability}", names, steps)
    yield from _whole("effort.to", file.effort.to, steps[1:])


def _whole(place: str, given: Iterable[int], steps: range) -> Iterator[str]:
    present = set(given)
    gone = [str(step) for step in steps if step not in present]
    more = [str(step) for step in sorted(present) if step not in steps]
    if gone:
        yield f"{place}: level {', '.join(gone)} missing"
    if more:
        yield f"{place}: level {', '.join(more)} not on the scale"


def _indicator(one: IndicatorFile, file: InstrumentFile) -> Iterator[str]:
    place = f"indicators.{one.number}"
    if one.capability not in file.levels:
        yield f"{place}.capability: there is no “{one.capability}” under levels"
    if one.criteria:
        yield from _whole(f"{place}.criteria", one.criteria, _steps(file))
    for bound in one.evidence:
        if bound.level not in _steps(file):
            yield f"{place}.evidence: level {bound.level} not on the scale"
        if bound.at_least is None and bound.at_most is None:
            yield f"{place}.evidence: {bound.measure} has no threshold; say at_least or at_most"
    if one.external is not None:
        yield from _external(f"{place}.external.steps", one.external, file)


def _external(place: str, external: ExternalFile, file: InstrumentFile) -> Iterator[str]:
    steps = external.steps
    for lower, upper in pairwise(steps):
        if not (lower.up_to < upper.up_to and lower.level < upper.level):
            yield f"{place}: level {upper.level} does not rise above level {lower.level}"
    for step in steps:
        if step.level not in _steps(file):
            yield f"{place}: level {step.level} not on the scale"


def _rest(file: InstrumentFile) -> Iterator[str]:
    if file.valid_to is not None and file.valid_to < file.valid_from:
        yield f"valid_to: {file.valid_to} is before valid_from, {file.valid_from}"
    gone = [part for part in PARTS if part not in file.provenance]
    if gone:
        yield f"provenance: nothing said of {', '.join(gone)}"
    if file.carried_from is not None:
        numbers = {one.number for aspect in _aspects(file) for one in aspect.indicators}
        carried = [one.number for one in file.carried_from.map]
        yield from _twice("carried_from.map", carried)
        strange = [number for number in carried if number not in numbers]
        if strange:
            yield f"carried_from.map: there is no indicator {', '.join(strange)}"


def shared_weight(aspect: AspectFile, one: IndicatorFile) -> Fraction:
    """Return an indicator's weight in percent: its own, or its rows' share of the aspect's."""
    if one.weight is not None:
        return Fraction(one.weight)
    rows = sum(entry.rows for entry in aspect.indicators)
    return Fraction(aspect.weight) * one.rows / rows
