"""A person's sessions for a calendar: what leaves the hall through an address that anybody may hold.

Items that the person may not know of are not there at all. Items above the open class, and those that few
need to know of, stand as "closed item": a calendar application keeps what it reads on servers that nobody
here has seen.
"""

import datetime as dt
from collections.abc import Iterable
from urllib.parse import urljoin

from pendopo.cabinet import minutes_rows, visibility
from pendopo.cabinet.exports.icalendar import DEFAULT_MINUTES, Meeting
from pendopo.cabinet.models import Session
from pendopo.cabinet.standing import Standing
from pendopo.foundation.clock import now
from pendopo.foundation.settings import current
from pendopo.foundation.text import t

PAST = dt.timedelta(days=92)
MOST = 200


def upcoming(standing: Standing, language: str) -> list[Meeting]:
    """Return the person's sessions from three months ago on, at most 200."""
    rows = visibility.sessions(standing).filter(planned_start__gte=now() - PAST)
    return meetings(standing, rows.select_related("body").order_by("planned_start")[:MOST], language)


def meetings(standing: Standing, sessions: Iterable[Session], language: str) -> list[Meeting]:
    """Return these sessions as calendar entries."""
    return [_meeting(standing, session, language) for session in sessions]


def _meeting(standing: Standing, session: Session, language: str) -> Meeting:
    items = list(visibility.items(standing, session))
    titles = [
        t("cabinet.board.calendar.closed_item", language)
        if visibility.is_closed(item.dossier)
        else minutes_rows.title_of(item)
        for item in items
    ]
    return Meeting(
        uid=f"{session.id}@cabinet",
        title=session.title_en if language == "en" else session.title_id,
        place=session.place,
        start=session.planned_start,
        minutes=sum(item.planned_minutes for item in items) or DEFAULT_MINUTES,
        stamp=session.created_at,
        items=tuple(titles),
        address=urljoin(current().base_url, f"/cabinet/sessions/{session.id}/agenda/"),
    )
