"""Remind the owners of tasks: before a report is due, and when it or the task is overdue."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from pendopo.cabinet.models import Mandate, Task
from pendopo.foundation.clock import today
from pendopo.foundation.formats import zone
from pendopo.inbox import api as inbox

BEFORE = dt.timedelta(days=7)
BATCH = 100


def remind() -> int:
    """Tell the holders of the owning seats what is due; return how many tasks were told of.

    Before the day one message a report; afterwards one a week and task, never two on a day.
    """
    day = today(zone())
    due = Q(next_report_on__lte=day + BEFORE) | Q(due_on__lt=day)
    rows = (
        Task.objects.filter(due, closed_at=None)
        .exclude(reminded_on=day)
        .order_by(F("reminded_on").asc(nulls_first=True))
    )
    told = 0
    for task_id in list(rows.values_list("id", flat=True)[:BATCH]):
        told += _remind(task_id, day)
    return told


def _remind(task_id: UUID, day: dt.date) -> bool:
    with transaction.atomic(durable=True):
        task = Task.objects.select_for_update().get(id=task_id)
        template, about = _what(task, day)
        if task.closed_at is not None or task.reminded_on == day:
            return False
        task.reminded_on = day
        task.save(update_fields=["reminded_on"])
        week = (day - about).days // 7 if day > about else -1
        for subject_id in _holders(task):
            inbox.send(
                subject_id,
                f"cabinet.{template}",
                {"day": about.strftime("%d-%m-%Y")},
                link=("cabinet.task", {"task_id": str(task.id)}),
                key=f"cabinet:{template}:{task.id}:{about.isoformat()}:{week}",
            )
    return True


def _what(task: Task, day: dt.date) -> tuple[str, dt.date]:
    if task.due_on < day:
        return "task_overdue", task.due_on
    if task.next_report_on < day:
        return "report_overdue", task.next_report_on
    return "report_due", task.next_report_on


def _holders(task: Task) -> list[UUID]:
    return list(
        Mandate.objects.filter(seat_id=task.owner_id, ends_at=None).values_list("subject_id", flat=True)
    )
