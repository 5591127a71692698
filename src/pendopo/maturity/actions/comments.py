"""Remark on an indicator, or on the criterion of one of its levels."""

from uuid import UUID

from django.db import transaction

from pendopo.foundation.actor import Actor
from pendopo.foundation.audit import audit
from pendopo.kernel.ids import uuid7
from pendopo.maturity import events, pinned, texts
from pendopo.maturity.actions.holding import open_cycle
from pendopo.maturity.models import Comment
from pendopo.maturity.refusals import NotALevel
from pendopo.maturity.visibility import item


def remark(actor: Actor, item_id: UUID, text: str, level: int | None = None) -> UUID:
    """Add a remark; whoever sees the indicator may. Raises ``NotALevel`` and ``CycleClosed``."""
    said = texts.remark(text)
    with transaction.atomic(durable=True):
        row = item(actor, item_id)
        open_cycle(row.assessment.cycle)
        if level is not None and level not in pinned.of(row.assessment.cycle).scale.steps:
            raise NotALevel(field="level")
        made = Comment.objects.create(
            id=uuid7(),
            item=row,
            level=level,
            text=said,
            by_subject_id=actor.subject_id,
            by_post_id=actor.post_id,
        )
        audit(events.COMMENTED, actor=actor, object_id=row.id, detail={"level": level})
    return made.id
