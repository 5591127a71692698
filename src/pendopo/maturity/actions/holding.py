"""Holding a cycle and an indicator while something is written, and who answers for it."""

from collections.abc import Callable, Collection
from functools import cache
from uuid import UUID

from django.db import connection

from pendopo.agencies import api as agencies
from pendopo.foundation.actor import Actor
from pendopo.maturity import visibility
from pendopo.maturity.models import Cycle, Item
from pendopo.maturity.refusals import CycleClosed, NoSuchItem, NotYourPart
from pendopo.maturity.values import CycleState

_SHARED = "SELECT state FROM maturity_cycle WHERE id = %s FOR SHARE"


def open_cycle(cycle: Cycle) -> CycleState:
    """Keep the cycle in its state until the transaction ends, beside others who do so; return the state.

    Whoever moves or closes the cycle waits, and whoever writes afterwards finds it closed: ``CycleClosed``.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SHARED, [cycle.id])
        (state,) = cursor.fetchone()
    cycle.state = state
    if state == CycleState.CLOSED:
        raise CycleClosed(year=cycle.year)
    return CycleState(state)


def held_item(actor: Actor, item_id: UUID) -> tuple[Item, CycleState]:
    """Hold an indicator that the officer may see, in a cycle that is not closed."""
    row = visibility.item(actor, item_id)
    state = open_cycle(row.assessment.cycle)
    held = Item.objects.select_for_update(of=("self",)).select_related("assessment__cycle").get(id=row.id)
    return held, state


def held_items(
    actor: Actor, assessment_id: UUID, item_ids: Collection[UUID]
) -> tuple[list[Item], CycleState]:
    """Hold many indicators of one assessment, with their answers and evidence; all are seen, or none is."""
    row = visibility.assessment(actor, assessment_id)
    state = open_cycle(row.cycle)
    seen = visibility.items(actor, row).filter(id__in=item_ids)
    held = list(seen.select_for_update(of=("self",)).prefetch_related("answers", "evidence"))
    if len(held) != len(item_ids):
        raise NoSuchItem
    for one in held:
        one.assessment = row
    return held, state


def unit_of(actor: Actor) -> UUID | None:
    """Return the unit of the chosen post."""
    if actor.post_id is None:
        return None
    post = agencies.posts_by_id([actor.post_id]).get(actor.post_id)
    return post.unit_id if post else None


def reach(actor: Actor) -> Callable[[Item], bool]:
    """Return which indicators the officer may add evidence to; the unit is read once, and only if asked for.

    Those that the post's body and unit answer for, and for whoever checks or objects all of the agency's.
    """
    unit = cache(lambda: unit_of(actor))
    speaks = actor.can(visibility.CHECK) or actor.can(visibility.OBJECT)
    return lambda item: _answers(actor, item, unit) or (speaks and actor.body_id == item.assessment.agency_id)


def answers_for(actor: Actor, item: Item) -> bool:
    """Say whether the officer answers for an indicator: by post, body and, where one is named, unit."""
    return _answers(actor, item, lambda: unit_of(actor))


def of_agency(actor: Actor, item: Item) -> bool:
    """Say whether the officer speaks for the assessed agency itself."""
    return actor.body_id == item.assessment.agency_id


def require_evidence_right(actor: Actor, item: Item) -> None:
    """Raise ``NotYourPart`` for an indicator out of the officer's :func:`reach`."""
    if not reach(actor)(item):
        raise NotYourPart


def _answers(actor: Actor, item: Item, unit: Callable[[], UUID | None]) -> bool:
    if not actor.can(visibility.ANSWER) or actor.body_id != (item.body_id or item.assessment.agency_id):
        return False
    return item.unit_id is None or item.unit_id == unit()
