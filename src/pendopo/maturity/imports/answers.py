"""Answers of a satisfaction survey as a table: one person a row, elements as columns, month and service.

An element that somebody passed over is a blank cell. Columns that name people are not read and not kept.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from pendopo.maturity import import_errors as errors
from pendopo.maturity import tables
from pendopo.maturity.errors import MaturityError
from pendopo.maturity.imports.cells import Cells, told
from pendopo.maturity.skm import Survey

MONTH = ("month", "bulan")
SERVICE = ("service", "layanan")
_WHEN = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])(?:-[0-9]{2})?")


@dataclass(frozen=True, slots=True)
class Reply:
    """What one person said; ``elements`` are those that were answered."""

    month: dt.date
    service: str
    elements: Mapping[str, int]


def read(survey: Survey, text: str, month: dt.date | None) -> tuple[Reply, ...]:
    """Return every row; raise ``BadTable`` with what is wrong. ``month`` holds for rows that name none."""
    keys = [one.key for one in survey.elements]
    found = tables.rows(text, keys)
    if not found:
        raise errors.EmptyTable
    problems: list[MaturityError] = []
    replies = []
    for line, row in found:
        cells = Cells(line, row, problems)
        when = _month(cells, row, month)
        elements = {key: _grade(cells, key, survey) for key in keys}
        service = next((name for name in SERVICE if name in row), SERVICE[0])
        given = {key: grade for key, grade in elements.items() if grade is not None}
        if when is not None and given:
            replies.append(Reply(when, cells.text(service), given))
    told(problems)
    return tuple(replies)


def _month(cells: Cells, row: Mapping[str, str], default: dt.date | None) -> dt.date | None:
    column = next((name for name in MONTH if name in row), MONTH[0])
    typed = cells.text(column)
    match = _WHEN.fullmatch(typed)
    if match:
        return dt.date(int(match[1]), int(match[2]), 1)
    if typed or default is None:
        cells.problems.append(
            errors.CellUnknown(line=cells.line, column=column, given=typed[:40] or "–", known="2026-05")
        )
    return default


def _grade(cells: Cells, key: str, survey: Survey) -> int | None:
    bounds = (Decimal(survey.scale.low), Decimal(survey.scale.high))
    found = cells.figure(key, bounds, 0)
    return None if found is None else int(found)
