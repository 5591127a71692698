"""Counting named ballots. Pure: the same ballots give the same tally in any order."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from pendopo.cabinet.values import Basis, Choice, DecisionMode, Tie


class Result(StrEnum):
    """What a vote came to. ``TIED`` waits for the chair where the body lets the chair break a tie."""

    CARRIED = "carried"
    LOST = "lost"
    TIED = "tied"
    NO_QUORUM = "no_quorum"


@dataclass(frozen=True, slots=True)
class Count:
    """Ballots by choice; ``entitled`` is the number of counted seats present when the vote closed."""

    yes: int
    no: int
    abstain: int
    entitled: int

    @property
    def cast(self) -> int:
        """All ballots."""
        return self.yes + self.no + self.abstain


@dataclass(frozen=True, slots=True)
class VotingRule:
    """When a motion is carried.

    Majority: yes from more than half of the basis; qualified: from at least ``qualified`` of it. The basis is
    the seats present (Constitution of Estonia §96: an abstention does not help) or the yes and no ballots.
    """

    mode: DecisionMode
    tie: Tie
    basis: Basis = Basis.PRESENT
    qualified: Fraction = Fraction(2, 3)


def count(ballots: Mapping[str, Choice], entitled: int) -> Count:
    """Count ballots by seat."""
    choices = list(ballots.values())
    return Count(
        yes=choices.count(Choice.YES),
        no=choices.count(Choice.NO),
        abstain=choices.count(Choice.ABSTAIN),
        entitled=entitled,
    )


def result(rule: VotingRule, counted: Count, *, has_quorum: bool, chair: Choice | None = None) -> Result:
    """Say what the ballots came to. ``chair`` is the presiding member's own ballot, which breaks a tie."""
    if not has_quorum:
        return Result.NO_QUORUM
    basis = counted.entitled if rule.basis is Basis.PRESENT else counted.yes + counted.no
    if rule.mode is DecisionMode.QUALIFIED:
        return Result.CARRIED if counted.yes and counted.yes >= rule.qualified * basis else Result.LOST
    if counted.yes * 2 > basis:
        return Result.CARRIED
    if counted.yes == counted.no and counted.yes > 0 and rule.tie is Tie.CHAIR:
        return _by_chair(chair)
    return Result.LOST


def _by_chair(chair: Choice | None) -> Result:
    if chair is Choice.YES:
        return Result.CARRIED
    return Result.LOST if chair is Choice.NO else Result.TIED
