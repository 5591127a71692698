"""Counts: which labels they may carry, what the readings read, and where they are answered."""

import datetime as dt
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory

from pendopo.foundation import metrics, models
from pendopo.foundation.clock import now
from pendopo.foundation.limits import rate_limit
from pendopo.foundation.observing import ObservingMiddleware
from pendopo.kernel.errors import TooManyRequests


def value(line: str) -> float:
    """The value of one line of the exposition; 0 when it is not there."""
    text = metrics.exposition(with_readings=True).decode()
    found = [rest for rest in text.splitlines() if rest.startswith(line + " ")]
    return float(found[0].rpartition(" ")[2]) if found else 0.0


@pytest.mark.django_db
def test_a_request_is_counted_under_its_route_and_never_under_its_path(client: Client) -> None:
    line = 'pendopo_http_requests_total{route="readyz",status="200"}'
    before = value(line)
    client.get("/readyz")
    assert value(line) == before + 1
    assert client.get("/no-such-page-3201234567890123").status_code == 404
    text = metrics.exposition().decode()
    assert 'route="none",status="404"' in text
    assert "3201234567890123" not in text
    assert not [route for route in re.findall(r'route="([^"]*)"', text) if "/" in route]


@pytest.mark.django_db
def test_statements_of_a_request_are_counted_and_told_in_the_demonstration() -> None:
    def view(_request: object) -> HttpResponse:
        for _ in range(3):
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        return HttpResponse()

    response = ObservingMiddleware(view)(RequestFactory().get("/"))
    assert response["Server-Timing"] == 'db;desc="3"'


def test_production_does_not_tell_how_many_statements(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENDOPO_DEMO", "0")
    response = ObservingMiddleware(lambda _request: HttpResponse())(RequestFactory().get("/"))
    assert "Server-Timing" not in response


@pytest.mark.django_db
def test_a_refused_attempt_is_counted_under_the_name_of_its_limit() -> None:
    line = 'pendopo_rate_limit_refusals_total{limit="test.metrics"}'
    before = value(line)
    rate_limit("test.metrics", key="10.0.0.1", limit=1, seconds=60)
    with pytest.raises(TooManyRequests):
        rate_limit("test.metrics", key="10.0.0.1", limit=1, seconds=60)
    assert value(line) == before + 1
    assert "10.0.0.1" not in metrics.exposition().decode()


@pytest.mark.django_db
def test_the_outbox_tells_its_depth_and_the_age_of_the_oldest() -> None:
    event = models.OutboxEvent.objects.create(topic="test.metrics", payload={})
    for name, minutes in (("one", 5), ("two", 1)):
        models.OutboxDelivery.objects.create(
            event=event, subscriber=name, created_at=now() - dt.timedelta(minutes=minutes)
        )
    assert value("pendopo_outbox_waiting") == 2
    assert 300 <= value("pendopo_outbox_oldest_seconds") < 360


@pytest.mark.django_db
def test_jobs_are_told_by_state() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status)"
            " VALUES ('default', 'test.metrics', 'failed'), ('default', 'test.metrics', 'todo')"
        )
    assert value('pendopo_jobs{state="failed"}') == 1
    assert value('pendopo_jobs{state="doing"}') == 0


@pytest.mark.django_db
def test_a_reading_that_breaks_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> list[metrics.Sample]:
        raise OSError

    metric = metrics.Metric("pendopo_broken", "gauge", (), "Broken.")
    monkeypatch.setitem(metrics._readings, "pendopo_broken", metrics._Reading(metric, broken))
    text = metrics.exposition(with_readings=True).decode()
    assert "pendopo_broken" not in text
    assert "pendopo_outbox_waiting" in text


def test_only_metrics_are_answered_on_their_port_and_only_on_loopback() -> None:
    server = metrics._Server((metrics.LOOPBACK, 0), metrics._handler(with_readings=False))
    server.server_close()
    port = server.server_port
    running = metrics.serve(port)
    assert running is not None
    try:
        assert running.server_address == ("127.0.0.1", port)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            assert answer.headers["Content-Type"].startswith("text/plain")
            assert b"# TYPE pendopo_http_requests_total counter" in answer.read()
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5)
    finally:
        running.shutdown()
        running.server_close()


def test_without_a_port_nothing_listens() -> None:
    assert metrics.serve(0) is None


def test_the_public_pages_have_no_metrics(client: Client) -> None:
    assert client.get("/metrics").status_code == 404


def test_processes_that_share_a_folder_answer_for_each_other(tmp_path: Path) -> None:
    """The library decides at its import, so each count is made by a process of its own."""
    script = (
        "import django; django.setup()\n"
        "from pendopo.foundation import metrics, observing\n"
        "observing.REQUESTS.labels('one', '200').inc()\n"
        "print(metrics.exposition().decode())\n"
    )
    environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    for expected in ("1.0", "2.0"):
        told = subprocess.run(
            [sys.executable, "-c", script], check=True, capture_output=True, text=True, env=environment
        )
        assert f'pendopo_http_requests_total{{route="one",status="200"}} {expected}' in told.stdout
