"""Time stamps of others on checkpoints: when the log, as it was, existed at the latest.

Beside a checkpoint's file lies ``<size>.tst``, a time-stamp token (RFC 3161, DER) over the SHA-256 of the
file's bytes. Only the newest checkpoint of a moment is stamped: it commits to all before it. Whoever has the
files can check one without us: ``openssl ts -verify -token_in -in SIZE.tst -data SIZE -CAfile roots.pem``.
"""

import hashlib
from pathlib import Path

from pendopo.foundation import timestamps
from pendopo.foundation.settings import current
from pendopo.ledger import checkpoints

SUFFIX = ".tst"


def stamp_newest() -> int:
    """Have the newest checkpoint file stamped unless it is; return how many were. Raises as ``stamp``."""
    files = [
        path for path in checkpoints.outside(current().checkpoint_dir) if path.name != checkpoints.LATEST
    ]
    if not files or _token(files[-1]).exists():
        return 0
    found = timestamps.stamp(_digest(files[-1]))
    checkpoints.write(_token(files[-1]), found.token)
    return 1


def stamped(folder: Path) -> list[Path]:
    """Return the checkpoint files of a folder that have a time stamp beside them."""
    return [path for path in checkpoints.outside(folder) if _token(path).is_file()]


def is_good(path: Path) -> bool:
    """Tell whether the time stamp beside a checkpoint file is of a trusted authority and over this file."""
    try:
        timestamps.verified(_token(path).read_bytes(), _digest(path))
    except (timestamps.TimestampUnavailable, OSError):
        return False
    return True


def _digest(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()


def _token(path: Path) -> Path:
    return path.with_name(path.name + SUFFIX)
