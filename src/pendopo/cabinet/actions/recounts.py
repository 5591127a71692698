"""Let a vote leave the room as a file with which somebody outside counts it again; recorded."""

from uuid import UUID

from django.db import transaction

from pendopo.cabinet import events
from pendopo.cabinet.actions.exports import File
from pendopo.cabinet.exports import recount
from pendopo.cabinet.models import Session
from pendopo.cabinet.queries.recount import of_vote
from pendopo.foundation.actor import Actor
from pendopo.foundation.audit import audit


def hand_out(actor: Actor, item_id: UUID, poll_id: UUID, language: str) -> File:
    """Write the file of one closed vote; who may see the vote may take it."""
    with transaction.atomic(durable=True):
        view = of_vote(actor, item_id, poll_id, language)
        session = Session.objects.select_related("body").get(id=view.session_id)
        audit(
            events.EXPORTED,
            actor=actor,
            object_id=session.id,
            body_id=session.body.agency_id,
            detail={"form": "recount", "poll": view.poll, "items": 1},
        )
    name = f"{session.body.code}-{session.number}-{view.poll[-8:]}.json"
    return File(name, "application/json", recount.document(view))
