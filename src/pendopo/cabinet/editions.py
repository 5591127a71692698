"""Which edition of a dossier or an agenda somebody had before them when they pressed a button.

Two people who work on one thing at once: the first is heard, the second is told and loses nothing. An
edition is a fingerprint of the rows as they lie; sealed columns are encrypted anew whenever they are
written, so that saving the same words is another edition too. It tells a reader nothing but that something
changed, and is made only of rows that they may know of.
"""

import hashlib
from collections.abc import Iterable

from pendopo.cabinet import errors
from pendopo.cabinet.models import AgendaItem, CoordinationRequest, Difference, Dossier, Session
from pendopo.cabinet.sealed import Json
from pendopo_wire import canonical

LENGTH = 24


def of_dossier(row: Dossier) -> str:
    """Return the edition of a dossier: its words, papers and state."""
    return _fingerprint(
        [
            hashlib.sha256(bytes(row.sealed_title)).hexdigest(),
            hashlib.sha256(bytes(row.sealed_summary)).hexdigest(),
            row.docset_hash,
            row.state,
        ]
    )


def of_session(row: Session, items: Iterable[AgendaItem]) -> str:
    """Return the edition of a session's plan, with the items that the reader may know of, in order."""
    return _fingerprint(
        [
            row.title_id,
            row.title_en,
            row.place,
            row.kind,
            row.planned_start.isoformat(),
            row.planned_minutes,
            row.room_ceiling,
            row.remote_allowed,
            row.lock_at.isoformat(),
            row.state,
            [
                [str(one.id), one.planned_minutes, one.information_only, str(one.pulled_by_id or "")]
                for one in items
            ],
        ]
    )


def of_request(row: CoordinationRequest) -> str:
    """Return the edition of a seat's answer: empty points and no answer are one too."""
    at = row.responded_at.isoformat() if row.responded_at else ""
    return _fingerprint([str(row.id), row.response, at])


def of_difference(row: Difference) -> str:
    """Return the edition of a point: what the owner answered and whether it is settled."""
    told = hashlib.sha256(bytes(row.sealed_answer or b"")).hexdigest()
    return _fingerprint([str(row.id), told, row.verdict, str(row.resolved_at or "")])


def require(present: str, seen: str | None) -> None:
    """Raise ``EditedMeanwhile`` when somebody saw another edition; None: whoever acts did not look at one."""
    if seen is not None and seen != present:
        raise errors.EditedMeanwhile


def _fingerprint(parts: list[Json]) -> str:
    return hashlib.sha256(canonical.dumps(parts)).hexdigest()[:LENGTH]
