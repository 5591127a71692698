"""How far a dossier has come since it was submitted, for a reader who may know of it."""

from uuid import UUID

from pendopo.cabinet import visibility
from pendopo.cabinet.actions.closing import decided_item, facts_of
from pendopo.cabinet.course import AFTER_DECISION, CLOSABLE, Facts, may_close
from pendopo.cabinet.models import AgendaItem, Dossier, Publication, Task
from pendopo.cabinet.records.course import Course, Milestone
from pendopo.cabinet.standing import standing_of
from pendopo.cabinet.values import Classification, DossierState
from pendopo.foundation.actor import Actor
from pendopo.foundation.clock import now

SHOWN = AFTER_DECISION | {DossierState.CLOSED}


def course(actor: Actor, dossier_id: UUID) -> Course | None:
    """Return the way of a decided dossier; None while it is not decided. Raise ``NoSuchDossier``."""
    standing = standing_of(actor)
    dossier = visibility.dossier(standing, dossier_id)
    state = DossierState(dossier.state)
    if state not in SHOWN:
        return None
    facts, item = facts_of(dossier), decided_item(dossier)
    leads = standing.is_clerk(dossier.body_id) or standing.is_chair(dossier.body_id)
    return Course(
        steps=tuple(_steps(dossier, item, facts)),
        closes=leads and may_close(state, facts),
        missing=_missing(state, facts) if leads else "",
    )


def _steps(dossier: Dossier, item: AgendaItem | None, facts: Facts) -> list[Milestone]:
    minutes = list(item.session.minutes.order_by("version")) if item else []
    signed = next((row.signed_at for row in minutes if row.signed_at), None)
    steps = [
        Milestone("submitted", dossier.submitted_at),
        Milestone("decided", dossier.decided_at),
        Milestone("minuted", minutes[0].created_at if minutes else None),
        Milestone("signed", signed),
    ]
    if dossier.classification == Classification.OPEN:
        steps.append(_publication(item))
    if facts.tasks:
        steps.append(_followed_up(item, facts))
    return [*steps, Milestone("closed", dossier.closed_at)]


def _publication(item: AgendaItem | None) -> Milestone:
    row = Publication.objects.filter(decision__item=item).first()
    if row is None:
        return Milestone("published", None)
    released = row.embargo_until <= now()
    return Milestone(
        "published",
        row.embargo_until if released else None,
        waits_until=None if released else row.embargo_until,
    )


def _followed_up(item: AgendaItem | None, facts: Facts) -> Milestone:
    finished = sum(task.finished for task in facts.tasks)
    whole = len(facts.tasks)
    last = Task.objects.filter(directive__decision__item=item).order_by("-closed_at").first()
    at = last.closed_at if last is not None and finished == whole else None
    return Milestone("followed_up", at, part=finished, whole=whole)


def _missing(state: DossierState, facts: Facts) -> str:
    if state is DossierState.CLOSED:
        return ""
    if state not in CLOSABLE or not facts.signed:
        return "minutes"
    return "tasks" if any(task.is_open for task in facts.tasks) else ""
