"""How far a deadline is, in the words of a worklist: ``3 jam lagi``, ``besok 11.00``, ``lewat 1 jam``."""

import datetime as dt
from dataclasses import dataclass

from babel.dates import format_date as babel_date

from pendopo.foundation.formats import format_date, format_time, zone
from pendopo.foundation.text import t

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
WEEK_AHEAD = 6


@dataclass(frozen=True, slots=True)
class Due:
    """The words and whether the deadline has passed."""

    text: str
    late: bool


def due(moment: dt.datetime | None, now: dt.datetime, language: str) -> Due | None:
    """Say how far ``moment`` is from ``now``; None stays None (a clock that stands still)."""
    if moment is None:
        return None
    if moment < now:
        return Due(t("desk.due.late", language, span=span(now - moment, language)), late=True)
    here, there = now.astimezone(zone()), moment.astimezone(zone())
    days = (there.date() - here.date()).days
    if days == 0:
        return Due(t("desk.due.left", language, span=span(moment - now, language)), late=False)
    if days == 1:
        return Due(t("desk.due.tomorrow", language, time=format_time(moment, language)), late=False)
    if days <= WEEK_AHEAD:
        weekday = babel_date(there.date(), "EEEE", locale=language)
        return Due(
            t("desk.due.weekday", language, day=weekday, time=format_time(moment, language)), late=False
        )
    return Due(format_date(moment, language, "medium"), late=False)


def working_span(length: dt.timedelta, language: str) -> str:
    """Return working time: in hours, because a working day is not 24 of them."""
    if length >= HOUR:
        return t("desk.due.hours", language, n=length // HOUR)
    return t("desk.due.minutes", language, n=length // dt.timedelta(minutes=1))


def span(length: dt.timedelta, language: str) -> str:
    """Return a length of time in its largest fitting unit, rounded down, at least one minute."""
    if length >= DAY:
        return t("desk.due.days", language, n=length // DAY)
    if length >= HOUR:
        return t("desk.due.hours", language, n=length // HOUR)
    return t("desk.due.minutes", language, n=max(length // dt.timedelta(minutes=1), 1))
