"""The two clocks of a case, in working time: what was promised, and what law allows.

A clock is a row of stretches, running or standing still. Time used is the working time of the running
stretches; the due moment is the limit's remainder counted from the start of the present stretch. A limit in
working days ends at the close of business, as usage reads "n working days from"; days used before a pause
are the whole working days of the earlier stretches. Nothing here knows a service: the limits come from its
definition, the opening hours and holidays from the hall.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from pendopo.casework.models import Case, ClockSegment
from pendopo.casework.records import ClockView
from pendopo.casework.states import CaseState, ClockKind
from pendopo.foundation.statements import insert
from pendopo.kernel.ids import uuid7
from pendopo.kernel.working_time import WorkingCalendar


class Unit(StrEnum):
    """In what a limit is counted."""

    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a clock may run."""

    amount: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which a clock ran (``reason`` empty) or stood still; ``end`` None: until now."""

    start: dt.datetime
    end: dt.datetime | None
    running: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A clock of a service: its limit, the states that end it, and where it stands still and why."""

    limit: Limit
    starts: CaseState
    stops: frozenset[CaseState]
    pauses: Mapping[CaseState, str]


type Rules = Mapping[ClockKind, Rule]


def due_at(stretches: Sequence[Stretch], limit: Limit, calendar: WorkingCalendar) -> dt.datetime | None:
    """Return when the limit is reached, or None while the clock stands still or has stopped."""
    if not stretches or stretches[-1].end is not None or not stretches[-1].running:
        return None
    current = stretches[-1].start
    if limit.unit is Unit.WORKING_DAYS:
        left = limit.amount - _days_used(stretches, calendar)
        return calendar.add_working_days(current, max(left, 0))
    left_time = dt.timedelta(hours=limit.amount) - _time_used(stretches, calendar, None)
    if left_time < dt.timedelta():
        return current
    return calendar.add_working_time(current, left_time)


def remaining(
    stretches: Sequence[Stretch], limit: Limit, calendar: WorkingCalendar, moment: dt.datetime
) -> dt.timedelta:
    """Return the working time left at ``moment``, negative when the limit is passed.

    For a limit in days while the clock stands still: the days left, each as a day of opening hours.
    """
    due = due_at(stretches, limit, calendar)
    if due is not None:
        if due >= moment:
            return calendar.working_time_between(moment, due)
        return -calendar.working_time_between(due, moment)
    if limit.unit is Unit.WORKING_DAYS:
        left = Limit(limit.amount - _days_used(stretches, calendar), Unit.WORKING_DAYS)
        return dt.timedelta(minutes=as_minutes(left, calendar))
    return dt.timedelta(hours=limit.amount) - _time_used(stretches, calendar, moment)


def _time_used(
    stretches: Sequence[Stretch], calendar: WorkingCalendar, moment: dt.datetime | None
) -> dt.timedelta:
    """Working time of the running stretches that have ended (or, with ``moment``, of all until then)."""
    used = dt.timedelta()
    for stretch in stretches:
        end = stretch.end or moment
        if stretch.running and end is not None:
            used += calendar.working_time_between(stretch.start, end)
    return used


def _days_used(stretches: Sequence[Stretch], calendar: WorkingCalendar) -> int:
    """Count the working days after the first day of each ended running stretch, to its last day."""
    days = 0
    for stretch in stretches:
        if not stretch.running or stretch.end is None:
            continue
        first = stretch.start.astimezone(calendar.zone).date()
        last = stretch.end.astimezone(calendar.zone).date()
        days += sum(
            calendar.is_working_day(first + dt.timedelta(days=offset))
            for offset in range(1, (last - first).days + 1)
        )
    return days


def begin(case: Case, rules: Rules, calendar: WorkingCalendar, moment: dt.datetime) -> None:
    """Start the clocks of a case that is being made: it has no history to read; the caller saves the case."""
    started = {kind for kind, rule in rules.items() if rule.starts is CaseState(case.state)}
    for kind, rule in rules.items():
        stretches = []
        if kind in started:
            insert(ClockSegment(id=uuid7(), case=case, kind=kind, running=True, started_at=moment))
            stretches = [Stretch(moment, None, running=True)]
        _set_due(case, kind, due_at(stretches, rule.limit, calendar))


def enter(case: Case, rules: Rules, calendar: WorkingCalendar, moment: dt.datetime) -> None:
    """Let the clocks follow the state that the case has just entered, in the caller's transaction.

    Sets the due moments on ``case``; the caller saves it.
    """
    history = _history(case)
    for kind, rule in rules.items():
        _follow(case, kind, rule, history[kind], moment)
        _set_due(case, kind, due_at(history[kind], rule.limit, calendar))


def _follow(case: Case, kind: ClockKind, rule: Rule, stretches: list[Stretch], moment: dt.datetime) -> None:
    """Close and open stretches of one clock, in the database and in ``stretches``."""
    state = CaseState(case.state)
    last = stretches[-1] if stretches else None
    if last is None:
        if state is rule.starts:
            _open(case, kind, stretches, moment, reason="")
        return
    if last.end is not None:
        return
    moment = max(moment, last.start)  # a clock that was set back: a stretch ends no earlier than it began
    reason = rule.pauses.get(state, "")
    if state in rule.stops:
        _close(case, kind, stretches, moment)
    elif last.reason != reason:
        _close(case, kind, stretches, moment)
        _open(case, kind, stretches, moment, reason=reason)


def view(case: Case, rules: Rules, calendar: WorkingCalendar, moment: dt.datetime) -> tuple[ClockView, ...]:
    """Return both clocks as of ``moment``, promise first. A stopped clock is judged at its last moment."""
    history = _history(case)
    return tuple(
        _view(kind, history[kind], rules[kind].limit, calendar, moment) for kind in ClockKind if kind in rules
    )


def outcome(case: Case, rules: Rules, calendar: WorkingCalendar, moment: dt.datetime) -> tuple[int, bool]:
    """Return the working minutes of the promise clock until ``moment``, and whether it was kept."""
    rule, stretches = rules[ClockKind.PROMISE], _history(case)[ClockKind.PROMISE]
    used = _time_used(stretches, calendar, moment)
    return used // dt.timedelta(minutes=1), remaining(
        _as_of(stretches), rule.limit, calendar, moment
    ) >= dt.timedelta()


def as_minutes(limit: Limit, calendar: WorkingCalendar) -> int:
    """Return a limit in working minutes; a working day counts as the first full one of the present hours."""
    if limit.unit is Unit.WORKING_HOURS:
        return limit.amount * 60
    day = calendar.hours[-1].days[0]
    length = sum(
        (interval.end.hour - interval.start.hour) * 60 + interval.end.minute - interval.start.minute
        for interval in day
    )
    return limit.amount * length


def _view(
    kind: ClockKind,
    stretches: Sequence[Stretch],
    limit: Limit,
    calendar: WorkingCalendar,
    moment: dt.datetime,
) -> ClockView:
    last = stretches[-1] if stretches else None
    at = last.end if last is not None and last.end is not None else moment
    left = remaining(_as_of(stretches), limit, calendar, at)
    running = last is not None and last.end is None and last.running
    return ClockView(
        kind=kind,
        running=running,
        paused_for=last.reason if last is not None and last.end is None else "",
        due_at=due_at(stretches, limit, calendar),
        remaining=left,
        overdue=left < dt.timedelta(),
    )


def _as_of(stretches: Sequence[Stretch]) -> Sequence[Stretch]:
    """Reopen the last stretch of a stopped clock, so that what was left when it stopped can be told."""
    if not stretches or stretches[-1].end is None:
        return stretches
    last = stretches[-1]
    return (*stretches[:-1], Stretch(last.start, None, last.running, last.reason))


def _open(case: Case, kind: ClockKind, stretches: list[Stretch], moment: dt.datetime, *, reason: str) -> None:
    running = not reason
    ClockSegment.objects.create(
        id=uuid7(), case=case, kind=kind, running=running, reason=reason, started_at=moment
    )
    stretches.append(Stretch(moment, None, running, reason))


def _close(case: Case, kind: ClockKind, stretches: list[Stretch], moment: dt.datetime) -> None:
    ClockSegment.objects.filter(case=case, kind=kind, ended_at=None).update(ended_at=moment)
    stretches[-1] = replace(stretches[-1], end=moment)


def _history(case: Case) -> dict[ClockKind, list[Stretch]]:
    history: dict[ClockKind, list[Stretch]] = {kind: [] for kind in ClockKind}
    for row in ClockSegment.objects.filter(case=case).order_by("started_at", "id"):
        history[ClockKind(row.kind)].append(Stretch(row.started_at, row.ended_at, row.running, row.reason))
    return history


def _set_due(case: Case, kind: ClockKind, moment: dt.datetime | None) -> None:
    if kind is ClockKind.PROMISE:
        case.promise_due_at = moment
    else:
        case.legal_due_at = moment
