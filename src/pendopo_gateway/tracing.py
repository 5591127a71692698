"""One trace over both sides of an exchange (W3C Trace Context), off unless the configuration says otherwise.

This package knows opentelemetry-api only; what collects and sends is an optional group of packages
(``locks/tracing.txt``) that ``start`` asks for when a collector is configured. Of the standard's headers only
``traceparent`` travels: two random numbers. It goes to members, and is believed from members, that the
configuration names; to and from our own information systems always. Attributes are sides, outcomes and
identifiers of services; no exception's text, path or subject is ever put in a span.
"""

import importlib
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from pendopo_gateway.errors import ConfigurationError
from pendopo_wire.identifiers import MemberId
from pendopo_wire.signatures import Header

HEADER = "traceparent"
_NOTHING = Context()
_NO_SPAN = nullcontext(trace.INVALID_SPAN)
_PROPAGATOR = TraceContextTextMapPropagator()
_TRACER = trace.get_tracer("pendopo_gateway")


@dataclass(frozen=True, slots=True)
class Tracing:
    """Where spans go (``None``: nowhere, and no header is taken or given), and who shares our traces."""

    collector: str | None = None
    members: frozenset[MemberId] = frozenset()

    def from_system(self, headers: Iterable[Header]) -> Context:
        """Return the trace that one of our own information systems is in."""
        return _read(headers) if self.collector else _NOTHING

    def from_peer(self, member: MemberId, headers: Iterable[Header]) -> Context:
        """Return the trace that a peer is in, if we share traces with its member; else none."""
        return _read(headers) if self.collector and member in self.members else _NOTHING

    def to_system(self) -> tuple[Header, ...]:
        """Return what tells our own information system which trace it is in."""
        return _written() if self.collector else ()

    def to_peer(self, member: MemberId) -> tuple[Header, ...]:
        """Return what tells a peer which trace it is in: nothing, unless we share traces with its member."""
        return _written() if self.collector and member in self.members else ()

    def span(self, name: str, kind: SpanKind, parent: Context | None = None) -> AbstractContextManager[Span]:
        """Work inside a span, if spans go anywhere. What goes wrong inside leaves no text in it."""
        if self.collector is None:
            return _NO_SPAN
        return _TRACER.start_as_current_span(
            name, context=parent, kind=kind, record_exception=False, set_status_on_exception=False
        )


NO_TRACING = Tracing()


def start(tracing: Tracing, service_name: str) -> None:
    """Send spans to the collector, if one is configured.

    Raises ``ConfigurationError`` when the packages are missing.
    """
    if tracing.collector is None:
        return
    try:
        sdk = importlib.import_module("opentelemetry.sdk.trace")
        exporting = importlib.import_module("opentelemetry.sdk.trace.export")
        resources = importlib.import_module("opentelemetry.sdk.resources")
        otlp = importlib.import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
    except ImportError as error:
        raise ConfigurationError(
            "tracing.collector: the packages of locks/tracing.txt are missing"
        ) from error
    provider = sdk.TracerProvider(resource=resources.Resource.create({"service.name": service_name}))
    exporter = otlp.OTLPSpanExporter(endpoint=tracing.collector)
    provider.add_span_processor(exporting.BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)


def _read(headers: Iterable[Header]) -> Context:
    values = [value for name, value in headers if name.lower() == HEADER]
    return _PROPAGATOR.extract({HEADER: values[0]}, _NOTHING) if len(values) == 1 else _NOTHING


def _written() -> tuple[Header, ...]:
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return ((HEADER, carrier[HEADER]),) if HEADER in carrier else ()
