"""The hash that stands for what a dossier puts before a body: its papers in force, and its own words.

Change, add or remove a paper, or change title, summary, legal basis or alternatives, and it is another hash.
Positions, answers, agendas, ballots and decisions carry it, so that each says exactly what it was taken on.

Of the papers it is SHA-256 over the canonical JSON (RFC 8785) of the sorted list of ``[paper, sha256]``.
Words that were changed are counted, not hashed, because a hash of few words can be guessed: with n changes it
is SHA-256 over the canonical JSON of ``[hash of the papers, n]``, and without any it is that of the papers.
"""

import hashlib
from collections.abc import Iterable
from uuid import UUID

from pendopo_wire import canonical


def docset_hash(papers: Iterable[tuple[UUID, bytes]], text_version: int = 0) -> str:
    """Return the hash in hexadecimal; an empty set has one too."""
    entries = sorted([str(paper), digest.hex()] for paper, digest in papers)
    found = hashlib.sha256(canonical.dumps(entries)).hexdigest()
    if text_version:
        found = hashlib.sha256(canonical.dumps([found, text_version])).hexdigest()
    return found
