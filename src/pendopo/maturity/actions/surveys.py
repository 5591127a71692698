"""Survey answers that were collected elsewhere: a file becomes a draft, a draft is counted or thrown away."""

import datetime as dt
import hashlib
from uuid import UUID

from django.db import transaction

from pendopo.agencies import api as agencies
from pendopo.foundation.actor import Actor, ActorKind
from pendopo.foundation.audit import audit
from pendopo.foundation.clock import now
from pendopo.foundation.commitments import JSON
from pendopo.maturity import events, library
from pendopo.maturity import import_errors as errors
from pendopo.maturity.actions.results import decoded, require, source_of
from pendopo.maturity.imports import answers as reading
from pendopo.maturity.models import SurveyAnswer, SurveyImport
from pendopo.maturity.published import ImportState, key_of


def hand_in(actor: Actor, data: bytes, *, agency: str, source: str, month: dt.date | None) -> UUID:
    """Read a file as a draft and return its id; the same file of the same agency again is that import.

    Raises ``BadTable`` and keeps nothing where a row is wrong, and ``NotYourAgency`` where an officer names
    another body of this hall: its answers would stand among those that people gave here.
    """
    require(actor)
    named, whose = source_of(source), source_of(agency)
    _require_own(actor, whose)
    replies = reading.read(library.survey(), decoded(data), month)
    digest = hashlib.sha256(data).hexdigest()
    with transaction.atomic(durable=True):
        row, fresh = SurveyImport.objects.exclude(state=ImportState.DROPPED).get_or_create(
            agency=whose,
            sha256=digest,
            defaults={
                "body_id": actor.body_id,
                "by_subject_id": actor.subject_id,
                "by_post_id": actor.post_id,
                "source": named,
            },
        )
        if row.body_id != actor.body_id:
            raise errors.NoSuchImport
        if fresh:
            SurveyAnswer.objects.bulk_create(
                [
                    SurveyAnswer(
                        survey=row, month=one.month, service=one.service, elements=dict(one.elements)
                    )
                    for one in replies
                ],
                batch_size=1000,
            )
            detail: dict[str, JSON] = {"answers": len(replies), "sha256": digest}
            audit(events.SURVEY_HANDED_IN, actor=actor, object_id=row.id, detail=detail)
    return row.id


def _require_own(actor: Actor, named: str) -> None:
    """Raise ``NotYourAgency`` for a body of this hall that is not the officer's own."""
    if actor.kind is ActorKind.SYSTEM:
        return
    for body in agencies.bodies():
        known = {key_of(one) for one in (body.code, body.name_id, body.name_en)}
        if body.id != actor.body_id and key_of(named) in known:
            raise errors.NotYourAgency(agency=named)


def publish(actor: Actor, import_id: UUID) -> None:
    """Count a draft into what is public."""
    require(actor)
    with transaction.atomic(durable=True):
        row = _draft(actor, import_id)
        row.state = ImportState.PUBLISHED
        row.published_at = now()
        row.published_by = actor.subject_id
        row.save(update_fields=["state", "published_at", "published_by"])
        audit(events.SURVEY_PUBLISHED, actor=actor, object_id=row.id)


def drop(actor: Actor, import_id: UUID) -> None:
    """Throw a draft and its answers away."""
    require(actor)
    with transaction.atomic(durable=True):
        row = _draft(actor, import_id)
        row.state = ImportState.DROPPED
        row.save(update_fields=["state"])
        SurveyAnswer.objects.filter(survey=row).delete()
        audit(events.SURVEY_DROPPED, actor=actor, object_id=row.id)


def _draft(actor: Actor, import_id: UUID) -> SurveyImport:
    row = SurveyImport.objects.select_for_update().filter(id=import_id, body_id=actor.body_id).first()
    if row is None:
        raise errors.NoSuchImport
    if row.state != ImportState.DRAFT:
        raise errors.NotADraft
    return row
