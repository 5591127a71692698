"""Each measure of the cabinet, lowered by what is late and restored by what is done in time."""

import datetime as dt

import pytest
import time_machine

from pendopo.cabinet.actions import decisions, minutes
from pendopo.cabinet.actions.decisions import Order
from pendopo.cabinet.models import Minutes, Task
from pendopo.cabinet.testing.house import House
from pendopo.cabinet.testing.walk import drafted, meeting
from pendopo.foundation.clock import now, today
from pendopo.foundation.formats import zone
from pendopo.foundation.testing.measures import measured, value_of

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def test_minutes_that_nobody_signs_lower_minutes_on_time(rapim: House) -> None:
    held = drafted(meeting(rapim))
    due = Minutes.objects.get().due_at
    assert value_of("cabinet.minutes-on-time") is None, "they are not due yet"
    with time_machine.travel(due + DAY, tick=False):
        assert value_of("cabinet.minutes-on-time") == 0
    minutes.sign(rapim.actor(rapim.clerk), held.session.id, version=1)
    with time_machine.travel(due + DAY, tick=False):
        assert value_of("cabinet.minutes-on-time") == 100


def test_minutes_that_were_signed_late_stay_late(rapim: House) -> None:
    held = drafted(meeting(rapim))
    with time_machine.travel(Minutes.objects.get().due_at + DAY, tick=False):
        minutes.sign(rapim.actor(rapim.clerk), held.session.id, version=1)
        assert value_of("cabinet.minutes-on-time") == 0


def test_a_task_that_is_not_done_by_its_day_lowers_tasks_on_time(rapim: House) -> None:
    clerk = rapim.actor(rapim.clerk)
    held = drafted(meeting(rapim))
    decision = decisions.write_decision(clerk, held.debated, "Bupati menyetujui pergeseran.")
    late, kept = today(zone()) + 5 * DAY, today(zone()) + 6 * DAY
    orders = [Order("bkad", "Menyiapkan pergeseran", late), Order("dinkes", "Melapor", kept)]
    decisions.direct(clerk, decision, "Segera dilaksanakan.", orders)
    first, second = Task.objects.order_by("due_on")
    assert value_of("cabinet.tasks-on-time") is None
    decisions.report(rapim.actor("dinkes"), second.id, "Sudah.", 100)
    decisions.close_task(clerk, second.id, done=True)
    with time_machine.travel(now() + 7 * DAY, tick=False):
        found = measured("cabinet.tasks-on-time")
        assert found is not None
        assert (float(found.value), found.of) == (50, 2)
        decisions.report(rapim.actor("bkad"), first.id, "Sudah.", 100)
        decisions.close_task(clerk, first.id, done=True)
        assert value_of("cabinet.tasks-on-time") == 50, "done, but late"
    Task.objects.filter(id=first.id).update(closed_at=now() + DAY)
    with time_machine.travel(now() + 7 * DAY, tick=False):
        assert value_of("cabinet.tasks-on-time") == 100
