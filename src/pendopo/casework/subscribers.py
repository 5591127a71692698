"""What happens after a transaction: commands to the register, then documents. All are safe to repeat."""

from uuid import UUID

from pendopo.casework import events
from pendopo.casework.register import commands, corrections, documents
from pendopo.documents.events import REVOKED_TOPIC
from pendopo.foundation.outbox import OutboxEvent, subscriber


@subscriber(events.DECIDED_TOPIC, name="casework.register")
def register(event: OutboxEvent) -> None:
    """Carry an approval out at the register; a refusal needs nothing."""
    commands.carry_out(_case(event))


@subscriber(events.REGISTERED_TOPIC, name="casework.issue")
def issue(event: OutboxEvent) -> None:
    """Issue the documents of what the register now holds."""
    documents.issue(_case(event))


@subscriber(events.CORRECTION_APPROVED_TOPIC, name="casework.correct")
def correct(event: OutboxEvent) -> None:
    """Carry a correction out at the register and reissue."""
    corrections.carry_out(UUID(str(event.payload["correction_id"])))


@subscriber(REVOKED_TOPIC, name="casework.revoked")
def revoked(event: OutboxEvent) -> None:
    """Tell whose document it was that it is no longer in force."""
    documents.tell_revoked(UUID(str(event.payload["document_id"])))


def _case(event: OutboxEvent) -> UUID:
    return UUID(str(event.payload["case_id"]))
