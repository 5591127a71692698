"""Which sealed files of the minutes there are: one for each set of items that some seat may read.

A file's name in ``documents`` is derived from the minutes and the set, so that a reader finds exactly the
file of what they may read, and nothing in its address or number says that there is another.
"""

from dataclasses import dataclass
from uuid import UUID, uuid5

from pendopo.cabinet import visibility
from pendopo.cabinet.models import Session


@dataclass(frozen=True, slots=True)
class Files:
    """One sealed file and the items in it."""

    items: frozenset[str]
    document_id: UUID


def file_of(minutes_id: UUID, items: frozenset[str]) -> UUID:
    """Return the key under which ``documents`` keeps the file of this set."""
    return uuid5(minutes_id, ",".join(sorted(items)))


def readable_sets(session: Session) -> frozenset[frozenset[str]]:
    """Return every set of items that a seat of the body may read, by class and need to know.

    A person with two seats may read more than either: that file is made when it is asked for.
    """
    items = list(session.items.filter(removed_at=None).select_related("dossier"))
    return frozenset(
        frozenset(str(item.id) for item in items if visibility.knows(seat, seat.id, item.dossier))
        for seat in session.body.seats.all()
    )
