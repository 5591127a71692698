"""The hash that stands for the papers of a dossier: change, add or remove one and it is another hash.

SHA-256 over the canonical JSON (RFC 8785) of the sorted list of ``[paper, sha256]``. Positions, agendas,
ballots and decisions carry it, so that each says exactly what it was taken on.
"""

import hashlib
from collections.abc import Iterable
from uuid import UUID

from pendopo_wire import canonical


def docset_hash(papers: Iterable[tuple[UUID, bytes]]) -> str:
    """Return the hash in hexadecimal; an empty set has one too."""
    entries = sorted([str(paper), digest.hex()] for paper, digest in papers)
    return hashlib.sha256(canonical.dumps(entries)).hexdigest()
