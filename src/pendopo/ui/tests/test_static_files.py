"""Built assets: what is served, how, and what is not."""

import gzip
import json
import os
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from pendopo.ui.static_files import Asset, Shelf, StaticFilesMiddleware

CSS = b"body{color:#041225}" * 40


@pytest.fixture
def build(tmp_path: Path) -> Path:
    folder = tmp_path / "ui"
    folder.mkdir()
    (folder / "hall.abc123.css").write_bytes(CSS)
    (folder / "hall.abc123.css.gz").write_bytes(gzip.compress(CSS))
    (tmp_path / "secret.txt").write_text("not listed")
    (tmp_path / "manifest.json").write_text(json.dumps({"ui/hall.css": "ui/hall.abc123.css"}))
    return tmp_path


def _next(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("the page", headers={"X-Page": "1"})


@pytest.fixture
def serve(build: Path) -> StaticFilesMiddleware:
    middleware = StaticFilesMiddleware(_next)
    middleware.shelf = Shelf(build)
    return middleware


def test_a_hashed_name_may_be_kept_for_good(serve: StaticFilesMiddleware) -> None:
    answer = serve(RequestFactory().get("/static/ui/hall.abc123.css"))
    assert answer.status_code == 200
    assert answer.content == CSS
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_it_is_compressed_for_those_who_can_read_it(serve: StaticFilesMiddleware) -> None:
    answer = serve(
        RequestFactory().get("/static/ui/hall.abc123.css", headers={"Accept-Encoding": "br, gzip"})
    )
    assert answer["Content-Encoding"] == "gzip"
    assert answer["Vary"] == "Accept-Encoding"
    assert gzip.decompress(answer.content) == CSS
    assert int(answer["Content-Length"]) == len(answer.content)


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("", ""),
        ("identity", ""),
        ("gzip", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("gzip;q=0", ""),
        ("gzip;q=0.0", ""),
    ],
)
def test_a_refused_coding_is_not_used(header: str, coding: str) -> None:
    asset = Asset("text/css", b"plain", {"gzip": b"packed"})
    assert asset.best(header)[0] == coding


def test_the_best_coding_comes_first() -> None:
    asset = Asset("text/css", b"plain", {"br": b"best", "gzip": b"good"})
    assert asset.best("gzip, br;q=0.8") == ("br", b"best")


def test_head_tells_the_length_and_sends_nothing(serve: StaticFilesMiddleware) -> None:
    answer = serve(RequestFactory().head("/static/ui/hall.abc123.css"))
    assert answer.content == b""
    assert answer["Content-Length"] == str(len(CSS))


@pytest.mark.parametrize(
    "path",
    [
        "/static/secret.txt",
        "/static/../secret.txt",
        "/static/ui/hall.css",
        "/static/",
        "/static/manifest.json",
    ],
)
def test_only_listed_names_are_answered(serve: StaticFilesMiddleware, path: str) -> None:
    answer = serve(RequestFactory().get(path))
    assert answer.status_code == 404
    assert b"not listed" not in answer.content


def test_nothing_can_be_written(serve: StaticFilesMiddleware) -> None:
    assert serve(RequestFactory().post("/static/ui/hall.abc123.css")).status_code == 405


def test_pages_pass_by(serve: StaticFilesMiddleware) -> None:
    assert serve(RequestFactory().get("/services"))["X-Page"] == "1"


def test_a_rebuild_is_noticed(serve: StaticFilesMiddleware, build: Path) -> None:
    assert serve(RequestFactory().get("/static/ui/hall.abc123.css")).status_code == 200
    (build / "ui" / "hall.def456.css").write_bytes(b"new")
    manifest = build / "manifest.json"
    manifest.write_text(json.dumps({"ui/hall.css": "ui/hall.def456.css"}))
    os.utime(manifest, ns=(1, 1))
    assert serve(RequestFactory().get("/static/ui/hall.def456.css")).content == b"new"
    assert serve(RequestFactory().get("/static/ui/hall.abc123.css")).status_code == 404


def test_before_the_first_build_nothing_is_there(tmp_path: Path) -> None:
    assert Shelf(tmp_path).asset("ui/hall.css") is None
