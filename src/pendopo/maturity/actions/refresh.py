"""Read live evidence again when it is a day old; what failed is tried again after an hour."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.clock import now
from pendopo.maturity import live
from pendopo.maturity.actions.evidence import held_evidence
from pendopo.maturity.actions.holding import open_cycle
from pendopo.maturity.models import Cycle, Evidence
from pendopo.maturity.refusals import CycleClosed
from pendopo.maturity.values import CycleState, EvidenceKind

OLD = dt.timedelta(days=1)
FAILED = dt.timedelta(hours=1)
BATCH = 20


def refresh_due() -> int:
    """Read a bounded batch of what is due, each in its own transaction; return how many were read.

    Cycles that are closed keep the readings that they were closed with.
    """
    moment = now()
    read = Q(failed_at=None) & (Q(reading=None) | Q(reading__taken_at__lt=moment - OLD))
    due = _living().filter(read | Q(failed_at__lt=moment - FAILED))
    ids = list(due.order_by("reading__taken_at", "id").values_list("id", flat=True)[:BATCH])
    return sum(refresh(one) for one in ids)


def refresh_all() -> int:
    """Read all live evidence of open cycles, however new its readings are; return how many were read."""
    return sum(refresh(one) for one in list(_living().order_by("id").values_list("id", flat=True)))


def _living() -> QuerySet[Evidence]:
    live_ones = Evidence.objects.filter(kind=EvidenceKind.LIVE, removed_at=None)
    return live_ones.exclude(item__assessment__cycle__state=CycleState.CLOSED)


def refresh(evidence_id: UUID) -> bool:
    """Read one piece of live evidence now; False when it was taken down or its cycle closed meanwhile."""
    with transaction.atomic(durable=True):
        cycle = Cycle.objects.get(assessments__items__evidence=evidence_id)
        try:
            open_cycle(cycle)
        except CycleClosed:
            return False
        row = held_evidence(evidence_id)
        if row.removed_at is not None:
            return False
        live.take(SYSTEM, row)
    return True
