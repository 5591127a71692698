"""What the locks pin: every package that a running Pendopo may bring along, with version and hashes.

Python packages stand in ``locks/GROUP.txt`` (names, versions, markers, hashes, as ``uv pip compile`` writes),
npm packages in ``package-lock.json``. Standard library only.
"""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pendopo.entrypoints.places import CHECKOUT

PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)", re.MULTILINE)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
SHIPPED = ("runtime", "gateway", "tracing")
"""Groups that run beside or inside a hall; ``assets``, ``test``, ``bench``, ``docs`` only build and prove."""

type Kind = Literal["pypi", "npm"]


@dataclass(frozen=True, slots=True, order=True)
class Pinned:
    """One package of one version. ``groups`` are the locks that name it; hashes are lower-case hex."""

    kind: Kind
    name: str
    version: str
    groups: tuple[str, ...]
    sha256: tuple[str, ...] = ()
    sha512: tuple[str, ...] = ()
    licence: str = ""

    @property
    def purl(self) -> str:
        """The package URL (ECMA-427)."""
        return f"pkg:{self.kind}/{self.name.replace('@', '%40')}@{self.version.replace('+', '%2B')}"


def groups(root: Path = CHECKOUT) -> list[str]:
    """Name the Python locks that there are."""
    return sorted(file.stem for file in (root / "locks").glob("*.txt"))


def python(wanted: tuple[str, ...], root: Path = CHECKOUT) -> list[Pinned]:
    """Return the packages of these groups, each version once, with every hash that a lock allows."""
    found: dict[tuple[str, str], Pinned] = {}
    for group in wanted:
        file = root / "locks" / f"{group}.txt"
        for name, version, hashes in _entries(file.read_text()) if file.is_file() else ():
            before = found.get((name, version), Pinned("pypi", name, version, ()))
            found[name, version] = Pinned(
                "pypi",
                name,
                version,
                (*before.groups, group),
                tuple(sorted({*before.sha256, *hashes})),
            )
    return sorted(found.values())


def _entries(text: str) -> Iterator[tuple[str, str, list[str]]]:
    starts = [*PINNED.finditer(text)]
    ends = [match.start() for match in starts[1:]] + [len(text)]
    for match, end in zip(starts, ends, strict=True):
        name = re.sub(r"[-_.]+", "-", match["name"]).lower()
        yield name, match["version"], HASH.findall(text, match.start(), end)


def npm(root: Path = CHECKOUT) -> list[Pinned]:
    """Return the npm packages; those of development only belong to the group ``npm-dev``."""
    packages = json.loads((root / "package-lock.json").read_text())["packages"]
    found = {
        Pinned(
            "npm",
            path.rpartition("node_modules/")[2],
            entry["version"],
            ("npm-dev" if entry.get("dev") else "npm",),
            sha512=_integrity(entry.get("integrity", "")),
            licence=str(entry.get("license", "")),
        )
        for path, entry in packages.items()
        if path
    }
    return sorted(found)


def _integrity(text: str) -> tuple[str, ...]:
    """Turn Subresource Integrity (base64) into hex; other algorithms than SHA-512 are left out."""
    parts = (part.partition("-") for part in text.split())
    return tuple(base64.b64decode(value).hex() for name, _, value in parts if name == "sha512")
