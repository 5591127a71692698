"""Work without end: pull access records each second, renew the registry snapshot."""

from pendopo.exchange.access_records import pull_all
from pendopo.exchange.models import Member
from pendopo.exchange.snapshots import renew_snapshot
from pendopo.foundation.jobs import loop
from pendopo.foundation.logs import get
from pendopo.foundation.settings import current

log = get(__name__)


@loop("exchange.pull_access_records", seconds=1.0)
def pull_access_records() -> None:
    """Bring new access records to the ledger; rests while this deployment has no gateway or no registry."""
    settings = current()
    if settings.gateway_url and settings.gateway_token_file and Member.objects.exists():
        pull_all()


@loop("exchange.renew_snapshot", seconds=60.0)
def renew() -> None:
    """Keep the registry snapshot fresh where this deployment publishes it."""
    folder = current().registry_dir
    if folder is None or not Member.objects.exists():
        return
    written = renew_snapshot(folder)
    if written is not None:
        log.info("registry_snapshot_written", version=written.version)
