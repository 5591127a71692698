"""Rupiah: whole numbers, exact, within 64 bits.

There is no fraction of a rupiah in the law that we serve; a calculation that needs one keeps a ratio and
rounds explicitly where the law says how.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, override

LIMIT: Final = 2**63 - 1
"""The largest amount; the smallest is its negative. What a PostgreSQL bigint holds."""


@dataclass(frozen=True, slots=True, order=True)
class Rupiah:
    """An exact amount of rupiah, possibly negative."""

    amount: int

    def __post_init__(self) -> None:
        """Refuse what is no whole number, and what a database column could not hold."""
        if isinstance(self.amount, bool) or not isinstance(self.amount, int):
            message = "an amount of rupiah is a whole number"
            raise TypeError(message)
        if abs(self.amount) > LIMIT:
            message = "an amount of rupiah must fit in 64 bits"
            raise OverflowError(message)

    def __add__(self, other: Rupiah) -> Rupiah:
        """Add two amounts."""
        return Rupiah(self.amount + other.amount)

    def __sub__(self, other: Rupiah) -> Rupiah:
        """Subtract an amount."""
        return Rupiah(self.amount - other.amount)

    def __mul__(self, count: int) -> Rupiah:
        """Multiply by a count; never by a fraction."""
        if isinstance(count, bool) or not isinstance(count, int):
            message = "rupiah are multiplied by whole numbers only"
            raise TypeError(message)
        return Rupiah(self.amount * count)

    @override
    def __str__(self) -> str:
        """Write the amount the Indonesian way: ``Rp 1.250.000``."""
        sign = "-" if self.amount < 0 else ""
        return f"{sign}Rp {abs(self.amount):,}".replace(",", ".")


ZERO: Final = Rupiah(0)
