"""Every pair of colours that text or a control uses meets WCAG 2.2 (1.4.3 text, 1.4.11 edges)."""

import pytest

from pendopo.ui.colours import Pair, contrast, pairs, tokens


@pytest.mark.parametrize("pair", pairs(), ids=lambda pair: f"{pair.theme}-{pair.front}-on-{pair.back}")
def test_pair_is_readable(pair: Pair) -> None:
    assert pair.measured >= pair.least, f"{pair.measured:.2f}:1, needs {pair.least}:1"


def test_the_measure_knows_its_ends() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_both_themes_have_the_same_names() -> None:
    assert set(tokens()["light"]) == set(tokens()["dark"])
