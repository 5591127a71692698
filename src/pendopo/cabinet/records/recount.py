"""A vote counted again, as its page and its file tell it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from pendopo.cabinet.recount import Fault, Mark
from pendopo.cabinet.tally import Count, Result
from pendopo.cabinet.values import Choice, Outcome
from pendopo.ledger.api import EntryProof


@dataclass(frozen=True, slots=True)
class CountedBallot:
    """One ballot. ``signed``: a signature is kept and holds; None: there is none.

    ``statement`` is the text that was signed, ``evidence`` the signature in numbers for somebody outside.
    """

    seat: str
    office: str
    choice: Choice | None
    statement: str
    signed: bool | None
    faults: tuple[Fault, ...]
    evidence: Mapping[str, object] | None


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked; ``kind`` is a key of ``cabinet.recount.checks``."""

    kind: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Recount:
    """The whole: ``counted`` and ``result`` are stored, ``again`` is what the statements add up to."""

    session_id: str
    item_id: str
    poll: str
    number: str
    title: str
    body: str
    specimen: bool
    question: str
    papers: str
    void: bool
    counted: Count | None
    again: Count
    result: Result | None
    outcome: Outcome | None
    at: dt.datetime
    ballots: tuple[CountedBallot, ...]
    checks: tuple[Check, ...]
    proof: EntryProof | None

    @property
    def holds(self) -> bool:
        """Whether nothing was found that does not fit."""
        return all(one.mark is not Mark.BROKEN for one in self.checks)

    @property
    def signed(self) -> int:
        """Ballots whose signature holds."""
        return sum(one.signed is True for one in self.ballots)

    @property
    def unsigned(self) -> int:
        """Ballots without a signature."""
        return sum(one.signed is None for one in self.ballots)
