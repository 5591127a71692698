"""Pictures: every figure has its place, and a label that somebody wrote cannot break out of it."""

import re
from itertools import pairwise
from xml.etree import ElementTree as ET  # only our own pictures are parsed

from pendopo.ui import charts
from pendopo.ui.charts import Axis, Line


def _numbers(picture: str, tag: str, attribute: str) -> list[float]:
    return [float(one.get(attribute, "0")) for one in ET.fromstring(picture).iter(tag)]  # noqa: S314


def test_a_line_breaks_where_a_year_has_no_value() -> None:
    picture = charts.spark([1.0, None, 3.0, 5.0], (1, 5), "2021 sampai 2024")
    (d,) = re.findall(r' d="([^"]+)"', picture)
    assert d.count("M") == 2
    assert d.count("L") == 1


def test_the_highest_value_stands_at_the_top_and_the_lowest_at_the_ground() -> None:
    top = charts.spark([5.0], (1, 5), "x")
    ground = charts.spark([1.0], (1, 5), "x")
    assert _numbers(top, "circle", "cy") < _numbers(ground, "circle", "cy")


def test_names_at_the_end_of_lines_do_not_lie_on_each_other() -> None:
    same = [Line(name, [2.0, 3.0]) for name in ("Indeks", "Kebijakan", "Layanan")]
    picture = charts.lines(same, ["2023", "2024"], "x", scale=(1, 5), steps=[1, 5])
    found = re.findall(r'class="pd-lines__name [^"]*" x="[^"]+" y="([^"]+)"', picture)
    heights = sorted(float(y) for y in found)
    assert all(second - first >= 13 for first, second in pairwise(heights))


def test_a_radar_has_a_corner_for_each_axis_and_the_lowest_value_in_the_middle() -> None:
    picture = charts.radar([Axis("A1", 1.0), Axis("A2", 5.0), Axis("A3", 3.0)], "x", scale=(1, 5), rings=[5])
    (points,) = re.findall(r'pd-radar__own"><polygon points="([^"]+)"', picture)
    assert points.split()[0] == "180.0,150.0"
    assert len(points.split()) == 3


def test_a_strip_is_as_long_as_its_value() -> None:
    picture = charts.reach(1.0, 2.0, 4.0, "x")
    assert 'class="pd-strip__own" y="2" width="40.0"' in picture


def test_a_label_cannot_break_out() -> None:
    for picture in (
        charts.spark([1.0], (1, 5), '"><script>'),
        charts.span(1, 2, 3, (1, 4), '"><script>'),
        charts.radar([Axis("<b>", 2)], "x", scale=(1, 5), rings=[5]),
        charts.lines([Line("<b>", [2.0])], ["<i>"], "x", scale=(1, 5), steps=[1]),
    ):
        assert "<script>" not in picture
        assert "<b>" not in picture
        assert "<i>" not in picture


def test_a_picture_on_paper_is_a_whole_file_with_its_own_colours() -> None:
    told = charts.printed(charts.spark([1.0, 2.0], (1, 5), "x"))
    assert ET.fromstring(told).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314
    assert "<style>" in told
    assert "aria-label" not in told
