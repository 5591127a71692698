"""Pages about the hall itself: what it is, how it works, for whom it was built."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from pendopo.foundation.http import Audience, access
from pendopo.foundation.pages import render


@access(Audience.PUBLIC, reason="what the hall is may be read by anyone")
@require_GET
def about(request: HttpRequest) -> HttpResponse:
    """Say what this hall is, what it can do and what it cannot do yet."""
    return render(request, "portal/about.html")


@access(Audience.PUBLIC, reason="how data is handled may be read by anyone")
@require_GET
def how(request: HttpRequest) -> HttpResponse:
    """Say how data is asked for, recorded and proved."""
    return render(request, "portal/how.html")


@access(Audience.PUBLIC, reason="the accessibility statement may be read by anyone")
@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    """Say what was done and tested for accessibility, and what was not."""
    return render(request, "portal/accessibility.html")
