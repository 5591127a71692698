"""Counts of what happens, in Prometheus' words; the only file of the hall that knows prometheus-client.

Each process that is given a port answers ``/metrics`` there, on the loopback address and nowhere else. The
web server's processes share one folder of memory-mapped files (the library's multiprocess mode) and one port
(SO_REUSEPORT), so whichever of them is asked answers for all. What stands in the database is read by the
worker when it is asked: those are *readings*.

A label takes its values from a set that the code bounds: names of routes, statuses, limits, outcomes. No
path, address, identifier or name of a person ever becomes one.
"""

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Literal, override

from django.db import connection
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from pendopo.foundation.logs import get

LOOPBACK = "127.0.0.1"
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""``serve web`` sets it; the library looks for it once, when it is imported."""

type Kind = Literal["counter", "histogram", "gauge"]
type Sample = tuple[Sequence[str], float]
type Read = Callable[[], Iterable[Sample]]

log = get(__name__)


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric as the reference page lists it."""

    name: str
    kind: Kind
    labels: tuple[str, ...]
    meaning: str


@dataclass(frozen=True, slots=True)
class _Reading:
    metric: Metric
    read: Read


_registry = CollectorRegistry()
_known: dict[str, Metric] = {}
_readings: dict[str, _Reading] = {}


def counter(name: str, meaning: str, labels: tuple[str, ...] = ()) -> Counter:
    """Declare a count that only grows; ``name`` ends in ``_total``."""
    _declare(Metric(name, "counter", labels, meaning))
    return Counter(name, meaning, labels, registry=_registry)


def histogram(
    name: str, meaning: str, labels: tuple[str, ...] = (), *, buckets: Sequence[float]
) -> Histogram:
    """Declare a distribution; ``buckets`` are upper bounds in the unit that the name ends in."""
    _declare(Metric(name, "histogram", labels, meaning))
    return Histogram(name, meaning, labels, registry=_registry, buckets=buckets)


def level(name: str, meaning: str) -> Gauge:
    """Declare a number of this process that goes up and down, for processes that stand alone."""
    _declare(Metric(name, "gauge", (), meaning))
    return Gauge(name, meaning, registry=_registry)


def reading(name: str, meaning: str, labels: tuple[str, ...] = ()) -> Callable[[Read], Read]:
    """Declare a gauge that the worker reads from the database when asked, as (label values, value)."""

    def register(read: Read) -> Read:
        metric = Metric(name, "gauge", labels, meaning)
        _declare(metric)
        _readings[name] = _Reading(metric, read)
        return read

    return register


def catalogue() -> list[Metric]:
    """Return every declared metric, by name; the reference page is checked against it."""
    return [_known[name] for name in sorted(_known)]


def exposition(*, with_readings: bool = False) -> bytes:
    """Return all values as Prometheus reads them; with ``with_readings`` also what stands in the database."""
    registry = _registry
    if SHARED_FOLDER in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library's
    text = generate_latest(registry)
    if not with_readings:
        return text
    read_now = CollectorRegistry()
    read_now.register(_Readings())
    return text + generate_latest(read_now)


def serve(port: int, *, with_readings: bool = False) -> HTTPServer | None:
    """Answer ``/metrics`` on a loopback port from a thread of its own; port 0 means not at all.

    Raises ``OSError`` when another user's process holds the port.
    """
    if not port:
        return None
    server = _Server((LOOPBACK, port), _handler(with_readings=with_readings))
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server


def _declare(metric: Metric) -> None:
    if metric.name in _known:
        message = f"{metric.name} is declared twice"
        raise ValueError(message)
    _known[metric.name] = metric


class _Readings(Collector):
    """Reads each gauge anew; one that cannot be read is left out and told in the log."""

    @override
    def collect(self) -> Iterator[GaugeMetricFamily]:
        for name in sorted(_readings):
            found = _readings[name]
            family = GaugeMetricFamily(name, found.metric.meaning, labels=found.metric.labels)
            try:
                for labels, value in found.read():
                    family.add_metric(labels, value)
            except Exception:  # one broken reading must not hide the others
                log.exception("metric_reading_failed", metric=name)
                continue
            yield family


class _Server(HTTPServer):
    """One request at a time; several processes may hold the port together."""

    allow_reuse_port = True


def _handler(*, with_readings: bool) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 5.0

        def do_GET(self) -> None:
            if self.path.partition("?")[0] != "/metrics":
                self.send_error(404)
                return
            try:
                body = exposition(with_readings=with_readings)
            finally:
                connection.close()
            self.send_response(200)
            self.send_header("Content-Type", CONTENT_TYPE_LATEST)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        @override
        def version_string(self) -> str:
            return "metrics"

        @override
        def log_message(self, *_: object) -> None:
            """Scrapes are not news."""

    return Handler
