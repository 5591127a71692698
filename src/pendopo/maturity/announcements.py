"""Who hears by message that live evidence went below its threshold: those who can do something about it.

A message names the indicator by its number and the cycle, never a person or a figure: the inbox keeps it in
the clear.
"""

from uuid import UUID

from pendopo.agencies import api as agencies
from pendopo.agencies.api import Permission
from pendopo.foundation.outbox import OutboxEvent, subscriber
from pendopo.inbox import api as inbox
from pendopo.maturity import events, pinned
from pendopo.maturity.models import Item


@subscriber(events.IN_DOUBT_TOPIC, name="maturity.tell_in_doubt")
def in_doubt(event: OutboxEvent) -> None:
    """Tell those who answer for the indicator, and the coordinators of the cycle."""
    item = Item.objects.select_related("assessment__cycle").get(id=UUID(str(event.payload["item_id"])))
    cycle = item.assessment.cycle
    answering = agencies.posts_with(Permission.MATURITY_ANSWER, item.body_id or item.assessment.agency_id)
    told = [one for one in answering if item.unit_id in {None, one.unit_id}]
    told += agencies.posts_with(Permission.MATURITY_COORDINATE, cycle.body_id)
    words: dict[str, str | int] = {
        "number": item.number,
        "instrument": pinned.of(cycle).short.id,
        "year": str(cycle.year),  # a number would be written with a point
    }
    link = ("maturity.indicator", {"item_id": str(item.id)})
    for subject_id in {one.subject_id for one in told if visible(one)}:
        inbox.send(subject_id, "maturity.in_doubt", words, link=link, key=str(event.id))


def visible(post: agencies.Post) -> bool:
    """Say whether whoever holds the post can open the page that the message leads to."""
    return Permission.MATURITY_READ in post.permissions
