"""Papers that leave the screen: one paper, or the reading pack of a session."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from pendopo.cabinet import errors
from pendopo.cabinet.actions import packs
from pendopo.cabinet.actions.packs import Handed
from pendopo.cabinet.pages.forms import fetched_ahead
from pendopo.cabinet.pages.minister import agenda_page
from pendopo.foundation.http import Audience, access, actor_of, language_of, redirect_to
from pendopo.foundation.text import t


@access(Audience.PERSON, assurance=2)
@require_GET
def paper(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Open one version of a paper; it is recorded that the person did."""
    if fetched_ahead(request):
        return HttpResponse(status=503)
    return _answer(packs.hand_out(actor_of(request), document_id, language_of(request)), "inline")


@access(Audience.PERSON, assurance=2)
@require_http_methods(["GET", "POST"])
def pack(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Send the reading pack. A form, not a link: what a browser fetches ahead must not count as read."""
    if request.method == "GET":
        return redirect_to("cabinet:agenda", session_id=session_id)
    try:
        made = packs.pack(actor_of(request), session_id, language_of(request))
    except errors.TooLarge as error:
        sentence = t(error.text_key, language_of(request))
        return agenda_page(request, session_id, error=sentence, status=error.status)
    return _answer(made, "attachment")


def _answer(made: Handed, disposition: str) -> HttpResponse:
    """Answer with a file in a page that may run nothing and that no cache keeps."""
    response = HttpResponse(made.data, content_type=made.media_type)
    response["Content-Disposition"] = f'{disposition}; filename="{made.filename}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
