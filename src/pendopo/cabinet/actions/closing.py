"""What moves a dossier after its decision, and closing it.

The state follows facts that other verbs write (``course.state_after``): :func:`settle` is called in their
transactions. Only the end is a verb of its own, the secretariat's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from pendopo.cabinet import errors, events, visibility
from pendopo.cabinet.course import AFTER_DECISION, Facts, Work, may_close, state_after
from pendopo.cabinet.models import Dossier, Minutes, Publication, Task, TaskReport
from pendopo.cabinet.standing import standing_of
from pendopo.cabinet.values import DossierState
from pendopo.foundation.actor import SYSTEM, Actor
from pendopo.foundation.audit import audit
from pendopo.foundation.clock import now

BATCH = 100


@dataclass(frozen=True, slots=True)
class After:
    """What the rows tell since the session that decided: four queries."""

    minutes: tuple[Minutes, ...] = ()
    publication: Publication | None = None
    tasks: tuple[Task, ...] = ()

    @property
    def released(self) -> bool:
        """Whether the public may read the decision now."""
        return self.publication is not None and self.publication.embargo_until <= now()

    @property
    def facts(self) -> Facts:
        """What decides about the state."""
        return Facts(
            minuted=bool(self.minutes),
            signed=any(row.signed_at is not None for row in self.minutes),
            released=self.released,
            tasks=tuple(
                Work(row.closed_at is None, row.state == "dropped", bool(getattr(row, "is_reported", False)))
                for row in self.tasks
            ),
        )


def after(dossier: Dossier) -> After:
    """Read what happened to the dossier under the item under which it stood last on an agenda."""
    rows = dossier.items.filter(removed_at=None).order_by("-session__planned_start", "-id")
    item = rows.only("id", "session_id").first()
    if item is None:
        return After()
    reported = Exists(TaskReport.objects.filter(task=OuterRef("pk")))
    return After(
        minutes=tuple(
            Minutes.objects.filter(session_id=item.session_id).defer("sealed_content").order_by("version")
        ),
        publication=Publication.objects.filter(decision__item=item).first(),
        tasks=tuple(Task.objects.filter(directive__decision__item=item).annotate(is_reported=reported)),
    )


def settle(dossier_ids: Iterable[UUID]) -> int:
    """Let the states of decided dossiers follow the facts and return how many moved.

    Joins the caller's transaction, is safe to repeat, and touches nothing that was put off or closed.
    """
    moved = 0
    rows = Dossier.objects.select_for_update().filter(id__in=list(dossier_ids), state__in=AFTER_DECISION)
    for dossier in rows.order_by("id"):
        state = state_after(after(dossier).facts)
        if state != dossier.state:
            dossier.state = state
            dossier.save(update_fields=["state"])
            moved += 1
    return moved


def release_due() -> int:
    """Let dossiers whose publication's embargo has ended be published; return how many."""
    waiting = Publication.objects.filter(
        embargo_until__lte=now(),
        decision__item__dossier__state__in=(
            DossierState.DECIDED,
            DossierState.MINUTED,
            DossierState.SIGNED,
        ),
    ).order_by("embargo_until")
    released = 0
    for row in waiting.select_related("decision__item__dossier__body")[:BATCH]:
        dossier = row.decision.item.dossier
        with transaction.atomic(durable=True):
            if settle([dossier.id]):
                audit(
                    events.RELEASED, actor=SYSTEM, object_id=row.decision_id, body_id=dossier.body.agency_id
                )
                released += 1
    return released


def close_dossier(actor: Actor, dossier_id: UUID) -> None:
    """Close a dossier for good; clerk or chair. Its minutes are signed and none of its tasks is open."""
    standing = standing_of(actor)
    with transaction.atomic(durable=True):
        dossier = visibility.dossier(standing, dossier_id, for_update=True)
        standing.require_clerk(dossier.body_id)
        facts = after(dossier).facts
        if any(task.is_open for task in facts.tasks):
            raise errors.TasksOpen
        if not may_close(DossierState(dossier.state), facts):
            raise errors.StateDoesNotAllow
        dossier.state, dossier.closed_at, dossier.closed_by = DossierState.CLOSED, now(), standing.subject_id
        dossier.save(update_fields=["state", "closed_at", "closed_by"])
        audit(events.DOSSIER_CLOSED, actor=actor, object_id=dossier.id, body_id=dossier.body.agency_id)
