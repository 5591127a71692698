"""Say how a service was: once a case, by its applicant or by whoever holds the receipt, or say nothing.

The answer is a row of its own that nothing leads to. What a case keeps is that it was answered.
"""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from pendopo.casework import events, survey, tracking
from pendopo.casework.errors import SurveyNotOpen, SurveyOver
from pendopo.casework.models import Case, SurveyAnswer
from pendopo.casework.states import CLOSED, CaseState, SurveyState
from pendopo.casework.visibility import own_case
from pendopo.foundation.actor import ANONYMOUS, Actor
from pendopo.foundation.audit import audit
from pendopo.foundation.clock import today
from pendopo.foundation.formats import zone
from pendopo.foundation.outbox import emit


def rate(actor: Actor, case_id: UUID, grade: int) -> str | None:
    """Keep the grade of the acting person's own case; return the handle for adding to it within an hour.

    None when it was answered before. Raises ``NoSuchCase``, :class:`SurveyNotOpen`.
    """
    with transaction.atomic(durable=True):
        return _rate(own_case(actor, case_id, for_update=True), actor, grade)


def rate_tracked(token: str, grade: int) -> str | None:
    """Do the same by the signed link of a receipt. Raises ``TrackingRefused``, :class:`SurveyNotOpen`."""
    with transaction.atomic(durable=True):
        return _rate(tracking.case_of(token, for_update=True), ANONYMOUS, grade)


def decline(actor: Actor, case_id: UUID) -> None:
    """Do not ask the acting person about this case again."""
    with transaction.atomic(durable=True):
        _decline(own_case(actor, case_id, for_update=True), actor)


def decline_tracked(token: str) -> None:
    """Do the same by the signed link of a receipt."""
    with transaction.atomic(durable=True):
        _decline(tracking.case_of(token, for_update=True), ANONYMOUS)


def add_elements(handle: str, grades: Mapping[str, int]) -> None:
    """Add the elements to the answer behind a handle, once. Raises :class:`SurveyOver`."""
    answer_id = survey.answer_of(handle)
    with transaction.atomic(durable=True):
        row = SurveyAnswer.objects.select_for_update().filter(id=answer_id).first()
        if row is None or any(getattr(row, name) is not None for name in survey.ELEMENTS):
            raise SurveyOver
        if not grades:
            return
        for name, grade in grades.items():
            setattr(row, name, grade)
        row.stirred = False
        row.save()
        audit(events.SURVEY_DETAILED, actor=ANONYMOUS)  # naming the answer would tell when it was given


def _rate(case: Case, actor: Actor, grade: int) -> str | None:
    if CaseState(case.state) not in CLOSED:
        raise SurveyNotOpen
    if case.survey == SurveyState.ANSWERED:
        return None
    row = SurveyAnswer(
        month=today(zone()).replace(day=1),
        agency=case.agency,
        service=case.service,
        channel=case.channel,
        overall=grade,
    )
    row.save(force_insert=True)
    _set(case, SurveyState.ANSWERED)
    audit(events.SURVEY_ANSWERED, actor=actor, object_id=case.id, body_id=case.body_id)
    emit(
        events.SURVEY_ANSWERED_TOPIC,
        {"agency": case.agency, "service": case.service, "month": row.month.isoformat()},
    )
    return survey.handle_of(row.id)


def _decline(case: Case, actor: Actor) -> None:
    if not survey.is_open(case):
        return
    _set(case, SurveyState.DECLINED)
    audit(events.SURVEY_DECLINED, actor=actor, object_id=case.id, body_id=case.body_id)


def _set(case: Case, state: SurveyState) -> None:
    case.survey = state
    case.save(update_fields=["survey"])
