"""``tables/*.csv``: code lists that are too long for YAML.

Header ``code,label`` or ``code,label,group``; lines that start with ``#`` are remarks (source, licence). A
label is the same in every language: names of places, for example. Decision tables are not read yet.
"""

import csv
import re
from dataclasses import dataclass
from functools import cached_property

from pendopo.catalogue.definition.faults import Fault

_CODE = re.compile(r"^[a-z0-9][a-z0-9._-]{0,31}$")


@dataclass(frozen=True, slots=True)
class TableRow:
    """One entry of a code list."""

    code: str
    label: str
    group: str


@dataclass(frozen=True)
class CodeTable:
    """A code list in the order of its file."""

    name: str
    rows: tuple[TableRow, ...]

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """All codes."""
        return tuple(row.code for row in self.rows)

    @cached_property
    def labels(self) -> dict[str, str]:
        """Labels by code."""
        return {row.code: row.label for row in self.rows}


def read_table(file: str, text: str) -> tuple[CodeTable, list[Fault]]:
    """Read a code list; faults beside it."""
    lines = [
        (number, line)
        for number, line in enumerate(text.splitlines(), 1)
        if line and not line.startswith("#")
    ]
    name = file.rsplit("/", 1)[-1].removesuffix(".csv")
    if not lines or lines[0][1] not in {"code,label", "code,label,group"}:
        number = lines[0][0] if lines else 1
        return CodeTable(name, ()), [
            Fault(file, number, "", "the header must be code,label or code,label,group")
        ]
    width = lines[0][1].count(",") + 1
    rows: list[TableRow] = []
    faults: list[Fault] = []
    seen: set[str] = set()
    for number, line in lines[1:]:
        cells = next(csv.reader([line]))
        if len(cells) != width or not _CODE.match(cells[0]) or not cells[1].strip():
            faults.append(Fault(file, number, "", f"a row has {width} cells, a plain code and a label"))
        elif cells[0] in seen:
            faults.append(Fault(file, number, "", f"code {cells[0]} is given twice"))
        else:
            seen.add(cells[0])
            rows.append(TableRow(cells[0], cells[1].strip(), cells[2].strip() if width > 2 else ""))  # noqa: PLR2004 - the group is the third cell
    return CodeTable(name, tuple(rows)), faults
