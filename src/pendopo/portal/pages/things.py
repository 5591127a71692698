"""My data and my documents."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from pendopo.documents import api as documents
from pendopo.foundation.http import Audience, access, language_of
from pendopo.foundation.pages import render
from pendopo.inbox import api as inbox
from pendopo.ledger import api as ledger
from pendopo.portal import looks, proofs
from pendopo.portal.pages import person

LATEST = 3


@access(Audience.PERSON)
@require_GET
def data(request: HttpRequest) -> HttpResponse:
    """Show what the hall keeps for a person: documents, looks, messages, ways of signing in."""
    subject_id, pseudonym = person.subject_of(request), person.pseudonym_of(request)
    context = {
        "documents": len(documents.documents_of(subject_id)),
        "unread": inbox.unread_count(subject_id),
        "looks": looks.described(ledger.access_of(pseudonym, limit=LATEST), language_of(request)),
        "completeness": proofs.completeness(pseudonym),
    }
    return render(request, "portal/data.html", context)


@access(Audience.PERSON)
@require_GET
def my_documents(request: HttpRequest) -> HttpResponse:
    """Show a person's documents: those in force first, then those that ended."""
    found = documents.documents_of(person.subject_of(request))
    context = {
        "valid": [item for item in found if item.status == "valid"],
        "ended": [item for item in found if item.status != "valid"],
    }
    return render(request, "portal/documents.html", context)
