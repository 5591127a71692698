"""Reading positions: what each seat says on an item, from rows that are only added.

A position taken on other papers than those in force is stale and says nothing; a sealed one is only known to
exist. Nothing here decides who may read: see ``queries``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from pendopo.cabinet import sealed
from pendopo.cabinet.consent import Stated
from pendopo.cabinet.models import AgendaItem, Position
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
    """Return the last position of each seat on each item, by item and seat code; two queries.

    A dossier that left an agenda and came back on one has another item. What a seat said of it last holds
    there too while the papers are the same: nobody takes an objection away by taking the item off the agenda
    and putting it back.
    """
    wanted = set(item_ids)
    known = AgendaItem.objects.filter(dossier__items__id__in=wanted).select_related("dossier").distinct()
    by_id = {item.id: item for item in known}
    items = [item for item in by_id.values() if item.id in wanted]
    rows = (
        Position.objects.select_related("seat")
        .filter(item_id__in=by_id)
        .order_by("item_id", "seat_id", "-created_at", "-id")
        .distinct("item_id", "seat_id")
    )
    said: dict[UUID, list[Position]] = {}
    for row in sorted(rows, key=lambda row: row.created_at):
        row.item = by_id[row.item_id]  # the same object for all of its positions
        said.setdefault(row.item.dossier_id, []).append(row)
    found: dict[tuple[UUID, str], Position] = {}
    for item in items:
        of_dossier = said.get(item.dossier_id, [])
        before = {row.seat.code: row for row in of_dossier if row.item.created_at < item.created_at}
        carried = [row for row in before.values() if row.docset_hash == item.dossier.docset_hash]
        for row in [*carried, *(row for row in of_dossier if row.item_id == item.id)]:
            found[item.id, row.seat.code] = row
    return found


def stated(rows: Iterable[Position]) -> dict[str, Stated]:
    """Return what the consent rule needs of the last positions of one item; closed envelopes are left out."""
    found = {}
    for row in rows:
        content = content_of(row)
        if content is not None:
            found[row.seat.code] = Stated(content.stance, row.docset_hash, content.wants_to_speak)
    return found
