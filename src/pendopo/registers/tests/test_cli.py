"""The verbs that the front door calls."""

import argparse
import json

import pytest

from pendopo.registers import cli
from pendopo.registers.synthetic.people import Cast


def run(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    parser = argparse.ArgumentParser()
    cli.register(parser.add_subparsers())
    arguments = parser.parse_args(["registers", *words])
    assert arguments.run(arguments) == 0
    return capsys.readouterr().out


def test_seeding_again_says_that_nothing_changed(register: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(run(capsys, "seed", "--people", "240", "--json"))["fresh"] is False
    assert "nothing was changed" in run(capsys, "seed")


def test_the_cast_is_printed_with_what_a_walk_needs(
    register: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    told = json.loads(run(capsys, "demo-cast", "--json"))
    assert set(told) == {
        "mothers",
        "single_mother",
        "mother_of_unknown_husband",
        "midwife",
        "officers",
        "leaders",
    }
    mother = told["mothers"][0]
    assert {"nik", "name", "birth_date", "email", "phone", "family_card", "husband_nik", "children"} < set(
        mother
    )
    assert told["officers"]["population_decider"]["nik"] in run(capsys, "demo-cast")


def test_regions_are_counted(register: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(run(capsys, "regions", "--json")) == {"regions": 91_599}
