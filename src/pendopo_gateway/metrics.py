"""What a gateway counts, in Prometheus' words, answered on a loopback port of its own when one is configured.

A label takes its values from a set that this package bounds: sides, outcomes. An error code that a peer chose
is counted as ``refused_by_peer``, whatever it says; no identifier of a member, person or message is a label.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Self

from aiohttp import web
from cryptography import x509
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

from pendopo_gateway.errors import Fault
from pendopo_wire.access import Side

ANSWERED = "answered"
REFUSED_BY_PEER = "refused_by_peer"
_DAY_SECONDS = 86_400

REGISTRY = CollectorRegistry()

EXCHANGES = Counter(
    "pendopo_gateway_exchanges_total",
    "Exchanges by side and outcome: `answered`, `refused_by_peer`, or the gateway's own word for a failure.",
    ("side", "outcome"),
    registry=REGISTRY,
)
DURATION = Histogram(
    "pendopo_gateway_exchange_duration_seconds",
    "Time of an exchange as its asker saw it at this gateway: signatures, log, way and answer.",
    ("side",),
    registry=REGISTRY,
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
JOURNAL_SYNC = Histogram(
    "pendopo_gateway_journal_sync_seconds",
    "Time of one sync of the message log to disk; its count is the number of syncs.",
    registry=REGISTRY,
    buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1),
)
JOURNAL_RECORDS = Counter(
    "pendopo_gateway_journal_records_total", "Records written to the message log.", registry=REGISTRY
)
CERTIFICATE_DAYS = Gauge(
    "pendopo_gateway_certificate_expiry_days",
    "Days until the first certificate of the gateway's TLS chain ends.",
    registry=REGISTRY,
)
REGISTRY_USABLE = Gauge(
    "pendopo_gateway_registry_usable",
    "1 while the registry's snapshot is there and fresh, else 0: then nothing is exchanged.",
    registry=REGISTRY,
)


@dataclass(slots=True)
class Outcome:
    """Counts and times one exchange, and holds how it ended; whoever handles it says so."""

    side: Side
    word: str = ANSWERED
    began: float = field(default_factory=time.perf_counter)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        _counter(self.side, self.word).inc()
        _timer(self.side).observe(time.perf_counter() - self.began)

    def failed(self, fault: Fault) -> None:
        """It failed here, by the gateway's own word."""
        self.word = fault.text

    def refused(self) -> None:
        """A peer, or what stands behind it, said no; its word is not ours to count."""
        self.word = REFUSED_BY_PEER


def exchange(side: Side) -> Outcome:
    """Begin to count and time one exchange."""
    return Outcome(side)


@cache
def _counter(side: Side, word: str) -> Counter:
    return EXCHANGES.labels(side.value, word)


@cache
def _timer(side: Side) -> Histogram:
    return DURATION.labels(side.value)


def application(certificate: Path, is_registry_usable: Callable[[], bool]) -> web.Application:
    """Return what answers ``/metrics``."""

    async def answer(_request: web.Request) -> web.Response:
        CERTIFICATE_DAYS.set(_days_left(certificate))
        REGISTRY_USABLE.set(is_registry_usable())
        return web.Response(body=generate_latest(REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST})

    made = web.Application()
    made.router.add_get("/metrics", answer)
    return made


def _days_left(chain: Path) -> float:
    certificates = x509.load_pem_x509_certificates(chain.read_bytes())
    first = min(certificate.not_valid_after_utc.timestamp() for certificate in certificates)
    return (first - time.time()) / _DAY_SECONDS
