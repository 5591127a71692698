"""One trace from the hall through the gateways to the other office (W3C Trace Context), off by default.

The rooms know opentelemetry-api only: without a provider every span is empty and no header is written. The
composition root installs one when ``PENDOPO_TRACE_URL`` names a collector. A hall begins its own traces and
believes none that a browser brings; a register goes on with the trace that its gateway hands over. Attributes
are names of routes, statuses and topics; no exception's text, path, query or identifier is put in a span.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from django.http import HttpRequest, HttpResponse
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from pendopo.foundation.observing import route_of
from pendopo.foundation.settings import current

type Handler = Callable[[HttpRequest], HttpResponse]

HEADER = "traceparent"
_PROPAGATOR = TraceContextTextMapPropagator()
_TRACER = trace.get_tracer("pendopo")


class TracingMiddleware:
    """A span for each request, named after its route."""

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle one request."""
        with span("request", SpanKind.SERVER, _incoming(request)) as begun:
            response = self.get_response(request)
            route = route_of(request)
            begun.update_name(route)
            begun.set_attribute("http.route", route)
            begun.set_attribute("http.response.status_code", response.status_code)
            return response


@contextmanager
def span(name: str, kind: SpanKind = SpanKind.INTERNAL, parent: Context | None = None) -> Iterator[Span]:
    """Work inside a span; ``name`` is a constant. What goes wrong inside leaves no text in it."""
    with _TRACER.start_as_current_span(
        name, context=parent, kind=kind, record_exception=False, set_status_on_exception=False
    ) as begun:
        yield begun


def outgoing() -> Mapping[str, str]:
    """Return the header that tells our own gateway which trace it is in; none while there is no trace."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return {HEADER: carrier[HEADER]} if HEADER in carrier else {}


def _incoming(request: HttpRequest) -> Context:
    settings = current()
    given = request.headers.get(HEADER)
    if settings.profile != "register" or settings.trace_url is None or given is None:
        return Context()
    return _PROPAGATOR.extract({HEADER: given}, Context())
