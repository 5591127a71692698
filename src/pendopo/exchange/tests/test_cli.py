"""The verbs of the exchange, as an operator and the front door use them."""

import argparse
import json
from pathlib import Path

import pytest

from pendopo.exchange import cli
from pendopo.exchange.tests.conftest import HALL, Registry


def run(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    parser = argparse.ArgumentParser()
    cli.register(parser.add_subparsers())
    arguments = parser.parse_args(["exchange", *words])
    assert arguments.run(arguments) == 0
    return capsys.readouterr().out


def test_from_nothing_to_a_signed_registry(
    registry: Registry, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert json.loads(run(capsys, "load", "--json"))["members"] == 2
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    chain.write_bytes(registry.hall.files.certificate_pem)
    key.write_bytes(registry.hall.files.signing_key_pem)
    added = run(
        capsys,
        *("server", "add", f"{HALL}/GW1", "--address", "127.0.0.1:8301"),
        *("--certificate", str(chain), "--signing-key", str(key)),
    )
    assert "127.0.0.1:8301" in added
    written = json.loads(run(capsys, "snapshot", "--out", str(tmp_path / "registry"), "--json"))
    assert Path(written["snapshot"]).is_file()
    assert Path(written["anchor"]).read_text().startswith("ID-DEMO/registry+")


def test_status_tells_that_the_gateway_is_down(
    registry: Registry, capsys: pytest.CaptureFixture[str]
) -> None:
    told = json.loads(run(capsys, "status", "--json"))
    assert (told["gateway"], told["servers"], told["snapshot_version"]) == ("down", 2, None)
    assert "down" in run(capsys, "status")
