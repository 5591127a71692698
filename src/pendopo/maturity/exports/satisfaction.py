"""Satisfaction as open data: one row for the half-year, each month and each service that may be told."""

from collections.abc import Iterator

from pendopo.maturity.exports.open_data import row
from pendopo.maturity.queries.satisfaction import Answers, Group


def table(found: Answers) -> Iterator[str]:
    """Yield the lines of the table; a group below five complete answers has no figures."""
    keys = [one.key for one in found.survey.elements]
    yield row(
        (
            "period",
            "level",
            "name",
            "answers",
            "complete",
            "index",
            "converted",
            "low",
            "high",
            "grade",
            *keys,
        )
    )
    period = str(found.period)
    yield _line(period, "all", found.whole, len(keys))
    for one in found.months:
        yield _line(period, "month", one, len(keys))
    for one in found.services:
        yield _line(period, "service", one, len(keys))


def _line(period: str, level: str, one: Group, width: int) -> str:
    said = one.said
    if said is None:
        figures = [""] * (5 + width)
    else:
        figures = [f"{value:f}" for value in (said.index, said.converted, said.low, said.high)]
        figures += [said.grade.key, *(f"{each.mean:f}" for each in said.elements)]
    return row((period, level, one.name, str(one.answers), str(one.complete), *figures))
