"""Printed figures against each other: rows of the reports of 2023 and 2024, and planted mistakes."""

from decimal import Decimal
from fractions import Fraction

import pytest

from pendopo.maturity import library
from pendopo.maturity.fitting import attainable, fit
from pendopo.maturity.instruments import Instrument
from pendopo.maturity.published import AgencyKind, Flag, key_of, kind_of

REPORT_2024 = {
    "Kementerian Komunikasi dan Informatika": (
        ("5.00", "5.00", "3.45", "5.00"),
        "4.75",
        "memuaskan",
        "4.745",
    ),
    "Provinsi Jawa Barat": (("5.00", "4.90", "3.82", "4.88"), "4.73", "memuaskan", "4.725"),
    "Kabupaten Pacitan": (("4.70", "3.00", "2.09", "3.94"), "3.50", "baik", "3.4985"),
    "Kabupaten Asmat": (("1.00", "1.10", "1.00", "1.00"), "1.03", "kurang", "1.025"),
}


@pytest.fixture(scope="module")
def spbe() -> Instrument:
    return library.instrument("spbe-2020")


def _domains(values: tuple[str, ...]) -> dict[str, Decimal]:
    return {f"D{place}": Decimal(value) for place, value in enumerate(values, 1)}


@pytest.mark.parametrize("name", REPORT_2024)
def test_a_row_of_the_report_fits_and_tells_its_exact_index(spbe: Instrument, name: str) -> None:
    domains, index, predicate, exact = REPORT_2024[name]
    found = fit(spbe, _domains(domains), Decimal(index), predicate, 2024)
    assert found.flags == ()
    assert found.exact == Fraction(exact)
    assert found.predicates == {predicate}


def test_an_index_printed_as_3_50_is_very_good_only_where_the_exact_one_is(spbe: Instrument) -> None:
    domains, index, _, _ = REPORT_2024["Kabupaten Pacitan"]
    found = fit(spbe, _domains(domains), Decimal(index), "sangat-baik", 2024)
    assert found.flags == (Flag.PREDICATE,)


def test_in_2023_the_predicate_followed_the_rounded_index(spbe: Instrument) -> None:
    domains, index, _, _ = REPORT_2024["Kabupaten Pacitan"]
    assert fit(spbe, _domains(domains), Decimal(index), "sangat-baik", 2023).flags == ()


@pytest.mark.parametrize("index", ["3.51", "3.49", "4.75"])
def test_an_index_one_hundredth_off_is_flagged(spbe: Instrument, index: str) -> None:
    domains = _domains(REPORT_2024["Kabupaten Pacitan"][0])
    assert Flag.INDEX in fit(spbe, domains, Decimal(index), "", 2024).flags


def test_a_domain_that_no_levels_give_is_flagged(spbe: Instrument) -> None:
    found = fit(spbe, _domains(("4.75", "3.00", "2.09", "3.94")), Decimal("3.50"), "", 2024)
    assert Flag.DOMAIN in found.flags


def test_a_blank_domain_leaves_bounds_to_compare(spbe: Instrument) -> None:
    domains = _domains(REPORT_2024["Kabupaten Pacitan"][0])
    del domains["D3"]
    assert fit(spbe, domains, Decimal("3.50"), "", 2024).flags == ()
    assert fit(spbe, domains, Decimal("4.75"), "", 2024).flags == (Flag.INDEX,)


def test_a_blank_index_is_flagged_and_nothing_else(spbe: Instrument) -> None:
    domains = _domains(REPORT_2024["Kabupaten Pacitan"][0])
    assert fit(spbe, domains, None, "", 2024).flags == (Flag.MISSING,)


def test_policy_is_always_a_multiple_of_a_tenth(spbe: Instrument) -> None:
    first = spbe.domains[0]
    values = attainable(first, spbe.scale)
    assert values == tuple(Fraction(one, 10) for one in range(10, 51))


def test_where_levels_are_continuous_bounds_are_compared() -> None:
    pemdi = library.instrument("pemdi-2026")
    keys = [one.key for one in pemdi.domains]
    same = {key: Decimal("2.50") for key in keys}
    assert fit(pemdi, same, Decimal("2.50"), "baik", 2026).flags == ()
    assert fit(pemdi, same, Decimal("2.52"), "", 2026).flags == (Flag.INDEX,)


@pytest.mark.parametrize(
    "written", ["Kab. Pacitan", "KABUPATEN PACITAN", "Pemkab Pacitan", "Pemerintah Kab.  Pacitan"]
)
def test_a_name_is_the_same_however_it_is_written(written: str) -> None:
    assert key_of(written) == "kabupaten pacitan"
    assert kind_of(written) is AgencyKind.REGENCY


def test_a_central_body_is_known_by_its_first_word() -> None:
    assert kind_of("Kem. Keuangan") is AgencyKind.MINISTRY
    assert kind_of("Badan Pusat Statistik") is AgencyKind.AGENCY
    assert kind_of("Prov. Jawa Barat") is AgencyKind.PROVINCE
    assert kind_of("Kota Denpasar") is AgencyKind.CITY
