"""How long the certificates of active keys still run; read from the database by the worker."""

from collections.abc import Iterator

from pendopo.foundation import metrics
from pendopo.foundation.clock import now
from pendopo.keys.certificates import read_chain
from pendopo.keys.models import SigningKey

DAY_SECONDS = 86_400


@metrics.reading(
    "pendopo_certificate_expiry_days",
    "Days until the first certificate of an active key's chain ends, by purpose of the key (`seal:<body>`).",
    ("purpose",),
)
def expiry() -> Iterator[metrics.Sample]:
    """Read the chains; keys without a certificate are not told."""
    for row in SigningKey.objects.filter(state=SigningKey.State.ACTIVE).exclude(chain_pem=""):
        first = min(certificate.not_valid_after_utc for certificate in read_chain(row.chain_pem))
        yield (row.purpose,), (first - now()).total_seconds() / DAY_SECONDS
