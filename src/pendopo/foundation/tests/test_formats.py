"""Numbers as people read them."""

from decimal import Decimal

import pytest

from pendopo.foundation.formats import format_percent


@pytest.mark.parametrize(
    ("value", "language", "shown"),
    [
        (Decimal("99.5"), "id", "99,5%"),
        (Decimal("99.5"), "en", "99.5%"),
        (Decimal("100.0"), "id", "100%"),
        (Decimal("0.0"), "en", "0%"),
    ],
)
def test_a_share_is_written_the_way_its_language_does(value: Decimal, language: str, shown: str) -> None:
    assert format_percent(value, language) == shown
