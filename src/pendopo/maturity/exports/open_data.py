"""Published results as open data: one table, one row a result, figures with a decimal point.

``exact`` is the only exact index that fits what was printed, where there is only one; ``flags`` says what of
the printed figures cannot be (``published.Flag``).
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence

from pendopo.maturity.records.results import ResultLine

RESULT_COLUMNS = (
    "instrument", "year", "place", "agency", "kind", "region", "index", "exact", "predicate", "domains",
    "flags", "source",
)  # fmt: skip
DOMAINS_NOTE = "domains in the instrument's order, separated by a vertical bar"
_FORMULA = re.compile(r"(?:^|(?<=[;\t\r\n]))(?=[\s\"']*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r])")
"""Where a cell would begin that a spreadsheet works out, also where it takes a semicolon between cells."""


def results_csv(lines: Iterable[ResultLine]) -> Iterator[str]:
    """Yield the table line by line."""
    yield row(RESULT_COLUMNS)
    for one in lines:
        yield row(
            (
                one.instrument,
                str(one.year),
                "" if one.place is None else str(one.place),
                one.agency,
                one.kind.value,
                one.region,
                "" if one.index is None else f"{one.index:f}",
                one.exact,
                one.predicate,
                "|".join("" if cell.value is None else f"{cell.value:f}" for cell in one.domains),
                " ".join(flag.value for flag in one.flags),
                one.source,
            )
        )


def results_json(lines: Iterable[ResultLine]) -> Iterator[str]:
    """Yield one JSON document, row by row; figures are texts, so that nothing is rounded on the way."""
    before = '{"results": ['
    for one in lines:
        yield before + json.dumps(_result(one), ensure_ascii=False)
        before = ",\n"
    yield "]}" if before == ",\n" else '{"results": []}'


def _result(one: ResultLine) -> dict[str, object]:
    return {
        "instrument": one.instrument,
        "year": one.year,
        "place": one.place,
        "agency": one.agency,
        "kind": one.kind.value,
        "region": one.region or None,
        "index": None if one.index is None else f"{one.index:f}",
        "exact": one.exact or None,
        "predicate": one.predicate or None,
        "domains": [None if cell.value is None else f"{cell.value:f}" for cell in one.domains],
        "flags": [flag.value for flag in one.flags],
        "source": one.source,
    }


def row(cells: Sequence[str]) -> str:
    """Return one line of CSV (RFC 4180); a text that a spreadsheet would take for a formula gets a quote."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([_plain(cell) for cell in cells])
    return line.getvalue()


def _plain(cell: str) -> str:
    return cell if _is_figure(cell) else _FORMULA.sub("'", cell)


def _is_figure(cell: str) -> bool:
    return cell.removeprefix("-").replace(".", "", 1).isdecimal()
