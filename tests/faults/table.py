"""The table of all scenarios: printed when a test has its figures, and kept as JSON where asked.

``PENDOPO_TEST_FAULT_TABLE`` names the JSON file; rows of one run are added to it one by one.
"""

import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

TABLE_VARIABLE = "PENDOPO_TEST_FAULT_TABLE"


@dataclass(frozen=True, slots=True)
class Row:
    """One line: a fault, what was done while it struck, and what was found afterwards."""

    scenario: str
    work: str
    kill_points: int
    sent: int
    acknowledged: int
    lost: int
    doubled: int


HEADINGS = ("scenario", "work", "kill points", "sent", "acknowledged", "lost", "doubled")


def text(rows: list[Row], words: str) -> str:
    """The table for people."""
    lines = [HEADINGS, *(tuple(str(value) for value in asdict(row).values()) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    shown = ["  ".join(_cell(line, column, widths) for column in range(len(HEADINGS))) for line in lines]
    return "\n".join(["", words, *shown, ""])


def tell(rows: list[Row], words: str) -> None:
    """Print the table past pytest's capture, and add its rows to the JSON file if one was asked for."""
    sys.__stderr__.write(text(rows, words)) if sys.__stderr__ else None
    path = os.environ.get(TABLE_VARIABLE)
    if path:
        with Path(path).open("a") as file:
            file.writelines(json.dumps(asdict(row) | {"words": words}) + "\n" for row in rows)


def _cell(line: tuple[str, ...], column: int, widths: list[int]) -> str:
    is_words = column < HEADINGS.index("kill points")
    return line[column].ljust(widths[column]) if is_words else line[column].rjust(widths[column])
