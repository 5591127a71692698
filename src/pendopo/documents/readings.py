"""What waits for a time stamp; read from the database by the worker."""

from collections.abc import Iterator

from pendopo.documents.models import IssuedDocument
from pendopo.foundation import metrics
from pendopo.foundation.clock import now
from pendopo.foundation.settings import current


@metrics.reading(
    "pendopo_documents_unstamped",
    "Issued documents without a time stamp; told only where an authority is configured.",
)
def unstamped() -> Iterator[metrics.Sample]:
    """Count them."""
    if current().tsa_url is not None:
        yield (), IssuedDocument.objects.filter(stamped_at=None).count()


@metrics.reading(
    "pendopo_documents_unstamped_oldest_seconds",
    "Age of the oldest of them; 0 when none waits. The first minute is meant.",
)
def oldest_unstamped() -> Iterator[metrics.Sample]:
    """Look at the oldest."""
    if current().tsa_url is not None:
        row = IssuedDocument.objects.filter(stamped_at=None).order_by("id").first()
        yield (), (now() - row.created_at).total_seconds() if row else 0.0
