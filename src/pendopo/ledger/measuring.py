"""How well the log stands: is everything in it, do both sides say the same, and when did it exist?"""

import datetime as dt

from django.db import connection

from pendopo.foundation.clock import now
from pendopo.foundation.measures import Measure, Reading, Scope, Unit, share
from pendopo.foundation.settings import current
from pendopo.kernel.ids import first_of
from pendopo.ledger import checkpoints

PROMPTLY = dt.timedelta(seconds=2)
"""The sequencer runs each second; with its own work an entry waits two at most."""
DUE_AFTER = dt.timedelta(seconds=10)
"""So long a sequencer on a busy machine is given before its entry counts as left lying."""
SIDES_WITHIN = dt.timedelta(minutes=5)
MOST = 20_000
"""So many entries are looked at, the newest first."""

_SEQUENCED = """
    SELECT count(*), count(entry.leaf_index),
           count(*) FILTER (WHERE head.created_at - entry.created_at <= make_interval(secs => %s))
    FROM (SELECT created_at, leaf_index FROM foundation_commitment
          WHERE id >= %s AND id < %s ORDER BY id DESC LIMIT %s) AS entry
    LEFT JOIN LATERAL (SELECT created_at FROM ledger_checkpoint
                       WHERE size > entry.leaf_index ORDER BY size LIMIT 1) AS head ON true
"""
_BOTH_SIDES = """
    SELECT count(*), count(*) FILTER (WHERE sides = 2 AND agree)
    FROM (SELECT count(*) AS sides, bool_and(told.agrees) AS agree
          FROM (SELECT id FROM ledger_accessrecord
                WHERE id >= %s AND id < %s ORDER BY id DESC LIMIT %s) AS entry
          JOIN ledger_accessevidence AS told ON told.entry_id = entry.id GROUP BY entry.id) AS access
"""


def sequenced(scope: Scope) -> Reading | None:
    """Share of the entries of the time that have their place under a signed checkpoint.

    Those of the last ten seconds are not due yet. ``promptly`` counts those that had it within two seconds.
    """
    low, high = scope.ids
    with connection.cursor() as cursor:
        cursor.execute(
            _SEQUENCED, [PROMPTLY.total_seconds(), low, min(high, first_of(now() - DUE_AFTER)), MOST]
        )
        total, placed, promptly = cursor.fetchone()
    return share(placed, total, promptly=promptly)


def both_sides(scope: Scope) -> Reading | None:
    """Share of the accesses over the exchange that both bodies' gateways signed alike.

    Those of the last five minutes are left out: the other side is still to be asked.
    """
    low, high = scope.ids
    with connection.cursor() as cursor:
        cursor.execute(_BOTH_SIDES, [low, min(high, first_of(now() - SIDES_WITHIN)), MOST])
        total, alike = cursor.fetchone()
    return share(alike, total)


def stamped(_: Scope) -> Reading | None:
    """Share of the log's entries that a time stamp of another authority covers, by the files outside.

    A stamp commits to all before it, so the newest one counts. The days of the scope do not matter.
    """
    size = checkpoints.latest().size
    folder = current().checkpoint_dir
    if not size:
        return None
    # By name alone: reading tokens loads a library that takes a second, and ``ledger verify`` judges them.
    names = {path.stem for path in folder.glob("*.tst")} if folder.is_dir() else set()
    covered = max((int(name) for name in names if checkpoints.FILE_NAME.fullmatch(name)), default=0)
    return share(min(covered, size), size)


FIGURES = "portal.figures"
DAY = dt.timedelta(days=1)
MEASURES = (
    Measure("ledger.sequenced", Unit.PERCENT, FIGURES, DAY, sequenced),
    Measure("ledger.both-sides", Unit.PERCENT, FIGURES, DAY, both_sides),
    Measure("ledger.stamped", Unit.PERCENT, FIGURES, DAY, stamped),
)
