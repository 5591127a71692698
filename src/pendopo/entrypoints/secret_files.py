"""Secrets of an instance as files that only its user can read: root keys, the subject key, bearer tokens."""

import os
import secrets
from pathlib import Path

KEY_BYTES = 32


def key_file(path: Path) -> Path:
    """Return a file with 32 random bytes, made if it is absent."""
    return _once(path, secrets.token_bytes(KEY_BYTES))


def token_file(path: Path) -> Path:
    """Return a file with a bearer token of 256 bits on one line, made if it is absent."""
    return _once(path, secrets.token_urlsafe(KEY_BYTES).encode())


def password_file(path: Path) -> Path:
    """Return a file with a database password, made if it is absent."""
    return _once(path, secrets.token_urlsafe(24).encode())


def _once(path: Path, content: bytes) -> Path:
    """Write whole or not at all: a half-written key would be lost data."""
    if path.exists():
        return path
    half = path.with_name(f"{path.name}.half")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.rename(path)
    return path
