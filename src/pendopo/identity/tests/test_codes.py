"""Codes on paper, and the levels of assurance."""

import pytest

from pendopo.identity import assurance, codes


def test_codes_are_random_grouped_and_of_the_alphabet() -> None:
    made = {codes.new_code(12) for _ in range(200)}
    assert len(made) == 200
    assert all(len(code) == 14 and code[4] == code[9] == "-" for code in made)
    assert all(set(code) <= set(codes.ALPHABET + "-") for code in made)


@pytest.mark.parametrize(
    "typed", ["7k3m-9qxr-2wtd", " 7K3M 9QXR 2WTD ", "7K3M9QXR2WTD", "7K3M\u20139QXR\u20132WTD"]
)
def test_what_is_typed_is_folded(typed: str) -> None:
    assert codes.folded(typed) == "7K3M9QXR2WTD"


def test_look_alikes_are_one() -> None:
    assert codes.folded("OIL1-0ool") == "01110001"


@pytest.mark.django_db
def test_a_code_of_one_purpose_is_none_of_another() -> None:
    assert codes.digest("7K3M-9QXR-2WTD", "activation") != codes.digest("7K3M-9QXR-2WTD", "recovery")


@pytest.mark.parametrize(
    ("proofing", "authentication", "level"), [(0, 0, 0), (3, 1, 1), (0, 2, 2), (2, 2, 2), (3, 2, 3)]
)
def test_levels_follow_both_axes(proofing: int, authentication: int, level: int) -> None:
    assert assurance.level(proofing, authentication) == level
    if authentication:
        assert assurance.level_of(assurance.acr(proofing, authentication)) == level


@pytest.mark.parametrize("value", ["", "urn:other", "urn:pendopo:assurance:id9:au2", "0"])
def test_foreign_acr_values_are_worth_nothing(value: str) -> None:
    assert assurance.level_of(value) == 0
    assert assurance.authentication_of(value) is None
