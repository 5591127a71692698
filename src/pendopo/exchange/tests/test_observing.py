"""A question to another body is counted by its outcome and carries the trace that it belongs to."""

from collections.abc import Callable, Iterator

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from pendopo.exchange.api import ExchangeDenied, PopulationAnswerInvalid, PopulationUnavailable
from pendopo.exchange.gateway import REQUESTS
from pendopo.exchange.tests.crooked import Reply
from pendopo.exchange.tests.test_population import MOTHER, ask, gateway_says, shown
from pendopo.foundation import tracing
from pendopo.kernel.errors import PendopoError

GOOD = shown({"nik": MOTHER.value, "name": "Siti Aminah"}, MOTHER)


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing, "_TRACER", provider.get_tracer("test"))
    yield exporter
    provider.shutdown()


def count(outcome: str) -> float:
    return float(REQUESTS.labels(outcome)._value.get())


def refused(code: str) -> Reply:
    return Reply(500, {"X-Road-Error": code, "Content-Type": "application/problem+json"}, b"{}")


def answer() -> None:
    with gateway_says(GOOD):
        ask()


def deny() -> None:
    with gateway_says(refused("server.clientproxy.access_denied")):
        ask()


def break_off() -> None:
    with gateway_says(Reply(200, {}, b"{", cut=True)):
        ask()


def speak_as_a_stranger() -> None:
    with gateway_says(Reply(200, {}, b"{}", echo_id=False)):
        ask()


@pytest.mark.parametrize(
    ("outcome", "act", "error"),
    [
        ("answered", answer, None),
        ("denied", deny, ExchangeDenied),
        ("unavailable", break_off, PopulationUnavailable),
        ("invalid", speak_as_a_stranger, PopulationAnswerInvalid),
    ],
)
def test_each_outcome_is_counted_once(
    outcome: str, act: Callable[[], None], error: type[PendopoError] | None
) -> None:
    before = count(outcome)
    if error is None:
        act()
    else:
        with pytest.raises(error):
            act()
    assert count(outcome) == before + 1


def test_the_question_carries_the_trace_of_its_request(spans: InMemorySpanExporter) -> None:
    with gateway_says(GOOD) as told, tracing.span("request"):
        ask()
    call, request = spans.get_finished_spans()
    assert call.name == "exchange call"
    assert request.context is not None
    assert told.seen[0].headers["traceparent"].split("-")[1] == f"{request.context.trace_id:032x}"


def test_the_span_of_a_question_holds_nothing_of_it(spans: InMemorySpanExporter) -> None:
    with gateway_says(GOOD):
        ask()
    (call,) = spans.get_finished_spans()
    assert set(call.attributes or {}) == {"pendopo.service"}
    assert MOTHER.value not in call.to_json()
    assert "Siti" not in call.to_json()


def test_without_a_provider_no_trace_is_told() -> None:
    with gateway_says(GOOD) as told:
        ask()
    assert "traceparent" not in told.seen[0].headers
