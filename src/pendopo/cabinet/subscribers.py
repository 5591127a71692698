"""What happens after a transaction: minutes are drafted and sealed, a new holder is told. Safe to repeat."""

from uuid import UUID

from django.db.models import Q

from pendopo.cabinet import events
from pendopo.cabinet.actions import minutes
from pendopo.cabinet.actions.bodies import PERSON_SEATED_TOPIC
from pendopo.cabinet.configuration import BodyConfiguration
from pendopo.cabinet.models import Mandate
from pendopo.foundation.outbox import OutboxEvent, subscriber
from pendopo.inbox import api as inbox


@subscriber(events.SESSION_CLOSED_TOPIC, name="cabinet.draft_minutes")
def draft(event: OutboxEvent) -> None:
    """Draft the minutes of a session that was closed."""
    minutes.draft(UUID(str(event.payload["session_id"])))


@subscriber(events.MINUTES_SIGNED_TOPIC, name="cabinet.seal_minutes")
def seal(event: OutboxEvent) -> None:
    """Seal the files of signed minutes."""
    minutes.seal_files(UUID(str(event.payload["minutes_id"])))


@subscriber(PERSON_SEATED_TOPIC, name="cabinet.tell_person_seated")
def person_seated(event: OutboxEvent) -> None:
    """Tell the people of a body that a seat has another holder, and the holder before; nobody is named."""
    row = Mandate.objects.select_related("seat__body").get(id=UUID(str(event.payload["mandate_id"])))
    moment = row.starts_at
    there = Q(seat__body_id=row.seat.body_id) & (Q(ends_at=None) | Q(ends_at__gt=moment))
    before = Q(seat_id=row.seat_id, ends_at=moment)
    told = set(Mandate.objects.filter(there | before).values_list("subject_id", flat=True))
    body = BodyConfiguration.model_validate(row.seat.body.configuration)
    words: dict[str, str | int] = {"body": body.name.id, "office": row.seat.office_id}
    link = ("cabinet.home", dict[str, str]())
    for subject_id in told - {row.subject_id}:
        inbox.send(subject_id, "cabinet.person_seated", words, link=link, key=str(event.id))
