"""Moving a case along the flow of its service: one place that asks whether an action is possible.

Every move lets the clocks follow: which states start, stop and pause them is said by the definition.
"""

from pendopo.casework import clocks
from pendopo.casework.clocks import Limit, Rule, Rules, Unit
from pendopo.casework.errors import ActionNotPossible
from pendopo.casework.models import Case
from pendopo.casework.states import CaseState, ClockKind
from pendopo.catalogue import api as catalogue
from pendopo.catalogue.api import ClockRule, Service
from pendopo.foundation import working_calendar
from pendopo.foundation.clock import now


def service_of(case: Case) -> Service:
    """Return the version of the service that the case pins."""
    return catalogue.service_version(case.service_version_id)


def move(case: Case, service: Service, action: str) -> CaseState:
    """Set the state that the action leads to, or raise :class:`ActionNotPossible`; the caller saves."""
    found = service.flow.next_state(case.state, action)
    if found is None:
        raise ActionNotPossible
    return enter(case, service, CaseState(found))


def initial_state(service: Service) -> CaseState:
    """Return the state in which sending an application puts it."""
    return CaseState(service.flow.next_state(service.flow.initial, "submit") or service.flow.initial)


def enter(case: Case, service: Service, state: CaseState) -> CaseState:
    """Set a state, let the clocks follow, and note when the case is closed; the caller saves."""
    case.state = state
    moment = now()
    clocks.enter(case, rules_of(service), working_calendar.calendar(), moment)
    if service.flow.states[state.value].final:
        case.closed_at = moment
        case.working_minutes, case.promise_kept = clocks.outcome(
            case, rules_of(service), working_calendar.calendar(), moment
        )
    return state


def begin(case: Case, service: Service) -> None:
    """Put a new case into its first state and start its clocks; the caller saves it in this transaction."""
    case.state = initial_state(service)
    clocks.begin(case, rules_of(service), working_calendar.calendar(), case.submitted_at)


def rules_of(service: Service) -> Rules:
    """Return the clocks of a service as this room reckons them."""
    stated = service.flow.clocks
    return {ClockKind.PROMISE: _rule(stated.promise), ClockKind.LEGAL: _rule(stated.legal)}


def _rule(stated: ClockRule) -> Rule:
    if stated.working_hours is not None:
        limit = Limit(stated.working_hours, Unit.WORKING_HOURS)
    else:
        limit = Limit(stated.working_days or 0, Unit.WORKING_DAYS)
    return Rule(
        limit=limit,
        starts=CaseState(stated.starts),
        stops=frozenset(CaseState(state) for state in stated.stops),
        pauses={CaseState(pause.state): pause.reason for pause in stated.pauses},
    )
