"""The UN's table of countries, one country with what-if, and an edition entered by an officer."""

from collections.abc import Mapping
from decimal import Decimal
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from pendopo.agencies.api import Permission
from pendopo.foundation.http import Audience, access, actor_of, language_of, redirect_to
from pendopo.foundation.pages import render
from pendopo.foundation.problems import sentence
from pendopo.foundation.text import t
from pendopo.maturity import library
from pendopo.maturity.actions import countries as actions
from pendopo.maturity.egdi import COMPONENTS, Standing, WhatIf
from pendopo.maturity.errors import MaturityError, NoSuchEdition
from pendopo.maturity.exports import open_data
from pendopo.maturity.levels import decimal
from pendopo.maturity.pages import pictures
from pendopo.maturity.pages.handed import file_of, sentences
from pendopo.maturity.pages.ranking import as_csv
from pendopo.maturity.queries import countries as queries
from pendopo.maturity.queries.countries import CountryYear, Table
from pendopo.ui import charts
from pendopo.ui.parts import Choice

PUBLIC = "the UN's table is for everybody"
LONGEST = 80
STEPS = (0, 0.25, 0.5, 0.75, 1)
HOME = "Indonesia"


@access(Audience.PUBLIC, reason=PUBLIC)
@require_GET
def egdi(request: HttpRequest) -> HttpResponse:
    """Show the countries of an edition, all of them or those whose name holds the words."""
    language = language_of(request)
    found = queries.table(_year(request))
    search = request.GET.get("search", "")[:LONGEST]
    folded = search.strip().casefold()
    context = {
        "view": found,
        "lines": [one for one in found.standings if folded in one.country.name.casefold()],
        "search": search,
        "home": next((one for one in found.standings if one.country.name == HOME), None),
        "editions": [Choice(str(one), str(one)) for one in found.years],
        "bands": _bands(found, language),
        "order": {band.key: place for place, band in enumerate(found.method.bands)},
        "figure": lambda value: pictures.figure(value, language, 4),
        "link": lambda name: _link(name, found.edition.year),
    }
    return render(request, "maturity/egdi.html", context)


@access(Audience.PUBLIC, reason=PUBLIC)
@require_GET
def country(request: HttpRequest) -> HttpResponse:
    """Show one country, and what would become of it with other components."""
    language = language_of(request)
    found = queries.table(_year(request))
    here = queries.one_country(found, request.GET.get("name", HOME)[:LONGEST])
    typed = {name: request.GET.get(name, "").strip()[:12] for name in COMPONENTS}
    what_if, wrong = _what_if(found, here, typed, language)
    history = queries.through_the_years(here.country.name)
    context = {
        "view": found,
        "here": here,
        "typed": {
            name: typed[name] or pictures.figure(here.country.component(name), language)
            for name in COMPONENTS
        },
        "what_if": what_if,
        "wrong": wrong,
        "history": tuple(reversed(history)),
        "chart": _trend(history, language),
        "strips": _strips(found, here, language),
        "best": {name: max(one.country.component(name) for one in found.standings) for name in COMPONENTS},
        "figure": lambda value: pictures.figure(value, language, 4),
        "editions": [Choice(str(one), str(one)) for one in found.years],
        "link": lambda name: _link(name, found.edition.year),
    }
    return render(request, "maturity/country.html", context, status=422 if wrong else 200)


@access(Audience.PUBLIC, reason=PUBLIC)
@require_GET
def egdi_csv(request: HttpRequest) -> HttpResponse:
    """Hand out an edition as a table, computed and published values side by side."""
    found = queries.table(_year(request))
    lines = [open_data.row(("country", "year", "rank", "egdi", *COMPONENTS, "published", "band"))]
    for one in found.standings:
        each = one.country
        published = "" if each.published is None else f"{each.published:f}"
        figures = [f"{each.component(name):f}" for name in COMPONENTS]
        year = str(found.edition.year)
        lines.append(
            open_data.row(
                (each.name, year, str(one.rank), f"{one.value:f}", *figures, published, one.band.key)
            )
        )
    return as_csv(lines, f"egdi-{found.edition.year}.csv")


@access(Audience.OFFICER, permission=Permission.MATURITY_PUBLISH.value)
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Enter an edition."""
    if request.method == "GET":
        return _enter(request)
    typed = str(request.POST.get("year", ""))
    try:
        year = int(typed) if typed.isdecimal() and len(typed) == 4 else 0  # noqa: PLR2004  # digits of a year
        library.method().edition(year)
        actions.enter(
            actor_of(request), file_of(request), year=year, source=str(request.POST.get("source", ""))
        )
    except MaturityError as error:
        return _enter(request, sentences(error, language_of(request)), error.status)
    return redirect_to("maturity:egdi", {"year": typed})


def _enter(request: HttpRequest, wrong: tuple[str, ...] = (), status: int = 200) -> HttpResponse:
    context = {
        "wrong": wrong,
        "typed": request.POST,
        "editions": [Choice(str(one.year), str(one.year)) for one in reversed(library.method().editions)],
        "here": queries.years(),
    }
    return render(request, "maturity/countries.html", context, status=status)


def _year(request: HttpRequest) -> int | None:
    typed = request.GET.get("year", "")
    if not typed:
        return None
    if not typed.isdecimal() or len(typed) > 4:  # noqa: PLR2004  # digits of a year
        raise NoSuchEdition(year=typed[:8], known=", ".join(str(one) for one in queries.years()))
    return int(typed)


def _link(name: str, year: int) -> str:
    return f"{reverse('maturity:country')}?{urlencode({'name': name, 'year': year})}"


def _bands(found: Table, language: str) -> list[tuple[int, str, int]]:
    """Return place, name and number of countries of each band, the highest first."""
    counted = [(place, band.name.of(language), band.key) for place, band in enumerate(found.method.bands)]
    return [
        (place, name, sum(one.band.key == key for one in found.standings))
        for place, name, key in reversed(counted)
    ]


def _what_if(
    found: Table, here: Standing, typed: Mapping[str, str], language: str
) -> tuple[WhatIf | None, dict[str, str]]:
    """Return what follows from the typed components, or a sentence for each that is none."""
    if not any(typed.values()):
        return None, {}
    changes: dict[str, Decimal] = {}
    wrong: dict[str, str] = {}
    for name, text in typed.items():
        value = decimal(text) if text else here.country.component(name)
        if value is None or not 0 <= value <= 1:
            wrong[name] = t("maturity.egdi.component_wrong", language, component=name.upper())
        else:
            changes[name] = value
    if wrong:
        return None, wrong
    try:
        return queries.what_if(found, here.country.name, changes), {}
    except MaturityError as error:
        return None, {"osi": sentence(error, language)}


def _trend(history: tuple[CountryYear, ...], language: str) -> object:
    if len(history) < 2:  # noqa: PLR2004  # one point is no line
        return None
    lines = [charts.Line("EGDI", [float(one.standing.value) for one in history])]
    lines += [
        charts.Line(name.upper(), [float(one.standing.country.component(name)) for one in history])
        for name in COMPONENTS
    ]
    label = t("maturity.egdi.trend", language, country=history[0].standing.country.name)
    return charts.lines(lines, [str(one.year) for one in history], label, scale=(0, 1), steps=STEPS)


def _strips(found: Table, here: Standing, language: str) -> dict[str, object]:
    """Draw each component against the best country's."""
    drawn: dict[str, object] = {}
    for name in COMPONENTS:
        best = max(one.country.component(name) for one in found.standings)
        own = here.country.component(name)
        label = t(
            "maturity.egdi.strip",
            language,
            own=pictures.figure(own, language, 4),
            best=pictures.figure(best, language, 4),
        )
        drawn[name] = charts.reach(float(own), float(best), 1.0, label)
    return drawn
