"""Home: one question, the life events, and what waits for the person who is signed in."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from pendopo.catalogue import api as catalogue
from pendopo.foundation.http import Audience, access, actor_of, language_of
from pendopo.foundation.pages import render
from pendopo.portal import matters

MOST_CARDS = 6


@access(Audience.PUBLIC, reason="the hall's front has no walls")
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show the way in; a person who is signed in also sees what needs them."""
    actor, lang = actor_of(request), language_of(request)
    services = catalogue.cards(lang)
    context = {
        "life_events": catalogue.life_events(lang),
        "services": services[:MOST_CARDS],
        "service_count": len(services),
        "waiting": matters.waiting(actor, lang) if actor.signed_in else (),
    }
    return render(request, "portal/home.html", context)


@access(Audience.PERSON)
@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """Show a person's applications: unsent, in progress, finished."""
    actor, lang = actor_of(request), language_of(request)
    drafts, found = matters.drafts(actor, lang), matters.cases(actor, lang)
    context = {
        "drafts": drafts,
        "current": [item for item in found if not item.finished],
        "finished": [item for item in found if item.finished],
    }
    return render(request, "portal/cases.html", context)
