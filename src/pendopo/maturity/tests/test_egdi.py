"""EGDI: the whole table of 2022, older editions, components from raw figures, and what if."""

import math
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pendopo.maturity import egdi, library, tables
from pendopo.maturity.cli_surveys import TABLE
from pendopo.maturity.egdi import Country
from pendopo.maturity.errors import (
    CellNotANumber,
    ComponentOutOfRange,
    GivenTwice,
    NoSuchColumn,
    NoSuchCountry,
    NoSuchEdition,
    NotAllCountries,
    NotReadable,
    RawMissing,
    SameEverywhere,
)

METHOD = library.method()
EDITION = METHOD.edition(2022)
WORLD = tables.countries(TABLE.read_text(encoding="utf-8"))
RANKED = egdi.ranked(METHOD, EDITION, WORLD)


def _country(osi: str, tii: str, hci: str) -> Country:
    return Country("Negeri Contoh", Decimal(osi), Decimal(tii), Decimal(hci))


def test_all_193_countries_come_out_as_published_within_the_rounding_of_what_was_published() -> None:
    assert len(WORLD) == 193
    # Three components and the result are printed to four places: half a unit each, a third of three and one.
    most = Fraction(5, 100_000) + Fraction(5, 100_000)
    for one in RANKED:
        assert one.country.published is not None
        assert abs(one.exact - Fraction(one.country.published)) <= most, one.country.name


def test_every_published_rank_comes_out() -> None:
    assert [one.country.name for one in RANKED if one.rank != one.country.rank] == []


@pytest.mark.parametrize(
    ("name", "rank", "value", "band"),
    [
        ("Denmark", 1, "0.9717", "very-high"),
        ("Estonia", 8, "0.9393", "very-high"),
        ("Singapore", 12, "0.9133", "very-high"),
        ("Indonesia", 77, "0.7160", "high"),
    ],
)
def test_known_countries_stand_where_they_stood(name: str, rank: int, value: str, band: str) -> None:
    (one,) = (one for one in RANKED if one.country.name == name)
    assert (one.rank, f"{one.value:f}", one.band.key) == (rank, value, band)


def test_2010_weighed_by_34_33_33() -> None:
    assert egdi.value(METHOD.edition(2010), _country("1", "0", "0")) == Fraction("0.34")
    assert egdi.value(METHOD.edition(2010), _country("0", "1", "0")) == Fraction("0.33")
    assert egdi.value(METHOD.edition(2010), _country("0", "0", "1")) == Fraction("0.33")


def test_2012_gave_nothing_to_a_country_that_is_not_online() -> None:
    offline = _country("0", "0.3", "0.6")
    assert egdi.value(METHOD.edition(2012), offline) == 0
    assert egdi.value(METHOD.edition(2014), offline) == Fraction("0.3")


@pytest.mark.parametrize("edition", METHOD.editions, ids=lambda one: str(one.year))
def test_every_edition_stays_between_zero_and_one(edition: egdi.Edition) -> None:
    assert egdi.value(edition, _country("1", "1", "1")) == 1
    assert egdi.value(edition, _country("0", "0", "0")) == 0


@pytest.mark.parametrize(
    ("value", "band"), [("0.2499", "low"), ("0.25", "middle"), ("0.5", "high"), ("0.75", "very-high")]
)
def test_bands_begin_where_they_say(value: str, band: str) -> None:
    assert METHOD.band(Fraction(value)).key == band


def test_what_if_moves_one_country_past_those_between() -> None:
    found = egdi.what_if(METHOD, EDITION, WORLD, "indonesia", {"osi": Decimal("0.85")})
    assert (found.before.rank, found.after.rank, found.of) == (77, 63, 193)
    assert f"{found.after.value:f}" == "0.7445"
    assert len(found.passed) == 77 - 63
    assert found.passed_by == ()


def test_what_if_nothing_changes_nothing_does() -> None:
    found = egdi.what_if(METHOD, EDITION, WORLD, "Indonesia", {})
    assert found.before == found.after
    assert (found.passed, found.passed_by) == ((), ())


@given(
    st.sampled_from(WORLD),
    st.sampled_from(egdi.COMPONENTS),
    st.decimals(0, 1, places=4),
)
@settings(max_examples=30)
def test_a_country_rises_with_its_component_and_never_falls(
    country: Country, name: str, figure: Decimal
) -> None:
    found = egdi.what_if(METHOD, EDITION, WORLD, country.name, {name: figure})
    higher = figure >= country.component(name)
    assert (found.after.exact >= found.before.exact) is higher
    assert found.after.rank <= found.before.rank if higher else found.after.rank >= found.before.rank
    assert not (found.passed and found.passed_by)


def _raw(seed: int) -> dict[str, dict[str, Decimal]]:
    """Spread figures of two indicators over all countries: one by multiples, one by squares."""
    return {
        f"Country {place}": {
            "users": Decimal((place * 37 + seed) % 101),
            "lines": Decimal((place * place + 3 * seed) % 977) / 10,
        }
        for place in range(193)
    }


def test_a_component_is_the_stretched_mean_of_z_scores() -> None:
    raw = _raw(5)
    found = egdi.component(METHOD, raw)
    scores = {}
    for country in raw:
        z = []
        for name in ("users", "lines"):
            figures = [float(one[name]) for one in raw.values()]
            mean = math.fsum(figures) / len(figures)
            # The other convention, n - 1: stretching takes the difference out.
            spread = math.sqrt(math.fsum((one - mean) ** 2 for one in figures) / (len(figures) - 1))
            z.append((float(raw[country][name]) - mean) / spread)
        scores[country] = sum(z) / 2
    low, high = min(scores.values()), max(scores.values())
    for country, figure in found.items():
        assert float(figure) == pytest.approx((scores[country] - low) / (high - low), abs=1e-12)


def _world_of_raw(seed: int) -> tuple[list[Country], dict[str, dict[str, Decimal]]]:
    raw = _raw(seed)
    named = dict(zip((one.name for one in WORLD), raw.values(), strict=True))
    return list(WORLD), named


def test_a_raw_figure_moves_every_country_and_the_what_if_says_who_is_passed() -> None:
    countries, raw = _world_of_raw(3)
    found = egdi.what_if_raw(
        METHOD,
        EDITION,
        countries,
        name="indonesia",
        stretched="tii",
        raw=raw,
        changes={"users": Decimal(400)},
    )
    assert found.after.country.tii > found.before.country.tii
    # By hand: the component anew for all, then the whole table anew.
    changed = egdi.component(METHOD, raw | {"Indonesia": raw["Indonesia"] | {"users": Decimal(400)}})
    world = [Country(one.name, one.osi, changed[one.name], one.hci) for one in countries]
    (after,) = (one for one in egdi.ranked(METHOD, EDITION, world) if one.country.name == "Indonesia")
    assert (after.rank, after.exact) == (found.after.rank, found.after.exact)
    # 400 is far out: everybody else's figure shrinks with it.
    others = egdi.component(METHOD, raw)
    assert all(changed[name] <= others[name] for name in ("Denmark", "Singapore"))
    assert found.passed
    assert found.before.rank > found.after.rank


def test_a_raw_what_if_needs_every_country_and_a_known_indicator() -> None:
    countries, raw = _world_of_raw(3)
    with pytest.raises(RawMissing):
        egdi.what_if_raw(
            METHOD,
            EDITION,
            countries,
            name="Indonesia",
            stretched="tii",
            raw=raw,
            changes={"satellites": Decimal(1)},
        )
    del raw["Denmark"]
    with pytest.raises(RawMissing):
        egdi.what_if_raw(METHOD, EDITION, countries, name="Indonesia", stretched="tii", raw=raw, changes={})


@given(st.integers(0, 1000), st.integers(1, 50), st.integers(-50, 50))
@settings(max_examples=15)
def test_the_unit_of_a_raw_indicator_does_not_matter(seed: int, factor: int, shift: int) -> None:
    raw = _raw(seed)
    other = {
        country: figures | {"users": figures["users"] * factor + shift} for country, figures in raw.items()
    }
    first, second = egdi.component(METHOD, raw), egdi.component(METHOD, other)
    assert (min(first.values()), max(first.values())) == (Decimal(0), Decimal(1))
    for country, figure in first.items():
        assert abs(figure - second[country]) < Decimal("1e-40")


def test_one_country_less_is_not_the_full_set() -> None:
    raw = _raw(1)
    raw.popitem()
    with pytest.raises(NotAllCountries):
        egdi.component(METHOD, raw)


def test_a_hole_and_an_indicator_that_says_nothing_are_refused() -> None:
    raw = _raw(1)
    del raw["Country 7"]["lines"]
    with pytest.raises(RawMissing):
        egdi.component(METHOD, raw)
    with pytest.raises(SameEverywhere):
        egdi.component(METHOD, {country: {"users": Decimal(3)} for country in raw})


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(NoSuchEdition):
        METHOD.edition(2011)
    with pytest.raises(NoSuchCountry):
        egdi.what_if(METHOD, EDITION, WORLD, "Atlantis", {})
    with pytest.raises(ComponentOutOfRange):
        egdi.value(EDITION, _country("1.0001", "0", "0"))


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("country,osi,tii\nA,0,0\n", NoSuchColumn),
        ("country,osi,tii,hci\nA,0,0,many\n", CellNotANumber),
        ("country,osi,tii,hci\nA,0,0,\n", CellNotANumber),
        ("country,osi,tii,hci\nA,0,0,0\nA,1,1,1\n", GivenTwice),
        ('country,osi,tii,hci\n"A,0,0,0\n', NotReadable),
    ],
)
def test_a_table_that_cannot_be_taken_is_refused(text: str, refused: type[Exception]) -> None:
    with pytest.raises(refused):
        tables.countries(text)


def test_a_table_may_have_decimal_commas_and_other_columns() -> None:
    (one,) = tables.countries("Country;OSI;note;TII;HCI\nA;0,5;x;0,25;1\n")
    assert (one.osi, one.tii, one.hci) == (Decimal("0.5"), Decimal("0.25"), Decimal(1))


def test_raw_figures_are_read_with_every_column_as_an_indicator() -> None:
    assert tables.raw("country,users,lines\nA,1,2.5\n") == {
        "A": {"users": Decimal(1), "lines": Decimal("2.5")}
    }
    with pytest.raises(GivenTwice):
        tables.raw("country,users\nA,1\nA,2\n")
