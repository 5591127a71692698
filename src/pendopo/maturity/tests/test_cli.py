"""The command line: exact answers as JSON, sentences for bad input, and no hall needed."""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pendopo.maturity import cli, library

PACITAN = {
    **{str(number): 5 if number < 8 else 4 for number in range(1, 11)},
    **{str(number): 3 for number in range(11, 21)},
    **{str(number): 3 if number == 21 else 2 for number in range(21, 32)},
    **{str(number): 3 if number == 32 else 4 for number in range(32, 42)},
    **{str(number): 4 for number in range(42, 48)},
}
SURVEY = ",".join(f"U{number}" for number in range(1, 10)) + "\n" + "3,3,3,4,3,3,4,4,3\n" * 40


@pytest.fixture
def levels(tmp_path: Path) -> Path:
    path = tmp_path / "levels.json"
    path.write_text(json.dumps(PACITAN), encoding="utf-8")
    return path


def _run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    parser = argparse.ArgumentParser()
    cli.register(parser.add_subparsers())
    arguments = parser.parse_args(["maturity", *words])
    code = arguments.run(arguments)
    said = capsys.readouterr()
    return code, said.out, said.err


def _json(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    code, out, err = _run(capsys, *words, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


def test_the_index_as_json(levels: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = _json(capsys, "index", "--instrument", "spbe-2020", "--levels", str(levels), "--year", "2024")
    assert list(told) == ["index", "exact", "predicate", "domains", "aspects", "contributions"]
    assert (told["index"], told["exact"], told["predicate"]) == ("3.50", "3.4985", "Baik")
    assert told["domains"] == {"D1": "4.70", "D2": "3.00", "D3": "2.09", "D4": "3.94"}
    assert len(told["contributions"]) == 47
    assert told["contributions"][0] == {
        "number": "1",
        "level": "5",
        "weight": "1.30",
        "points": "0.0650",
        "share": "0.018579",
        "possible": "0.0650",
    }


def test_the_index_in_words(levels: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(capsys, "index", "--instrument", "spbe-2020", "--levels", str(levels))
    assert code == 0
    assert "3.50 (3.4985 unrounded)" in out
    assert "Predicate Baik, from the unrounded index" in out


def test_an_unverified_instrument_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "levels.csv"
    path.write_text("number;level\n" + "".join(f"I{n};3,5\n" for n in range(1, 21) if n != 5))
    code, out, _ = _run(capsys, "index", "--instrument", "pemdi-2026", "--levels", str(path))
    assert code == 0
    assert "Missing external indices counted as 1: I5" in out
    assert "Not all of this instrument was read in the law" in out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"1": 9}', "The level of indicator 1 is 9, but levels go from 1 to 5."),
        ('{"1": 3, "1": 3}', "“1” stands twice."),
        ("{", "This is no JSON that can be read"),
        ("1 3\n2 4\n", "The table has no column “number”."),
    ],
)
def test_bad_levels_are_told_on_standard_error(
    text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "levels.json"
    path.write_text(text, encoding="utf-8")
    code, out, err = _run(capsys, "index", "--instrument", "spbe-2020", "--levels", str(path), "--json")
    assert (code, out) == (1, "")
    assert err.startswith("pendopo: ")
    assert said in err


def test_what_is_no_text_says_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "levels.json"
    path.write_bytes(b'{"1":\n \xff}')
    code, _, err = _run(capsys, "index", "--instrument", "spbe-2020", "--levels", str(path))
    assert code == 1
    assert "This is no UTF-8 that can be read: it stops making sense in line 2." in err


def test_an_unknown_instrument_is_answered_with_those_that_there_are(
    levels: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = _run(capsys, "index", "--instrument", "spbe-2030", "--levels", str(levels))
    assert (code, err) == (
        1,
        "pendopo: There is no instrument “spbe-2030”. There are: pemdi-2026, spbe-2018, spbe-2020.\n",
    )


def test_instruments_are_listed_with_what_is_sure(capsys: pytest.CaptureFixture[str]) -> None:
    told = {one["id"]: one["verified"] for one in _json(capsys, "instruments")}
    assert told == {"spbe-2018": False, "spbe-2020": True, "pemdi-2026": False}
    code, out, _ = _run(capsys, "instruments", "pemdi-2026")
    assert code == 0
    assert "weights     third-party" in out


def test_check_proves_the_shipped_files_and_names_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = _run(capsys, "check")
    assert (code, out.count(": fits")) == (0, 5)
    text = (library.folder() / "spbe-2020.yaml").read_text(encoding="utf-8")
    bad = tmp_path / "spbe-2020.yaml"
    bad.write_text(text.replace("weight: 1.30", "weight: 1.31", 1), encoding="utf-8")
    code, _, err = _run(capsys, "check", str(bad))
    assert code == 1
    assert "aspects.A1: the weights of its indicators sum to 13.01, not to 13.00" in err


def test_advice_for_a_budget_an_aim_a_predicate_and_years(
    levels: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = ("advise", "--instrument", "spbe-2020", "--levels", str(levels), "--year", "2024")
    bought = _json(capsys, *base, "--budget", "12")
    assert (bought["before"], bought["effort"], bought["predicate"]) == ("3.4985", 12, "Sangat Baik")
    reached = _json(capsys, *base, "--predicate", "sangat-baik")
    assert (reached["index"], len(reached["raise"])) == ("3.51", 1)
    assert _json(capsys, *base, "--reach", "3,5") == reached
    years = _json(capsys, *base, "--years", "2027=5", "2028=7")
    assert list(years) == ["2027", "2028"]
    assert years["2028"]["after"] == bought["after"]
    aims = _json(capsys, *base, "--aims", "2027=3.5", "2028=3.55")
    whole = _json(capsys, *base, "--reach", "3.55")
    assert aims["2027"]["effort"] + aims["2028"]["effort"] == whole["effort"]
    assert aims["2028"]["after"] == whole["after"]
    changed = _json(capsys, *base, "--set", "1=1")
    assert changed["after"] == "3.4465"


def test_advice_with_efforts_of_ones_own(
    levels: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    efforts = tmp_path / "effort.json"
    efforts.write_text(json.dumps({"47": {"5": 1}}), encoding="utf-8")
    base = ("advise", "--instrument", "spbe-2020", "--levels", str(levels), "--effort", str(efforts))
    told = _json(capsys, *base, "--budget", "1")
    assert [one["number"] for one in told["raise"]] == ["47"]
    kept = _json(capsys, *base, "--budget", "1", "--keep", "47")
    capped = _json(capsys, *base, "--budget", "1", "--ceiling", "47=4")
    assert kept["raise"] == capped["raise"] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--budget", "-1"), "An effort of -1 cannot be"),
        (
            ("--reach", "6"),
            "An index of 6.00 cannot be reached: with all that may be raised it comes to 5.00.",
        ),
        (("--reach", "high"), "“high” is no number."),
        (("--predicate", "unggul"), "There is no predicate “unggul”."),
        (("--years", "2027"), "“2027” is no pair."),
        (("--budget", "3", "--keep", "48"), "There is no indicator “48”"),
        (("--set", "1=6"), "The level of indicator 1 is 6"),
        (("--years", "2027=2.5"), "“2.5” is no whole number."),
        (
            ("--budget", "3", "--ceiling", "12=9"),
            "The level of indicator 12 is 9, but levels go from 1 to 5.",
        ),
    ],
)
def test_advice_that_cannot_be_given_has_its_sentence(
    words: tuple[str, ...], said: str, levels: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = ("advise", "--instrument", "spbe-2020", "--levels", str(levels))
    code, out, err = _run(capsys, *base, *words)
    assert (code, out) == (1, "")
    assert said in err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"12": 5}', 'must be an object of level to effort, such as {"3": 5}.'),
        ('{"12": {"9": 5}}', "The level of indicator 12 is 9, but levels go from 2 to 5."),
        ('{"12": {"3": 0}}', "An effort of 0 cannot be"),
        ('{"12": {"3": 1.5}}', "“1.5” is no whole number."),
        ('{"48": {"3": 1}}', "There is no indicator “48”"),
        ("[]", 'The file must be one JSON object: indicator to level, such as {"1": 3, "2": 4}.'),
    ],
)
def test_efforts_that_cannot_be_have_their_sentence(
    text: str, said: str, levels: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    efforts = tmp_path / "effort.json"
    efforts.write_text(text, encoding="utf-8")
    base = ("advise", "--instrument", "spbe-2020", "--levels", str(levels), "--budget", "3")
    code, out, err = _run(capsys, *base, "--effort", str(efforts))
    assert (code, out) == (1, "")
    assert said in err


def test_one_row_of_a_service_that_is_scored_three_times_can_be_what_if(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "levels.json"
    listed: dict[str, object] = {str(number): 1 for number in range(1, 35)} | {"35": [1, 1, 1]}
    path.write_text(json.dumps(listed), encoding="utf-8")
    told = _json(capsys, "advise", "--instrument", "spbe-2018", "--levels", str(path), "--set", "35-2=4")
    assert (told["before"], told["after"]) == ("1.0000", "1.1000")
    assert [(one["number"], one["row"]) for one in told["raise"]] == [("35", 2)]


def test_egdi_of_a_country_a_value_and_the_world(capsys: pytest.CaptureFixture[str]) -> None:
    told = _json(capsys, "egdi", "--country", "Indonesia", "--osi", "0.85")
    assert (told["before"]["rank"], told["after"]["rank"], told["of"]) == (77, 63, 193)
    told = _json(capsys, "egdi", "--edition", "2010", "--osi", "1", "--tii", "0", "--hci", "0")
    assert (told["egdi"], told["exact"], told["band"]) == ("0.3400", "0.3400", "middle")
    assert len(_json(capsys, "egdi")) == 193


def test_egdi_from_raw_indicators(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = [one["country"] for one in _json(capsys, "egdi")]
    path = tmp_path / "raw.csv"
    rows = "".join(f"{name};{place % 97};{place * place % 89}\n" for place, name in enumerate(names))
    path.write_text("Country;users;lines\n" + rows, encoding="utf-8")
    found = _json(capsys, "egdi", "--raw", str(path))
    assert (len(found), min(found.values()), max(found.values())) == (193, "0.0000", "1.0000")
    base = ("egdi", "--raw", str(path), "--component", "tii", "--country", "Indonesia")
    told = _json(capsys, *base, "--set", "users=99")
    assert float(told["before"]["tii"]) == pytest.approx(float(found["Indonesia"]), abs=0.0001)
    assert told["after"]["rank"] < told["before"]["rank"]
    code, _, err = _run(capsys, *base, "--set", "masts=99")
    assert code == 1
    assert "Indonesia has no figure for “masts”." in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--edition", "2024"), "Only the table of 2022 comes with Pendopo."),
        (("--edition", "2011"), "There is no edition of 2011."),
        (("--osi", "1"), "missing: TII, HCI"),
        (("--osi", "1", "--tii", "2", "--hci", "1"), "TII is 2, but components go from 0 to 1."),
        (("--set", "users=3"), "--set goes only together with --raw, --component, --country."),
        (("--country", "Nusantara"), "The table has no country “Nusantara”."),
    ],
)
def test_an_egdi_that_cannot_be_computed_has_its_sentence(
    words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = _run(capsys, "egdi", *words)
    assert (code, out) == (1, "")
    assert said in err


def test_skm_of_a_survey(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "answers.csv"
    path.write_text(SURVEY, encoding="utf-8")
    told = _json(capsys, "skm", "--answers", str(path))
    assert (told["exact"], told["converted"], told["grade"]) == ("10/3", "83.33", "B")
    told = _json(capsys, "skm", "--answers", str(path), "--weight", "two-places", "--users", "41")
    assert (told["converted"], told["needed"]) == ("82.50", 37)
    code, _, err = _run(capsys, "skm", "--answers", str(path), "--users", "400")
    assert code == 1
    assert "There are 40 complete answers and 196 are needed" in err


def _from_nothing(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run the front door's own process where nothing was ever set up."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.run(
        [sys.executable, "-m", "pendopo.entrypoints.cli", "maturity", *words],
        check=False,
        capture_output=True,
        text=True,
        env=environment | {"PENDOPO_HOME": str(folder / "nothing")},
    )


def test_nothing_need_be_set_up_to_compute(levels: Path, tmp_path: Path) -> None:
    words = ("index", "--json", "--instrument", "spbe-2020", "--levels")
    told = _from_nothing(tmp_path, *words, str(levels))
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout)["exact"] == "3.4985"
    missing = _from_nothing(tmp_path, *words, "/nowhere/levels.json")
    assert missing.returncode == 2
    assert missing.stderr == "pendopo: /nowhere/levels.json: No such file or directory\n"
    assert not (tmp_path / "nothing").exists()
