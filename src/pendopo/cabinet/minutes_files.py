"""Which sealed files of the minutes there are: one for each set of items that some seat may read.

A file's name in ``documents`` is derived from the minutes and the set, so that a reader finds exactly the
file of what they may read, and nothing in its address or number says that there is another.
"""

from dataclasses import dataclass
from uuid import UUID, uuid5

from pendopo.cabinet.models import AgendaItem, Seat, Session
from pendopo.cabinet.values import Role


@dataclass(frozen=True, slots=True)
class Files:
    """One sealed file and the items in it."""

    items: frozenset[str]
    document_id: UUID


def file_of(minutes_id: UUID, items: frozenset[str]) -> UUID:
    """Return the key under which ``documents`` keeps the file of this set."""
    return uuid5(minutes_id, ",".join(sorted(items)))


def readable_sets(session: Session) -> frozenset[frozenset[str]]:
    """Return every set of items that a seat of the body may read, by class and need to know."""
    items = list(session.items.filter(removed_at=None).select_related("dossier"))
    return frozenset(
        frozenset(str(item.id) for item in items if _reads(seat, item)) for seat in session.body.seats.all()
    )


def _reads(seat: Seat, item: AgendaItem) -> bool:
    """As ``visibility.dossiers`` has it for one seat; a person with two seats may read more than either."""
    dossier = item.dossier
    if dossier.classification > seat.ceiling:
        return False
    if seat.role in {Role.SECRETARY, Role.CHAIR} or dossier.owner_id == seat.id:
        return True
    return dossier.need_to_know is None or seat.code in dossier.need_to_know
