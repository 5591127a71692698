"""Light or dark: a choice that is kept in a cookie and needs no script."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from pendopo.foundation.http import Audience, access
from pendopo.foundation.pages import APPEARANCES, appearance_cookie
from pendopo.foundation.settings import current
from pendopo.kernel.errors import Invalid

A_YEAR = 365 * 24 * 60 * 60


@require_POST
@access(Audience.PUBLIC, reason="the colours of a page belong to whoever reads it")
def choose(request: HttpRequest) -> HttpResponse:
    """Keep ``light`` or ``dark`` for a year, or forget it (``auto``), and lead back to the page."""
    chosen = request.POST.get("appearance", "")
    response = HttpResponseRedirect(_way_back(request), status=303)
    if chosen in APPEARANCES:
        response.set_cookie(
            appearance_cookie(),
            chosen,
            max_age=A_YEAR,
            httponly=True,
            samesite="Lax",
            secure=current().secure,
        )
    elif chosen == "auto":
        response.delete_cookie(appearance_cookie(), samesite="Lax")
    else:
        raise Invalid
    return response


def _way_back(request: HttpRequest) -> str:
    """Return the page's own path; anything that could leave the hall leads home."""
    back = request.POST.get("back", "")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return back if is_ours else "/"
