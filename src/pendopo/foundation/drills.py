"""What was drilled, kept as a row, so that how long ago a restore last succeeded can be measured.

The signed report lies with the operator; its SHA-256 here says which one it was.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from pendopo.foundation import models
from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.audit import audit, event_type
from pendopo.foundation.clock import now
from pendopo.foundation.commitments import JSON
from pendopo.foundation.measures import Measure, Reading, Scope, Unit, reading

RECORDED = event_type("foundation.drill_recorded", "A drill was carried out; detail names it and its outcome")
RESTORE = "restore"
MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a drill came to. ``sha256`` is the digest of its report, in hex."""

    drill: str
    began_at: dt.datetime
    seconds: float
    ok: bool
    findings: int
    sha256: str


def record(outcome: Outcome) -> None:
    """Keep the outcome of a drill; the same report again changes nothing."""
    with transaction.atomic():
        row, created = models.Drill.objects.get_or_create(
            report_sha256=outcome.sha256,
            defaults={
                "drill": outcome.drill,
                "began_at": outcome.began_at,
                "seconds": round(outcome.seconds),
                "ok": outcome.ok,
                "findings": outcome.findings,
            },
        )
        if created:
            detail: dict[str, JSON] = {"drill": outcome.drill, "ok": outcome.ok, "findings": outcome.findings}
            audit(RECORDED, actor=SYSTEM, object_id=row.id, detail=detail)


def restored(_: Scope) -> Reading | None:
    """Return how many days ago a restore drill last found everything equal; None before the first drill.

    ``of`` counts the good drills since the last one that found differences: 0 when the newest was no good,
    and then the days count from the last good one before, or from the first drill of all. The days of the
    scope do not matter.
    """
    rows = models.Drill.objects.filter(drill=RESTORE).order_by("-began_at")
    good, failed = rows.filter(ok=True).first(), rows.filter(ok=False).first()
    since = good or rows.last()
    if since is None:
        return None
    in_a_row = rows.filter(ok=True, began_at__gt=failed.began_at) if failed else rows
    days = Decimal((now() - since.began_at) // dt.timedelta(minutes=1)) / MINUTES_A_DAY
    return reading(days, Unit.DAYS, of=in_a_row.count(), seconds=since.seconds)


MEASURES = (
    Measure(
        "foundation.restore-drill",
        Unit.DAYS,
        "portal.figures",
        dt.timedelta(days=1),
        restored,
        less_is_better=True,
    ),
)
