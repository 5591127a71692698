"""What the exchange can tell about itself."""

import datetime as dt
from dataclasses import dataclass

import httpx

from pendopo.exchange import models
from pendopo.exchange.errors import ExchangeMisconfigured
from pendopo.exchange.gateway import http_client


@dataclass(frozen=True, slots=True)
class Spool:
    """How far a gateway's access records were read, and when something last came."""

    source: str
    cursor: str
    moved_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Status:
    """The exchange at a glance. ``gateway`` is ``ready``, ``not-ready``, ``down`` or ``not-configured``."""

    members: int
    servers: int
    services: int
    agreements: int
    snapshot_version: int | None
    snapshot_expires_at: dt.datetime | None
    gateway: str
    spools: tuple[Spool, ...]
    rejected_records: int


def status() -> Status:
    """Read the registry and ask our own gateway whether it is ready."""
    last = models.IssuedSnapshot.objects.order_by("-version").first()
    rows = models.PullCursor.objects.order_by("source")
    return Status(
        members=models.Member.objects.count(),
        servers=models.Server.objects.count(),
        services=models.Service.objects.count(),
        agreements=models.Agreement.objects.filter(withdrawn_at=None).count(),
        snapshot_version=last.version if last else None,
        snapshot_expires_at=last.expires_at if last else None,
        gateway=_gateway(),
        spools=tuple(Spool(row.source, row.cursor, row.moved_at) for row in rows),
        rejected_records=models.RejectedRecord.objects.count(),
    )


def _gateway() -> str:
    try:
        return "ready" if http_client().get("/readyz").is_success else "not-ready"
    except ExchangeMisconfigured:
        return "not-configured"
    except httpx.HTTPError:
        return "down"
