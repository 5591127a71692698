"""What the pages of a live session have in common: the whole page, its own part, and how a form is answered.

A form works without a script: it is answered by the page anew. The script asks for the own part only, with
the header ``X-Part``, and puts the answer in its place.
"""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from pendopo.cabinet import stage
from pendopo.cabinet.errors import CabinetError, DoesNotFit
from pendopo.cabinet.records.live import Screen
from pendopo.foundation.clock import now
from pendopo.foundation.http import language_of, redirect_to
from pendopo.foundation.pages import render
from pendopo.foundation.text import t

PART = "X-Part"
PAGES = {"member": "cabinet:live", "clerk": "cabinet:clerk", "chair": "cabinet:chair"}


def given(request: HttpRequest, name: str) -> str:
    """Return a field of the form, empty if it is not there."""
    return str(request.POST.get(name, ""))


def given_id(request: HttpRequest, name: str) -> UUID:
    """Return an id from the form; raise ``DoesNotFit``."""
    try:
        return UUID(given(request, name))
    except ValueError:
        raise DoesNotFit(field=name) from None


def show(
    request: HttpRequest, kind: str, screen: Screen, *, error: str = "", status: int = 200
) -> HttpResponse:
    """Answer with the page ``kind``, or with its own part if the script asked for that."""
    language = language_of(request)
    wants_part = PART in request.headers
    context = {
        "screen": screen,
        "kind": kind,
        "parts": {} if wants_part else stage.render(screen.stage, language),
        "now": int(now().timestamp() * 1000),
        "page": PAGES.get(kind, "cabinet:projector"),
        "error": error,
        "seats": " ".join(seat.office.code for seat in screen.seats),
    }
    template = f"cabinet/live/own/{kind}.html" if wants_part else f"cabinet/live/{kind}.html"
    response = render(request, template, context, status=status)
    if wants_part:
        response[PART] = kind
    response["Vary"] = PART
    return response


def answer(
    request: HttpRequest,
    kind: str,
    session_id: UUID,
    act: Callable[[], object],
    look: Callable[[], Screen],
) -> HttpResponse:
    """Do what a form asks, then show where the session is; a refusal is shown on the page with its reason."""
    try:
        act()
    except CabinetError as error:
        if error.status in {403, 404}:
            raise
        said = t(error.text_key, language_of(request))
        return show(request, kind, look(), error=said, status=error.status)
    if PART in request.headers:
        return show(request, kind, look())
    return redirect_to(PAGES[kind], session_id=session_id)
