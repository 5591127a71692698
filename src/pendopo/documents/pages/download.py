"""A person's own documents as files."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify

from pendopo.documents import queries
from pendopo.documents.errors import DocumentNotFound
from pendopo.foundation.http import Audience, access, actor_of
from pendopo.foundation.pages import PRIVATE


@access(Audience.PERSON)
def download(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Send the sealed PDF to the person whose document it is; to everybody else it does not exist."""
    subject_id = actor_of(request).subject_id
    if subject_id is None:
        raise DocumentNotFound
    document = queries.owned_document(document_id, subject_id)
    response = HttpResponse(queries.read_document(document.id), content_type="application/pdf")
    name = f"{slugify(document.title_id)}-{slugify(document.number)}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = PRIVATE
    return response
