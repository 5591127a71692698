"""Levels for tests: any that sum to what was published, and whole instruments at one level."""

from collections.abc import Sequence
from decimal import Decimal

from hypothesis import strategies as st

from pendopo.maturity.index import Levels
from pendopo.maturity.instruments import Instrument

# Sums of the indicators 1-10, 11-20, 21-31, 32-41, 42-47, whose weights are equal within each group.
GROUPS = ((1, 10), (11, 20), (21, 31), (32, 41), (42, 47))
DENPASAR_2018 = "1 1 1 3 2 3 3  2 1 1 1 3 3 3 1 3 3  1 3  2 3  3 2 2  3 1 4 4 4 3 4  3 2 3 1 3 3"


@st.composite
def summing_to(draw: st.DrawFn, sums: Sequence[int]) -> Levels:
    """Draw levels of SPBE 2020 whose five groups have these sums."""
    levels: dict[str, Decimal | tuple[Decimal, ...]] = {}
    for (first, last), total in zip(GROUPS, sums, strict=True):
        rest = total
        for number in range(first, last + 1):
            after = last - number
            level = draw(st.integers(max(1, rest - 5 * after), min(5, rest - after)))
            levels[str(number)] = Decimal(level)
            rest -= level
        assert rest == 0
    return levels


def flat(instrument: Instrument, level: Decimal) -> Levels:
    """Give every indicator the same level."""
    return {one.number: (level,) * one.rows if one.rows > 1 else level for one in instrument.indicators}


@st.composite
def any_levels(draw: st.DrawFn, instrument: Instrument) -> dict[str, Decimal | tuple[Decimal, ...]]:
    """Draw levels of an instrument anywhere on its scale."""
    scale = instrument.scale
    if scale.step is None:
        figure = st.decimals(scale.low, scale.high, places=2)
    else:
        figure = st.integers(int(scale.low), int(scale.high)).map(Decimal)
    return {
        one.number: tuple(draw(figure) for _ in range(one.rows)) if one.rows > 1 else draw(figure)
        for one in instrument.indicators
    }
