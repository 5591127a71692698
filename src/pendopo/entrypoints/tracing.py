"""Where a process of the hall sends its spans: to the collector of ``PENDOPO_TRACE_URL``, else nowhere."""

import importlib

from opentelemetry import trace

from pendopo.foundation.settings import SettingsError, current


def start(process: str) -> None:
    """Send spans to the configured collector (OTLP over HTTP); does nothing without one.

    ``process`` is told as ``service.name``. Raises ``SettingsError`` when the packages are not installed.
    """
    settings = current()
    if settings.trace_url is None:
        return
    try:
        sdk = importlib.import_module("opentelemetry.sdk.trace")
        exporting = importlib.import_module("opentelemetry.sdk.trace.export")
        resources = importlib.import_module("opentelemetry.sdk.resources")
        otlp = importlib.import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
    except ImportError as error:
        raise SettingsError(["PENDOPO_TRACE_URL needs the packages of locks/tracing.txt."]) from error
    resource = resources.Resource.create({"service.name": f"pendopo-{settings.profile}-{process}"})
    provider = sdk.TracerProvider(resource=resource)
    provider.add_span_processor(
        exporting.BatchSpanProcessor(otlp.OTLPSpanExporter(endpoint=settings.trace_url))
    )
    trace.set_tracer_provider(provider)
