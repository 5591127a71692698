"""How cases go, counted over their rows: in time, by which channel, answered by registers and officers."""

import datetime as dt
from decimal import Decimal

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, QuerySet, Sum

from pendopo.agencies import api as agencies
from pendopo.casework.models import Case, Correction, RegisterCommand, SurveyAnswer
from pendopo.casework.states import CLOSED, CommandState, SurveyState
from pendopo.casework.survey import ELEMENTS, LEAST, telling
from pendopo.foundation.clock import now
from pendopo.foundation.measures import Measure, Reading, Scope, Unit, reading, share
from pendopo.kernel.ids import first_of

WEB = "web"
CORRECTED_WITHIN = dt.timedelta(hours=3 * 24)
"""UU 27/2022: a request to correct personal data is answered within 3 x 24 hours (article not verified)."""
ON_ITS_WAY = dt.timedelta(hours=1)
"""A command younger than this is not counted as unanswered."""
GOOD = 3
COMPLETE = Q(**{f"{name}__isnull": False for name in ELEMENTS})


def on_time(scope: Scope) -> Reading | None:
    """Share of the cases closed in the time that kept the promised clock."""
    rows = _of(scope, Case.objects.filter(closed_at__gte=scope.start, closed_at__lt=scope.end))
    found = rows.filter(promise_kept__isnull=False).aggregate(
        n=Count("id"), kept=Count("id", filter=Q(promise_kept=True))
    )
    return share(found["kept"], found["n"])


def online(scope: Scope) -> Reading | None:
    """Share of the cases sent in the time that came in by the applicant's own browser."""
    low, high = scope.ids
    found = _of(scope, Case.objects.filter(id__gte=low, id__lt=high)).aggregate(
        n=Count("id"), web=Count("id", filter=Q(channel=WEB))
    )
    return share(found["web"], found["n"])


def corrections_answered(scope: Scope) -> Reading | None:
    """Share of the requests to correct, made in the time, that an officer answered within 3 x 24 hours.

    What is open and younger than that is not counted.
    """
    low, high = scope.ids
    waited = ExpressionWrapper(F("decided_at") - F("created_at"), output_field=DurationField())
    rows = Correction.objects.filter(id__gte=low, id__lt=high).annotate(waited=waited)
    if scope.agency is not None:
        rows = rows.filter(case__body_id=scope.agency)
    young = Q(decided_at=None, created_at__gt=now() - CORRECTED_WITHIN)
    found = rows.exclude(young).aggregate(
        n=Count("id"), kept=Count("id", filter=Q(waited__lte=CORRECTED_WITHIN))
    )
    return share(found["kept"], found["n"])


def commands_answered(scope: Scope) -> Reading | None:
    """Share of the commands of the time that the register has carried out or refused with a reason."""
    low, high = scope.ids
    rows = RegisterCommand.objects.filter(id__gte=low, id__lt=min(high, first_of(now() - ON_ITS_WAY)))
    if scope.agency is not None:
        rows = rows.filter(case__body_id=scope.agency)
    found = rows.aggregate(
        n=Count("id"),
        answered=Count("id", filter=~Q(state=CommandState.PENDING)),
        refused=Count("id", filter=Q(state=CommandState.REJECTED)),
    )
    return share(found["answered"], found["n"], refused=found["refused"])


def satisfaction(scope: Scope) -> Reading | None:
    """Satisfaction by the nine elements, 25 to 100: the mean of their means times 25.

    None while an element has fewer than five answers. PermenPANRB 14/2017, with equal weights of a ninth.
    What makes up the five of a month are answers to all nine: see :func:`casework.survey.telling`.
    """
    counts = {f"n_{name}": Count(name) for name in ELEMENTS}
    found = _answers(scope, COMPLETE).aggregate(**counts, **{f"sum_{name}": Sum(name) for name in ELEMENTS})
    least = min(found[f"n_{name}"] for name in ELEMENTS)
    if least < LEAST:
        return None
    means = {name: Decimal(found[f"sum_{name}"]) / found[f"n_{name}"] for name in ELEMENTS}
    index = sum(means.values(), Decimal()) / len(means) * 25
    return reading(index, Unit.POINTS, of=least, **means)


def satisfied(scope: Scope) -> Reading | None:
    """Share of those who called the service good or very good, in the months of the time that are over."""
    found = _answers(scope).aggregate(n=Count("id"), good=Count("id", filter=Q(overall__gte=GOOD)))
    return share(found["good"], found["n"]) if found["n"] >= LEAST else None


def survey_answered(scope: Scope) -> Reading | None:
    """Share of the cases closed in the time whose applicant said how it was."""
    rows = _of(scope, Case.objects.filter(closed_at__gte=scope.start, closed_at__lt=scope.end))
    found = rows.filter(state__in=CLOSED).aggregate(
        n=Count("id"), answered=Count("id", filter=Q(survey=SurveyState.ANSWERED))
    )
    return share(found["answered"], found["n"])


def _of(scope: Scope, rows: QuerySet[Case]) -> QuerySet[Case]:
    return rows if scope.agency is None else rows.filter(body_id=scope.agency)


def _answers(scope: Scope, counting: Q | None = None) -> QuerySet[SurveyAnswer]:
    rows = SurveyAnswer.objects.filter(month__gte=scope.since.replace(day=1), month__lte=scope.until)
    return telling(rows, None if scope.agency is None else agencies.body(scope.agency).code, counting)


FIGURES = "portal.figures"
DAY = dt.timedelta(days=1)
MONTH = dt.timedelta(days=31)
MEASURES = (
    Measure("casework.on-time", Unit.PERCENT, FIGURES, DAY, on_time, by_agency=True),
    Measure("casework.online", Unit.PERCENT, FIGURES, DAY, online, by_agency=True),
    Measure(
        "casework.corrections-answered", Unit.PERCENT, FIGURES, DAY, corrections_answered, by_agency=True
    ),
    Measure("casework.commands-answered", Unit.PERCENT, FIGURES, DAY, commands_answered, by_agency=True),
    Measure("casework.satisfaction", Unit.POINTS, FIGURES, MONTH, satisfaction, by_agency=True),
    Measure("casework.satisfied", Unit.PERCENT, FIGURES, MONTH, satisfied, by_agency=True),
    Measure("casework.survey-answered", Unit.PERCENT, FIGURES, MONTH, survey_answered, by_agency=True),
)
