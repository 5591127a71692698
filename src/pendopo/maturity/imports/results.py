"""Published results as a table: the columns of KemenPANRB's reports, and a few more.

``no, nama instansi, D1 … D4, Indeks, Predikat`` with decimal commas and blank cells; year, instrument, kind
of agency and region may be columns too, else they are given for the whole file, and the kind follows from
the name's first word. Nothing is taken unless every row can be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from pendopo.maturity import fitting, tables
from pendopo.maturity import import_errors as errors
from pendopo.maturity.errors import MaturityError
from pendopo.maturity.imports.cells import LONGEST, YEARS, Cells, told
from pendopo.maturity.index import exact_text, predicate
from pendopo.maturity.instruments import Instrument
from pendopo.maturity.published import AgencyKind, Flag, Judged, Line, key_of, kind_of

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "agency": ("agency", "instansi", "nama instansi", "nama", "name"),
    "year": ("year", "tahun"),
    "instrument": ("instrument", "instrumen"),
    "kind": ("kind", "jenis"),
    "region": ("region", "wilayah", "provinsi"),
    "index": ("index", "indeks", "indeks spbe", "indeks pemdi"),
    "predicate": ("predicate", "predikat"),
}
PLACES = 4
KINDS: Mapping[str, AgencyKind] = {
    **{one.value: one for one in AgencyKind},
    "kementerian": AgencyKind.MINISTRY,
    "lembaga": AgencyKind.AGENCY,
    "provinsi": AgencyKind.PROVINCE,
    "kabupaten": AgencyKind.REGENCY,
    "kota": AgencyKind.CITY,
}


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds for every row that does not say it itself."""

    instrument: str = ""
    year: int | None = None
    kind: AgencyKind | None = None


def read(text: str, instruments: Mapping[str, Instrument], defaults: Defaults) -> tuple[Judged, ...]:
    """Return every row, computed again; raise ``BadTable`` with what is wrong, row by row."""
    found = tables.rows(text, ())
    if not found:
        raise errors.EmptyTable
    names = _columns(found[0][1])
    problems: list[MaturityError] = []
    lines: list[Judged] = []
    seen: dict[tuple[str, str, int], int] = {}
    for line, row in found:
        cells = Cells(line, row, problems)
        before = len(problems)
        one = _line(cells, names, instruments, defaults)
        if one is None or len(problems) > before:
            continue
        first = seen.setdefault(one.line.key, line)
        if first != line:
            problems.append(errors.RowTwice(line=line, first=first, agency=one.line.agency[:60]))
        lines.append(one)
    told(problems)
    return tuple(lines)


def _columns(head: Mapping[str, str]) -> dict[str, str]:
    """Return our name → the file's name of each column; raise ``NoColumn`` without agency or index."""
    names = {
        ours: next((name for name in theirs if name in head), theirs[0]) for ours, theirs in COLUMNS.items()
    }
    for needed in ("agency", "index"):
        if names[needed] not in head:
            raise errors.NoColumn(column=COLUMNS[needed][1], known=", ".join(COLUMNS[needed]))
    return names


def _line(
    cells: Cells, names: Mapping[str, str], instruments: Mapping[str, Instrument], defaults: Defaults
) -> Judged | None:
    agency = _agency(cells, names["agency"])
    year = cells.year(names["year"]) or defaults.year
    if year is not None and not YEARS[0] <= year <= YEARS[1]:
        cells.problems.append(
            errors.CellOutside(
                line=cells.line, column=names["year"], given=str(year), low=str(YEARS[0]), high=str(YEARS[1])
            )
        )
    if year is None:
        cells.problems.append(errors.CellBlank(line=cells.line, column=names["year"]))
    known = {one.casefold(): one for one in instruments}
    chosen = cells.choice(names["instrument"], known, lambda: ", ".join(instruments)) or defaults.instrument
    if chosen not in instruments:
        if not cells.text(names["instrument"]):
            cells.problems.append(errors.CellBlank(line=cells.line, column=names["instrument"]))
        return None
    instrument = instruments[chosen]
    bounds = (instrument.scale.low, instrument.scale.high)
    domains = _domains(cells, instrument, bounds)
    index = cells.figure(names["index"], bounds, PLACES)
    bands = {
        word.casefold(): band.key
        for band in instrument.bands
        for word in (band.key, band.name.id, band.name.en)
    }
    named = cells.choice(
        names["predicate"], bands, lambda: ", ".join(one.name.id for one in instrument.bands)
    )
    kind = cells.choice(names["kind"], KINDS, lambda: ", ".join(KINDS)) or defaults.kind
    if not agency or year is None:
        return None
    line = Line(
        line=cells.line,
        agency=" ".join(agency.split()),
        kind=kind or kind_of(agency),
        region=cells.text(names["region"]),
        instrument=chosen,
        year=year,
        domains=domains,
        index=index,
        predicate=named or "",
    )
    return judged(instrument, line)


def _agency(cells: Cells, column: str) -> str:
    """Return the agency's name; without a letter it names nobody, and as it is compared it may be longer."""
    found = cells.text(column, needed=True)
    key = key_of(found)
    if found and not key:
        cells.problems.append(errors.CellBlank(line=cells.line, column=column))
        return ""
    if len(key) > LONGEST and len(found) <= LONGEST:
        cells.problems.append(errors.CellTooLong(line=cells.line, column=column, most=LONGEST))
    return found


def _domains(cells: Cells, instrument: Instrument, bounds: tuple[Decimal, Decimal]) -> dict[str, Decimal]:
    found = {}
    for one in instrument.domains:
        wanted = (one.key.lower(), one.name.id.lower(), one.name.en.lower())
        column = next((name for name in wanted if name in cells.row), None)
        value = cells.figure(column, bounds, PLACES) if column else None
        if value is not None:
            found[one.key] = value
    return found


def judged(instrument: Instrument, line: Line) -> Judged:
    """Compute a line again: what fits, and the predicate where none was printed."""
    found = fitting.fit(instrument, line.domains, line.index, line.predicate, line.year)
    chosen = line.predicate
    if not chosen and len(found.predicates) == 1:
        (chosen,) = found.predicates
    elif not chosen and line.index is not None:
        chosen = predicate(instrument, Fraction(line.index), year=line.year).key
    exact = "" if found.exact is None else exact_text(found.exact)
    return Judged(line, chosen, exact, found.flags)


def stored(one: Judged) -> dict[str, object]:
    """Return a judged line as JSON; :func:`restored` reads it."""
    line = one.line
    return {
        "line": line.line,
        "agency": line.agency,
        "kind": line.kind.value,
        "region": line.region,
        "instrument": line.instrument,
        "year": line.year,
        "domains": {key: f"{value:f}" for key, value in line.domains.items()},
        "index": None if line.index is None else f"{line.index:f}",
        "named": line.predicate,
        "predicate": one.predicate,
        "exact": one.exact,
        "flags": [flag.value for flag in one.flags],
    }


def restored(rows: Sequence[Mapping[str, object]]) -> tuple[Judged, ...]:
    """Return what :func:`stored` wrote."""
    return tuple(_restored(dict(row)) for row in rows)


def _restored(row: dict[str, object]) -> Judged:
    domains, flags, index = row["domains"], row["flags"], row["index"]
    line = Line(
        line=int(str(row["line"])),
        agency=str(row["agency"]),
        kind=AgencyKind(str(row["kind"])),
        region=str(row["region"]),
        instrument=str(row["instrument"]),
        year=int(str(row["year"])),
        domains={key: Decimal(str(value)) for key, value in domains.items()}
        if isinstance(domains, dict)
        else {},
        index=None if index is None else Decimal(str(index)),
        predicate=str(row["named"]),
    )
    told_flags = tuple(Flag(one) for one in flags) if isinstance(flags, list) else ()
    return Judged(line, str(row["predicate"]), str(row["exact"]), told_flags)
