"""The nation, the ranking of a cycle, one agency through the years, and open data: for everybody."""

from collections.abc import Iterable
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET
from markupsafe import Markup

from pendopo.foundation.http import Audience, access, language_of, redirect_to
from pendopo.foundation.pages import render
from pendopo.foundation.text import t
from pendopo.maturity import library, national
from pendopo.maturity.exports import open_data
from pendopo.maturity.instruments import Instrument
from pendopo.maturity.pages import pictures
from pendopo.maturity.published import AgencyKind
from pendopo.maturity.queries import ranking as queries
from pendopo.maturity.queries.ranking import Filters
from pendopo.maturity.records.results import ResultLine
from pendopo.ui import charts
from pendopo.ui.parts import Choice

PUBLIC = "published results are for everybody"
LONGEST = 100
STEPS = (1, 2, 3, 4, 5)


@access(Audience.PUBLIC, reason=PUBLIC)
@require_GET
def front(_: HttpRequest) -> HttpResponse:
    """Lead whoever types the short address to the nation, from where everything else is one step."""
    return redirect_to("maturity:national")


@access(Audience.PUBLIC, reason=PUBLIC)
@require_GET
def country(request: HttpRequest) -> HttpResponse:
    """Show the national index from 2018 to 2024."""
    language = language_of(request)
    years = national.years()
    instrument = library.instrument(years[-1].instrument)
    lines = [charts.Line(t("maturity.national.index", language), [float(one.index) for one in years])]
    lines += [
        charts.Line(
            domain.key,
            [float(one.domains[domain.key]) if domain.key in one.domains else None for one in years],
        )
        for domain in instrument.domains
    ]
    chart = charts.lines(
        lines,
        [str(one.year) for one in years],
        t("maturity.national.chart", language, first=years[0].year, last=years[-1].year),
        scale=pictures.ends(instrument.scale),
        steps=STEPS,
    )
    context = {
        "years": tuple(reversed(years)),
        "domains": instrument.domains,
        "chart": chart,
        "cycles": queries.cycles(),
        "figure": lambda value: pictures.figure(value, language),
    }
    return render(request, "maturity/national.html", context)


@access(Audience.PUBLIC, reason=PUBLIC)
@require_GET
def ranking(request: HttpRequest) -> HttpResponse:
    """Show a page of a cycle's ranking."""
    language = language_of(request)
    filters = _filters(request)
    found = queries.ranking(filters, language)
    instrument = library.instrument(found.cycle.instrument) if found.cycle else None
    shorts = {one.id: one.short.of(language) for one in library.instruments()}
    context = {
        "view": found,
        "filters": filters,
        "kinds": _kinds(language),
        "chosen": f"{found.cycle.instrument}:{found.cycle.year}" if found.cycle else "",
        "cycles": [
            Choice(f"{one.instrument}:{one.year}", f"{one.year} · {shorts[one.instrument]}")
            for one in found.cycles
        ],
        "next": _page(request, found.after) if found.after else None,
        "first": _page(request) if filters.after else None,
        "figure": lambda value: pictures.figure(value, language),
        "instrument": instrument,
        "sparks": _sparks(found.lines, found.years, instrument, language),
    }
    return render(request, "maturity/ranking.html", context)


@access(Audience.PUBLIC, reason=PUBLIC)
@require_GET
def agency(request: HttpRequest, result_id: UUID) -> HttpResponse:
    """Show one agency through the years."""
    language = language_of(request)
    found = queries.agency(result_id)
    newest = found.lines[0]
    years = sorted({one.year for one in found.lines})
    history = newest.history
    instruments = {one.instrument: library.instrument(one.instrument) for one in found.lines}
    country_wide = {one.year: float(one.index) for one in national.years()}
    chart = charts.lines(
        [
            charts.Line(
                t("maturity.agency.own", language),
                [float(history[year]) if year in history else None for year in years],
            ),
            charts.Line(t("maturity.agency.country", language), [country_wide.get(year) for year in years]),
        ],
        [str(year) for year in years],
        t("maturity.agency.chart", language, agency=found.agency),
        scale=pictures.ends(instruments[newest.instrument].scale),
        steps=STEPS,
    )
    context = {
        "view": found,
        "chart": chart,
        "instruments": instruments,
        "national": {one.year: one.index for one in national.years()},
        "predicates": {
            (key, band.key): band.name.of(language) for key, one in instruments.items() for band in one.bands
        },
        "figure": lambda value: pictures.figure(value, language),
    }
    return render(request, "maturity/agency.html", context)


@access(Audience.PUBLIC, reason=PUBLIC)
@require_GET
def results_csv(_: HttpRequest) -> HttpResponse:
    """Hand out every published result as a table."""
    return as_csv(open_data.results_csv(queries.everything()), "hasil-kematangan.csv")


@access(Audience.PUBLIC, reason=PUBLIC)
@require_GET
def results_json(_: HttpRequest) -> HttpResponse:
    """Hand out every published result as JSON."""
    text = "".join(open_data.results_json(queries.everything()))
    return HttpResponse(text, content_type="application/json", headers={"Access-Control-Allow-Origin": "*"})


def as_csv(lines: Iterable[str], name: str) -> HttpResponse:
    """Return a table as a file; any page may read it, since it is open data."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Access-Control-Allow-Origin": "*"}
    return HttpResponse("".join(lines), content_type="text/csv; charset=utf-8", headers=headers)


def _filters(request: HttpRequest) -> Filters:
    given = request.GET
    instrument, _, year = given.get("cycle", "").partition(":")
    return Filters(
        instrument=instrument[:LONGEST],
        year=int(year) if year.isdecimal() and len(year) == 4 else None,  # noqa: PLR2004  # digits of a year
        kind=next((one for one in AgencyKind if one.value == given.get("kind")), None),
        region=given.get("region", "")[:LONGEST],
        search=given.get("search", "")[:LONGEST],
        after=_id(given.get("after", "")),
    )


def _id(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def _kinds(language: str) -> list[Choice]:
    return [
        Choice("", t("maturity.ranking.all_kinds", language)),
        *(Choice(one.value, t(f"maturity.kinds.{one.value}", language)) for one in AgencyKind),
    ]


def _page(request: HttpRequest, after: UUID | None = None) -> str:
    """Return the address of a page with the same filters: the first, or the one behind a result."""
    query = {key: value for key, value in request.GET.items() if key != "after" and value}
    if after is not None:
        query["after"] = str(after)
    return reverse("maturity:ranking") + (f"?{urlencode(query)}" if query else "")


def _sparks(
    lines: Iterable[ResultLine], years: tuple[int, ...], instrument: Instrument | None, language: str
) -> dict[UUID, Markup]:
    """Draw each agency's years on the scale of the cycle that is shown."""
    if instrument is None:
        return {}
    return {one.id: pictures.spark(one.history, years, instrument.scale, language) for one in lines}
