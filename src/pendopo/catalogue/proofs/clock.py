"""Clocks in scenarios: actions at their moments, and when each clock is due after the last.

A second reading of the rule that casework runs by, kept apart on purpose: if the two ever differ, a scenario
that casework also runs shows it.
"""

import datetime as dt
from collections.abc import Iterator

from pendopo.catalogue.definition.flow import ClockRule
from pendopo.catalogue.definition.scenarios import ClockCase
from pendopo.catalogue.definition.whole import Service
from pendopo.catalogue.proofs.surroundings import Surroundings
from pendopo.kernel.working_time import WorkingCalendar


def clock_differences(service: Service, surroundings: Surroundings, case: ClockCase) -> Iterator[str]:
    """Yield how the due moments differ from the expected ones (both in local time)."""
    calendar = surroundings.calendar(frozenset(case.holidays))
    entered: list[tuple[str, dt.datetime]] = []
    state = service.flow.initial
    for step in case.actions:
        target = service.flow.next_state(state, step.action)
        if target is None:
            yield f"clock: {step.action} is not possible in {state}"
            return
        state = target
        entered.append((state, step.at.replace(tzinfo=surroundings.zone)))
    clocks = service.flow.clocks
    for name, rule, expected in (
        ("promise", clocks.promise, case.promise_due),
        ("legal", clocks.legal, case.legal_due),
    ):
        due = due_moment(rule, entered, calendar)
        local = None if due is None else due.astimezone(surroundings.zone).replace(tzinfo=None)
        if local != expected:
            yield f"clock {name}: expected {expected}, found {local}"


def due_moment(
    rule: ClockRule, entered: list[tuple[str, dt.datetime]], calendar: WorkingCalendar
) -> dt.datetime | None:
    """Return when a clock is due, given the states entered; None when it stands still or has ended."""
    pauses = {pause.state for pause in rule.pauses}
    started = False
    since: dt.datetime | None = None
    used = dt.timedelta()
    used_days = 0
    for state, moment in entered:
        started = started or state == rule.starts
        runs = started and state not in pauses and state not in rule.stops
        if since is not None and not runs:
            used += calendar.working_time_between(since, moment)
            used_days += _days_between(since, moment, calendar)
            since = None
        elif since is None and runs:
            since = moment
        if state in rule.stops:
            return None
    if since is None:
        return None
    if rule.working_hours is not None:
        left = max(dt.timedelta(hours=rule.working_hours) - used, dt.timedelta())
        return calendar.add_working_time(since, left)
    return calendar.add_working_days(since, max((rule.working_days or 0) - used_days, 0))


def _days_between(start: dt.datetime, end: dt.datetime, calendar: WorkingCalendar) -> int:
    """Count the working days after the first day of a stretch, to its last day."""
    first, last = (moment.astimezone(calendar.zone).date() for moment in (start, end))
    days = (first + dt.timedelta(days=offset) for offset in range(1, (last - first).days + 1))
    return sum(calendar.is_working_day(day) for day in days)
