"""The only place that decides which drafts and cases an actor may see.

An officer sees the cases of the body whose post they chose; a person sees their own. Every query of this
room starts here; whatever is not visible does not exist (the same 404), so nothing can be learned by asking.
"""

from uuid import UUID

from django.db.models import QuerySet

from pendopo.casework.errors import NoSuchCase, NoSuchDraft
from pendopo.casework.models import Case, Draft
from pendopo.casework.states import CaseState
from pendopo.foundation.actor import Actor, ActorKind
from pendopo.foundation.statements import first
from pendopo.kernel.errors import Forbidden

READ = "casework:case:read"


def person(actor: Actor) -> UUID:
    """Return who acts, or raise ``Forbidden`` when nobody is signed in."""
    if actor.subject_id is None:
        raise Forbidden
    return actor.subject_id


def drafts_of(actor: Actor) -> QuerySet[Draft]:
    """Return the acting person's own drafts that can be filled in: unsent, or returned."""
    if actor.subject_id is None:
        return Draft.objects.none()
    closed = Case.objects.filter(subject_id=actor.subject_id).exclude(state=CaseState.RETURNED)
    sent = closed.values("draft_id")
    return Draft.objects.filter(subject_id=actor.subject_id).exclude(id__in=sent)


def own_cases(actor: Actor) -> QuerySet[Case]:
    """Return the acting person's own cases, whatever post they also hold."""
    if actor.subject_id is None:
        return Case.objects.none()
    return Case.objects.filter(subject_id=actor.subject_id)


def agency_cases(actor: Actor) -> QuerySet[Case]:
    """Return the cases of the body whose post the officer chose; none without the permission to read."""
    if actor.kind is not ActorKind.OFFICER or actor.body_id is None or not actor.can(READ):
        return Case.objects.none()
    return Case.objects.filter(body_id=actor.body_id)


def own_draft(actor: Actor, draft_id: UUID, *, for_update: bool = False) -> Draft:
    """Return one unsent draft of the acting person or raise :class:`NoSuchDraft`.

    The row is held first and looked at in a second query: a query that waited for the lock would still see
    no case of a draft that was sent meanwhile.
    """
    if for_update:
        Draft.objects.select_for_update().filter(id=draft_id, subject_id=person(actor)).first()
    row = drafts_of(actor).filter(id=draft_id).first()
    if row is None:
        raise NoSuchDraft
    return row


def held_draft(actor: Actor, draft_id: UUID) -> tuple[Draft, Case | None]:
    """Hold the row of an own draft and return it with the case that it became, if it did.

    For sending: whoever presses twice waits here, and then finds the case. Raises :class:`NoSuchDraft`.
    """
    whose = (draft_id, person(actor))
    row = first(Draft, "WHERE id = %s AND subject_id = %s FOR UPDATE", whose)
    if row is None:
        raise NoSuchDraft
    return row, first(Case, "WHERE draft_id = %s AND subject_id = %s", whose)


def own_case(actor: Actor, case_id: UUID, *, for_update: bool = False) -> Case:
    """Return one case of the acting person or raise :class:`NoSuchCase`."""
    return _one(own_cases(actor), case_id, for_update=for_update)


def agency_case(actor: Actor, case_id: UUID, *, for_update: bool = False) -> Case:
    """Return one case of the acting officer's body or raise :class:`NoSuchCase`."""
    return _one(agency_cases(actor), case_id, for_update=for_update)


def _one(rows: QuerySet[Case], case_id: UUID, *, for_update: bool) -> Case:
    row = (rows.select_for_update() if for_update else rows).filter(id=case_id).first()
    if row is None:
        raise NoSuchCase
    return row
