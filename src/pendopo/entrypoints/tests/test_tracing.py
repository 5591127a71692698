"""Where spans go: nowhere, or to the collector whose packages have to be there."""

import sys

import pytest

from pendopo.entrypoints import bootstrap, tracing
from pendopo.foundation.settings import SettingsError, current

COLLECTOR = "http://127.0.0.1:9/v1/traces"


def test_a_collector_without_its_packages_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENDOPO_TRACE_URL", COLLECTOR)
    current.cache_clear()
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(SettingsError, match=r"locks/tracing\.txt"):
        tracing.start("web")


def test_without_a_collector_nothing_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    tracing.start("web")


def test_a_collector_brings_its_packages_into_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "tracing" not in bootstrap.groups_for(["serve"])
    monkeypatch.setenv("PENDOPO_TRACE_URL", COLLECTOR)
    assert "tracing" in bootstrap.groups_for(["serve"])
