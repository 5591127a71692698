"""How long the service really takes: asked of the room above that keeps cases, by a protocol.

Casework registers one provider at start. Without it, or without cases, the service page shows no measured
time rather than a made-up one.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Protocol

TELLING: Final = 5
"""Below so many cases a median and a share say more about chance than about the service."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Cases decided this month: how many, the median in working minutes, and the share that kept time."""

    cases: int
    median_working_minutes: int
    kept_percent: Decimal
    promise_minutes: int

    @property
    def telling(self) -> bool:
        """Whether there are enough cases for the figures to mean something."""
        return self.cases >= TELLING


class PastCases(Protocol):
    """What casework tells about past cases of a service."""

    def this_month(self, agency: str, code: str) -> Pace | None:
        """Return the pace of the present month, or None when there are no decided cases."""
        ...


_providers: list[PastCases] = []


def register_past_cases(provider: PastCases) -> None:
    """Name the provider; the last one counts."""
    _providers[:] = [provider]


def pace_of(agency: str, code: str) -> Pace | None:
    """Return the measured pace of a service, or None."""
    return _providers[-1].this_month(agency, code) if _providers else None
