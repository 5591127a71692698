"""Showing a file that the signed-in person gave."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from pendopo.casework import queries
from pendopo.casework.records import FileView
from pendopo.documents import api as documents
from pendopo.foundation.http import Audience, access, actor_of


@access(Audience.PERSON)
@require_GET
def own(request: HttpRequest, evidence_id: UUID) -> HttpResponse:
    """Send the file back to who gave it."""
    return file_response(queries.own_file(actor_of(request), evidence_id))


def file_response(file: FileView) -> HttpResponse:
    """Answer with a checked file as the type that was found in it, in a page that may run nothing."""
    response = HttpResponse(documents.read_file(file.file_id), content_type=file.media_type)
    extension = file.media_type.rpartition("/")[2]
    response["Content-Disposition"] = f'inline; filename="{file.id}.{extension}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
