"""The report of an assessment as a tagged PDF (PDF/A-2a, PDF/UA-1), set by Typst as certificates are.

``report.typ`` holds the page; words, figures and pictures come in as data, so that no sentence stands in
the template. Pictures carry their alternative text and the table that they show stands beside each. Only
the fonts inside Typst are used; no network, no clock but the moment of the report.
"""

import json
from pathlib import Path

import typst

from pendopo.foundation.formats import format_datetime
from pendopo.foundation.text import has_text, t
from pendopo.maturity import library
from pendopo.maturity.exports.workbook import title
from pendopo.maturity.import_errors import ReportUnusable
from pendopo.maturity.index import exact_text
from pendopo.maturity.instruments import FULL
from pendopo.maturity.pages import drawing
from pendopo.maturity.pages.pictures import Figure, figure
from pendopo.maturity.records.dashboard import Dashboard, UnitRow
from pendopo.ui import charts

FILE = Path(__file__).with_name("report.typ")

type Printed = str | bool | list[Printed] | dict[str, Printed] | None


def pdf(view: Dashboard, language: str) -> bytes:
    """Return the file; the same view gives the same bytes. Raises ``ReportUnusable``."""
    inputs = {"data": json.dumps(content(view, language), ensure_ascii=False)}
    compiler = typst.Compiler(FILE, root=FILE.parent, ignore_system_fonts=True, sys_inputs=inputs)
    try:
        made = compiler.compile(
            format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=view.at.replace(microsecond=0)
        )
    except typst.TypstError as error:
        raise ReportUnusable(error.message) from error
    if not isinstance(made, bytes):
        raise ReportUnusable
    return made


def content(view: Dashboard, language: str) -> Printed:
    """Return everything that the page shows, as it is read."""

    def say(key: str, **parameters: object) -> str:
        return t(f"maturity.{key}", language, **parameters)

    def show(value: Figure, places: int | None = None) -> str:
        return figure(value, language, places)

    head, instrument = view.head, view.head.instrument
    bands = {
        (one.id, band.key): band.name.of(language) for one in library.instruments() for band in one.bands
    }
    most = max((float(one.possible) for one in view.parts), default=1.0)
    timeline = drawing.timeline(view, language)
    facts: list[Printed] = [
        [
            say("board.index"),
            show(view.outcome.index),
            say("board.exact", exact=_comma(exact_text(view.outcome.exact), language)),
        ],
        [say("ranking.predicate"), view.outcome.predicate.name.of(language), ""],
    ]
    if view.own is not None:
        facts.append([say("board.own"), show(view.own), ""])
    return {
        "lang": language,
        "title": title(view, language),
        "agency": head.agency,
        "instrument": instrument.title.of(language),
        "lead": f"{instrument.title.of(language)} · {head.year}",
        "state": say("board.final" if head.is_final else "board.interim"),
        "made": say("report.made") + " " + format_datetime(view.at, language),
        "basis": say("report.basis") + ": " + instrument.legal.of(language),
        "warning": ""
        if instrument.verified
        else say("ranking.unverified") + ". " + say("ranking.unverified_text"),
        "missing": say("board.missing", n=view.missing) if view.missing else "",
        "facts": facts,
        "domains": [
            [one.key, one.name.of(language), show(cell.value), str(cell.band)]
            for one, cell in zip(instrument.domains, view.domains, strict=True)
        ],
        "domains_head": [say("agency.domains"), say("board.value")],
        "aspects_title": say("board.aspects"),
        "aspects_head": [
            say("board.aspect"),
            say("board.weight"),
            say("board.value"),
            *([] if view.own is None else [say("board.own_value")]),
        ],
        "aspects": [
            [
                one.aspect.key,
                one.aspect.name.of(language),
                f"{show(one.aspect.weight, 1)}%",
                show(one.value.value),
                str(one.value.band),
                *([] if view.own is None else [show(one.own)]),
            ]
            for one in view.aspects
        ],
        "radar": charts.printed(drawing.radar(view, language)),
        "radar_alt": say(
            "report.radar_alt",
            values="; ".join(f"{one.aspect.key} {show(one.value.value)}" for one in view.aspects),
        ),
        "radar_note": say("board.radar_other") if view.own is not None else "",
        "parts_title": say("board.parts"),
        "parts_lead": say("board.parts_lead"),
        "parts_head": [
            say("board.indicator"),
            say("board.level"),
            say("board.points"),
            say("board.possible"),
            say("report.bar"),
        ],
        "parts": [
            [
                one.indicator.number,
                one.indicator.name.of(language),
                show(one.level),
                show(one.points),
                show(one.possible),
                charts.printed(drawing.bar(one, most, language)),
                say("board.bar", points=show(one.points), possible=show(one.possible)),
            ]
            for one in view.parts
        ],
        "units_title": say("board.units"),
        "units_note": say("board.units_note"),
        "units_head": [say("board.unit"), *(one.key for one in instrument.aspects)],
        "units": [_unit(one, language) for one in view.units],
        "times_title": say("board.times"),
        "times_head": [
            say("board.year"),
            say("board.instrument"),
            say("board.index"),
            say("ranking.predicate"),
            say("board.origin"),
        ],
        "times": [
            [
                str(one.year),
                library.instrument(one.instrument).short.of(language),
                show(one.index),
                bands.get((one.instrument, one.predicate), "–"),
                say("board.published" if one.result_id else "board.here")
                + ("" if one.is_final else f" ({say('board.interim')})"),
            ]
            for one in view.times
        ],
        "timeline": charts.printed(timeline) if timeline else "",
        "timeline_alt": say(
            "report.timeline_alt",
            values="; ".join(f"{one.year} {show(one.index)}" for one in view.times),
        ),
        "carry": say("board.carry", instrument=instrument.short.of(language)) if view.carried_from else "",
        "peers_title": say("board.peers"),
        "peers": _peers(view, language),
        "wall_title": say("board.wall"),
        "wall_lead": say("board.wall_lead") if view.walls else say("board.wall_empty"),
        "wall_head": [
            say("board.indicator"),
            say("board.reading"),
            say("board.taken"),
            say("board.expires"),
            say("board.state"),
        ],
        "wall": [
            [
                f"{wall.number}, {say('board.level_n', n=one.level)}",
                one.title,
                one.reading.value if one.reading else "–",
                format_datetime(one.reading.taken_at, language) if one.reading else "–",
                format_datetime(one.reading.expires_at, language) if one.reading else "–",
                say(f"board.states.{one.state.value}") if one.state else "–",
            ]
            for wall in view.walls
            for one in wall.evidence
        ],
        "provenance_title": say("report.provenance"),
        "provenance_head": [say("report.part"), say("report.mark"), say("agency.source")],
        "provenance": [
            [_part(one.part, language), say(f"report.marks.{one.mark.value}"), one.source.of(language)]
            for one in instrument.provenance
        ],
        "page": say("report.page"),
        "formula": say("report.formula", whole=str(FULL)),
    }


def _unit(one: UnitRow, language: str) -> list[Printed]:
    cells: list[Printed] = [
        [figure(cell.value, language), "" if cell.band is None else str(cell.band)] for cell in one.cells
    ]
    return [one.name, *cells]


def _peers(view: Dashboard, language: str) -> str:
    found = view.peers
    if found is None:
        return t("maturity.board.peers_none", language)
    told = t("maturity.board.peers_text", language, below=found.below, count=found.count, year=found.year)
    ends = [
        f"{t(f'maturity.board.peers_{name}', language)} {figure(value, language)}"
        for name, value in (("median", found.median), ("best", found.best))
    ]
    return f"{told} {'; '.join(ends)}."


def _part(part: str, language: str) -> str:
    key = f"maturity.report.parts.{part}"
    return t(key, language) if has_text(key) else part


def _comma(text: str, language: str) -> str:
    return text.replace(".", ",") if language == "id" else text
