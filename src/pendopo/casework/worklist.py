"""The officer's worklist: views, keyset paging, counts and the load of the last days.

Every function takes the acting officer and starts from ``visibility.agency_cases``.
"""

import base64
import binascii
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from pendopo.casework import looks, sealed
from pendopo.casework.case_numbers import clean_number
from pendopo.casework.models import Case, Correction
from pendopo.casework.records import DayLoad, WorkLine, WorkPage
from pendopo.casework.states import CLOSED, WITH_OFFICER, CaseState, CorrectionState
from pendopo.casework.visibility import READ, agency_cases
from pendopo.foundation.actor import Actor
from pendopo.foundation.clock import now, today
from pendopo.foundation.formats import zone

PAGE_SIZE = 25
LOAD_DAYS = 7


class WorkView(StrEnum):
    """The views of the worklist. ``today`` is what an officer can move now."""

    TODAY = "today"
    LATE = "late"
    WAITING = "waiting"
    RECORDING = "recording"
    CORRECTIONS = "corrections"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class _Order:
    """By which column a view is ordered and paged; ids (time-ordered) break ties."""

    column: str
    descending: bool = False

    def order_by(self) -> tuple[str, str]:
        sign = "-" if self.descending else ""
        return f"{sign}{self.column}", f"{sign}id"

    def after(self, value: dt.datetime, key: UUID) -> Q:
        word = "lt" if self.descending else "gt"
        return Q(**{f"{self.column}__{word}": value}) | Q(**{self.column: value, f"id__{word}": key})


_ORDER: Mapping[WorkView, _Order] = {
    WorkView.TODAY: _Order("promise_due_at"),
    WorkView.LATE: _Order("promise_due_at"),
    WorkView.WAITING: _Order("submitted_at"),
    WorkView.RECORDING: _Order("submitted_at"),
    WorkView.CORRECTIONS: _Order("submitted_at"),
    WorkView.DONE: _Order("closed_at", descending=True),
}


def page(actor: Actor, view: WorkView, *, cursor: str | None = None, size: int = PAGE_SIZE) -> WorkPage:
    """Return one page of a view. Seeing the applicants' names is recorded, once a day, officer and case.

    A cursor that is not ours gives the first page.
    """
    actor.require(READ)
    order = _ORDER[view]
    rows = _rows(actor, view).order_by(*order.order_by())
    after = _read_cursor(cursor)
    if after is not None:
        rows = rows.filter(order.after(*after))
    found = list(rows[: size + 1])
    shown = found[:size]
    looks.record_list(actor, shown)
    more = len(found) > size
    return WorkPage(
        lines=tuple(line(row) for row in shown),
        next_cursor=_cursor(getattr(shown[-1], order.column), shown[-1].id) if more else None,
    )


def counts(actor: Actor) -> Mapping[WorkView, int]:
    """Return how many cases each view holds, in one query."""
    actor.require(READ)
    filters = {str(view): Count("id", filter=_filter(view)) for view in WorkView}
    found = agency_cases(actor).aggregate(**filters)
    return {view: int(found[str(view)]) for view in WorkView}


def find(actor: Actor, number: str) -> UUID | None:
    """Return the case with this number, if the officer's body has it."""
    actor.require(READ)
    return agency_cases(actor).filter(number=clean_number(number)).values_list("id", flat=True).first()


def load(actor: Actor, *, days: int = LOAD_DAYS) -> tuple[DayLoad, ...]:
    """Return what came in and what was closed on each of the last ``days`` days, today last."""
    actor.require(READ)
    last = today(zone())
    wanted = [last - dt.timedelta(days=offset) for offset in reversed(range(days))]
    start = dt.datetime.combine(wanted[0], dt.time(), tzinfo=zone())
    came = _per_day(agency_cases(actor).filter(submitted_at__gte=start), "submitted_at")
    closed = _per_day(agency_cases(actor).filter(closed_at__gte=start), "closed_at")
    return tuple(DayLoad(day, came.get(day, 0), closed.get(day, 0)) for day in wanted)


def line(row: Case) -> WorkLine:
    """Map a row; opens the applicant's name."""
    return WorkLine(
        id=row.id,
        number=row.number,
        agency=row.agency,
        service=row.service,
        service_version_id=row.service_version_id,
        applicant=sealed.open_text(row.applicant_name, column="case.applicant_name", row=row.id),
        state=CaseState(row.state),
        waits_for=row.waits_for,
        submitted_at=row.submitted_at,
        closed_at=row.closed_at,
        promise_due_at=row.promise_due_at,
        legal_due_at=row.legal_due_at,
        overdue=row.promise_due_at is not None and row.promise_due_at < now(),
    )


def _rows(actor: Actor, view: WorkView) -> QuerySet[Case]:
    return agency_cases(actor).filter(_filter(view))


def _filter(view: WorkView) -> Q:
    match view:
        case WorkView.TODAY:
            return Q(state__in=WITH_OFFICER, promise_due_at__isnull=False)
        case WorkView.LATE:
            return ~Q(state__in=CLOSED) & Q(promise_due_at__lt=now())
        case WorkView.WAITING:
            return Q(state=CaseState.RETURNED)
        case WorkView.RECORDING:
            return Q(state__in=[CaseState.APPROVED, CaseState.REGISTERED])
        case WorkView.CORRECTIONS:
            open_states = [CorrectionState.REQUESTED, CorrectionState.APPROVED]
            return Q(Exists(Correction.objects.filter(case=OuterRef("pk"), state__in=open_states)))
        case WorkView.DONE:
            return Q(state__in=CLOSED, closed_at__isnull=False)


def _per_day(rows: QuerySet[Case], column: str) -> dict[dt.date, int]:
    grouped = rows.annotate(day=TruncDate(column, tzinfo=zone())).values_list("day").annotate(Count("id"))
    return dict(grouped)


def _cursor(value: dt.datetime, key: UUID) -> str:
    plain = f"{value.astimezone(dt.UTC).isoformat()}|{key}"
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def _read_cursor(text: str | None) -> tuple[dt.datetime, UUID] | None:
    if not text:
        return None
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
        moment, _, key = plain.partition("|")
        parsed = dt.datetime.fromisoformat(moment)
        return (parsed, UUID(key)) if parsed.tzinfo is not None else None
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
