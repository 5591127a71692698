"""Tasks of directives: the follow-up board."""

from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from pendopo.cabinet import errors, minutes_rows, sealed, visibility
from pendopo.cabinet.models import Task, TaskReport
from pendopo.cabinet.queries.minutes import seat_name
from pendopo.cabinet.records.after import Report, SeatName, TaskLine, TaskView
from pendopo.cabinet.standing import Standing, standing_of
from pendopo.cabinet.values import Scope
from pendopo.foundation.actor import Actor
from pendopo.foundation.clock import today
from pendopo.foundation.formats import zone

STATES = ("open", "overdue", "report", "done", "dropped")
MOST = 500


def tasks(actor: Actor, language: str, *, owner: str = "", state: str = "") -> list[TaskLine]:
    """Return the tasks that the reader may know of, by due day, at most 500; filters are codes."""
    rows = lines(_visible(standing_of(actor)))
    if owner:
        rows = rows.filter(owner__code=owner)
    found = [line_of(row, language) for row in rows.order_by("closed_at", "due_on", "id")[:MOST]]
    return [line for line in found if state in {"", line.state}]


def owners(actor: Actor, language: str) -> list[SeatName]:
    """Return the seats that own a task which the reader may know of."""
    seats = {task.owner for task in _visible(standing_of(actor)).select_related("owner")}
    return [seat_name(seat, language) for seat in sorted(seats, key=lambda seat: seat.order)]


def task(actor: Actor, task_id: UUID, language: str) -> TaskView:
    """Return one task with its reports; raise ``NoSuchItem``."""
    standing = standing_of(actor)
    row = (
        lines(_visible(standing))
        .select_related("owner", "directive__decision__item__dossier")
        .filter(id=task_id)
        .first()
    )
    if row is None:
        raise errors.NoSuchItem
    body_id = row.owner.body_id
    reports = tuple(
        Report(
            one.created_at,
            sealed.open_text(one.sealed_text, column="task_report.text", row=one.id),
            one.progress,
        )
        for one in row.reports.order_by("-created_at")
    )
    directive = row.directive
    return TaskView(
        line=line_of(row, language),
        order=sealed.open_text(directive.sealed_text, column="directive.text", row=directive.id),
        title=minutes_rows.title_of(directive.decision.item),
        number=directive.decision.number,
        item_id=directive.decision.item_id,
        reports=reports,
        mine=any(
            one.seat_id == row.owner_id and Scope.POSITION in one.scopes for one in standing.in_body(body_id)
        ),
        leads=standing.is_clerk(body_id) or standing.is_chair(body_id),
    )


def lines(rows: QuerySet[Task]) -> QuerySet[Task]:
    """Add to each task what :func:`line_of` reads: its owner and the last progress."""
    last = TaskReport.objects.filter(task=OuterRef("pk")).order_by("-created_at").values("progress")[:1]
    return rows.select_related("owner").annotate(last_progress=Subquery(last))


def line_of(row: Task, language: str) -> TaskLine:
    """Return a task as it stands today."""
    day = today(zone())
    return TaskLine(
        id=row.id,
        text=sealed.open_text(row.sealed_text, column="task.text", row=row.id),
        owner=seat_name(row.owner, language),
        due_on=row.due_on,
        next_report_on=row.next_report_on,
        report_every_months=row.report_every_months,
        budget_line=row.budget_line,
        progress=getattr(row, "last_progress", None),
        state=_state(row),
        days_late=max(0, (day - row.due_on).days) if row.closed_at is None else 0,
    )


def _state(row: Task) -> str:
    if row.closed_at is not None:
        return row.state
    day = today(zone())
    if row.due_on < day:
        return "overdue"
    return "report" if row.next_report_on <= day else "open"


def _visible(standing: Standing) -> QuerySet[Task]:
    return Task.objects.filter(directive__decision__item__dossier__in=visibility.dossiers(standing))
