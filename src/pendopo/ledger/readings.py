"""How far the log is, and what waits for its place in it; read from the database by the worker."""

from collections.abc import Iterator

from pendopo.foundation import commitments, metrics
from pendopo.foundation.clock import now
from pendopo.ledger.models import Checkpoint


@metrics.reading("pendopo_ledger_size", "Entries in the log that the newest checkpoint commits to.")
def size() -> Iterator[metrics.Sample]:
    """Read the newest checkpoint."""
    newest = Checkpoint.objects.order_by("-size").first()
    yield (), newest.size if newest else 0


@metrics.reading(
    "pendopo_ledger_lag_seconds",
    "Age of the oldest commitment without a place in the log; 0 when none waits.",
)
def lag() -> Iterator[metrics.Sample]:
    """Look at the oldest that waits."""
    since = commitments.waiting_since()
    yield (), 0.0 if since is None else (now() - since).total_seconds()


@metrics.reading(
    "pendopo_ledger_checkpoint_age_seconds",
    "Age of the newest checkpoint. It grows in a quiet hall too; alarms belong on the lag.",
)
def checkpoint_age() -> Iterator[metrics.Sample]:
    """Read the newest checkpoint; before the first there is nothing to tell."""
    newest = Checkpoint.objects.order_by("-size").first()
    if newest:
        yield (), (now() - newest.created_at).total_seconds()
