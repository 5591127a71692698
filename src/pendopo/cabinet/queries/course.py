"""How far a dossier has come since it was submitted, for a reader who may know of it."""

from uuid import UUID

from pendopo.cabinet import visibility
from pendopo.cabinet.actions.closing import After, after
from pendopo.cabinet.course import AFTER_DECISION, CLOSABLE, Facts, may_close
from pendopo.cabinet.models import Dossier
from pendopo.cabinet.records.course import Course, Milestone
from pendopo.cabinet.standing import standing_of
from pendopo.cabinet.values import Classification, DossierState
from pendopo.foundation.actor import Actor

SHOWN = AFTER_DECISION | {DossierState.CLOSED}


def course(actor: Actor, dossier_id: UUID) -> Course | None:
    """Return the way of a decided dossier; None while it is not decided. Raise ``NoSuchDossier``."""
    standing = standing_of(actor)
    dossier = visibility.dossier(standing, dossier_id)
    state = DossierState(dossier.state)
    if state not in SHOWN:
        return None
    found = after(dossier)
    leads = standing.is_clerk(dossier.body_id) or standing.is_chair(dossier.body_id)
    return Course(
        steps=tuple(_steps(dossier, found)),
        closes=leads and may_close(state, found.facts),
        missing=_missing(state, found.facts) if leads else "",
    )


def _steps(dossier: Dossier, found: After) -> list[Milestone]:
    signed = next((row.signed_at for row in found.minutes if row.signed_at), None)
    steps = [
        Milestone("submitted", dossier.submitted_at),
        Milestone("decided", dossier.decided_at),
        Milestone("minuted", found.minutes[0].created_at if found.minutes else None),
        Milestone("signed", signed),
    ]
    if dossier.classification == Classification.OPEN:
        steps.append(_publication(found))
    if found.tasks:
        steps.append(_followed_up(found))
    return [*steps, Milestone("closed", dossier.closed_at)]


def _publication(found: After) -> Milestone:
    row = found.publication
    if row is None or found.released:
        return Milestone("published", row.embargo_until if row else None)
    return Milestone("published", None, waits_until=row.embargo_until)


def _followed_up(found: After) -> Milestone:
    finished = [task.finished for task in found.facts.tasks]
    closed = [row.closed_at for row in found.tasks if row.closed_at is not None]
    at = max(closed) if closed and all(finished) else None
    return Milestone("followed_up", at, part=sum(finished), whole=len(finished))


def _missing(state: DossierState, facts: Facts) -> str:
    if state is DossierState.CLOSED:
        return ""
    if state not in CLOSABLE or not facts.signed:
        return "minutes"
    return "tasks" if any(task.is_open for task in facts.tasks) else ""
