"""Write a measurement into a page of the documentation: every row, those where we lose too.

The page has two marks; what stands between them is replaced by the machine, the day and the table.
"""

import datetime as dt
import subprocess
from collections.abc import Sequence
from pathlib import Path

from benchmarks.machine import Machine
from benchmarks.rows import Row

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
HEAD = ("case", "ours", "beside it", "ratio", "budget", "kept")


def record(page: Path, machine: Machine, rows: Sequence[Row]) -> None:
    """Replace what stands between the marks; raises ``ValueError`` where they are missing."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        message = f"{page} has no place for a measurement ({BEGIN} … {END})"
        raise ValueError(message)
    page.write_text(f"{before}{BEGIN}\n\n{_measurement(machine, rows)}\n\n{END}{after}", encoding="utf-8")


def _measurement(machine: Machine, rows: Sequence[Row]) -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    said = subprocess.run(command, check=False, capture_output=True, text=True)
    moment = f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC"
    first = f"Measured {moment} at `{said.stdout.strip() or 'no commit'}`: {machine.line()}."
    busy = (
        "\n\n**Others were using the machine**: read the processor times, not the clock."
        if machine.is_busy
        else ""
    )
    lines = [_line(HEAD), _line(["---"] * len(HEAD)), *(_line(_cells(row)) for row in rows)]
    notes = [f"- *{row.subject}, {row.case}*: {row.notes}" for row in rows if row.notes]
    return "\n".join([first + busy, "", *lines, "", *notes])


def _cells(row: Row) -> tuple[str, ...]:
    return (
        f"{row.subject}: {row.case}",
        f"{row.ours:,.4g} {row.unit}",
        "" if row.peer_value is None else f"{row.peer}: {row.peer_value:,.4g}",
        "" if row.ratio is None else f"{row.ratio:.2f}",
        "" if row.limit is None else f"{row.limit:,.4g}",
        "" if row.limit_ratio is None else ("yes" if row.limit_ratio >= 1 else "**no**"),
    )


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
