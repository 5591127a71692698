"""The files of a state folder by name and SHA-256, and which of them stood still during a backup."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pendopo.entrypoints.backup import files_of

REWRITTEN = frozenset({"hall/settings.json", "population/settings.json", "ports.json"})
"""Written anew by a restore, because they name folders and addresses of the place."""

type Listing = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Expected:
    """What a restored folder must hold.

    ``still`` files were the same before and after the backup, so their content is known; ``moving`` ones
    changed meanwhile (message logs, the newest checkpoint) and must be there with whatever they held.
    """

    still: dict[str, str]
    moving: tuple[str, ...]


def listing(folder: Path) -> dict[str, str]:
    """Return the files that a backup saves: relative name → SHA-256. What vanishes meanwhile is left out."""
    found = {}
    for path in files_of(folder):
        try:
            with path.open("rb") as file:
                found[str(path.relative_to(folder))] = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            continue
    return found


def expected(before: Listing, after: Listing) -> Expected:
    """Tell what must come back from two listings around a backup."""
    still = {name: sha for name, sha in before.items() if after.get(name) == sha and name not in REWRITTEN}
    moving = sorted(name for name in before if name in after and name not in still)
    return Expected(still, tuple(moving))
