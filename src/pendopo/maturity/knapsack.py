"""One choice in each group, the least cost, the most gain: all plans that none beats. Exact and pure.

Dynamic programming over groups: of all choices with the same cost only those of the highest gain are kept,
and of those only what gains more than everything cheaper. A choice that is beaten so cannot be part of a best
plan: putting the better one in its place would improve it. Costs and gains are integers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

MOST_STATES = 200_000
"""Beyond this the question is too fine to answer in a moment."""


class TooFineError(ValueError):
    """More unbeaten plans than can be held; coarser costs have fewer."""


@dataclass(frozen=True, slots=True)
class Option:
    """Something that can be chosen in a group: cost above zero, gain of zero or more."""

    cost: int
    gain: int


@dataclass(frozen=True, slots=True)
class Frontier:
    """A plan that no plan beats: none gains as much for less, none gains more for as much.

    ``ways`` is how many plans have the same cost and gain, this one included; it touches the fewest groups of
    them, and of those the first groups most.
    """

    cost: int
    gain: int
    touched: int
    ways: int
    group: int
    option: int | None
    rest: "Frontier | None"

    def choices(self) -> dict[int, int]:
        """Return the chosen option by group; groups where nothing was chosen are absent."""
        found: dict[int, int] = {}
        here: Frontier | None = self
        while here is not None:
            if here.option is not None:
                found[here.group] = here.option
            here = here.rest
        return found


def frontier(groups: Sequence[Sequence[Option]], budget: int | None = None) -> list[Frontier]:
    """Return all unbeaten plans that cost at most ``budget``, cheapest first; raise ``TooFineError``.

    Options of a group stand in rising order; choosing none costs and gains nothing.
    """
    states = [Frontier(0, 0, 0, 1, -1, None, None)]
    # From the last group to the first: of equal plans the one that raises the first groups is met first.
    for group in reversed(range(len(groups))):
        states = _unbeaten(_extended(states, group, groups[group], budget))
        if len(states) > MOST_STATES:
            raise TooFineError(len(states))
    return states


def _extended(
    states: Sequence[Frontier], group: int, options: Sequence[Option], budget: int | None
) -> dict[int, Frontier]:
    best: dict[int, Frontier] = {}
    chosen: list[tuple[int | None, Option]] = [
        *reversed(list(enumerate(options))),
        (None, Option(0, 0)),
    ]
    for number, option in chosen:
        taken = number is not None
        for state in states:
            cost = state.cost + option.cost
            if budget is not None and cost > budget:
                break
            gain, touched, ways = state.gain + option.gain, state.touched + taken, state.ways
            other = best.get(cost)
            if other is not None and other.gain >= gain:
                if other.gain > gain:
                    continue
                ways += other.ways
                if other.touched <= touched:
                    best[cost] = _with_ways(other, ways)
                    continue
            best[cost] = Frontier(cost, gain, touched, ways, group, number, state)
    return best


def _with_ways(state: Frontier, ways: int) -> Frontier:
    return Frontier(state.cost, state.gain, state.touched, ways, state.group, state.option, state.rest)


def _unbeaten(best: dict[int, Frontier]) -> list[Frontier]:
    kept: list[Frontier] = []
    for cost in sorted(best):
        if not kept or best[cost].gain > kept[-1].gain:
            kept.append(best[cost])
    return kept
