"""Traces: off by default, begun here, continued only where a gateway hands them over; nothing personal."""

from collections.abc import Iterator

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from pendopo.foundation import tracing
from pendopo.foundation.settings import current

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
GIVEN = f"00-{TRACE}-00f067aa0ba902b7-01"
NIK = "3201234567890123"


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing, "_TRACER", provider.get_tracer("test"))
    yield exporter
    provider.shutdown()


def passed_on(profile: str, monkeypatch: pytest.MonkeyPatch, *, configured: bool = True) -> str:
    """The trace that a view would hand to its gateway after a caller brought one."""
    monkeypatch.setenv("PENDOPO_PROFILE", profile)
    if configured:
        monkeypatch.setenv("PENDOPO_TRACE_URL", "http://127.0.0.1:9/v1/traces")
    current.cache_clear()
    told: list[str] = []

    def view(_request: HttpRequest) -> HttpResponse:
        told.append(tracing.outgoing().get("traceparent", ""))
        return HttpResponse()

    tracing.TracingMiddleware(view)(RequestFactory().get("/", headers={"traceparent": GIVEN}))
    return told[0]


def test_without_a_provider_no_header_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    assert passed_on("register", monkeypatch, configured=False) == ""


def test_a_hall_begins_its_own_trace_and_believes_none_of_a_browser(
    spans: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = passed_on("hall", monkeypatch)
    (span,) = spans.get_finished_spans()
    assert span.context is not None
    assert header.split("-")[1] == f"{span.context.trace_id:032x}" != TRACE


def test_a_register_goes_on_with_the_trace_of_its_gateway(
    spans: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert passed_on("register", monkeypatch).split("-")[1] == TRACE
    assert len(spans.get_finished_spans()) == 1


@pytest.mark.django_db
def test_a_span_is_named_after_the_route_and_holds_no_address(
    spans: InMemorySpanExporter, client: Client
) -> None:
    client.get(f"/readyz?q={NIK}")
    client.get(f"/{NIK}")
    assert [span.name for span in spans.get_finished_spans()] == ["readyz", "none"]
    for span in spans.get_finished_spans():
        assert set(span.attributes or {}) == {"http.route", "http.response.status_code"}
        assert NIK not in span.to_json()


def test_what_an_exception_says_is_not_in_the_span(spans: InMemorySpanExporter) -> None:
    with pytest.raises(ImproperlyConfigured), tracing.span("outbox test"):
        raise ImproperlyConfigured(NIK)
    (span,) = spans.get_finished_spans()
    assert not span.events
    assert NIK not in span.to_json()
