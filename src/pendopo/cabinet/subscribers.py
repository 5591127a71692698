"""What happens after a transaction: minutes are drafted and sealed. Both are safe to repeat."""

from uuid import UUID

from pendopo.cabinet import events
from pendopo.cabinet.actions import minutes
from pendopo.foundation.outbox import OutboxEvent, subscriber


@subscriber(events.SESSION_CLOSED_TOPIC, name="cabinet.draft_minutes")
def draft(event: OutboxEvent) -> None:
    """Draft the minutes of a session that was closed."""
    minutes.draft(UUID(str(event.payload["session_id"])))


@subscriber(events.MINUTES_SIGNED_TOPIC, name="cabinet.seal_minutes")
def seal(event: OutboxEvent) -> None:
    """Seal the files of signed minutes."""
    minutes.seal_files(UUID(str(event.payload["minutes_id"])))
