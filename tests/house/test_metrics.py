"""The page of metrics says what the code counts, and the queries on it ask for metrics that are there."""

import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver
from prometheus_client.metrics import MetricWrapperBase

from pendopo.foundation import metrics
from pendopo_gateway import metrics as gateway

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "metrics.md"
ASIDE = {"tests", "migrations", "testing"}
PARTS = ("_total", "_bucket", "_count", "_sum")
PERSONAL = {"nik", "name", "email", "address", "person", "subject", "user", "path", "url", "case", "number"}


def of_the_hall() -> list[metrics.Metric]:
    """All declared metrics; they are declared where they are counted, so every module is loaded."""
    for config in apps.get_app_configs():
        if config.name.startswith("pendopo."):
            for module in pkgutil.walk_packages([config.path], f"{config.name}."):
                if not ASIDE & set(module.name.split(".")):
                    importlib.import_module(module.name)
    importlib.import_module("pendopo.entrypoints.live.counts")
    return [metric for metric in metrics.catalogue() if "test" not in metric.name]


def of_the_gateway() -> list[metrics.Metric]:
    found = [value for value in vars(gateway).values() if isinstance(value, MetricWrapperBase)]
    return [
        metrics.Metric(
            metric._name + ("_total" if metric._type == "counter" else ""),
            metric._type,  # type: ignore[arg-type]  # the library's own words
            tuple(metric._labelnames),
            metric._documentation,
        )
        for metric in found
    ]


def row(metric: metrics.Metric) -> str:
    labels = ", ".join(f"`{label}`" for label in metric.labels) or "none"
    return f"| `{metric.name}` | {metric.kind} | {labels} | {metric.meaning} |"


def test_every_metric_is_described_in_the_codes_own_words_and_none_that_is_gone() -> None:
    told = re.findall(r"^\| `pendopo_.*$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(told) == sorted(map(row, [*of_the_hall(), *of_the_gateway()]))


def test_no_label_is_named_after_a_person_or_an_address() -> None:
    labels = {label for metric in (*of_the_hall(), *of_the_gateway()) for label in metric.labels}
    assert not labels & PERSONAL


def test_every_objective_asks_for_metrics_and_routes_that_exist() -> None:
    names = {metric.name for metric in (*of_the_hall(), *of_the_gateway())}
    queries = "\n".join(re.findall(r"```promql\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL))
    asked = set(re.findall(r"\bpendopo_[a-z_]+", queries))
    assert asked
    assert not {name for name in asked if name not in names and not _is_part(name, names)}
    routes = set(_routes(get_resolver().url_patterns))
    asked = {name for given in re.findall(r'route=~?"([^"]+)"', queries) for name in given.split("|")}
    assert asked <= routes


def _routes(patterns: Iterable[URLPattern | URLResolver], inside: tuple[str, ...] = ()) -> Iterator[str]:
    """Names of routes as a request's match tells them."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            deeper = (*inside, pattern.namespace) if pattern.namespace else inside
            yield from _routes(pattern.url_patterns, deeper)
        else:
            yield ":".join((*inside, pattern.name or ""))


def _is_part(name: str, names: set[str]) -> bool:
    return any(name.endswith(part) and name.removesuffix(part) in names for part in PARTS)
