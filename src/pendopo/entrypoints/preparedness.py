"""Whether an instance was already prepared by the very code and addresses that are to run now.

Preparing (migrations, seeds, published definitions, certificates) is safe to repeat but costs seconds. It
is left out when nothing that it depends on changed: sources, definitions, ports, the databases themselves.
The stamp ages, because what is prepared includes a signed registry snapshot that expires.
"""

import hashlib
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path

from pendopo.entrypoints.memory import Ports
from pendopo.entrypoints.places import CHECKOUT

SUFFIXES = (".py", ".yaml", ".csv", ".gz", ".typ", ".txt")
GOOD_FOR_SECONDS = 6 * 3600.0


@dataclass(frozen=True, slots=True)
class Stamp:
    """The note about the last preparation, beside the fingerprint of what would be prepared now."""

    file: Path
    fingerprint: str

    def is_good(self) -> bool:
        """Tell whether preparing again would change nothing."""
        try:
            noted = json.loads(self.file.read_text())
            age = time.time() - float(noted["at"])
        except (OSError, ValueError, KeyError, TypeError):
            return False
        return noted["fingerprint"] == self.fingerprint and 0 <= age < GOOD_FOR_SECONDS

    def set(self) -> None:
        """Note that everything is prepared."""
        self.file.write_text(json.dumps({"fingerprint": self.fingerprint, "at": time.time()}))

    def clear(self) -> None:
        """Forget the note, because preparing begins or because its ground is gone."""
        self.file.unlink(missing_ok=True)


def stamp(state: Path, ports: Ports) -> Stamp:
    """Return an instance's stamp: place, ports, sources and definitions by path, size, time of change."""
    digest = hashlib.sha256(f"{state}{json.dumps(ports.by_name, sort_keys=True)}".encode())
    for root in (CHECKOUT / "src", CHECKOUT / "definitions", CHECKOUT / "locks"):
        for folder, folders, files in os.walk(root):
            folders[:] = sorted(name for name in folders if name not in {"__pycache__", "tests", "static"})
            for name in sorted(files):
                if name.endswith(SUFFIXES):
                    facts = (Path(folder) / name).stat()
                    digest.update(f"{folder}/{name}:{facts.st_size}:{facts.st_mtime_ns}\n".encode())
    return Stamp(state / "prepared.json", digest.hexdigest())
