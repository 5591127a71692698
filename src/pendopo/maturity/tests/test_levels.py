"""Levels that somebody hands in: read in either form, and every fault has its sentence."""

import json
from decimal import Decimal

import pytest

from pendopo.foundation.problems import sentence
from pendopo.maturity import levels, library
from pendopo.maturity.errors import BadLevels
from pendopo.maturity.instruments import Instrument

SPBE = library.instrument("spbe-2020")
SPBE_2018 = library.instrument("spbe-2018")
PEMDI = library.instrument("pemdi-2026")
WHOLE = {str(number): 3 for number in range(1, 48)}


def _refused(instrument: Instrument, text: str, language: str = "en") -> list[str]:
    with pytest.raises(BadLevels) as caught:
        levels.read(instrument, text)
    return [sentence(one, language) for one in caught.value.problems]


def test_json_and_a_table_say_the_same() -> None:
    table = "nomor;tingkat\n" + "".join(f"{number};3\n" for number in WHOLE)
    assert levels.read(SPBE, json.dumps(WHOLE)) == levels.read(SPBE, table)


def test_a_table_may_carry_a_mark_decimal_commas_empty_rows_and_other_columns() -> None:
    rows = "".join(f"{one.number};x;2,75\r\n" for one in PEMDI.indicators)
    read = levels.read(PEMDI, "\ufeffIndikator;Nama;Nilai\r\n\r\n" + rows)
    assert set(read.values()) == {Decimal("2.75")}


def test_a_service_that_is_scored_three_times_is_given_as_a_list_or_as_rows() -> None:
    listed: dict[str, object] = {str(number): 1 for number in range(1, 35)} | {"35": [2, 3, 4]}
    rows = {str(number): 1 for number in range(1, 36)} | {"35": 2, "35-2": 3, "35-3": 4}
    read = levels.read(SPBE_2018, json.dumps(listed))
    assert read == levels.read(SPBE_2018, json.dumps(rows))
    assert read["35"] == (Decimal(2), Decimal(3), Decimal(4))


def test_an_external_index_may_be_missing_where_the_instrument_says_what_it_counts_as() -> None:
    given = {one.number: 3 for one in PEMDI.indicators if one.external is None}
    assert set(levels.read(PEMDI, json.dumps(given))) == set(given)
    assert set(levels.read(PEMDI, json.dumps(given | {"I5": None}))) == set(given)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"1": 3,\n "2": }', "This is no JSON that can be read: it stops making sense in line 2."),
        ("[1, 2]", "The file must be one JSON object"),
        ("[" * 100_000, "This is no JSON that can be read"),
        ("", "The table has no column “number”."),
        ("number,grade\n1,2\n", "The table has no column “level”."),
        ('number,level\n"1,2\n', "This is no CSV that can be read"),
        ('{"1": 3, "1": 4}', "“1” stands twice."),
        ("number,level\n1,3\n1,4\n", "“1” stands twice."),
        (json.dumps({"1": 3, "1-1": 3}), "“1-1” stands twice."),
        (json.dumps(WHOLE | {"48": 3}), "There is no indicator “48” in SPBE 2020; its numbers are 1-47."),
        (json.dumps(WHOLE | {"7": 6}), "The level of indicator 7 is 6, but levels go from 1 to 5."),
        (json.dumps(WHOLE | {"7": 0}), "The level of indicator 7 is 0, but levels go from 1 to 5."),
        (json.dumps(WHOLE | {"7": -1}), "The level of indicator 7 is -1, but levels go from 1 to 5."),
        (json.dumps(WHOLE | {"7": 3.5}), "is 3.5, but levels of SPBE 2020 go in steps of 1."),
        (json.dumps(WHOLE | {"7": "three"}), "The level of indicator 7 is no number."),
        (json.dumps(WHOLE | {"7": True}), "The level of indicator 7 is no number."),
        (json.dumps(WHOLE | {"7": {"level": 3}}), "The level of indicator 7 is no number."),
        (json.dumps(WHOLE | {"7": float("nan")}), "The level of indicator 7 is no number."),
        ('{"7": 1e400}', "The level of indicator 7 is no number."),
        (json.dumps(WHOLE | {"7": [3, 3]}), "Indicator 7 is scored once and has 2 levels."),
        (json.dumps(WHOLE | {"7": None}), "Indicator 7 has no level."),
        (json.dumps({"1": 3, "2": 3, "5": 3}), "44 indicators have no level: 3-4, 6-47."),
    ],
)
def test_what_cannot_be_taken_has_its_sentence(text: str, said: str) -> None:
    assert any(said in one for one in _refused(SPBE, text))


def test_everything_that_is_wrong_is_told_at_once_in_the_order_of_the_instrument() -> None:
    told = _refused(SPBE, json.dumps(WHOLE | {"99": 1, "5": "x", "2": 9, "47": None}))
    assert len(told) == 4
    assert [word in told[place] for place, word in enumerate(("“99”", "indicator 2", "indicator 5", "47"))]


def test_two_rows_of_three_are_too_few() -> None:
    listed: dict[str, object] = {str(number): 1 for number in range(1, 35)} | {"35": [2, 3]}
    told = _refused(SPBE_2018, json.dumps(listed))
    assert told == ["Indicator 35 is scored 3 times and has 2. Give 3 levels, also where they are the same."]


def test_the_sentences_are_there_in_indonesian_too() -> None:
    (told,) = _refused(SPBE, json.dumps(WHOLE | {"7": 6}), "id")
    assert told == "Tingkat indikator 7 adalah 6, padahal tingkat berkisar dari 1 sampai 5."
