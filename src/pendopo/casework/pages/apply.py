"""Filling in an application: one page at a time, saved at each step, without a line of script.

Every view is POST-redirect-GET. Whatever goes wrong, what was typed comes back into the fields, what was
saved stays, and a register that does not answer is said to be waited for, never hidden.
"""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pendopo.casework import display, queries
from pendopo.casework.actions import drafts
from pendopo.casework.actions.drafts import CHECK, Opened
from pendopo.casework.display import Reader
from pendopo.casework.errors import NoSuchDraft, NoSuchPage
from pendopo.casework.lookups import POPULATION
from pendopo.casework.pages import saving
from pendopo.casework.pages.showing import frame_of, show_saved
from pendopo.casework.pages.ways import page_href, see, to_first_open, to_receipt
from pendopo.catalogue import api as catalogue
from pendopo.catalogue.api import Service
from pendopo.foundation.http import (
    Audience,
    access,
    actor_of,
    destination,
    has_destination,
    language_of,
    redirect_to,
)
from pendopo.foundation.pages import render
from pendopo.foundation.text import t

ASSURANCE = 2
SHORTEST_REMARK, LONGEST_REMARK = 3, 300


@access(Audience.PERSON, assurance=ASSURANCE)
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, agency: str, code: str) -> HttpResponse:
    """Say what is needed and begin; unsent applications can be taken up again."""
    service = catalogue.service(agency, code)
    actor, language = actor_of(request), language_of(request)
    if request.method == "POST":
        draft_id = drafts.start(service, actor, language)
        drafts.read_registers(actor, draft_id)
        return to_first_open(request, drafts.opened(actor, draft_id))
    found = [
        line for line in queries.drafts_in_progress(actor) if (line.agency, line.service) == (agency, code)
    ]
    context = {
        "service_title": service.name(language),
        "service_href": _service_href(agency, code),
        "minutes": service.identity.minutes,
        "needs": _to_bring(service, language),
        "drafts": [
            {"saved_at": line.saved_at, "href": reverse("casework:resume", args=[agency, code, line.id])}
            for line in found
        ],
    }
    return render(request, "casework/apply/start.html", context)


def _to_bring(service: Service, language: str) -> list[tuple[str, str]]:
    """Return what may have to be brought: requirements that a file can meet, with the way in words."""
    found = []
    for requirement in service.evidence.requirements:
        way = next((way for way in requirement.any_of if way.field is not None), None)
        if way is not None:
            title = service.text(f"evidence.{requirement.id}.title", language)
            found.append((title, service.optional_text(f"evidence.{requirement.id}.{way.id}", language)))
    return found


def _service_href(agency: str, code: str) -> str:
    return (
        destination("catalogue.service", agency=agency, code=code)
        if has_destination("catalogue.service")
        else ""
    )


@access(Audience.PERSON, assurance=ASSURANCE)
@require_GET
def resume(request: HttpRequest, agency: str, code: str, draft_id: UUID) -> HttpResponse:
    """Go to the first page that is open; a sent application leads to its receipt."""
    try:
        opened = _opened(request, agency, code, draft_id)
    except NoSuchDraft:
        return to_receipt(request, draft_id)
    return to_first_open(request, opened)


@access(Audience.PERSON, assurance=ASSURANCE)
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, agency: str, code: str, draft_id: UUID, key: str) -> HttpResponse:
    """Show or save one page; the last one also sends."""
    if request.method == "POST" and key == CHECK:
        sent = saving.send(request, agency, code, draft_id)
        if sent is not None:
            return sent
    try:
        opened = _opened(request, agency, code, draft_id)
    except NoSuchDraft:
        return to_receipt(request, draft_id)
    shown = opened.state.page(key)
    if shown is None or not opened.may_change(shown):
        return to_first_open(request, opened)
    if request.method == "GET":
        return show_saved(request, opened, shown)
    if shown.kind == CHECK:
        return saving.send_otherwise(request, opened, shown)
    return saving.save(request, opened, shown)


@access(Audience.PERSON, assurance=ASSURANCE)
@require_POST
def registers(request: HttpRequest, agency: str, code: str, draft_id: UUID) -> HttpResponse:
    """Ask the registers again."""
    opened = _opened(request, agency, code, draft_id)
    drafts.read_registers(actor_of(request), opened.draft.id)
    return to_first_open(request, drafts.opened(actor_of(request), draft_id))


@access(Audience.PERSON, assurance=ASSURANCE)
@require_GET
def waiting(request: HttpRequest, agency: str, code: str, draft_id: UUID) -> HttpResponse:
    """Say that the application is saved and what it waits for."""
    opened = _opened(request, agency, code, draft_id)
    if not opened.state.lookups_due:
        return to_first_open(request, opened)
    frame = frame_of(request, opened, None, heading=t("casework.apply.waiting_heading", language_of(request)))
    return render(
        request,
        "casework/apply/waiting.html",
        frame | {"saved_at": opened.draft.saved_at, "waits": "", "why": opened.draft.waits_for or POPULATION},
    )


@access(Audience.PERSON, assurance=ASSURANCE)
@require_http_methods(["GET", "POST"])
def wrong(request: HttpRequest, agency: str, code: str, draft_id: UUID, path: str) -> HttpResponse:
    """Take down what the applicant says about register data, and say where it is corrected."""
    opened = _opened(request, agency, code, draft_id)
    language = language_of(request)
    place = next(((at, shown) for at in opened.state.pages for shown in at.shows if shown.path == path), None)
    if place is None:
        raise NoSuchPage
    at, shown = place
    back = page_href(opened, at.key)
    remark = request.POST.get("remark", opened.content.remarks.get(path, "")).strip()
    errors: dict[str, str] = {}
    if request.method == "POST":
        if not remark or SHORTEST_REMARK <= len(remark) <= LONGEST_REMARK:
            drafts.remark(actor_of(request), draft_id, path, remark)
            return see(back)
        errors["remark"] = t("casework.apply.wrong_length", language)
    frame = frame_of(request, opened, at, heading=t("casework.apply.wrong_heading", language))
    context = frame | {
        "back_href": back,
        "label": opened.service.label(path, language),
        "value": display.shown_text(opened.service, shown, opened.content, Reader(language)),
        "remark": remark,
        "errors": list(errors.items()),
        "errors_by_field": errors,
    }
    return render(request, "casework/apply/wrong.html", context, status=422 if errors else 200)


@access(Audience.PERSON, assurance=ASSURANCE)
@require_http_methods(["GET", "POST"])
def discard(request: HttpRequest, agency: str, code: str, draft_id: UUID) -> HttpResponse:
    """Throw an unsent application away, after asking."""
    opened = _opened(request, agency, code, draft_id)
    if request.method == "POST":
        drafts.discard(actor_of(request), draft_id)
        return redirect_to("casework:start", agency=agency, code=code)
    frame = frame_of(request, opened, None, heading=t("casework.discard.heading", language_of(request)))
    back = reverse("casework:resume", args=[agency, code, draft_id])
    return render(request, "casework/apply/discard.html", frame | {"back_href": back})


def _opened(request: HttpRequest, agency: str, code: str, draft_id: UUID) -> Opened:
    opened = drafts.opened(actor_of(request), draft_id)
    if (opened.draft.agency, opened.draft.service) != (agency, code):
        raise NoSuchDraft
    return opened
