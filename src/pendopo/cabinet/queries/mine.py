"""What a reader's own seats have said on an item, and whether the papers have changed since."""

from collections.abc import Mapping, Sequence

from pendopo.cabinet.agenda import Planned
from pendopo.cabinet.models import DocumentVersion, Position, Session
from pendopo.cabinet.positions import content_of
from pendopo.cabinet.queries.papers import changes_since
from pendopo.cabinet.records.agenda import MyPosition
from pendopo.cabinet.records.bodies import MySeat
from pendopo.cabinet.standing import Holding, Standing
from pendopo.cabinet.values import Scope


def positions_of_reader(
    standing: Standing,
    session: Session,
    planned: Planned,
    versions: Sequence[DocumentVersion],
    names: Mapping[str, str],
) -> tuple[MyPosition, ...]:
    """Return one entry for each of the reader's seats that is asked for its position on the item."""
    rows = {row.seat.code: row for row in planned.rows}
    return tuple(
        _mine(_seat(one, names), rows.get(one.code), planned, versions)
        for one in standing.in_body(session.body_id)
        if one.code in planned.matter.seats and Scope.POSITION in one.scopes
    )


def _mine(
    seat: MySeat, row: Position | None, planned: Planned, versions: Sequence[DocumentVersion]
) -> MyPosition:
    if row is None:
        return MyPosition(seat)
    stale = row.docset_hash != planned.matter.docset_hash
    content = content_of(row)
    return MyPosition(
        seat=seat,
        stance=content.stance if content else None,
        wants_to_speak=bool(content and content.wants_to_speak),
        text=content.text if content else "",
        stated_at=row.created_at,
        sealed=content is None,
        changes=changes_since(planned.item.dossier, versions, row.docset_hash) if stale else (),
        stale=stale,
    )


def _seat(one: Holding, names: Mapping[str, str]) -> MySeat:
    return MySeat(one.seat_id, one.code, names.get(one.code, one.code), one.role, one.deputy, one.counts)
