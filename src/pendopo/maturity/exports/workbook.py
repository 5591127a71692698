"""The report of an assessment as a spreadsheet: one sheet a table, figures as numbers, formulas nowhere.

What is computed here is computed exactly and written as a number; a formula would compute again in floating
point and could print another hundredth.
"""

import io
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from pendopo.foundation.formats import format_datetime
from pendopo.foundation.text import t
from pendopo.maturity.index import exact_text
from pendopo.maturity.records.dashboard import Dashboard

type Value = str | int | Decimal | Fraction | None
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
WIDEST = 60
LONGEST_NAME = 31
"""Letters of a sheet's name (the format's own limit)."""


def xlsx(view: Dashboard, language: str) -> bytes:
    """Return the file."""
    data = io.BytesIO()
    with Workbook(data, OPTIONS) as book:
        book.set_properties(
            {"title": title(view, language), "author": "Pendopo", "created": view.at.replace(tzinfo=None)}
        )
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        for name, head, rows in tables(view, language):
            _sheet(book, name, [head, *rows], bold)
    return data.getvalue()


def title(view: Dashboard, language: str) -> str:
    """Return what the report is called."""
    head = view.head
    return t(
        "maturity.report.title",
        language,
        agency=head.agency,
        instrument=head.instrument.short.of(language),
        year=head.year,
    )


def tables(view: Dashboard, language: str) -> list[tuple[str, list[str], list[list[Value]]]]:
    """Return the report as tables: name, head and rows."""

    def say(key: str) -> str:
        return t(f"maturity.board.{key}", language)

    instrument = view.head.instrument
    names = [one.key for one in instrument.aspects]
    summary: list[list[Value]] = [
        [say("index"), view.outcome.index],
        [t("maturity.agency.exact", language), exact_text(view.outcome.exact)],
        [t("maturity.ranking.predicate", language), view.outcome.predicate.name.of(language)],
        [say("own"), view.own],
        [t("maturity.report.state", language), say("final" if view.head.is_final else "interim")],
        [t("maturity.report.made", language), format_datetime(view.at, language)],
        [t("maturity.report.basis", language), instrument.legal.of(language)],
    ]
    summary += [
        [f"{one.key} {one.name.of(language)}", cell.value]
        for one, cell in zip(instrument.domains, view.domains, strict=True)
    ]
    return [
        (t("maturity.report.summary", language), [title(view, language), ""], summary),
        (
            say("aspects"),
            [say("aspect"), "", say("weight"), say("value"), say("own_value")],
            [
                [one.aspect.key, one.aspect.name.of(language), one.aspect.weight, one.value.value, one.own]
                for one in view.aspects
            ],
        ),
        (
            say("parts"),
            [say("indicator"), "", say("weight"), say("level"), say("points"), say("possible"), say("unit")],
            [
                [
                    one.indicator.number,
                    one.indicator.name.of(language),
                    one.indicator.weight,
                    one.level,
                    one.points,
                    one.possible,
                    one.answerer,
                ]
                for one in view.parts
            ],
        ),
        (
            say("units"),
            [say("unit"), say("count"), *names],
            [[one.name, one.indicators, *(cell.value for cell in one.cells)] for one in view.units],
        ),
        (
            say("times"),
            [
                say("year"),
                say("instrument"),
                say("index"),
                t("maturity.ranking.predicate", language),
                say("origin"),
            ],
            [
                [
                    one.year,
                    one.instrument,
                    one.index,
                    one.predicate,
                    say("published" if one.result_id else "here"),
                ]
                for one in view.times
            ],
        ),
        (
            say("wall"),
            [say("indicator"), say("level"), say("reading"), "", say("taken"), say("expires"), say("state")],
            [
                [
                    wall.number,
                    one.level,
                    one.title,
                    one.reading.value if one.reading else None,
                    format_datetime(one.reading.taken_at, language) if one.reading else None,
                    format_datetime(one.reading.expires_at, language) if one.reading else None,
                    say(f"states.{one.state.value}") if one.state else None,
                ]
                for wall in view.walls
                for one in wall.evidence
            ],
        ),
    ]


def _sheet(book: Workbook, name: str, rows: Sequence[Sequence[Value]], bold: Format) -> None:
    sheet = book.add_worksheet(name[:LONGEST_NAME])
    sheet.freeze_panes(1, 0)
    for column, cells in enumerate(zip(*rows, strict=True)):
        sheet.set_column(column, column, min(WIDEST, max(10, *(len(str(one or "")) + 2 for one in cells))))
    for line, row in enumerate(rows):
        for column, value in enumerate(row):
            style = bold if line == 0 else None
            if isinstance(value, Decimal | Fraction | int):
                sheet.write_number(line, column, float(value), style)
            elif value:
                sheet.write_string(line, column, value, style)
