"""Who looked at my data: the list, the proof of one line, and both as files."""

import datetime as dt
from collections.abc import Sequence
from itertools import groupby
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from pendopo.foundation.clock import now
from pendopo.foundation.formats import zone
from pendopo.foundation.http import Audience, access, language_of
from pendopo.foundation.pages import render
from pendopo.ledger import api as ledger
from pendopo.portal import looks, proofs
from pendopo.portal.pages import person

PAGE = 20


def _period(at: dt.datetime, today: dt.date) -> str:
    """Return the text key of the heading under which a moment stands, or the month as ``YYYY-MM``."""
    day = at.astimezone(zone()).date()
    if day == today:
        return "today"
    if day == today - dt.timedelta(days=1):
        return "yesterday"
    return "month" if (day.year, day.month) == (today.year, today.month) else f"{day:%Y-%m}"


def grouped(entries: Sequence[looks.Look]) -> list[tuple[str, list[looks.Bundle]]]:
    """Return entries by period, in the order in which they come, with repeated looks in one."""
    today = now().astimezone(zone()).date()
    periods = groupby(entries, lambda look: _period(look.at, today))
    return [(period, looks.bundled(group)) for period, group in periods]


@access(Audience.PERSON)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Show who looked, newest first, and whether the list is provably whole."""
    pseudonym, lang = person.pseudonym_of(request), language_of(request)
    entries = ledger.access_of(pseudonym, before=person.before(request), limit=PAGE + 1)
    shown = looks.described(entries[:PAGE], lang)
    context = {
        "groups": grouped(shown),
        "older": shown[-1].id if len(entries) > PAGE else None,
        "first_page": "before" not in request.GET,
        "completeness": proofs.completeness(pseudonym),
    }
    return render(request, "portal/access.html", context)


@access(Audience.PERSON)
@require_GET
def proof(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Show one line in full, with its place in the log and the path to the signed root."""
    pseudonym = person.pseudonym_of(request)
    entry = ledger.entry_of(pseudonym, entry_id)
    found = None if entry.leaf_index is None else ledger.proof_of(entry.id, pseudonym)
    context = {
        "look": looks.described([entry], language_of(request))[0],
        "proof": found,
        "holds": found is not None and proofs.entry_holds(found),
    }
    return render(request, "portal/proof.html", context)


@access(Audience.PERSON)
@require_GET
def proof_file(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Hand out the proof of one line."""
    pseudonym = person.pseudonym_of(request)
    entry = ledger.entry_of(pseudonym, entry_id)
    return _attachment(proofs.entry_file(ledger.proof_of(entry.id, pseudonym)), f"bukti-{entry.id}.json")


@access(Audience.PERSON)
@require_GET
def list_file(request: HttpRequest) -> HttpResponse:
    """Hand out the whole list with the proof that it is whole."""
    return _attachment(proofs.list_file(person.pseudonym_of(request)), "siapa-melihat-data-saya.json")


def _attachment(body: bytes, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
