"""What casework tells the catalogue about past cases: measured, not promised."""

from decimal import Decimal

from django.db.models import Aggregate, Count, IntegerField, Q

from pendopo.casework import clocks
from pendopo.casework.models import Case
from pendopo.casework.moves import rules_of
from pendopo.casework.states import ClockKind
from pendopo.catalogue import api as catalogue
from pendopo.catalogue.api import Pace
from pendopo.foundation import working_calendar
from pendopo.foundation.clock import now
from pendopo.foundation.formats import zone

MINUTES_AN_HOUR = 60


class _Median(Aggregate):
    """The value in the middle (``percentile_disc(0.5)``)."""

    function = "percentile_disc"
    template = "percentile_disc(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = IntegerField()


class ClosedCases:
    """The provider that this room registers with the catalogue."""

    def this_month(self, agency: str, code: str) -> Pace | None:
        """Return how the cases closed this month went, in one query; None when there are none."""
        first = now().astimezone(zone()).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        closed = Case.objects.filter(
            agency=agency, service=code, closed_at__gte=first, working_minutes__isnull=False
        )
        found = closed.aggregate(
            n=Count("id"), kept=Count("id", filter=Q(promise_kept=True)), median=_Median("working_minutes")
        )
        if not found["n"]:
            return None
        return Pace(
            cases=found["n"],
            median_working_minutes=found["median"],
            kept_percent=(Decimal(100) * found["kept"] / found["n"]).quantize(Decimal("0.1")),
            promise_minutes=_promise(agency, code),
        )


def _promise(agency: str, code: str) -> int:
    limit = rules_of(catalogue.service(agency, code))[ClockKind.PROMISE].limit
    return clocks.as_minutes(limit, working_calendar.calendar())


def register() -> None:
    """Offer the provider to the catalogue."""
    catalogue.register_past_cases(ClosedCases())
