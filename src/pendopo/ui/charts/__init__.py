"""Charts as SVG made here: no script, colours from the style sheet, so they follow light, dark and paper.

A picture shows what a table beside it says in numbers; whoever draws one also writes the table. Pages with
other charts than ``bars`` load ``ui/charts.css``. ``printed`` turns a picture into one for a PDF.
"""

from pendopo.ui.charts.bars import Bar, bars
from pendopo.ui.charts.lines import Line, lines, spark
from pendopo.ui.charts.paper import printed
from pendopo.ui.charts.radar import Axis, radar
from pendopo.ui.charts.strips import reach, span

__all__ = ("Axis", "Bar", "Line", "bars", "lines", "printed", "radar", "reach", "span", "spark")
