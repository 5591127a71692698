"""What hangs on the wall: no controls, and nothing above the class of the room."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from pendopo.cabinet.pages.live_frame import show
from pendopo.cabinet.queries import live_screens
from pendopo.foundation.http import Audience, access, actor_of, language_of


@access(Audience.PERSON, assurance=2)
@require_GET
def projector(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Show the session to the room."""
    return show(request, "projector", live_screens.wall(actor_of(request), session_id, language_of(request)))
