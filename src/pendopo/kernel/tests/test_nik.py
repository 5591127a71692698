"""NIK: the vectors of the published formats, the century rule, and what must not leak."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pendopo.kernel.nik import PROVINCES, InvalidNik, Nik, NikFault, compose
from pendopo.kernel.sex import Sex

TODAY = dt.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "born", "sex"),
    [
        ("3171011708450001", dt.date(1945, 8, 17), Sex.MALE),
        ("3171015708450001", dt.date(1945, 8, 17), Sex.FEMALE),
        ("3171012902001234", dt.date(2000, 2, 29), Sex.MALE),
        ("3171 0117 0845 0001", dt.date(1945, 8, 17), Sex.MALE),
        ("5471011708450001", dt.date(1945, 8, 17), Sex.MALE),
        ("3171012211260001", dt.date(2026, 11, 22), Sex.MALE),
        ("3171012311260001", dt.date(1926, 11, 23), Sex.MALE),
    ],
)
def test_valid_numbers(text: str, born: dt.date, sex: Sex) -> None:
    nik = Nik.parse(text)
    assert (nik.birth_date(TODAY), nik.sex) == (born, sex)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("31710117084500", NikFault.LENGTH),
        ("31710117084500012", NikFault.LENGTH),
        ("", NikFault.DIGITS),
        ("317101170845000A", NikFault.DIGITS),
        ("٣١٧١٠١١٧٠٨٤٥٠٠٠١", NikFault.DIGITS),
        ("9971011708450001", NikFault.PROVINCE),
        ("2071011708450001", NikFault.PROVINCE),
        ("3100011708450001", NikFault.REGION),
        ("3171001708450001", NikFault.REGION),
        ("3171013002001234", NikFault.DATE),
        ("3171017202001234", NikFault.DATE),
        ("3171014001001234", NikFault.DATE),
        ("3171010001001234", NikFault.DATE),
        ("3171011713451234", NikFault.DATE),
        ("3171011708450000", NikFault.SERIAL),
    ],
)
def test_numbers_that_are_no_nik_say_why_and_stay_out_of_the_message(text: str, reason: NikFault) -> None:
    with pytest.raises(InvalidNik) as caught:
        Nik.parse(text)
    assert caught.value.reason is reason
    assert caught.value.status == 422
    assert not text or text not in str(caught.value)
    assert dict(caught.value.params) == {"reason": reason.value}


def test_the_century_follows_the_age_that_is_asked_for() -> None:
    nik = Nik.parse("3171010101200001")
    assert nik.birth_date(TODAY) == dt.date(2020, 1, 1)
    assert nik.birth_date(TODAY, at_least=17) == dt.date(1920, 1, 1)


def test_a_number_from_the_future_alone_is_refused_when_dated() -> None:
    nik = Nik.parse("3171012902001234")
    with pytest.raises(InvalidNik) as caught:
        nik.birth_date(dt.date(1999, 1, 1))
    assert caught.value.reason is NikFault.FUTURE


def test_parts_and_mask() -> None:
    nik = Nik.parse("3314995203960002")
    assert (nik.province, nik.regency, nik.district, nik.serial) == ("33", "14", "99", 2)
    assert nik.is_demo
    assert nik.masked == "3314••••••••0002"
    assert nik.value not in repr(nik)


@given(
    province=st.sampled_from(sorted(PROVINCES)),
    regency=st.integers(1, 99),
    district=st.integers(1, 99),
    born=st.dates(dt.date(1927, 1, 1), TODAY),
    sex=st.sampled_from(Sex),
    serial=st.integers(1, 9999),
)
def test_composing_and_reading_agree(  # noqa: PLR0917 - what pytest hands over
    province: str, regency: int, district: int, born: dt.date, sex: Sex, serial: int
) -> None:
    nik = compose(f"{province}{regency:02d}{district:02d}", born, sex, serial)
    assert Nik.parse(nik.value) == nik
    assert (nik.birth_date(TODAY), nik.sex, nik.serial) == (born, sex, serial)


@pytest.mark.parametrize("serial", [0, 10000, -1])
def test_composing_refuses_a_serial_that_does_not_fit(serial: int) -> None:
    with pytest.raises(InvalidNik):
        compose("331499", dt.date(2000, 1, 1), Sex.MALE, serial)
