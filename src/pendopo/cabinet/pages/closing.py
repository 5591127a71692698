"""The end of a dossier: the secretariat closes it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from pendopo.cabinet.actions import closing
from pendopo.foundation.http import Audience, access, actor_of, redirect_to


@access(Audience.PERSON, assurance=2)
@require_POST
def close(request: HttpRequest, dossier_id: UUID) -> HttpResponse:
    """Close a dossier whose minutes are signed and whose tasks are all closed."""
    closing.close_dossier(actor_of(request), dossier_id)
    return redirect_to("cabinet:dossier", dossier_id=dossier_id)
