"""What the plumbing forgets: spent rate counters, delivered events. Runs in the worker."""

import datetime as dt

from django.db import connection

from pendopo.foundation import models
from pendopo.foundation.clock import now
from pendopo.foundation.jobs import loop

KEEP_DELIVERED = dt.timedelta(days=30)
BATCH = 5000


@loop("foundation.housekeeping", seconds=600)
def sweep() -> int:
    """Delete a bounded batch of what is no longer needed; return how many rows went."""
    moment = now()
    spent = models.RateCounter.objects.filter(window_ends__lt=moment).values("key")[:BATCH]
    counters, _ = models.RateCounter.objects.filter(key__in=spent).delete()
    return counters + _delete_delivered(moment - KEEP_DELIVERED)


def _delete_delivered(before: dt.datetime) -> int:
    """Delete events of which every delivery is done. An event that waits stays, however old."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH finished AS (
                SELECT e.id FROM foundation_outboxevent e
                WHERE e.created_at < %s AND NOT EXISTS (
                    SELECT 1 FROM foundation_outboxdelivery d WHERE d.event_id = e.id AND d.done_at IS NULL)
                LIMIT %s),
            deliveries AS (DELETE FROM foundation_outboxdelivery WHERE event_id IN (SELECT id FROM finished))
            DELETE FROM foundation_outboxevent WHERE id IN (SELECT id FROM finished)
            """,
            [before, BATCH],
        )
        return int(cursor.rowcount)
