"""Names in an access record are committed to one by one, so that a proof shows each person their own alone.

One look may concern a whole family. The log commits to ``SHA-256(salt || name)`` in the place of every
pseudonym, with a salt of its own for each; the salts stay sealed beside the record. A person's proof opens
the person's own name, and the other digests tell nothing that could be tested by guessing (the salted digests
of SD-JWT, RFC 9901, do the same for claims). How many people a look concerned is visible.

Records from before this rule hold their names in the clear; their proofs say so (``queries.proof_of``). Pure.
"""

import os
from collections.abc import Mapping
from hashlib import sha256

from pendopo.foundation.commitments import JSON
from pendopo.ledger.entries import text, texts

SALT_BYTES = 16
SALTS = "salts"
MARK = "names"
METHOD = "sha256-salted"


def name_digest(salt: bytes, name: str) -> str:
    """Return what stands for a name in the committed record, in hexadecimal."""
    return sha256(salt + name.encode()).hexdigest()


def names_in(record: Mapping[str, JSON]) -> frozenset[str]:
    """Return every name of a stored record: whom it concerns, and who acted."""
    return frozenset({*texts(record, "subjects"), text(record, "user")} - {""})


def salted(record: Mapping[str, JSON]) -> dict[str, JSON]:
    """Return the record as it is stored: with a fresh salt for every name."""
    return {**record, SALTS: {name: os.urandom(SALT_BYTES).hex() for name in sorted(names_in(record))}}


def salt_of(stored: Mapping[str, JSON], name: str) -> bytes | None:
    """Return the salt that opens a name, or None when the record does not hide it."""
    salts = stored.get(SALTS)
    found = salts.get(name) if isinstance(salts, Mapping) else None
    return bytes.fromhex(found) if isinstance(found, str) else None


def committed(stored: Mapping[str, JSON]) -> dict[str, JSON]:
    """Return what the log commits to: the stored record with digests in the place of names."""
    if SALTS not in stored:
        return dict(stored)
    shown = {key: value for key, value in stored.items() if key != SALTS}
    subjects = sorted(_hidden(stored, name) for name in texts(stored, "subjects"))
    user = text(stored, "user")
    return {**shown, "subjects": subjects, "user": _hidden(stored, user) if user else None, MARK: METHOD}


def _hidden(stored: Mapping[str, JSON], name: str) -> str:
    return name_digest(salt_of(stored, name) or b"", name)
