"""Pages of the catalogue: all services, one service, its standard, a life event."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from pendopo.catalogue import queries, sheets, store
from pendopo.foundation.http import Audience, access, language_of
from pendopo.foundation.pages import render
from pendopo.kernel.errors import NotFound

LONGEST_QUERY = 120
WHY_PUBLIC = "what the government offers is for everybody to read"


@access(Audience.PUBLIC, reason=WHY_PUBLIC)
@require_GET
def services(request: HttpRequest) -> HttpResponse:
    """Show all services, or those that fit the words typed."""
    language = language_of(request)
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    found = queries.find(query, language) if query else queries.cards(language)
    return render(request, "catalogue/services.html", {"query": query, "found": found})


@access(Audience.PUBLIC, reason=WHY_PUBLIC)
@require_GET
def service(request: HttpRequest, agency: str, code: str) -> HttpResponse:
    """Show one service: what it takes, what it costs, how long, and where to begin."""
    found = store.current_version(agency, code)
    return render(request, "catalogue/service.html", {"sheet": sheets.sheet(found, language_of(request))})


@access(Audience.PUBLIC, reason=WHY_PUBLIC)
@require_GET
def standard(request: HttpRequest, agency: str, code: str) -> HttpResponse:
    """Show the 14 components of the service standard and every legal basis."""
    found, language = store.current_version(agency, code), language_of(request)
    context = {
        "sheet": sheets.sheet(found, language),
        "delivery": sheets.delivery(found, language),
        "management": sheets.management(found, language),
        "hash": found.hash,
        "published_at": found.published_at,
    }
    return render(request, "catalogue/standard.html", context)


@access(Audience.PUBLIC, reason=WHY_PUBLIC)
@require_GET
def life_event(request: HttpRequest, code: str) -> HttpResponse:
    """Show the services that a life event gathers."""
    language = language_of(request)
    event = next((one for one in queries.events(language) if one.code == code and one.available), None)
    if event is None:
        raise NotFound
    found = queries.cards_of(event.services, language)
    return render(request, "catalogue/life_event.html", {"event": event, "found": found})
