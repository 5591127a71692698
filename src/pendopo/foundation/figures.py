"""The newest reading of every measure, kept by the worker so that no page has to count.

Over the last ninety days, of the whole hall. One measure that cannot be read is kept as that.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from pendopo.foundation import measures, models
from pendopo.foundation.clock import now, today
from pendopo.foundation.jobs import loop
from pendopo.foundation.logs import get
from pendopo.foundation.measures import Measure, Reading, Scope

DAYS = 90
PAUSE_SECONDS = 600.0

log = get(__name__)


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure and what it last said: ``value`` None with nothing to count, ``failed`` when unreadable.

    ``read_at`` None: the worker has not come to it yet.
    """

    measure: Measure
    value: Decimal | None = None
    of: int = 0
    read_at: dt.datetime | None = None
    failed: bool = False


@loop("foundation.read-measures", seconds=PAUSE_SECONDS)
def refresh() -> int:
    """Read every measure and keep what it says; return how many could be read."""
    scope = Scope(today() - dt.timedelta(days=DAYS - 1), today())
    known = measures.measures()
    done = sum(_keep(one, scope) for one in known)
    models.Figure.objects.exclude(key__in=[one.key for one in known]).delete()
    return done


def standing() -> tuple[Figure, ...]:
    """Return every measure with its newest reading, by key, in one query."""
    rows = models.Figure.objects.in_bulk()
    return tuple(_figure(one, rows.get(one.key)) for one in measures.measures())


def _keep(one: Measure, scope: Scope) -> bool:
    found: Reading | None = None
    failed = False
    try:
        found = measures.read(one.key, scope)
    except Exception:  # one figure that cannot be read must not hide the others
        log.exception("measure_failed", measure=one.key)
        failed = True
    stated = {"value": found and found.value, "of": found.of if found else 0, "failed": failed}
    models.Figure.objects.update_or_create(key=one.key, defaults={"read_at": now(), **stated})
    return not failed


def _figure(one: Measure, row: models.Figure | None) -> Figure:
    if row is None:
        return Figure(one)
    too_old = now() - row.read_at > one.expires_after
    return Figure(one, row.value, row.of, row.read_at, row.failed or too_old)
