"""Say which unit or body answers for which indicators of an agency."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from pendopo.agencies import api as agencies
from pendopo.foundation.actor import Actor
from pendopo.foundation.audit import audit
from pendopo.maturity import events, visibility
from pendopo.maturity.actions.holding import open_cycle
from pendopo.maturity.models import Assessment, Item
from pendopo.maturity.refusals import BadGiving, NotYourPart

type Place = tuple[UUID, UUID | None]
"""A body, and a unit of it."""


def give_items(actor: Actor, assessment_id: UUID, places: Mapping[UUID, Place | None]) -> int:
    """Give indicators (by item) to bodies or units; None gives one back. Return how many changed.

    Coordinators do this, of the body that runs the cycle or of the agency. All or nothing: ``BadGiving``.
    """
    with transaction.atomic(durable=True):
        row = visibility.assessment(actor, assessment_id)
        if not may_give(actor, row):
            raise NotYourPart
        open_cycle(row.cycle)
        held = {one.id: one for one in Item.objects.select_for_update().filter(assessment=row)}
        if not set(places) <= set(held) or not _known(places):
            raise BadGiving
        changed = [_put(held[item_id], place) for item_id, place in places.items()]
        moved = [one for one in changed if one is not None]
        Item.objects.bulk_update(moved, ["body_id", "unit_id"])
        if moved:
            audit(events.GIVEN, actor=actor, object_id=row.id, detail={"n": len(moved)})
    return len(moved)


def may_give(actor: Actor, row: Assessment) -> bool:
    """Say whether the officer coordinates the cycle or the assessed agency."""
    return actor.can(visibility.COORDINATE) and actor.body_id in {row.agency_id, row.cycle.body_id}


def _put(item: Item, place: Place | None) -> Item | None:
    body_id, unit_id = place or (None, None)
    if (item.body_id, item.unit_id) == (body_id, unit_id):
        return None
    item.body_id, item.unit_id = body_id, unit_id
    return item


def _known(places: Mapping[UUID, Place | None]) -> bool:
    wanted = {one for one in places.values() if one is not None}
    bodies = {one.id for one in agencies.bodies()} if wanted else set()
    units = {
        body_id: {one.id for one in agencies.units_of(body_id)} for body_id, unit_id in wanted if unit_id
    }
    return all(
        body_id in bodies and (unit_id is None or unit_id in units[body_id]) for body_id, unit_id in wanted
    )
