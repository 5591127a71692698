"""Instruments as they were when a cycle began: kept in the database, found by their digest."""

from functools import lru_cache

from pendopo.kernel.ids import uuid7
from pendopo.maturity import library
from pendopo.maturity.errors import NoSuchInstrument, UnusableInstrument, WrongKind
from pendopo.maturity.instruments import Indicator, Instrument
from pendopo.maturity.models import Cycle, InstrumentText, Item
from pendopo.maturity.schema import InstrumentFile


def pin(name: str) -> Instrument:
    """Keep the present text of an instrument in the caller's transaction and return it.

    Raises ``NoSuchInstrument``, ``WrongKind`` or ``UnusableInstrument``.
    """
    instrument = library.instrument(name)
    content = library.plain(library.folder() / f"{name}.yaml")
    InstrumentText.objects.get_or_create(
        digest=instrument.digest,
        defaults={"id": uuid7(), "instrument_id": instrument.id, "content": content},
    )
    return instrument


def of(cycle: Cycle) -> Instrument:
    """Return the instrument that a cycle began with, whatever became of its file."""
    return _read(cycle.instrument_hash)


def indicator_of(item: Item) -> tuple[Instrument, Indicator]:
    """Return an item's instrument and indicator; the item was read with its assessment and cycle."""
    instrument = of(item.assessment.cycle)
    found = instrument.indicator(item.number)
    if found is None:
        raise LookupError(item.number)
    return instrument, found


def is_current(cycle: Cycle) -> bool:
    """Say whether the instrument's file still says what the cycle began with."""
    try:
        return library.instrument(cycle.instrument_id).digest == cycle.instrument_hash
    except (NoSuchInstrument, UnusableInstrument, WrongKind):
        return False


@lru_cache(maxsize=32)
def _read(digest: str) -> Instrument:
    content = InstrumentText.objects.get(digest=digest).content
    return library.build(InstrumentFile.model_validate(content))
