"""Whether the cabinet keeps its own clocks, counted over all its bodies; no matter is told by it."""

import datetime as dt

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import TruncDate

from pendopo.cabinet.models import Minutes, Task
from pendopo.foundation.clock import now, today
from pendopo.foundation.formats import zone
from pendopo.foundation.measures import Measure, Reading, Scope, Unit, share


def minutes_on_time(scope: Scope) -> Reading | None:
    """Share of the minutes that were due in the time and were signed by then; a session counts once.

    The newest version of a session's minutes counts; what is not due yet does not.
    """
    newest = Minutes.objects.filter(session=OuterRef("session")).order_by("-version").values("id")[:1]
    rows = Minutes.objects.filter(
        due_at__gte=scope.start, due_at__lt=min(scope.end, now()), id=Subquery(newest)
    )
    kept = Q(signed_at__isnull=False, signed_at__lte=F("due_at"))
    found = rows.aggregate(n=Count("id"), kept=Count("id", filter=kept))
    return share(found["kept"], found["n"])


def tasks_on_time(scope: Scope) -> Reading | None:
    """Share of the tasks that were due in the time and were done by their day; dropped ones do not count."""
    late = today()
    rows = Task.objects.filter(due_on__gte=scope.since, due_on__lte=scope.until).exclude(state="dropped")
    due = rows.filter(Q(due_on__lt=late) | Q(state="done"))
    ended = due.annotate(ended=TruncDate("closed_at", tzinfo=zone()))
    found = ended.aggregate(n=Count("id"), kept=Count("id", filter=Q(state="done", ended__lte=F("due_on"))))
    return share(found["kept"], found["n"])


DAY = dt.timedelta(days=1)
MEASURES = (
    Measure("cabinet.minutes-on-time", Unit.PERCENT, "cabinet.decisions", DAY, minutes_on_time),
    Measure("cabinet.tasks-on-time", Unit.PERCENT, "cabinet.decisions", DAY, tasks_on_time),
)
