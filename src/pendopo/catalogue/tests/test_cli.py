"""Verbs of the catalogue."""

import argparse
import json
import re
from pathlib import Path

import pytest

from pendopo.catalogue import cli
from pendopo.catalogue.tests.conftest import Edit


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    cli.register(parser.add_subparsers())
    arguments = parser.parse_args(["catalogue", *words])
    code: int = arguments.run(arguments)
    return code


def test_check_tells_every_proof(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", str(folder)) == 0
    told = capsys.readouterr().out
    assert "once_only" in told
    assert "not built" in told


def test_check_fails_with_the_place_of_the_fault(
    folder: Path, edit: Edit, capsys: pytest.CaptureFixture[str]
) -> None:
    edit("flow.yaml", "  - mother.family_card\n", "")
    assert run("check", str(folder), "--json") == 1
    report = json.loads(capsys.readouterr().out)[0]
    failed = {proof["name"]: proof["faults"] for proof in report["proofs"] if proof["verdict"] == "fail"}
    assert set(failed) == {"minimisation"}
    assert failed["minimisation"][0]["line"] > 0


def test_proofs_that_wait_for_another_are_told_as_waiting(
    folder: Path, edit: Edit, capsys: pytest.CaptureFixture[str]
) -> None:
    edit("data.yaml", "purpose: civil-registration.birth", "purpose: civil-registration.nothing")
    assert run("check", str(folder)) == 1
    assert re.search(r"… flow +pending", capsys.readouterr().out)


@pytest.mark.django_db
def test_publish_says_what_it_published(folder: Path, edit: Edit, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("publish", str(folder)) == 0
    assert re.search(r"dukcapil/akta-kelahiran \d+\.\d+\.\d+ ", capsys.readouterr().out)
    edit("text/en.yaml", "Free of charge.", "Free.")
    assert run("publish", str(folder)) == 1
    told = capsys.readouterr().err
    assert "not published" in told
    assert "raise `version` in service.yaml" in told


def test_publish_refuses_what_is_not_proved(
    folder: Path, edit: Edit, capsys: pytest.CaptureFixture[str]
) -> None:
    edit("flow.yaml", "  - mother.family_card\n", "")
    assert run("publish", str(folder)) == 1
    assert "mother.family_card" not in capsys.readouterr().err


def test_schema_is_written_for_editors(tmp_path: Path) -> None:
    assert run("schema", "--out", str(tmp_path)) == 0
    assert {path.name for path in tmp_path.glob("*.schema.json")} >= {
        "service.schema.json",
        "pages.schema.json",
    }
