"""A result: one row of the table that people read, one line of JSON that programs read."""

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

type Unit = Literal["1/s", "ms", "s"]
LARGER_IS_BETTER = {"1/s": True, "ms": False, "s": False}


@dataclass(frozen=True, slots=True)
class Row:
    """One case of one subject. ``peer`` and ``limit`` may be missing; a ratio above 1 is in our favour."""

    subject: str
    case: str
    ours: float
    unit: Unit
    peer: str = ""
    peer_value: float | None = None
    limit: float | None = None
    notes: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours against the peer's."""
        return None if self.peer_value is None else self._better(self.peer_value)

    @property
    def limit_ratio(self) -> float | None:
        """Ours against the budget: at least 1 means kept."""
        return None if self.limit is None else self._better(self.limit)

    def _better(self, other: float) -> float:
        first, second = (self.ours, other) if LARGER_IS_BETTER[self.unit] else (other, self.ours)
        return round(first / second, 3) if second else float("inf")

    def line(self) -> str:
        """Return the line of JSON."""
        shown = {name: _rounded(value) for name, value in asdict(self).items()}
        return json.dumps(shown | {"ratio": self.ratio, "limit_ratio": self.limit_ratio}, ensure_ascii=False)


def _rounded(value: object) -> object:
    return float(f"{value:.4g}") if isinstance(value, float) else value


def median(values: Sequence[float]) -> float:
    """Return the middle of several runs."""
    return statistics.median(values)


def quantile(values: Sequence[float], part: float) -> float:
    """Return the value below which ``part`` of all lie; values may come in any order."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def table(rows: Sequence[Row]) -> str:
    """Return the rows as people read them, notes below."""
    lines = [("subject", "case", "ours", "peer", "ratio", "limit", "kept")]
    lines += [
        (
            row.subject,
            row.case,
            f"{row.ours:,.4g} {row.unit}",
            "" if row.peer_value is None else f"{row.peer}: {row.peer_value:,.4g}",
            "" if row.ratio is None else f"{row.ratio:.2f}",
            "" if row.limit is None else f"{row.limit:,.4g}",
            "" if row.limit_ratio is None else ("yes" if row.limit_ratio >= 1 else "NO"),
        )
        for row in rows
    ]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    shown = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    notes = [f"  {row.subject} {row.case}: {row.notes}" for row in rows if row.notes]
    return "\n".join([*shown, "", *notes])
