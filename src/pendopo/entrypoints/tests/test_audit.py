"""The dependency audit: findings by OSV's rules, and never a silent pass."""

import json
import zipfile
from pathlib import Path

import httpx
import pytest

from pendopo.entrypoints import advisories, auditing, cli
from pendopo.entrypoints.locks import Pinned

DJANGO = Pinned("pypi", "django", "6.1.3", ("runtime",))
AXE = Pinned("npm", "axe-core", "4.14.1", ("npm-dev",))


def record(
    name: str, events: list[dict[str, str]], *, ecosystem: str = "PyPI", **more: object
) -> dict[str, object]:
    package = {"ecosystem": ecosystem, "name": name}
    ranges = [{"type": "ECOSYSTEM", "events": events}]
    return {
        "id": "TEST-1",
        "summary": "planted",
        "affected": [{"package": package, "ranges": ranges}],
        **more,
    }


def shelf(tmp_path: Path, *records: dict[str, object]) -> advisories.Shelf:
    file = tmp_path / "osv.json"
    file.write_text(json.dumps(list(records)))
    return advisories.read([file])


@pytest.mark.parametrize(
    ("events", "hit"),
    [
        ([{"introduced": "0"}], True),
        ([{"introduced": "0"}, {"fixed": "6.1.3"}], False),
        ([{"introduced": "0"}, {"fixed": "6.1.4"}], True),
        ([{"introduced": "6.1.4"}], False),
        ([{"introduced": "6.1"}, {"last_affected": "6.1.3"}], True),
        ([{"introduced": "6.1"}, {"last_affected": "6.1.2"}], False),
        ([{"introduced": "0"}, {"fixed": "5.2"}, {"introduced": "6.0"}, {"fixed": "6.1.10"}], True),
        ([{"introduced": "0"}, {"fixed": "not a version"}], True),
    ],
)
def test_a_version_falls_under_a_range_by_osvs_rules(
    tmp_path: Path, events: list[dict[str, str]], hit: bool
) -> None:
    found = advisories.about(DJANGO, shelf(tmp_path, record("Django", events)))
    assert [one.advisory for one in found] == (["TEST-1"] if hit else [])


def test_a_version_listed_by_name_is_found(tmp_path: Path) -> None:
    listed = {"package": {"ecosystem": "PyPI", "name": "django"}, "versions": ["6.1.3"]}
    assert advisories.about(DJANGO, shelf(tmp_path, {"id": "X", "affected": [listed]}))


def test_a_withdrawn_record_and_another_package_say_nothing(tmp_path: Path) -> None:
    everything = [{"introduced": "0"}]
    held = shelf(
        tmp_path, record("django", everything, withdrawn="2026-01-01T00:00:00Z"), record("djang0", everything)
    )
    assert advisories.about(DJANGO, held) == []


def test_records_come_from_a_zip_too(tmp_path: Path) -> None:
    file = tmp_path / "all.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("TEST-1.json", json.dumps(record("django", [{"introduced": "0"}])))
    assert advisories.about(DJANGO, advisories.read([file]))


@pytest.mark.parametrize("text", ["", "{}", "[]", "[1]", '{"id": 3}'])
def test_a_file_without_records_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "osv.json"
    file.write_text(text)
    with pytest.raises(advisories.AdvisoriesUnreadableError):
        advisories.read([file])


def test_an_ecosystem_that_no_record_speaks_of_was_not_audited(tmp_path: Path) -> None:
    file = tmp_path / "osv.json"
    file.write_text(json.dumps(record("requests", [{"introduced": "0"}])))
    found = auditing.by_files([DJANGO, AXE], [file])
    assert (found.audited, list(found.silent), found.code) == (1, [AXE.purl], 2)
    assert auditing.by_files([DJANGO], [file]).code == 0


def test_a_finding_ends_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "osv.json"
    file.write_text(json.dumps(record("django", [{"introduced": "0"}])))
    assert cli.main(["audit", "--advisories", str(file)]) == 1
    told = capsys.readouterr().out
    assert "TEST-1" in told
    assert "were NOT audited" in told


@pytest.mark.parametrize("base", ["", "http://127.0.0.1:9"])
def test_an_index_that_does_not_answer_is_no_pass(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditing, "pypi_base", lambda: base)
    monkeypatch.setattr(auditing, "npm_base", lambda: base)
    found = auditing.by_indexes([DJANGO, AXE], lambda _done, _total: None)
    assert (found.audited, found.code, set(found.silent)) == (0, 2, {DJANGO.purl, AXE.purl})


def test_an_index_that_answers_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both APIs as their publishers document them."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/pypi/django/6.1.3/json":
            return httpx.Response(200, json={"vulnerabilities": [{"id": "PYSEC-1", "fixed_in": ["6.1.4"]}]})
        assert json.loads(request.content) == {"axe-core": ["4.14.1"]}
        return httpx.Response(200, json={"axe-core": [{"id": 7, "title": "planted"}]})

    client = httpx.Client(transport=httpx.MockTransport(answer))
    monkeypatch.setattr(auditing, "_client", lambda: client)
    monkeypatch.setattr(auditing, "pypi_base", lambda: "http://index.invalid/pypi")
    monkeypatch.setattr(auditing, "npm_base", lambda: "http://index.invalid")
    found = auditing.by_indexes([DJANGO, AXE], lambda _done, _total: None)
    assert (found.audited, found.silent, found.code) == (2, {}, 1)
    assert [one.advisory for one in found.findings] == ["PYSEC-1", "7"]
