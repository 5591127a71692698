"""Whether enough of a body is there to decide. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class QuorumRule:
    """How many counted seats have to be present.

    ``share`` of all counted seats, chair included; with ``more_than`` exactly the share is not enough.
    The emergency rule (Constitution of Estonia §96 and the Government Act: prime minister and two ministers
    under immediate threat) replaces it when the chair invoked it; None: the body has none.
    """

    share: Fraction
    more_than: bool = False
    chair_required: bool = True
    emergency_members: int | None = None


@dataclass(frozen=True, slots=True)
class Quorum:
    """Who is there against who has to be. ``needed`` counts seats, the chair included."""

    present: int
    counted: int
    needed: int
    chair_missing: bool

    @property
    def reached(self) -> bool:
        """Whether the body may decide now."""
        return self.present >= self.needed and not self.chair_missing


def needed(rule: QuorumRule, counted: int, *, emergency: bool = False) -> int:
    """Return how many counted seats must be present, at least one."""
    if emergency and rule.emergency_members is not None:
        return min(counted, rule.emergency_members + 1)
    exact = rule.share * counted
    whole = -(-exact.numerator // exact.denominator)
    return max(1, whole + 1 if rule.more_than and exact == whole else whole)


def quorum(
    rule: QuorumRule,
    *,
    counted: Collection[str],
    present: Collection[str],
    chair: str | None,
    emergency: bool = False,
) -> Quorum:
    """Hold who is present against the rule; ``chair`` is the seat that presides now, None: nobody does."""
    there = len(set(counted) & set(present))
    missing = rule.chair_required and (chair is None or chair not in present)
    return Quorum(there, len(counted), needed(rule, len(counted), emergency=emergency), missing)
