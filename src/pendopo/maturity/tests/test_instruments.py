"""Instrument files: the shipped ones hold, and each planted fault has its sentence."""

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from pendopo.maturity import library
from pendopo.maturity.errors import NoSuchInstrument, UnusableInstrument, WrongKind
from pendopo.maturity.instruments import Mark

FILES = sorted(library.folder().glob("*.yaml"))
SPBE = library.instrument("spbe-2020")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_shipped_file_fits(path: Path) -> None:
    library.check(path)


def test_the_instruments_have_the_indicators_that_the_field_knows() -> None:
    counted = {one.id: len(one.indicators) for one in library.instruments()}
    assert counted == {"spbe-2018": 35, "spbe-2020": 47, "pemdi-2026": 20}


def test_only_what_was_read_in_the_law_is_shown_as_verified() -> None:
    assert {one.id: one.verified for one in library.instruments()} == {
        "spbe-2018": False,
        "spbe-2020": True,
        "pemdi-2026": False,
    }
    assert {one.named for one in library.instrument("spbe-2018").indicators} == {Mark.UNVERIFIED}
    assert {one.named for one in library.instrument("pemdi-2026").indicators} == {Mark.THIRD_PARTY}


def test_weights_of_spbe_2020_are_those_of_the_regulation() -> None:
    weights = {one.number: one.weight for one in SPBE.indicators}
    ranges = {(1, 10): "1.30", (11, 20): "2.50", (21, 31): "1.50", (32, 41): "2.75", (42, 47): "3.00"}
    for (first, last), weight in ranges.items():
        assert {weights[str(number)] for number in range(first, last + 1)} == {Decimal(weight)}
    assert {one.key: str(one.weight) for one in SPBE.domains} == {
        "D1": "13",
        "D2": "25",
        "D3": "33/2",
        "D4": "91/2",
    }


@pytest.mark.parametrize("name", ["spbe-2020", "pemdi-2026"])
def test_every_level_of_every_indicator_says_what_it_means_in_both_languages(name: str) -> None:
    for one in library.instrument(name).indicators:
        assert list(one.criteria) == [1, 2, 3, 4, 5], one.number
        for words in one.criteria.values():
            assert words.id.strip().endswith("."), one.number
            assert words.en.strip().endswith("."), one.number
            assert words.id != words.en


@pytest.mark.parametrize("name", ["spbe-2020", "pemdi-2026"])
def test_no_two_levels_of_an_indicator_say_the_same(name: str) -> None:
    for one in library.instrument(name).indicators:
        assert len({words.id for words in one.criteria.values()}) == 5
        assert len({words.en for words in one.criteria.values()}) == 5


def test_sector_services_carry_the_evidence_rules_of_the_guide() -> None:
    for number in ("45", "46", "47"):
        one = SPBE.indicator(number)
        assert one is not None
        assert "MPP Digital" in one.criteria[4].id
        assert "80 %" in one.criteria[5].id
        assert "dua tahun" in one.criteria[5].id


def test_pemdi_says_what_each_indicator_can_take_over_from_spbe_2020() -> None:
    pemdi = library.instrument("pemdi-2026")
    assert pemdi.carried_from == "spbe-2020"
    assert [one.number for one in pemdi.carries] == [one.number for one in pemdi.indicators]
    (marked,) = (entry for entry in pemdi.provenance if entry.part == "carry")
    assert marked.mark is Mark.OWN


@pytest.mark.parametrize(
    ("number", "score", "level"),
    [
        ("I5", "12.5", 1),
        ("I5", "12.51", 2),
        ("I5", "62.5", 3),
        ("I5", "75", 4),
        ("I5", "100", 5),
        ("I5", "100.1", None),
        ("I6", "1.5", 1),
        ("I6", "4.01", 5),
        ("I7", "1.79", 1),
        ("I7", "1.8", 2),
        ("I7", "4.2", 5),
        ("I7", "5", 5),
        ("I18", "3", None),
    ],
)
def test_external_scores_become_levels_by_the_draft_tables(
    number: str, score: str, level: int | None
) -> None:
    one = library.instrument("pemdi-2026").indicator(number)
    assert one is not None
    assert one.external is not None
    assert one.external.level(Decimal(score)) == level


def test_an_unknown_instrument_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(NoSuchInstrument) as caught:
        library.instrument("../spbe-2020")
    assert caught.value.params["known"] == "pemdi-2026, spbe-2018, spbe-2020"


@pytest.mark.parametrize("name", ["egdi", "skm-2017"])
def test_what_is_not_computed_from_levels_says_so(name: str) -> None:
    with pytest.raises(WrongKind):
        library.instrument(name)


def _planted(source: str, change: Callable[[str], str], folder: Path) -> tuple[str, ...]:
    text = (library.folder() / f"{source}.yaml").read_text(encoding="utf-8")
    changed = change(text)
    assert changed != text
    (folder / f"{source}.yaml").write_text(changed, encoding="utf-8")
    with pytest.raises(UnusableInstrument) as caught:
        library.check(folder / f"{source}.yaml")
    return caught.value.defects


def _swap(old: str, new: str, count: int = 1) -> Callable[[str], str]:
    return lambda text: text.replace(old, new, count)


@pytest.mark.parametrize(
    ("source", "change", "said"),
    [
        (
            "spbe-2020",
            _swap("weight: 1.30", "weight: 1.20"),
            "aspects.A1: the weights of its indicators sum to",
        ),
        (
            "spbe-2020",
            _swap("weight: 25.00", "weight: 24.00"),
            "domains: their weights sum to 99.00, not to 100",
        ),
        (
            "spbe-2020",
            _swap("weight: 25.00", "weight: 24.00"),
            "domains.D2: the weights of its aspects sum to",
        ),
        (
            "spbe-2020",
            _swap("            weight: 1.30\n", ""),
            "indicators 1 have no weight, the others have",
        ),
        ("spbe-2020", _swap("- number: 12\n", "- number: 13\n"), "indicators: 13 more than once"),
        (
            "spbe-2020",
            _swap("- number: 12\n", "- number: 13\n"),
            "indicators: 12 missing; count says there are 47",
        ),
        ("spbe-2020", _swap("count: 47", "count: 46"), "indicators: 47 beyond the 46"),
        ("spbe-2020", _swap("low: 2.6, below: 3.5", "low: 2.6, below: 3.4"), "would have no predicate"),
        ("spbe-2020", _swap("low: 2.6, below: 3.5", "low: 2.6, below: 3.6"), "would have two predicates"),
        (
            "spbe-2020",
            _swap("low: 1.0, below", "low: 1.2, below"),
            "bands.kurang: begins at 1.2, but an index",
        ),
        (
            "spbe-2020",
            _swap("low: 2.6, below", "low: 1.7, below"),
            "bands.baik: begins at 1.7, not above cukup",
        ),
        ("spbe-2020", _swap("memuaskan, low: 4.2", "memuaskan, low: 6"), "above the highest level, 5"),
        ("spbe-2020", _swap("key: A4\n", "key: A3\n"), "aspects: A3 more than once"),
        (
            "spbe-2020",
            _swap("              5: {id: ", "              6: {id: "),
            "indicators.1.criteria: level 5 missing",
        ),
        (
            "spbe-2020",
            _swap("capability: process", "capability: magic"),
            "indicators.1.capability: there is no",
        ),
        ("spbe-2020", _swap("to: {2: 1, 3", "to: {3"), "effort.to: level 2 missing"),
        ("spbe-2020", _swap("step: 1}", "step: 3}"), "scale.step: steps of 3 from 1 never reach 5"),
        (
            "spbe-2020",
            _swap("low: 1, high: 5", "low: 5, high: 5"),
            "scale: low is 5, which is not below high",
        ),
        ("spbe-2020", _swap("valid_to: 2026", "valid_to: 2020"), "is before valid_from"),
        (
            "spbe-2020",
            _swap("  bands:\n    mark", "  stripes:\n    mark"),
            "provenance: nothing said of bands",
        ),
        ("spbe-2020", _swap("id: spbe-2020", "id: spbe-2021"), "id: is “spbe-2021”, but the file is called"),
        ("spbe-2020", _swap("places: 2\n", "places: 2\nplaces: 2\n"), "the key “places” stands twice"),
        ("spbe-2020", _swap("places: 2\n", "places: two\n"), "places: Input should be a valid integer"),
        ("spbe-2020", _swap("places: 2\n", "placs: 2\n"), "placs: Extra inputs are not permitted"),
        (
            "spbe-2020",
            _swap("weight: 1.30", "weight: -1.30"),
            "domains.D1.aspects.A1.indicators.1.weight: Input",
        ),
        ("spbe-2020", _swap("kind: levels", "kind: stars"), "kind: must be one of levels, egdi, survey"),
        ("spbe-2020", _swap("domains:\n", "domains: [\n"), "not YAML"),
        ("pemdi-2026", _swap("missing: 1\n", "missing: 0\n"), "missing: 0 lies outside the scale, 1 to 5"),
        (
            "pemdi-2026",
            _swap("up_to: 37.5", "up_to: 12.5"),
            "indicators.I5.external.steps: level 2 does not rise",
        ),
        ("pemdi-2026", _swap("{number: I1,", "{number: I21,"), "carried_from.map: there is no indicator I21"),
        ("egdi", _swap("osi: 0.34", "osi: 0.35"), "weights of osi, tii, hci must sum to 1"),
        ("egdi", _swap("low: 0.25, below: 0.50", "low: 0.25, below: 0.49"), "they must meet"),
        ("skm-2017", _swap("weight: ninth", "weight: tenth"), "there is no “tenth” among the weights"),
        ("skm-2017", _swap("ninth: 1/9", "ninth: 1/0"), "must be a number or a fraction such as 1/9"),
        ("skm-2017", _swap("key: U2", "key: U1"), "elements: a key stands twice"),
    ],
)
def test_a_planted_fault_has_its_sentence(
    source: str, change: Callable[[str], str], said: str, tmp_path: Path
) -> None:
    assert any(said in defect for defect in _planted(source, change, tmp_path))


def test_a_carry_over_from_an_indicator_that_never_was_is_found(tmp_path: Path) -> None:
    spbe = (library.folder() / "spbe-2020.yaml").read_text(encoding="utf-8")
    (tmp_path / "spbe-2020.yaml").write_text(spbe, encoding="utf-8")
    said = _planted("pemdi-2026", _swap("sources: [25]", "sources: [48]"), tmp_path)
    assert said == ("carried_from.map.I3: spbe-2020 has no indicator 48",)


def test_every_defect_is_told_at_once(tmp_path: Path) -> None:
    text = (library.folder() / "spbe-2020.yaml").read_text(encoding="utf-8")
    text = text.replace("count: 47", "count: 46").replace("below: 3.5", "below: 3.4")
    (tmp_path / "spbe-2020.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(UnusableInstrument) as caught:
        library.load(tmp_path / "spbe-2020.yaml")
    assert len(caught.value.defects) == 2


def test_a_changed_file_is_read_again_and_has_another_digest(tmp_path: Path) -> None:
    path = tmp_path / "spbe-2020.yaml"
    text = (library.folder() / "spbe-2020.yaml").read_text(encoding="utf-8")
    path.write_text(text + "# a remark\n", encoding="utf-8")
    same = library.load(path)
    assert same.digest == SPBE.digest
    path.write_text(text.replace("Poor", "Weak"), encoding="utf-8")
    changed = library.load(path)
    assert re.fullmatch(r"[0-9a-f]{64}", changed.digest)
    assert changed.digest != same.digest
