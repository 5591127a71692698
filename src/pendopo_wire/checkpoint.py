"""Checkpoints: a log's signed statement of its size and root (C2SP tlog-checkpoint, inside a signed note).

The text is one line each: origin, size in decimal, root in base64, then extension lines. Extension
lines are opaque here; Pendopo's ledger states its per-person counter root in one.
"""

import re
from base64 import b64encode
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from pendopo_wire import note
from pendopo_wire.encoding import decoded_base64
from pendopo_wire.errors import NoteError
from pendopo_wire.merkle import HASH_BYTES

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_FIXED_LINES = 3


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Size (leaves) and root (32 bytes) of the log called ``origin``; extension lines without newlines."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def text(self) -> str:
        """The text that is signed."""
        lines = [self.origin, str(self.size), b64encode(self.root).decode(), *self.extensions]
        if len(self.root) != HASH_BYTES or self.size < 0:
            raise NoteError("a checkpoint has a size and a 32-byte root")
        if any(not line or "\n" in line for line in lines):
            raise NoteError("a checkpoint's lines are not empty and hold no newline")
        return "\n".join(lines) + "\n"


def sign(checkpoint: Checkpoint, name: str, key: Ed25519PrivateKey) -> str:
    """Sign a checkpoint; ``name`` is by custom the origin."""
    return note.sign(checkpoint.text(), name=name, key=key)


def parse_verified(text: str, name: str, public_key: Ed25519PublicKey) -> Checkpoint:
    """Read a checkpoint that the named key signed.

    Does not check that the origin is the expected one: compare ``origin`` when one key serves several logs.
    """
    return parse_text(note.verified_text(text, note.Verifier(name, public_key)))


def parse_text(text: str) -> Checkpoint:
    """Read the signed text alone; the caller has verified it."""
    lines = text.removesuffix("\n").split("\n")
    if len(lines) < _FIXED_LINES or not all(lines):
        raise NoteError("a checkpoint has an origin, a size, a root and no empty line")
    origin, size, encoded = lines[:_FIXED_LINES]
    if _SIZE.fullmatch(size) is None:
        raise NoteError("a checkpoint's size is a decimal number without leading zeros")
    root = decoded_base64(encoded, NoteError)
    if len(root) != HASH_BYTES:
        raise NoteError("a checkpoint's root has 32 bytes")
    return Checkpoint(origin, int(size), root, tuple(lines[_FIXED_LINES:]))
