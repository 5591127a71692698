"""What the plumbing has waiting: events to deliver and jobs, read from the database by the worker."""

from collections.abc import Iterator

from django.db import connection

from pendopo.foundation import metrics, models, outbox
from pendopo.foundation.clock import now

JOB_STATES = ("todo", "doing", "failed")


@metrics.reading("pendopo_outbox_waiting", "Deliveries of the outbox that are not done.")
def outbox_depth() -> Iterator[metrics.Sample]:
    """Count them."""
    yield (), models.OutboxDelivery.objects.filter(done_at=None).count()


@metrics.reading(
    "pendopo_outbox_oldest_seconds", "Age of the oldest delivery that is not done; 0 when none waits."
)
def outbox_age() -> Iterator[metrics.Sample]:
    """Look at the oldest."""
    since = outbox.waiting_since()
    yield (), 0.0 if since is None else (now() - since).total_seconds()


@metrics.reading(
    "pendopo_jobs", "Jobs by state: `todo`, `doing`, `failed` (given up after all attempts).", ("state",)
)
def jobs() -> Iterator[metrics.Sample]:
    """Count the jobs that are not behind us; what succeeded is only history."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status::text, count(*) FROM procrastinate_jobs"
            " WHERE status::text = ANY(%s) GROUP BY status",
            [list(JOB_STATES)],
        )
        found: dict[str, int] = dict(cursor.fetchall())
    for state in JOB_STATES:
        yield (state,), found.get(state, 0)
