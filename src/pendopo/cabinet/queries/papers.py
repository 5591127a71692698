"""Papers of dossiers and what became of them, replayed from their versions."""

import datetime as dt
from collections.abc import Iterable, Sequence
from uuid import UUID

from pendopo.cabinet import docsets, sealed
from pendopo.cabinet.models import DocumentVersion, Dossier
from pendopo.cabinet.records.agenda import Change, PaperChange
from pendopo.cabinet.records.dossiers import PaperView, VersionView

type _Step = tuple[dt.datetime, Change, DocumentVersion]


def versions_of(dossier_ids: Iterable[UUID]) -> dict[UUID, list[DocumentVersion]]:
    """Return every version of every paper of these dossiers, oldest first; one query."""
    found: dict[UUID, list[DocumentVersion]] = {}
    rows = DocumentVersion.objects.filter(dossier_id__in=list(dossier_ids)).order_by("created_at", "id")
    for row in rows:
        found.setdefault(row.dossier_id, []).append(row)
    return found


def name_of(row: DocumentVersion) -> str:
    """Return what a paper is called."""
    return sealed.open_text(row.sealed_name, column="document.name", row=row.id)


def present(rows: Iterable[DocumentVersion]) -> list[DocumentVersion]:
    """Return the versions in force."""
    return [row for row in rows if row.superseded_by_id is None and row.removed_at is None]


def last_change(rows: Sequence[DocumentVersion]) -> dt.datetime | None:
    """Return when the set of papers last changed."""
    return max((step[0] for step in _steps(rows)), default=None)


def changes_since(
    dossier: Dossier, rows: Sequence[DocumentVersion], docset_hash: str
) -> tuple[PaperChange, ...]:
    """Return what became of the papers after they were those of this hash, newest first.

    The set is found by replaying the versions; a hash that never stood for these papers beside the present
    words (nobody rewords what is on an agenda) gives every change.
    """
    steps, known = _steps(rows), 0
    papers: dict[UUID, bytes] = {}
    for place, (_, change, row) in enumerate(steps, start=1):
        if change is Change.REMOVED:
            papers.pop(row.paper, None)
        else:
            papers[row.paper] = bytes(row.sha256)
        if docsets.docset_hash(papers.items(), dossier.text_version) == docset_hash:
            known = place
    return tuple(PaperChange(name_of(row), row.n, at, change) for at, change, row in reversed(steps[known:]))


def papers_of(rows: Sequence[DocumentVersion]) -> tuple[PaperView, ...]:
    """Group versions by paper: those in force first, in the order in which they came."""
    grouped: dict[UUID, list[DocumentVersion]] = {}
    for row in rows:
        grouped.setdefault(row.paper, []).append(row)
    views = [_paper(paper, versions) for paper, versions in grouped.items()]
    return tuple(sorted(views, key=lambda paper: paper.removed))


def _paper(paper: UUID, versions: Sequence[DocumentVersion]) -> PaperView:
    newest = max(versions, key=lambda row: row.n)
    return PaperView(
        id=paper,
        name=name_of(newest),
        removed=newest.removed_at is not None,
        versions=tuple(
            VersionView(row.id, row.n, row.created_at, bytes(row.sha256).hex(), row.size, row.media_type)
            for row in sorted(versions, key=lambda row: -row.n)
        ),
    )


def _steps(rows: Sequence[DocumentVersion]) -> list[_Step]:
    steps: list[_Step] = [
        (row.created_at, Change.ADDED if row.n == 1 else Change.REPLACED, row) for row in rows
    ]
    steps += [(row.removed_at, Change.REMOVED, row) for row in rows if row.removed_at is not None]
    return sorted(steps, key=lambda step: step[0])
