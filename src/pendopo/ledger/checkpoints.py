"""Checkpoints: what is signed, where copies lie outside the database, and how either is read again.

The outside folder holds one file a size, ``latest``, ``log.vkey`` (the C2SP verifier key), and what
``stamps`` adds. Put it on a disk, in a repository or on a machine that whoever may write the database may
not write.
"""

import base64
import os
import re
import threading
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.db import transaction

from pendopo.foundation.database import try_lock
from pendopo.foundation.settings import current
from pendopo.keys import api as keys
from pendopo.ledger import counters
from pendopo.ledger.errors import CheckpointRefusedError
from pendopo.ledger.models import Checkpoint
from pendopo_wire import checkpoint as wire
from pendopo_wire import note
from pendopo_wire.errors import WireError
from pendopo_wire.merkle import EMPTY_ROOT

PURPOSE = "checkpoint"
EXTENSION = "pendopo-counters/1"
LATEST = "latest"
VERIFIER_KEYS = "log.vkey"
FILE_NAME = re.compile(r"[0-9]{16}")


@dataclass(frozen=True, slots=True)
class Head:
    """A statement about the log: size in entries, root of the tree, root of the counters, the signed note."""

    size: int
    root: bytes
    counters_root: bytes
    note: str


def origin() -> str:
    """Return the log's name, the same for its whole life: it hangs on the instance, not on an address."""
    return f"pendopo/{current().instance}/ledger"


def make(size: int, root: bytes, counters_root: bytes) -> Head:
    """Sign a statement with the active checkpoint key."""
    keys.ensure(PURPOSE, "Ed25519")
    extension = f"{EXTENSION} {base64.b64encode(counters_root).decode()}"
    text = wire.sign(wire.Checkpoint(origin(), size, root, (extension,)), origin(), _private())
    return Head(size, root, counters_root, text)


def _private() -> Ed25519PrivateKey:
    key = keys.signer(PURPOSE).private_key
    if not isinstance(key, Ed25519PrivateKey):
        raise CheckpointRefusedError(reason="algorithm")
    return key


def public_keys() -> list[Ed25519PublicKey]:
    """Return every key that ever signed checkpoints here, the active one first."""
    return [key for key in keys.public_keys(PURPOSE).values() if isinstance(key, Ed25519PublicKey)]


def verified(text: str) -> Head:
    """Read a signed note of this log; raises ``CheckpointRefusedError``."""
    for key in public_keys():
        try:
            found = wire.parse_verified(text, origin(), key)
        except WireError:
            continue
        if found.origin == origin():
            return Head(found.size, found.root, _counters_root(found), text)
    raise CheckpointRefusedError(reason="signature")


def is_about_us(text: str) -> bool:
    """Tell whether a text names this log, so that a wrong signature under it is worth an alarm."""
    return origin() in text


def _counters_root(found: wire.Checkpoint) -> bytes:
    for line in found.extensions:
        name, _, value = line.partition(" ")
        if name == EXTENSION:
            return base64.b64decode(value)
    raise CheckpointRefusedError(reason="no_counters")


def latest() -> Head:
    """Return the newest checkpoint in the database; the empty log has an unsigned head of size 0."""
    row = Checkpoint.objects.order_by("-size").first()
    if row is None:
        return Head(0, EMPTY_ROOT, counters.EMPTY_ROOT, "")
    return Head(row.size, bytes(row.root), bytes(row.counters_root), row.note)


def publish(folder: Path | None = None) -> list[int]:
    """Write what is missing outside the database; return the sizes written. Called after commit.

    One writer at a time, so that ``latest`` never goes back; whoever comes second leaves it to the first.
    """
    with transaction.atomic():
        return _publish(folder or current().checkpoint_dir) if try_lock("ledger:publish") else []


def _publish(target: Path) -> list[int]:
    target.mkdir(parents=True, exist_ok=True, mode=0o755)
    newest = _latest_size(target)
    rows = list(Checkpoint.objects.filter(size__gt=newest).order_by("size"))
    if not rows:
        _mend_latest(target)
        return []
    known = "".join(note.verifier_key(origin(), key) + "\n" for key in public_keys())
    write(target / VERIFIER_KEYS, known.encode())
    for row in rows:
        write(target / f"{row.size:016d}", row.note.encode())
    write(target / LATEST, rows[-1].note.encode())
    return [row.size for row in rows]


def _mend_latest(target: Path) -> None:
    """Bring ``latest`` up to the newest file, where a full disk or a crash came between the two."""
    files = [path for path in outside(target) if path.name != LATEST]
    newest = files[-1].read_bytes() if files else b""
    latest_file = target / LATEST
    if newest and (not latest_file.is_file() or latest_file.read_bytes() != newest):
        write(latest_file, newest)


def outside(folder: Path) -> list[Path]:
    """Return the checkpoint files of a folder by size, and ``latest``."""
    if not folder.is_dir():
        return []
    files = sorted(path for path in folder.iterdir() if FILE_NAME.fullmatch(path.name))
    newest = folder / LATEST
    return [*files, newest] if newest.is_file() else files


def _latest_size(folder: Path) -> int:
    sizes = [int(path.name) for path in outside(folder) if path.name != LATEST]
    return max(sizes, default=-1)


def write(path: Path, data: bytes) -> None:
    """Write atomically and durably: a reader sees the old file or the new one, also after a power cut.

    Raises ``OSError``, for one when the disk is full, and leaves nothing behind.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
