"""Ask applicants how it was, by a message, some time after their case was closed."""

import datetime as dt
from uuid import UUID

from django.db import transaction

from pendopo.casework import events
from pendopo.casework.models import Case
from pendopo.casework.states import CLOSED, SurveyState
from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.audit import audit
from pendopo.foundation.clock import now
from pendopo.inbox import api as inbox

AFTER = dt.timedelta(hours=1)
"""First comes the outcome, then the question about it."""
UNTIL = dt.timedelta(days=14)
BATCH = 200


def ask_closed() -> int:
    """Ask a bounded batch, each in its own transaction; return how many were asked."""
    moment = now()
    waiting = Case.objects.filter(
        closed_at__gt=moment - UNTIL,
        closed_at__lte=moment - AFTER,
        state__in=CLOSED,
        survey=SurveyState.OPEN,
    )
    return sum(_ask(case_id) for case_id in list(waiting.values_list("id", flat=True)[:BATCH]))


def _ask(case_id: UUID) -> bool:
    with transaction.atomic(durable=True):
        rows = Case.objects.select_for_update(skip_locked=True)
        case = rows.filter(id=case_id, survey=SurveyState.OPEN).first()
        if case is None:
            return False
        case.survey = SurveyState.ASKED
        case.save(update_fields=["survey"])
        inbox.send(
            case.subject_id,
            template="casework.survey",
            params={"number": case.number},
            link=("casework.rating", {"case_id": str(case.id)}),
            key=f"casework.survey:{case.id}",
        )
        audit(events.SURVEY_ASKED, actor=SYSTEM, object_id=case.id, body_id=case.body_id)
    return True
