"""The applicant completes what an officer asked for, and sends the application back."""

from uuid import UUID

from django.db import transaction

from pendopo.casework import content as contents
from pendopo.casework import events, timeline
from pendopo.casework.actions.drafts import opened_for_update
from pendopo.casework.actions.submit import empty, ready, receipt_of
from pendopo.casework.errors import ActionNotPossible
from pendopo.casework.models import Case, Evidence
from pendopo.casework.moves import move
from pendopo.casework.records import Receipt
from pendopo.casework.states import CaseState, EventKind
from pendopo.casework.visibility import own_cases
from pendopo.foundation.actor import Actor
from pendopo.foundation.audit import audit
from pendopo.foundation.outbox import emit


def complete(actor: Actor, draft_id: UUID) -> Receipt:
    """Send a returned application back; the clocks run on. Sending again returns the same receipt."""
    with transaction.atomic(durable=True):
        case = own_cases(actor).select_for_update().filter(draft_id=draft_id).first()
        if case is None:
            raise ActionNotPossible
        if case.state != CaseState.RETURNED:
            return receipt_of(case)
        current = opened_for_update(actor, draft_id)
        contents.write(case, ready(current))
        move(case, current.service, "complete")
        case.returned_for = []
        case.save()
        _take_evidence(case, draft_id)
        empty(current.draft)
        timeline.write(case, EventKind.COMPLETED, actor)
        audit(events.COMPLETED, actor=actor, object_id=case.id, body_id=case.body_id)
        emit(events.SUBMITTED_TOPIC, {"case_id": str(case.id)})
    return receipt_of(case)


def _take_evidence(case: Case, draft_id: UUID) -> None:
    """Only what is sent becomes part of the case; a file replaced before sending was never given."""
    Evidence.objects.filter(draft_id=draft_id, case=None, replaced_at=None).update(case=case)
