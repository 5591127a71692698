"""What each request cost: time, status, queries, waits for a connection. By name of route, never by path."""

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

from pendopo.foundation import metrics
from pendopo.foundation.settings import current

type Handler = Callable[[HttpRequest], HttpResponse]
type Execute = Callable[[str, Any, bool, dict[str, Any]], Any]

NO_ROUTE = "none"

REQUESTS = metrics.counter(
    "pendopo_http_requests_total",
    "Requests answered, by name of route (`none`: no such address) and status.",
    ("route", "status"),
)
DURATION = metrics.histogram(
    "pendopo_http_request_duration_seconds",
    "Time from the first middleware to the whole answer, by name of route.",
    ("route",),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10),
)
QUERIES = metrics.histogram(
    "pendopo_http_database_queries",
    "Database statements of one request, by name of route.",
    ("route",),
    buckets=(0, 1, 2, 3, 5, 8, 12, 20, 30, 50, 100),
)
POOL_REQUESTS = metrics.counter(
    "pendopo_database_pool_requests_total", "Times that a connection was asked of the pool."
)
POOL_WAITS = metrics.counter(
    "pendopo_database_pool_waits_total", "Times that none was free and the asker had to wait."
)
POOL_WAIT_SECONDS = metrics.counter(
    "pendopo_database_pool_wait_seconds_total", "Time spent waiting for a connection."
)


class QueryCount:
    """Counts statements; Django calls it around each (``connection.execute_wrapper``)."""

    def __init__(self) -> None:
        """Begin at none."""
        self.number = 0

    def __call__(
        self,
        execute: Execute,
        sql: str,
        params: Any,
        many: bool,  # noqa: FBT001  # Django's order
        context: dict[str, Any],
    ) -> Any:
        """Count one and run it."""
        self.number += 1
        return execute(sql, params, many, context)


class ObservingMiddleware:
    """Counts every request that a view or an error page answers; the demonstration also tells the browser."""

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle one request."""
        began, counted = time.perf_counter(), QueryCount()
        with connection.execute_wrapper(counted):
            response = self.get_response(request)
        route = route_of(request)
        REQUESTS.labels(route, str(response.status_code)).inc()
        DURATION.labels(route).observe(time.perf_counter() - began)
        QUERIES.labels(route).observe(counted.number)
        _note_pool()
        if current().demo:
            # For tours from outside; in production it would tell strangers how the work is done.
            response["Server-Timing"] = f'db;desc="{counted.number}"'
        return response


def route_of(request: HttpRequest) -> str:
    """Return the name of the route that answered."""
    match = request.resolver_match
    return match.view_name if match is not None else NO_ROUTE


_POOL_COUNTS = (
    (POOL_REQUESTS, "requests_num", 1.0),
    (POOL_WAITS, "requests_queued", 1.0),
    (POOL_WAIT_SECONDS, "requests_wait_ms", 0.001),
)
_told: dict[str, int] = {}
_telling = threading.Lock()


def _note_pool() -> None:
    """Add what the pool of this process counted since the last request."""
    pool = getattr(connection, "pool", None)
    if pool is None:
        return
    with _telling:
        stats: dict[str, int] = pool.get_stats()
        for count, name, unit in _POOL_COUNTS:
            count.inc((stats.get(name, 0) - _told.get(name, 0)) * unit)
        _told.update(stats)
