"""Minutes as a reader may have them."""

from uuid import UUID

from pendopo.cabinet import minutes_rows, sealed, visibility
from pendopo.cabinet.models import Minutes, Seat, Session
from pendopo.cabinet.records.after import Approval, MinutesView, SeatName
from pendopo.cabinet.standing import Standing, standing_of
from pendopo.cabinet.values import COUNTED, Scope
from pendopo.foundation.actor import Actor
from pendopo.foundation.clock import now


def minutes(actor: Actor, session_id: UUID, language: str) -> MinutesView | None:
    """Return the last version without the items that the reader may not know of; None before the draft."""
    standing = standing_of(actor)
    session = visibility.session(standing, session_id)
    row = session.minutes.order_by("-version").first()
    if row is None:
        return None
    items = frozenset(str(item.id) for item in visibility.items(standing, session))
    moment = row.signed_at or now()
    content = minutes_rows.content_of(row)
    mine = {one.seat_id for one in standing.in_body(session.body_id)}
    whole = items >= {entry.item for entry in content.entries}
    return MinutesView(
        session_id=session.id,
        version=row.version,
        content=minutes_rows.only(content, items),
        due_at=row.due_at,
        signed_at=row.signed_at,
        late=moment > row.due_at,
        approvals=tuple(_approvals(row, session, language, None if whole else mine)),
        mine=tuple(_mine(standing, session, language)),
        leads=standing.is_clerk(session.body_id) or standing.is_chair(session.body_id),
        document_id=row.document_id,
    )


def seat_name(seat: Seat, language: str) -> SeatName:
    """Return a seat's office in the reader's language."""
    return SeatName(seat.id, seat.code, seat.office_en if language == "en" else seat.office_id)


def _approvals(row: Minutes, session: Session, language: str, only: set[UUID] | None) -> list[Approval]:
    """Return what every seat said; ``only`` these seats' remarks are shown, None: all.

    A remark is about any item of the minutes, so whoever may not read all of them does not read it.
    """
    said = {one.seat_id: one for one in row.approvals.all()}
    found = []
    for seat in session.body.seats.filter(role__in=COUNTED).order_by("order"):
        one = said.get(seat.id)
        remark = ""
        if one is not None and one.sealed_remark is not None and (only is None or seat.id in only):
            remark = sealed.open_text(one.sealed_remark, column="approval.remark", row=one.id)
        found.append(Approval(seat_name(seat, language), None if one is None else one.approved, remark))
    return found


def _mine(standing: Standing, session: Session, language: str) -> list[SeatName]:
    mine = {
        one.seat_id
        for one in standing.in_body(session.body_id)
        if one.counts and Scope.POSITION in one.scopes
    }
    return [seat_name(seat, language) for seat in session.body.seats.filter(id__in=mine).order_by("order")]
