"""What everybody may read of published results: a ranking, one agency, all of it as open data."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from pendopo.maturity import library
from pendopo.maturity.import_errors import NoSuchResult
from pendopo.maturity.instruments import Instrument
from pendopo.maturity.models import PublishedResult
from pendopo.maturity.published import UNRANKED, AgencyKind, Flag, key_of
from pendopo.maturity.records.results import (
    AgencyResults,
    BandCount,
    Cell,
    CycleOf,
    Ranking,
    ResultLine,
)

PAGE = 50


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader asked for; empty means everything. ``after`` is the last result of the page before."""

    instrument: str = ""
    year: int | None = None
    kind: AgencyKind | None = None
    region: str = ""
    search: str = ""
    after: UUID | None = None


def cycles() -> tuple[CycleOf, ...]:
    """Return every cycle that has results, newest first."""
    rows = PublishedResult.objects.values("instrument_id", "year").annotate(count=Count("id"))
    found = [CycleOf(row["instrument_id"], row["year"], row["count"]) for row in rows]
    return tuple(sorted(found, key=lambda one: (-one.year, one.instrument)))


def ranking(filters: Filters, language: str) -> Ranking:
    """Return a page of a cycle's ranking: the newest cycle unless another one is named."""
    known = cycles()
    chosen = _chosen(known, filters)
    if chosen is None:
        return Ranking(known, None, (), (), (), 0, (), (), None)
    instrument = library.instrument(chosen.instrument)
    of_cycle = PublishedResult.objects.filter(instrument_id=chosen.instrument, year=chosen.year)
    rows = _filtered(of_cycle, filters)
    page = list(_after(rows, filters.after).order_by("place", "agency_key")[: PAGE + 1])
    years = sorted({one.year for one in known})
    histories = _histories(page[:PAGE])
    lines = tuple(line_of(row, instrument, histories.get(row.agency_key, {})) for row in page[:PAGE])
    return Ranking(
        cycles=known,
        cycle=chosen,
        domains=tuple((one.key, one.name.of(language)) for one in instrument.domains),
        years=tuple(years),
        lines=lines,
        found=rows.count(),
        bands=_bands(of_cycle, instrument, language),
        regions=tuple(
            of_cycle.exclude(region="").order_by("region").values_list("region", flat=True).distinct()
        ),
        after=lines[-1].id if len(page) > PAGE else None,
    )


def agency(result_id: UUID) -> AgencyResults:
    """Return everything published of the agency that a result is of; raise ``NoSuchResult``."""
    here = PublishedResult.objects.filter(id=result_id).first()
    if here is None:
        raise NoSuchResult
    rows = list(PublishedResult.objects.filter(agency_key=here.agency_key).order_by("-year", "instrument_id"))
    history = _histories(rows)[here.agency_key]
    lines = tuple(line_of(row, library.instrument(row.instrument_id), history) for row in rows)
    return AgencyResults(lines[0].agency, lines[0].kind, lines[0].region, lines)


def everything() -> Iterator[ResultLine]:
    """Yield every published result by cycle and place, for open data."""
    known: dict[str, Instrument] = {}
    rows = PublishedResult.objects.order_by("-year", "instrument_id", "place", "agency_key")
    for row in rows.iterator(chunk_size=1000):
        if row.instrument_id not in known:
            known[row.instrument_id] = library.instrument(row.instrument_id)
        yield line_of(row, known[row.instrument_id], {})


def line_of(row: PublishedResult, instrument: Instrument, history: Mapping[int, Decimal]) -> ResultLine:
    """Return a row as pages show it."""
    return ResultLine(
        id=row.id,
        place=None if row.place >= UNRANKED else row.place,
        agency=row.agency,
        kind=AgencyKind(row.kind),
        region=row.region,
        instrument=row.instrument_id,
        year=row.year,
        index=None if row.index is None else _as_printed(row.index, instrument.places),
        exact=row.exact,
        predicate=row.predicate,
        band=next((order for order, band in enumerate(instrument.bands) if band.key == row.predicate), None),
        domains=tuple(cell(instrument, row.domains.get(one.key)) for one in instrument.domains),
        flags=tuple(Flag(one) for one in row.flags),
        source=row.source,
        history=history,
    )


def cell(instrument: Instrument, told: str | None) -> Cell:
    """Return a figure with the band that it would earn as an index."""
    if told is None:
        return Cell(None, None)
    value = Decimal(told)
    return Cell(value, instrument.bands.index(instrument.band(Fraction(value))))


def _as_printed(value: Decimal, places: int) -> Decimal:
    shown = value.normalize()
    return value.quantize(Decimal(1).scaleb(-max(places, -int(shown.as_tuple().exponent))))


def _chosen(known: Sequence[CycleOf], filters: Filters) -> CycleOf | None:
    fitting = (
        one
        for one in known
        if filters.year in {None, one.year} and filters.instrument in {"", one.instrument}
    )
    return next(fitting, known[0] if known else None)


def _filtered(rows: QuerySet[PublishedResult], filters: Filters) -> QuerySet[PublishedResult]:
    if filters.kind is not None:
        rows = rows.filter(kind=filters.kind)
    if filters.region:
        rows = rows.filter(region=filters.region)
    for word in key_of(filters.search).split() if filters.search.strip() else ():
        rows = rows.filter(agency_key__contains=word)
    return rows


def _after(rows: QuerySet[PublishedResult], after: UUID | None) -> QuerySet[PublishedResult]:
    last = None if after is None else PublishedResult.objects.filter(id=after).first()
    if last is None:
        return rows
    return rows.filter(Q(place__gt=last.place) | Q(place=last.place, agency_key__gt=last.agency_key))


def _histories(rows: Iterable[PublishedResult]) -> dict[str, dict[int, Decimal]]:
    """Return index by year for each agency; one query."""
    keys = {row.agency_key for row in rows}
    found: dict[str, dict[int, Decimal]] = {}
    told = PublishedResult.objects.filter(agency_key__in=keys, index__isnull=False)
    for key, year, index in told.order_by("year").values_list("agency_key", "year", "index"):
        found.setdefault(key, {})[year] = index or Decimal()
    return {key: found.get(key, {}) for key in keys}


def _bands(rows: QuerySet[PublishedResult], instrument: Instrument, language: str) -> tuple[BandCount, ...]:
    counted = dict(rows.values_list("predicate").annotate(n=Count("id")).order_by())
    return tuple(
        BandCount(band.key, band.name.of(language), counted.get(band.key, 0))
        for band in reversed(instrument.bands)
    )
