"""The restored held against the observed. A finding says what differs and where, never what stands there."""

from dataclasses import dataclass
from pathlib import Path

from pendopo.entrypoints.drills.files import Expected, listing
from pendopo.entrypoints.drills.tables import Database

LINE = 80
"""So much of a definition is told: enough to find it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference: a stable code, and the table, file, key or place in the log."""

    code: str
    where: str


def databases(name: str, wanted: Database, found: Database) -> list[Finding]:
    """Compare two readings of a database."""
    findings = [
        Finding("table_missing" if table not in found.tables else "table_surplus", f"{name}.{table}")
        for table in sorted(wanted.tables.keys() ^ found.tables.keys())
    ]
    for table in sorted(wanted.tables.keys() & found.tables.keys()):
        want, have = wanted.tables[table], found.tables[table]
        if want.rows != have.rows:
            findings.append(Finding("row_count_differs", f"{name}.{table}: {want.rows} to {have.rows}"))
        elif want != have:
            findings.append(Finding("content_differs", f"{name}.{table}"))
    for sequence, value in sorted(wanted.sequences.items()):
        if found.sequences.get(sequence, -1) < value:
            findings.append(Finding("sequence_behind", f"{name}.{sequence}"))
    changed = sorted(wanted.definitions ^ found.definitions)
    findings += [Finding("definition_differs", f"{name}: {line[:LINE]}") for line in changed]
    return findings


def files(wanted: Expected, folder: Path) -> list[Finding]:
    """Compare a restored folder with what must be there."""
    found = listing(folder)
    findings = [
        Finding("file_missing", name) for name in [*wanted.still, *wanted.moving] if name not in found
    ]
    changed = (name for name, sha in wanted.still.items() if name in found and found[name] != sha)
    return [*findings, *(Finding("file_differs", name) for name in changed)]
