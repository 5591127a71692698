"""Drafts and what publishing them would do, for officers of the body that handed them in."""

from uuid import UUID

from django.db.models import QuerySet

from pendopo.foundation.actor import Actor
from pendopo.maturity import import_errors as errors
from pendopo.maturity.actions.results import changed, require
from pendopo.maturity.imports.results import restored
from pendopo.maturity.models import PublishedResult, ResultImport
from pendopo.maturity.published import ImportState, Judged
from pendopo.maturity.records.results import Change, ImportLine, ImportView

PAGE = 30
SHOWN = 50


def imports(actor: Actor) -> tuple[ImportLine, ...]:
    """Return the newest imports of the actor's body."""
    require(actor)
    return tuple(_head(row) for row in _visible(actor).order_by("-created_at")[:PAGE])


def one_import(actor: Actor, import_id: UUID) -> ImportView:
    """Return one import; raise ``NoSuchImport`` also for another body's."""
    require(actor)
    row = _visible(actor).filter(id=import_id).first()
    if row is None:
        raise errors.NoSuchImport
    lines = restored(row.rows)
    fresh = changed(lines, row.source) if row.state == ImportState.DRAFT else []
    before = _before(fresh)
    changes = [_change(one, before.get(one.line.key, "")) for one in fresh]
    return ImportView(
        head=_head(row),
        new=sum(not one.before for one in changes),
        changed=sum(bool(one.before) for one in changes),
        same=len(lines) - len(fresh),
        flagged=tuple(_change(one, before.get(one.line.key, "")) for one in lines if one.flags)[:SHOWN],
        changes=tuple(one for one in changes if one.before)[:SHOWN],
    )


def _visible(actor: Actor) -> QuerySet[ResultImport]:
    return ResultImport.objects.filter(body_id=actor.body_id)


def _head(row: ResultImport) -> ImportLine:
    return ImportLine(
        id=row.id,
        source=row.source,
        state=ImportState(row.state),
        at=row.created_at,
        rows=len(row.rows),
        flagged=sum(bool(one["flags"]) for one in row.rows),
    )


def _before(fresh: list[Judged]) -> dict[tuple[str, str, int], str]:
    found = {}
    for instrument, year in {(one.line.instrument, one.line.year) for one in fresh}:
        for row in PublishedResult.objects.filter(instrument_id=instrument, year=year):
            told = "" if row.index is None else f"{row.index.normalize():f}"
            found[row.agency_key, instrument, year] = f"{told} {row.predicate}".strip() or row.agency
    return found


def _change(one: Judged, before: str) -> Change:
    line = one.line
    told = "" if line.index is None else f"{line.index:f}"
    return Change(line.line, line.agency, line.year, before, f"{told} {one.predicate}".strip(), one.flags)
