"""Drafts of published results: hand a file in, look at what it would change, publish it or throw it away."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from pendopo.agencies.api import Permission
from pendopo.foundation.http import Audience, access, actor_of, language_of, redirect_to
from pendopo.foundation.pages import render
from pendopo.foundation.problems import sentence
from pendopo.foundation.text import t
from pendopo.maturity import library
from pendopo.maturity.actions import results as actions
from pendopo.maturity.errors import MaturityError
from pendopo.maturity.imports.results import Defaults
from pendopo.maturity.pages.handed import file_of, sentences
from pendopo.maturity.published import AgencyKind
from pendopo.maturity.queries import imports as queries
from pendopo.ui.parts import Choice


@access(Audience.OFFICER, permission=Permission.MATURITY_PUBLISH.value)
@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """List the imports of the officer's body; read a file as a draft."""
    if request.method == "GET":
        return _list(request)
    try:
        found = actions.hand_in(
            actor_of(request),
            file_of(request),
            source=str(request.POST.get("source", "")),
            defaults=_defaults(request),
        )
    except MaturityError as error:
        return _list(request, sentences(error, language_of(request)), error.status)
    return redirect_to("maturity:import", import_id=found)


@access(Audience.OFFICER, permission=Permission.MATURITY_PUBLISH.value)
@require_http_methods(["GET", "POST"])
def one_import(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Show what a draft would change; publish it or throw it away."""
    actor = actor_of(request)
    if request.method == "GET":
        return _show(request, import_id)
    try:
        if request.POST.get("act") == "publish":
            actions.publish(actor, import_id)
        elif request.POST.get("act") == "drop":
            actions.drop(actor, import_id)
    except MaturityError as error:
        queries.one_import(actor, import_id)
        return _show(request, import_id, sentence(error, language_of(request)), error.status)
    return redirect_to("maturity:import", import_id=import_id)


def _defaults(request: HttpRequest) -> Defaults:
    year = str(request.POST.get("year", "")).strip()
    kind = str(request.POST.get("kind", ""))
    return Defaults(
        instrument=str(request.POST.get("instrument", "")),
        year=int(year) if year.isdecimal() and len(year) == 4 else None,  # noqa: PLR2004  # digits of a year
        kind=next((one for one in AgencyKind if one.value == kind), None),
    )


def _list(request: HttpRequest, wrong: tuple[str, ...] = (), status: int = 200) -> HttpResponse:
    language = language_of(request)
    context = {
        "lines": queries.imports(actor_of(request)),
        "wrong": wrong,
        "typed": request.POST,
        "instruments": [Choice(one.id, one.short.of(language)) for one in library.instruments()],
        "kinds": [
            Choice("", t("maturity.imports.kind_from_name", language)),
            *(Choice(one.value, t(f"maturity.kinds.{one.value}", language)) for one in AgencyKind),
        ],
    }
    return render(request, "maturity/imports.html", context, status=status)


def _show(request: HttpRequest, import_id: UUID, refused: str = "", status: int = 200) -> HttpResponse:
    found = queries.one_import(actor_of(request), import_id)
    return render(request, "maturity/import.html", {"view": found, "refused": refused}, status=status)
