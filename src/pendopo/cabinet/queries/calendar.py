"""Whether a person has a private calendar address."""

import datetime as dt

from pendopo.cabinet.models import CalendarFeed
from pendopo.cabinet.standing import standing_of
from pendopo.foundation.actor import Actor


def made_at(actor: Actor) -> dt.datetime | None:
    """Return when the present address was made, None without one."""
    row = CalendarFeed.objects.filter(subject_id=standing_of(actor).subject_id, revoked_at=None).first()
    return row.created_at if row else None
