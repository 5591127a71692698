"""Published results: a file becomes a draft, a draft becomes public, or is thrown away.

Publishing is idempotent by agency, instrument and year: the same file again changes nothing, a corrected one
changes what differs. Ranks of the cycles that it touches are counted anew.
"""

import hashlib
from collections.abc import Collection
from uuid import UUID

from django.db import connection, transaction

from pendopo.agencies.api import Permission
from pendopo.foundation.actor import Actor, ActorKind
from pendopo.foundation.audit import audit
from pendopo.foundation.clock import now
from pendopo.foundation.database import lock
from pendopo.foundation.outbox import emit
from pendopo.maturity import events, library, texts
from pendopo.maturity import import_errors as errors
from pendopo.maturity.imports import results as reading
from pendopo.maturity.imports.results import Defaults
from pendopo.maturity.models import PublishedResult, ResultImport
from pendopo.maturity.published import UNRANKED, ImportState, Judged, key_of

LONGEST_SOURCE = 200
PUBLISHING = "maturity.publishing"
"""Lock of whoever publishes."""
CHANGED = (
    "agency", "kind", "region", "domains", "index", "predicate", "exact", "flags", "source", "imported",
)  # fmt: skip


def decoded(data: bytes) -> str:
    """Return a file's text; raise ``NotText`` for anything but UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise errors.NotText from error


def require(actor: Actor) -> None:
    """Raise ``Forbidden`` unless the actor may publish results; the machine itself may."""
    if actor.kind is not ActorKind.SYSTEM:
        actor.require(Permission.MATURITY_PUBLISH)


def source_of(typed: str) -> str:
    """Return where figures come from, on one line; raise ``SourceMissing``."""
    found = texts.line(typed)[:LONGEST_SOURCE]
    if not found:
        raise errors.SourceMissing
    return found


def hand_in(actor: Actor, data: bytes, *, source: str, defaults: Defaults) -> UUID:
    """Read a file as a draft and return its id; raise ``BadTable`` and keep nothing where a row is wrong.

    The same file handed in again while its draft waits is that draft.
    """
    require(actor)
    named = source_of(source)
    instruments = {one.id: one for one in library.instruments()}
    lines = reading.read(decoded(data), instruments, defaults)
    rows = [reading.stored(one) for one in lines]
    digest = hashlib.sha256(data).hexdigest()
    with transaction.atomic(durable=True):
        waiting = ResultImport.objects.filter(
            sha256=digest, state=ImportState.DRAFT, body_id=actor.body_id, source=named, rows=rows
        ).first()
        if waiting is not None:
            return waiting.id
        row = ResultImport.objects.create(
            body_id=actor.body_id,
            by_subject_id=actor.subject_id,
            by_post_id=actor.post_id,
            source=named,
            sha256=digest,
            rows=rows,
        )
        audit(
            events.RESULTS_HANDED_IN,
            actor=actor,
            object_id=row.id,
            detail={"rows": len(rows), "flagged": sum(bool(one.flags) for one in lines), "sha256": digest},
        )
    return row.id


def publish(actor: Actor, import_id: UUID) -> int:
    """Make a draft public; return how many results are new or changed.

    Raises ``NotYourResults`` where it would change what another body published; the machine itself may.
    Of two who publish at once one waits: places are counted over the results of both.
    """
    require(actor)
    with transaction.atomic(durable=True):
        row = _draft(actor, import_id)
        lock(PUBLISHING)
        lines = reading.restored(row.rows)
        fresh = changed(lines, row.source)
        if actor.kind is not ActorKind.SYSTEM:
            _require_own(actor, fresh)
        PublishedResult.objects.bulk_create(
            [_result(one, row) for one in fresh],
            batch_size=500,
            update_conflicts=True,
            unique_fields=["agency_key", "instrument_id", "year"],
            update_fields=CHANGED,
        )
        cycles = sorted({(one.line.instrument, one.line.year) for one in fresh})
        for instrument, year in cycles:
            _rank(instrument, year)
        row.state = ImportState.PUBLISHED
        row.published_at = now()
        row.published_by = actor.subject_id
        row.save(update_fields=["state", "published_at", "published_by"])
        audit(
            events.RESULTS_PUBLISHED,
            actor=actor,
            object_id=row.id,
            detail={"rows": len(lines), "changed": len(fresh), "cycles": len(cycles)},
        )
        emit(
            events.RESULTS_TOPIC,
            {"import_id": str(row.id), "cycles": [[instrument, year] for instrument, year in cycles]},
        )
    return len(fresh)


def _require_own(actor: Actor, lines: Collection[Judged]) -> None:
    """Raise ``NotYourResults`` where a line would change a result of another body."""
    theirs = [
        row.agency
        for instrument, year in sorted({(one.line.instrument, one.line.year) for one in lines})
        for row in PublishedResult.objects.filter(
            instrument_id=instrument,
            year=year,
            agency_key__in=[one.line.key[0] for one in lines if one.line.key[1:] == (instrument, year)],
        ).exclude(imported__body_id__isnull=False, imported__body_id=actor.body_id)
    ]
    if theirs:
        raise errors.NotYourResults(n=len(theirs), agency=theirs[0])


def drop(actor: Actor, import_id: UUID) -> None:
    """Throw a draft away."""
    require(actor)
    with transaction.atomic(durable=True):
        row = _draft(actor, import_id)
        row.state = ImportState.DROPPED
        row.rows = []
        row.save(update_fields=["state", "rows"])
        audit(events.RESULTS_DROPPED, actor=actor, object_id=row.id)


def changed(lines: Collection[Judged], source: str) -> list[Judged]:
    """Return the lines that are not published yet as they stand."""
    known = {}
    for instrument, year in {(one.line.instrument, one.line.year) for one in lines}:
        for row in PublishedResult.objects.filter(instrument_id=instrument, year=year):
            known[row.agency_key, instrument, year] = row
    return [one for one in lines if not _same(known.get(one.line.key), one, source)]


def _same(row: PublishedResult | None, one: Judged, source: str) -> bool:
    if row is None:
        return False
    told = _values(one, source)
    return all(getattr(row, name) == value for name, value in told.items())


def _values(one: Judged, source: str) -> dict[str, object]:
    line = one.line
    return {
        "agency": line.agency,
        "kind": line.kind.value,
        "region": line.region,
        "domains": {key: f"{value:f}" for key, value in line.domains.items()},
        "index": line.index,
        "predicate": one.predicate,
        "exact": one.exact,
        "flags": [flag.value for flag in one.flags],
        "source": source,
    }


def _result(one: Judged, row: ResultImport) -> PublishedResult:
    line = one.line
    return PublishedResult(
        agency_key=key_of(line.agency),
        instrument_id=line.instrument,
        year=line.year,
        imported=row,
        **_values(one, row.source),
    )


_RANK = """
    UPDATE maturity_publishedresult AS r SET place = counted.place FROM (
        SELECT id, CASE WHEN index IS NULL THEN %(unranked)s
            ELSE rank() OVER (ORDER BY index DESC NULLS LAST) END AS place
        FROM maturity_publishedresult WHERE instrument_id = %(instrument)s AND year = %(year)s) AS counted
    WHERE counted.id = r.id AND counted.place <> r.place
"""


def _rank(instrument: str, year: int) -> None:
    """Count places by the printed index; equal indices share one, as in the reports."""
    with connection.cursor() as cursor:
        cursor.execute(_RANK, {"unranked": UNRANKED, "instrument": instrument, "year": year})


def _draft(actor: Actor, import_id: UUID) -> ResultImport:
    row = ResultImport.objects.select_for_update().filter(id=import_id, body_id=actor.body_id).first()
    if row is None:
        raise errors.NoSuchImport
    if row.state != ImportState.DRAFT:
        raise errors.NotADraft
    return row
