"""The verifier: does the log still say what it said?

It believes nothing that the database says about itself. Every commitment is recomputed from content and salt,
the tree from the commitments, the counters from the access records; then the result is held against every
checkpoint in the database, every copy outside, and a copy that the caller brings.

Not covered: what happened in the last second before a checkpoint (nobody had signed it yet), and a thief of
both the root key and the outside copies. Copies kept by witnesses answer the second.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from pendopo.foundation import audit, commitments
from pendopo.foundation.clock import now
from pendopo.foundation.models import AuditRow
from pendopo.foundation.models import Commitment as CommitmentRow
from pendopo.foundation.settings import current
from pendopo.ledger import checkpoints, counters, tiles
from pendopo.ledger.actions.erase import ERASED
from pendopo.ledger.contents import AccessContent
from pendopo.ledger.entries import KIND
from pendopo.ledger.errors import CheckpointRefusedError
from pendopo.ledger.models import AccessRecord, AccessSubject, Checkpoint, Counter, CounterRow, Tile
from pendopo_wire import note
from pendopo_wire.errors import WireError
from pendopo_wire.merkle import EMPTY_ROOT, Frontier, leaf_hash

PAGE = 1000
GRACE = dt.timedelta(seconds=60)
MOST_FINDINGS = 50

type Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong: a stable code, and where (an index, a size, an id or a file), never content."""

    code: str
    where: str


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """What was checked and what was found; ``ok`` only when nothing was found."""

    ok: bool
    size: int
    root: bytes
    entries: int
    erased: int
    waiting: int
    checkpoints: int
    outside: int
    stamps: int
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class _Walk:
    """What one pass over the leaves gathers."""

    roots: dict[int, bytes]
    frontier: Frontier = field(default_factory=Frontier)
    findings: list[Finding] = field(default_factory=list)
    counts: dict[bytes, int] = field(default_factory=dict)
    appender: tiles.Appender = field(default_factory=lambda: tiles.Appender(0, lambda _level, _number: b""))
    erased: int = 0

    def find(self, code: str, where: object) -> None:
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(code, str(where)))


@dataclass(frozen=True, slots=True)
class _Statement:
    """A checkpoint and where it was found."""

    where: str
    head: checkpoints.Head


@dataclass(frozen=True, slots=True)
class _Files:
    """What lay outside the database before its snapshot was taken: path → text, none when unreadable."""

    folder: Path
    copies: dict[Path, str | None]
    brought: dict[Path, str | None]
    verifier_keys: dict[Path, str | None]


def verify(checkpoint_file: Path | None, *, progress: Progress | None) -> VerificationReport:
    """See ``ledger.api.verify``.

    Files are read first: a copy is written after its commit, so the snapshot holds all that they speak of.
    """
    files = _files(checkpoint_file)
    inside_another = connection.in_atomic_block
    with transaction.atomic():
        if not inside_another:
            _one_snapshot()
        return _verify(files, progress or (lambda _done, _total: None))


def _files(checkpoint_file: Path | None) -> _Files:
    folder = current().checkpoint_dir
    keys = folder / checkpoints.VERIFIER_KEYS
    return _Files(
        folder=folder,
        copies={path: _read(path) for path in checkpoints.outside(folder)},
        brought={} if checkpoint_file is None else {checkpoint_file: _read(checkpoint_file)},
        verifier_keys={keys: _read(keys)} if keys.is_file() else {},
    )


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _one_snapshot() -> None:
    """Read one state of the log while others go on writing, and make sure that nothing is written."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


def _verify(files: _Files, progress: Progress) -> VerificationReport:
    findings: list[Finding] = []
    inside = _inside(findings)
    _check_verifier_keys(files.verifier_keys, findings)
    outside = _outside(files.copies, findings)
    if not outside and inside:
        findings.append(Finding("outside_copies_missing", str(files.folder)))
    brought = _outside(files.brought, findings)
    statements = [*inside, *outside, *brought]
    walk = _walk({statement.head.size for statement in statements}, progress)
    findings += walk.findings
    findings += _compare(statements, walk)
    findings += _newest(inside, walk)
    findings += _copied(inside, outside)
    findings += _served_tree(walk)
    findings += _served_counters(walk)
    findings += _orphans()
    stamps = _stamps(files, findings)
    return VerificationReport(
        ok=not findings,
        size=walk.frontier.size,
        root=walk.frontier.root(),
        entries=walk.frontier.size - walk.erased,
        erased=walk.erased,
        waiting=CommitmentRow.objects.filter(leaf_index=None).count(),
        checkpoints=len(inside),
        outside=len(outside) + len(brought),
        stamps=stamps,
        findings=tuple(findings[:MOST_FINDINGS]),
    )


# -- statements ---------------------------------------------------------------------------------------------


def _inside(findings: list[Finding]) -> list[_Statement]:
    found = []
    for row in Checkpoint.objects.order_by("size").iterator():
        where = f"database checkpoint {row.size}"
        head = _head(row.note, where, findings)
        if head is None:
            continue
        if (head.size, head.root, head.counters_root) != (
            row.size,
            bytes(row.root),
            bytes(row.counters_root),
        ):
            findings.append(Finding("checkpoint_columns_differ", where))
        found.append(_Statement(where, head))
    return found


def _outside(files: dict[Path, str | None], findings: list[Finding]) -> list[_Statement]:
    found = []
    for path, text in files.items():
        if text is None:
            findings.append(Finding("checkpoint_unreadable", str(path)))
            continue
        head = _head(text, str(path), findings)
        if head is not None:
            found.append(_Statement(str(path), head))
    return found


def _check_verifier_keys(files: dict[Path, str | None], findings: list[Finding]) -> None:
    """The keys that outside readers were told must be among ours: a swapped key would sign anything."""
    ours = {key.public_bytes_raw() for key in checkpoints.public_keys()}
    for path, text in files.items():
        try:
            told = [note.parse_verifier_key(line) for line in (text or "").splitlines() if line]
        except WireError:
            told = []
        if not told:
            findings.append(Finding("verifier_key_unreadable", str(path)))
        elif any(verifier.public_key.public_bytes_raw() not in ours for verifier in told):
            findings.append(Finding("verifier_key_unknown", str(path)))


def _head(text: str, where: str, findings: list[Finding]) -> checkpoints.Head | None:
    try:
        return checkpoints.verified(text)
    except (CheckpointRefusedError, WireError, ValueError):
        findings.append(Finding("checkpoint_not_signed_by_this_log", where))
        return None


def _stamps(files: _Files, findings: list[Finding]) -> int:
    """Check the time stamps beside the copies; without a trust anchor in the settings none can be judged."""
    if current().tsa_trust_file is None:
        return 0
    from pendopo.ledger import stamps  # noqa: PLC0415  # pyHanko, a second at the start of every process

    good = 0
    for path in stamps.stamped(files.folder):
        if stamps.is_good(path):
            good += 1
        else:
            findings.append(Finding("time_stamp_wrong", str(path)))
    return good


# -- the pass over the leaves --------------------------------------------------------------------------------


def _walk(sizes: set[int], progress: Progress) -> _Walk:
    walk = _Walk(roots={0: EMPTY_ROOT})
    total = commitments.sequenced_count()
    for page in _pages(total):
        _walk_page(page, sizes, walk)
        progress(min(walk.frontier.size, total), total)
    if walk.frontier.size != total:
        walk.find("leaf_missing", walk.frontier.size)
    return walk


def _pages(total: int) -> Iterator[list[commitments.Leaf]]:
    for start in range(0, total, PAGE):
        yield commitments.leaves(start, start + PAGE)


def _walk_page(page: list[commitments.Leaf], sizes: set[int], walk: _Walk) -> None:
    known = _contents(page)
    for leaf in page:
        if leaf.index != walk.frontier.size:
            walk.find("leaf_missing", walk.frontier.size)
            return
        _check_content(leaf, known.get(leaf.id), walk)
        hashed = leaf_hash(leaf.digest)
        walk.frontier.append(hashed)
        walk.appender.extend((hashed,))
        if walk.frontier.size in sizes:
            walk.roots[walk.frontier.size] = walk.frontier.root()
    _count_subjects(page, known, walk)


def _contents(page: list[commitments.Leaf]) -> dict[UUID, commitments.Content]:
    kinds: dict[str, list[UUID]] = {}
    for leaf in page:
        kinds.setdefault(leaf.kind, []).append(leaf.id)
    found: dict[UUID, commitments.Content] = {}
    for kind, ids in kinds.items():
        found.update(commitments.contents(kind, ids))
    return found


def _check_content(leaf: commitments.Leaf, content: commitments.Content | None, walk: _Walk) -> None:
    if content is None:
        walk.erased += 1
        if not _lawfully_erased(leaf):
            walk.find("content_missing", f"leaf {leaf.index}")
    elif commitments.digest(content.salt, content.record) != leaf.digest:
        walk.find("content_changed", f"leaf {leaf.index}")


def _lawfully_erased(leaf: commitments.Leaf) -> bool:
    """Only access records can be erased, and the erasure is itself an audit row of this log."""
    if leaf.kind != KIND:
        return False
    row = AccessRecord.objects.filter(commitment_id=leaf.id, erased_at__isnull=False).first()
    return row is not None and AuditRow.objects.filter(event=ERASED, object_id=row.id).exists()


def _count_subjects(
    page: list[commitments.Leaf], known: dict[UUID, commitments.Content], walk: _Walk
) -> None:
    ids = [leaf.id for leaf in page if leaf.kind == KIND]
    listed: dict[UUID, set[bytes]] = {}
    rows = AccessSubject.objects.filter(entry__commitment_id__in=ids)
    for commitment_id, key in rows.values_list("entry__commitment_id", "key"):
        listed.setdefault(commitment_id, set()).add(bytes(key))
        walk.counts[bytes(key)] = walk.counts.get(bytes(key), 0) + 1
    for commitment_id in ids:
        content = known.get(commitment_id)
        if not isinstance(content, AccessContent):
            continue
        told = {counters.key_of(checkpoints.origin(), name) for name in content.subjects}
        if told != listed.get(commitment_id, set()):
            walk.find("subjects_differ", commitment_id)


# -- comparisons ---------------------------------------------------------------------------------------------


def _compare(statements: list[_Statement], walk: _Walk) -> list[Finding]:
    findings = []
    for statement in statements:
        if statement.head.size > walk.frontier.size:
            findings.append(Finding("log_truncated", statement.where))
        elif walk.roots.get(statement.head.size) != statement.head.root:
            findings.append(Finding("root_differs", statement.where))
    return findings


def _newest(inside: list[_Statement], walk: _Walk) -> list[Finding]:
    if walk.frontier.size == 0 and not inside:
        return []
    if not inside or inside[-1].head.size != walk.frontier.size:
        return [Finding("newest_checkpoint_missing", f"size {walk.frontier.size}")]
    if inside[-1].head.counters_root != counters.root(walk.counts.items()):
        return [Finding("counters_differ", inside[-1].where)]
    return []


def _copied(inside: list[_Statement], outside: list[_Statement]) -> list[Finding]:
    """Every checkpoint in the database lies outside too, except those of the last minute."""
    copies = {statement.head.size for statement in outside}
    old_enough = Checkpoint.objects.filter(created_at__lt=now() - GRACE).values_list("size", flat=True)
    missing = set(old_enough) - copies if inside and outside else set()
    return [Finding("outside_copy_missing", f"size {size}") for size in sorted(missing)]


def _served_tree(walk: _Walk) -> list[Finding]:
    """The tiles that proofs are made from must be those of the recomputed tree."""
    findings = []
    stored = {(tile.level, tile.number): bytes(tile.hashes) for tile in Tile.objects.iterator()}
    for key, data in walk.appender.changed.items():
        if stored.pop(key, b"") != data:
            findings.append(Finding("tile_differs", f"{key[0]}/{key[1]}"))
    findings += [Finding("tile_surplus", f"{level}/{number}") for level, number in stored]
    return findings


def _served_counters(walk: _Walk) -> list[Finding]:
    """The counters and hashes that completeness is proved from must be those of the recomputed counts."""
    findings = []
    stored = {bytes(row.key): row.count for row in Counter.objects.iterator()}
    if stored != walk.counts:
        findings.append(Finding("counter_rows_differ", f"{len(stored)} rows"))
    rows = {row.number: tiles.split(bytes(row.hashes)) for row in CounterRow.objects.iterator()}
    if rows != counters.rows(walk.counts.items()):
        findings.append(Finding("counter_tree_differs", f"{len(rows)} rows"))
    return findings


def _orphans() -> list[Finding]:
    """Rows whose commitment is not there were put in behind the log's back, or lost it."""
    known = CommitmentRow.objects.filter(id=OuterRef("commitment_id"))
    audited = AuditRow.objects.exclude(Exists(known.filter(kind=audit.KIND))).values_list("id", flat=True)
    looked = AccessRecord.objects.exclude(Exists(known.filter(kind=KIND))).values_list("id", flat=True)
    return [
        *(Finding("row_without_commitment", f"audit {row}") for row in audited[:MOST_FINDINGS]),
        *(Finding("row_without_commitment", f"access {row}") for row in looked[:MOST_FINDINGS]),
    ]
