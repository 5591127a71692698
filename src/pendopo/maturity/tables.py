"""Tables that somebody hands in for EGDI and SKM: components, raw indicators, answers. Pure.

Comma, semicolon or tab between columns; decimal commas; columns by name in any case and order, others unread.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pendopo.maturity import errors, texts
from pendopo.maturity import import_errors as imports
from pendopo.maturity.egdi import COMPONENTS, Country
from pendopo.maturity.levels import decimal
from pendopo.maturity.skm import Answer, Survey

COUNTRY = "country"
MOST_PROBLEMS = 20
LONGEST, LONGEST_FIGURE, LONGEST_RANK = 200, 40, 4
PLACES = 5
"""Places of the published components and index, and of what is kept of them."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Complete answers, and how many were left out because an element had none."""

    complete: tuple[Answer, ...]
    incomplete: int


type Row = tuple[int, dict[str, str]]
"""A filled row: its line (the head is line 1) and its cells by lower-case column name."""


def rows(text: str, needed: Sequence[str]) -> list[Row]:
    """Return the filled rows; raise ``NoSuchColumn`` where the head lacks one of ``needed``."""
    bare = text.removeprefix("\ufeff")
    head = bare.partition("\n")[0]
    delimiter = max(";\t,", key=head.count)
    reader = csv.reader(io.StringIO(bare), delimiter=delimiter, strict=True)
    try:
        table = list(reader)
    except csv.Error as error:
        raise errors.NotReadable(form="CSV", line=reader.line_num) from error
    names = [cell.strip().lower() for cell in table[0]] if table else []
    for column in needed:
        if column.lower() not in names:
            raise errors.NoSuchColumn(column=column, needed=", ".join(needed))
    return [
        (line, dict(zip(names, [cell.strip() for cell in cells], strict=False)))
        for line, cells in enumerate(table[1:], 2)
        if any(cell.strip() for cell in cells)
    ]


def countries(text: str) -> tuple[Country, ...]:
    """Read ``country, osi, tii, hci`` and, where they stand there, ``egdi`` and ``rank``."""
    found = rows(text, (COUNTRY, *COMPONENTS))
    read: dict[str, Country] = {}
    for line, row in found:
        name = _name(row, line)
        if name in read:
            raise errors.GivenTwice(number=name[:60])
        osi, tii, hci = (_share(row, key, line) for key in COMPONENTS)
        published = _share(row, "egdi", line) if row.get("egdi") else None
        read[name] = Country(name, osi, tii, hci, published, _rank(row, line))
    return tuple(read.values())


def _name(row: Mapping[str, str], line: int) -> str:
    name = texts.line(row[COUNTRY])
    if not name:
        raise imports.CellBlank(line=line, column=COUNTRY)
    if len(name) > LONGEST:
        raise imports.CellTooLong(line=line, column=COUNTRY, most=LONGEST)
    return name


def _share(row: Mapping[str, str], column: str, line: int) -> Decimal:
    """Return a figure from 0 to 1 with no more places than are kept."""
    figure = _figure(row, column, line)
    given = row[column][:LONGEST_FIGURE]
    if not 0 <= figure <= 1:
        raise imports.CellOutside(line=line, column=column, given=given, low="0", high="1")
    if -int(figure.normalize().as_tuple().exponent) > PLACES:
        raise imports.CellTooFine(line=line, column=column, given=given, most=PLACES)
    return figure


def _rank(row: Mapping[str, str], line: int) -> int | None:
    """Return the published rank, none where the cell holds no whole number."""
    typed = row.get("rank", "")
    if not typed.isdecimal():
        return None
    if len(typed) > LONGEST_RANK:
        given = typed[:LONGEST_FIGURE]
        raise imports.CellOutside(line=line, column="rank", given=given, low="1", high="9" * LONGEST_RANK)
    return int(typed)


def raw(text: str) -> dict[str, dict[str, Decimal]]:
    """Read ``country`` and one column for each raw indicator."""
    found = rows(text, (COUNTRY,))
    read: dict[str, dict[str, Decimal]] = {}
    for line, row in found:
        if row[COUNTRY] in read:
            raise errors.GivenTwice(number=row[COUNTRY][:60])
        read[row[COUNTRY]] = {name: _figure(row, name, line) for name in row if name not in {COUNTRY, ""}}
    return read


def _figure(row: Mapping[str, str], column: str, line: int) -> Decimal:
    figure = decimal(row.get(column, ""))
    if figure is None:
        raise errors.CellNotANumber(line=line, column=column)
    return figure


def answers(survey: Survey, text: str) -> Answers:
    """Read one person a row, one element a column; raise ``BadAnswers`` with what is wrong."""
    keys = [one.key for one in survey.elements]
    found = rows(text, keys)
    complete: list[Answer] = []
    problems: list[errors.MaturityError] = []
    incomplete = 0
    low, high = int(survey.scale.low), int(survey.scale.high)
    for line, row in found:
        cells = {key: row.get(key.lower(), "") for key in keys}
        wrong = [key for key, cell in cells.items() if cell and not _fits(cell, low, high)]
        problems += [errors.AnswerOutOfRange(line=line, column=key, low=low, high=high) for key in wrong]
        if not all(cells.values()):
            incomplete += 1
        elif not wrong:
            complete.append({key: int(cell) for key, cell in cells.items()})
    if problems:
        raise errors.BadAnswers(problems[:MOST_PROBLEMS], len(problems))
    return Answers(tuple(complete), incomplete)


def _fits(cell: str, low: int, high: int) -> bool:
    return cell.isascii() and cell.isdecimal() and low <= int(cell) <= high
