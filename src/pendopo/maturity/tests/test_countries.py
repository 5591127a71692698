"""The UN's table: 193 countries from their components, one country with what-if, editions entered."""

import re
from pathlib import Path

import pytest
from django.test import Client

from pendopo.foundation.actor import SYSTEM
from pendopo.maturity import errors
from pendopo.maturity.actions import countries as actions
from pendopo.maturity.models import CountryScore
from pendopo.maturity.queries import countries as queries

pytestmark = pytest.mark.django_db

HTML = {"Accept": "text/html"}
BUNDLED = Path(queries.FILE).read_text(encoding="utf-8")


def words(address: str, status: int = 200) -> str:
    answer = Client(headers=HTML).get(address)
    assert answer.status_code == status, address
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_every_published_value_of_2022_comes_out_of_the_components() -> None:
    found = queries.table(2022)
    assert (len(found.standings), found.agreeing, found.printed) == (193, 193, 193)
    assert [one for one in found.standings if one.country.rank != one.rank] == []


def test_the_page_holds_all_countries_and_finds_one_by_name() -> None:
    seen = words("/maturity/egdi/")
    assert "Indonesia: peringkat 77 dari 193" in seen
    assert "Belum diverifikasi" in seen
    found = words("/maturity/egdi/?search=korea")
    assert "Republic of Korea" in found
    assert "Denmark" not in found


def test_a_name_that_is_nowhere_has_a_way_out() -> None:
    assert "Tidak ada negara dengan nama itu" in words("/maturity/egdi/?search=Atlantis")
    assert "Atlantis" in words("/maturity/egdi/country/?name=Atlantis", 404)


def test_what_if_moves_one_country_among_all_of_them() -> None:
    seen = words("/maturity/egdi/country/?name=Indonesia&osi=0,9")
    assert "EGDI 0,7160 menjadi 0,7612" in seen
    assert "Peringkat 77 menjadi 58 dari 193" in seen
    assert "Melewati 19 negara" in seen


def test_the_highest_components_make_any_country_the_first() -> None:
    assert "menjadi 1 dari 193" in words("/maturity/egdi/country/?name=Indonesia&osi=1&tii=1&hci=1")


@pytest.mark.parametrize("osi", ["satu", "1.2", "-0.1"])
def test_a_component_that_is_none_keeps_what_was_typed(osi: str) -> None:
    seen = words(f"/maturity/egdi/country/?name=Indonesia&osi={osi}", 422)
    assert "tulis angka antara 0 dan 1" in seen


@pytest.mark.parametrize("year", ["1999", "x", "99999"])
def test_an_edition_that_is_not_here_says_which_are(year: str) -> None:
    assert "2022" in words(f"/maturity/egdi/?year={year}", 404)


def test_an_entered_edition_gives_a_trend_and_entering_it_again_changes_nothing() -> None:
    older = BUNDLED.replace("Denmark,1,0.97170,0.97970", "Denmark,1,,0.90000")
    for _ in range(2):
        assert actions.enter(SYSTEM, older.encode(), year=2018, source="contoh") == 193
    assert CountryScore.objects.count() == 193
    seen = words("/maturity/egdi/country/?name=Denmark&year=2018")
    assert "Menurut edisi" in seen
    assert "0,9000" in seen
    assert queries.years() == (2022, 2018)


def test_a_part_of_the_world_is_refused_because_ranks_are_among_all() -> None:
    some = "\n".join(BUNDLED.splitlines()[:50])
    with pytest.raises(errors.NotAllCountries):
        actions.enter(SYSTEM, some.encode(), year=2018, source="contoh")
    assert not CountryScore.objects.exists()


def test_an_unknown_edition_is_refused() -> None:
    with pytest.raises(errors.NoSuchEdition):
        actions.enter(SYSTEM, BUNDLED.encode(), year=2019, source="contoh")


def test_open_data_tells_computed_and_published_values() -> None:
    told = Client().get("/maturity/egdi.csv?year=2022").content.decode()
    assert "Indonesia,2022,77,0.7160,0.76440,0.63970,0.74380,0.71600,high" in told
