"""One trace over both sides, shared only with members that the configuration names; nothing personal."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from pendopo_gateway import config, tracing
from pendopo_gateway.errors import ConfigurationError
from pendopo_gateway.tests.world import HALL, OFFICE, World, exchange, persons

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
GIVEN = f"00-{TRACE}-00f067aa0ba902b7-01"
COLLECTOR = "http://127.0.0.1:9/v1/traces"


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing, "_TRACER", provider.get_tracer("test"))
    yield exporter
    provider.shutdown()


def traced(folder: Path, *, hall_shares: bool, office_shares: bool) -> World:
    """Both gateways trace; each shares traces with the other's member or does not."""
    world = World(folder)
    for site, other, shares in (
        (world.hall, OFFICE.member, hall_shares),
        (world.provider, HALL.member, office_shares),
    ):
        members = f'"{other}"' if shares else ""
        section = f'[tracing]\ncollector = "{COLLECTOR}"\nmembers = [{members}]\n'
        site.config.write_text(site.config.read_text() + section)
    return world


def trace_of(span: ReadableSpan) -> str:
    assert span.context is not None
    return f"{span.context.trace_id:032x}"


async def test_one_trace_runs_from_system_to_service_where_both_share(
    tmp_path: Path, spans: InMemorySpanExporter
) -> None:
    world = traced(tmp_path, hall_shares=True, office_shares=True)
    async with exchange(tmp_path, world=world):
        assert (await persons(world, traceparent=GIVEN)).status == 200
    finished = {span.name: span for span in spans.get_finished_spans()}
    assert set(finished) == {"exchange ask", "exchange answer"}
    assert {trace_of(span) for span in finished.values()} == {TRACE}
    (_, _, headers, _) = world.office.asked[0]
    assert headers["traceparent"].split("-")[1] == TRACE
    answer, parent = finished["exchange answer"], finished["exchange ask"]
    assert answer.parent is not None
    assert parent.context is not None
    assert answer.parent.span_id == parent.context.span_id


async def test_a_trace_does_not_leave_for_members_that_are_not_named(
    tmp_path: Path, spans: InMemorySpanExporter
) -> None:
    world = traced(tmp_path, hall_shares=False, office_shares=True)
    async with exchange(tmp_path, world=world):
        await persons(world, traceparent=GIVEN)
    answer = next(span for span in spans.get_finished_spans() if span.name == "exchange answer")
    assert trace_of(answer) != TRACE
    assert answer.parent is None


async def test_a_trace_of_members_that_are_not_named_is_not_taken_up(
    tmp_path: Path, spans: InMemorySpanExporter
) -> None:
    world = traced(tmp_path, hall_shares=True, office_shares=False)
    async with exchange(tmp_path, world=world):
        await persons(world, traceparent=GIVEN)
    answer = next(span for span in spans.get_finished_spans() if span.name == "exchange answer")
    assert trace_of(answer) != TRACE


async def test_without_configuration_no_trace_header_passes(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        await persons(world, traceparent=GIVEN)
        (_, _, headers, _) = world.office.asked[0]
    assert "traceparent" not in headers


async def test_spans_hold_nothing_of_the_message(tmp_path: Path, spans: InMemorySpanExporter) -> None:
    world = traced(tmp_path, hall_shares=True, office_shares=True)
    async with exchange(tmp_path, world=world):
        await persons(world)
        await persons(world, X_Exchange_Purpose="wrong")
        await world.office.stop()
        await persons(world)
    finished = spans.get_finished_spans()
    assert len(finished) == 5, "the refused question never reached the other side"
    assert {key for span in finished for key in span.attributes or {}} == {
        "pendopo.outcome",
        "pendopo.service",
    }
    for span in finished:
        assert not span.events
        for told in ("mother", "officer", "case-1", "nik", "Siti"):
            assert told not in span.to_json()


def test_a_collector_without_its_packages_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(ConfigurationError, match=r"locks/tracing\.txt"):
        tracing.start(tracing.Tracing(COLLECTOR), "test")


def test_members_and_collector_of_the_configuration_are_checked(tmp_path: Path) -> None:
    world = World(tmp_path)
    text = world.hall.config.read_text() + '[tracing]\ncollector = "nowhere"\nmembers = ["x"]\n'
    world.hall.config.write_text(text)
    with pytest.raises(
        ConfigurationError, match=r"tracing\.collector(.|\n)*tracing\.members|members(.|\n)*collector"
    ):
        config.load(world.hall.config)
