"""Numbers and tracking codes as people type them."""

import pytest

from pendopo.casework import case_numbers


@pytest.mark.parametrize("typed", ["ab0de-fghj1", "AB0DE FGHJ1", " abode fghjl", "ABODEFGHJI"])
def test_a_code_is_understood_however_it_is_typed(typed: str) -> None:
    """Case, separators and look-alikes do not matter."""
    assert case_numbers.clean_code(typed) == "AB0DEFGHJ1"


def test_a_number_is_understood_with_other_dashes() -> None:
    """Phones replace hyphens by dashes."""
    assert case_numbers.clean_number(" 2026\N{EN DASH}11-000412 ") == "2026-11-000412"


def test_new_codes_differ_and_use_no_look_alikes() -> None:
    """A thousand codes, no repetition, only letters that cannot be confused."""
    codes = {case_numbers.new_tracking_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert set("".join(codes)) <= set(case_numbers.ALPHABET)
    assert not set("ILOU") & set(case_numbers.ALPHABET)


@pytest.mark.django_db
def test_numbers_rise_and_name_the_month() -> None:
    """Two numbers in a row differ by one, behind year and month."""
    first, second = case_numbers.next_number(), case_numbers.next_number()
    assert first[:8] == second[:8]
    assert int(second[8:]) == int(first[8:]) + 1
    assert len(first) == len("2026-11-000412")
