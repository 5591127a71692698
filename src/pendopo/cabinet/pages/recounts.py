"""A vote counted again, on a page and as a file."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from pendopo.cabinet.actions import positions, recounts
from pendopo.cabinet.pages.minutes import handed
from pendopo.cabinet.queries import recount as queries
from pendopo.foundation.http import Audience, access, actor_of, language_of
from pendopo.foundation.pages import render


@access(Audience.PERSON, assurance=2)
@require_GET
def recount(request: HttpRequest, item_id: UUID, poll_id: UUID) -> HttpResponse:
    """Count a closed vote again and show every step."""
    view = queries.of_vote(actor_of(request), item_id, poll_id, language_of(request))
    positions.record_decision_read(actor_of(request), item_id)
    return render(request, "cabinet/recount.html", {"view": view})


@access(Audience.PERSON, assurance=2)
@require_GET
def recount_file(request: HttpRequest, item_id: UUID, poll_id: UUID) -> HttpResponse:
    """Hand out the vote for counting it elsewhere; that it left is recorded."""
    file = recounts.hand_out(actor_of(request), item_id, poll_id, language_of(request))
    positions.record_decision_read(actor_of(request), item_id)
    return handed(file)
