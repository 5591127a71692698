"""Reading positions: what each seat says on an item, from rows that are only added.

A position taken on other papers than those in force is stale and says nothing; a sealed one is only known to
exist. Nothing here decides who may read: see ``queries``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from pendopo.cabinet import sealed
from pendopo.cabinet.consent import Stated
from pendopo.cabinet.models import Position
from pendopo.cabinet.values import Stance


@dataclass(frozen=True, slots=True)
class Content:
    """What a position says."""

    stance: Stance
    wants_to_speak: bool = False
    text: str = ""

    def as_json(self) -> dict[str, sealed.Json]:
        """Return the stored form."""
        return {"stance": self.stance.value, "wants_to_speak": self.wants_to_speak, "text": self.text}

    @staticmethod
    def parse(value: sealed.Json) -> "Content":
        """Read the stored form; raises ``KeyError`` or ``ValueError`` for anything else."""
        if not isinstance(value, dict):
            raise TypeError
        return Content(Stance(str(value["stance"])), bool(value["wants_to_speak"]), str(value["text"]))


def content_of(row: Position) -> Content | None:
    """Return what a position says, None while its envelope is closed."""
    if row.sealed_content is None:
        return None
    return Content.parse(sealed.open_json(row.sealed_content, column="position.content", row=row.id))


def last_rows(item_ids: Iterable[UUID]) -> dict[tuple[UUID, str], Position]:
    """Return the last position of each seat on each item, by item and seat code; one query."""
    rows = (
        Position.objects.select_related("seat")
        .filter(item_id__in=list(item_ids))
        .order_by("item_id", "seat_id", "-created_at", "-id")
        .distinct("item_id", "seat_id")
    )
    return {(row.item_id, row.seat.code): row for row in rows}


def stated(rows: Iterable[Position]) -> dict[str, Stated]:
    """Return what the consent rule needs of the last positions of one item; closed envelopes are left out."""
    found = {}
    for row in rows:
        content = content_of(row)
        if content is not None:
            found[row.seat.code] = Stated(content.stance, row.docset_hash, content.wants_to_speak)
    return found
