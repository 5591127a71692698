"""Names, family cards, money, ids, clocks and errors."""

from __future__ import annotations

import datetime as dt
import threading
import time
import uuid
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pendopo.kernel import clock
from pendopo.kernel.errors import Forbidden, PendopoError, TooManyRequests
from pendopo.kernel.family_card import InvalidKk, KkFault, KkNumber
from pendopo.kernel.ids import millisecond_of, uuid7
from pendopo.kernel.money import Rupiah
from pendopo.kernel.names import InvalidName, NameFault, PersonName, mask


@pytest.mark.parametrize("text", ["Sari Wulandari", "  Sari \t Wulandari ", "X " + "Y" * 58])
def test_names_that_may_stand(text: str) -> None:
    assert PersonName.parse(text).value == " ".join(text.split())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", NameFault.EMPTY),
        ("   ", NameFault.EMPTY),
        ("Sari", NameFault.WORDS),
        ("Sari 2", NameFault.LETTERS),
        ("dr. Sari Wulandari", NameFault.LETTERS),
        ("Ma'ruf Amin", NameFault.LETTERS),
        ("Сари Вуландари", NameFault.LETTERS),
        ("Y" * 30 + " " + "Y" * 30, NameFault.LENGTH),
    ],
)
def test_names_that_may_not(text: str, reason: NameFault) -> None:
    with pytest.raises(InvalidName) as caught:
        PersonName.parse(text)
    assert caught.value.reason is reason


def test_a_name_is_masked_in_traces() -> None:
    assert "Wulandari" not in repr(PersonName.parse("Sari Wulandari"))
    assert mask("Sari Wulandari") == "S••• W••••••••"


def test_family_card_numbers() -> None:
    assert KkNumber.parse("3314 9901 0220 0007").masked == "3314••••••••0007"
    assert "0102" not in repr(KkNumber.parse("3314990102200007"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("331499010220000", KkFault.LENGTH),
        ("33149901022O0007", KkFault.DIGITS),
        ("9914990102200007", KkFault.PROVINCE),
        ("3314994102200007", KkFault.DATE),
        ("3314990113200007", KkFault.DATE),
        ("3314990102200000", KkFault.SERIAL),
    ],
)
def test_family_card_numbers_refused(text: str, reason: KkFault) -> None:
    with pytest.raises(InvalidKk) as caught:
        KkNumber.parse(text)
    assert caught.value.reason is reason


@given(st.integers(-(10**15), 10**15), st.integers(-(10**15), 10**15), st.integers(-100, 100))
def test_rupiah_are_exact(one: int, two: int, count: int) -> None:
    assert (Rupiah(one) + Rupiah(two)).amount == one + two
    assert (Rupiah(one) - Rupiah(two)).amount == one - two
    assert (Rupiah(one) * count).amount == one * count


def test_rupiah_are_written_with_dots() -> None:
    assert str(Rupiah(1_250_000)) == "Rp 1.250.000"
    assert str(Rupiah(-5_000)) == "-Rp 5.000"


def test_rupiah_beyond_64_bits_are_an_error() -> None:
    with pytest.raises(OverflowError):
        Rupiah(2**62) * 2


@pytest.mark.parametrize("wrong", [True, 1.5, "10"])
def test_rupiah_are_whole_numbers(wrong: object) -> None:
    with pytest.raises(TypeError):
        Rupiah(wrong)  # type: ignore[arg-type]  # the wrong type is the point


def test_ids_rise_also_within_a_millisecond() -> None:
    ids = [uuid7() for _ in range(20_000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)
    assert {(i.version, i.variant) for i in ids} == {(7, uuid.RFC_4122)}
    now = dt.datetime.now(dt.UTC).timestamp() * 1000
    assert abs(millisecond_of(ids[0]) - now) < 60_000


def test_ids_are_unique_across_threads() -> None:
    found: list[uuid.UUID] = []
    threads = [threading.Thread(target=lambda: found.extend(uuid7() for _ in range(2000))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 8000


def test_the_millisecond_of_another_version_is_refused() -> None:
    with pytest.raises(ValueError, match="version 7"):
        millisecond_of(uuid.uuid4())


def test_a_fixed_clock_stands_still_in_utc() -> None:
    moment = dt.datetime(2026, 1, 1, 3, tzinfo=ZoneInfo("Asia/Jakarta"))
    assert clock.FixedClock(moment).now().isoformat() == "2025-12-31T20:00:00+00:00"
    assert clock.date_in(dt.datetime(2025, 12, 31, 20, tzinfo=dt.UTC), ZoneInfo("Asia/Jakarta")) == dt.date(
        2026, 1, 1
    )
    with pytest.raises(ValueError, match="time zone"):
        clock.FixedClock(dt.datetime(2026, 1, 1))  # noqa: DTZ001 - the missing zone is the point


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (dt.date(2000, 2, 29), dt.date(2001, 2, 28), 0),
        (dt.date(2000, 2, 29), dt.date(2001, 3, 1), 1),
        (dt.date(1996, 3, 12), dt.date(2026, 3, 11), 29),
        (dt.date(1996, 3, 12), dt.date(2026, 3, 12), 30),
    ],
)
def test_age(born: dt.date, day: dt.date, age: int) -> None:
    assert clock.age_on(born, day) == age


def test_errors_carry_code_status_and_params() -> None:
    error = TooManyRequests(retry_after=30)
    assert (error.code, error.status, error.text_key) == (
        "kernel.too_many_requests",
        429,
        "kernel.errors.too_many_requests",
    )
    assert dict(error.params) == {"retry_after": 30, "minutes": 1}
    assert isinstance(Forbidden(), PendopoError)
    with pytest.raises(TypeError):
        error.params["x"] = 1  # type: ignore[index]  # params are read-only


def test_a_clock_that_was_set_back_far_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    future = time.time_ns() + 3_600_000_000_000
    with monkeypatch.context() as patched:
        patched.setattr(time, "time_ns", lambda: future)
        ahead = uuid7()
    back = uuid7()
    assert millisecond_of(ahead) - millisecond_of(back) > 3_500_000
