"""Advisories in the OSV format (OpenSSF, schema 1.7): which of them speak of a package of this version.

Read from files that somebody brought: one record, a list of records, or a ZIP of records as the OSV database
is published for an ecosystem. Versions are compared after PEP 440; a version or a range that does not read
so is told as not judged, never as well. ``withdrawn`` records are left out.
"""

import json
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

from pendopo.entrypoints.errors import FrontDoorError
from pendopo.entrypoints.locks import Kind, Pinned

ECOSYSTEMS: dict[str, Kind] = {"PyPI": "pypi", "npm": "npm"}
EVERY = {"0", ""}

type Record = Mapping[str, Any]


class AdvisoriesUnreadableError(FrontDoorError):
    """A given file holds no OSV records."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One advisory about one pinned package. ``fixed`` names the versions that mend it, as told."""

    package: str
    version: str
    advisory: str
    fixed: tuple[str, ...]
    summary: str


@dataclass(slots=True)
class Shelf:
    """Records by package, and the ecosystems that any record speaks of: others were not audited."""

    records: dict[tuple[Kind, str], list[Record]] = field(default_factory=lambda: defaultdict(list))
    kinds: set[Kind] = field(default_factory=set)
    count: int = 0

    def add(self, record: Record) -> None:
        """Put a record under each package that it names."""
        self.count += 1
        for affected in record.get("affected", ()):
            package = affected.get("package", {})
            kind = ECOSYSTEMS.get(str(package.get("ecosystem", "")).partition(":")[0])
            if kind is not None:
                self.kinds.add(kind)
                if not record.get("withdrawn"):
                    self.records[kind, normal(kind, str(package["name"]))].append(record)


def normal(kind: Kind, name: str) -> str:
    """Return a name as the locks write it (PEP 503 for Python)."""
    return name.lower().replace("_", "-").replace(".", "-") if kind == "pypi" else name


def read(files: Iterable[Path]) -> Shelf:
    """Read OSV files. Raises ``AdvisoriesUnreadableError`` for one that holds no record."""
    shelf = Shelf()
    for file in files:
        before = shelf.count
        try:
            for record in _records(file):
                shelf.add(record)
        except (ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile) as error:
            message = f"{file} is no OSV record, list of records or ZIP of records"
            raise AdvisoriesUnreadableError(message) from error
        if shelf.count == before:
            message = f"{file} holds no OSV record"
            raise AdvisoriesUnreadableError(message)
    return shelf


def _records(file: Path) -> Iterator[Record]:
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            for name in archive.namelist():
                if name.endswith(".json"):
                    yield _checked(json.loads(archive.read(name)))
        return
    loaded = json.loads(file.read_text(encoding="utf-8"))
    yield from (_checked(record) for record in (loaded if isinstance(loaded, list) else [loaded]))


def _checked(record: object) -> Record:
    if not isinstance(record, dict) or not isinstance(record.get("id"), str):
        raise TypeError
    return record


def about(part: Pinned, shelf: Shelf) -> list[Finding]:
    """Return the advisories that a pinned package falls under."""
    found = []
    for record in shelf.records.get((part.kind, normal(part.kind, part.name)), ()):
        mine = [one for one in record["affected"] if _names(one, part)]
        if any(_affects(one, part.version) for one in mine):
            fixed = sorted({event["fixed"] for one in mine for event in _events(one) if "fixed" in event})
            summary = str(record.get("summary", ""))[:120]
            found.append(Finding(part.name, part.version, str(record["id"]), tuple(fixed), summary))
    return sorted(set(found))


def _names(affected: Record, part: Pinned) -> bool:
    package = affected.get("package", {})
    kind = ECOSYSTEMS.get(str(package.get("ecosystem", "")).partition(":")[0])
    return kind == part.kind and normal(part.kind, str(package.get("name"))) == normal(part.kind, part.name)


def _events(affected: Record) -> Iterator[Record]:
    for one in affected.get("ranges", ()):
        if one.get("type") != "GIT":
            yield from one.get("events", ())


def _affects(affected: Record, version: str) -> bool:
    """Whether a version falls under an entry; what cannot be compared counts as affected, to be looked at."""
    if version in affected.get("versions", ()):
        return True
    for one in affected.get("ranges", ()):
        if one.get("type") == "GIT":
            continue
        try:
            if _within(one.get("events", ()), Version(version)):
                return True
        except InvalidVersion:
            return True
    return False


def _within(events: Iterable[Record], version: Version) -> bool:
    """OSV's algorithm: the last event at or below the version says whether it is affected."""
    affected = False
    for moment, kind in sorted((_moment(kind, at), kind) for event in events for kind, at in event.items()):
        if kind == "introduced" and version >= moment:
            affected = True
        elif (kind == "fixed" and version >= moment) or (kind == "last_affected" and version > moment):
            affected = False
    return affected


def _moment(_kind: str, at: str) -> Version:
    return Version("0.dev0") if at in EVERY else Version(at)
