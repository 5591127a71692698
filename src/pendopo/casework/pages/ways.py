"""Where an applicant goes next: to a page of the application, to what waits, to the receipt."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from pendopo.casework import queries
from pendopo.casework.actions.drafts import CHECK, Opened
from pendopo.casework.errors import NoSuchDraft
from pendopo.catalogue.api import PageView
from pendopo.foundation.http import actor_of, redirect_to


def back(opened: Opened, shown: PageView | None) -> str:
    """Return the address of the page before, or of the beginning."""
    previous = opened.state.previous_page(shown.key) if shown is not None else None
    if previous is not None and opened.may_change(previous):
        return page_href(opened, previous.key)
    return reverse("casework:start", args=[opened.draft.agency, opened.draft.service])


def page_href(opened: Opened, key: str) -> str:
    """Return the address of a page of this application."""
    return reverse("casework:page", args=[opened.draft.agency, opened.draft.service, opened.draft.id, key])


def to_next(request: HttpRequest, opened: Opened, key: str) -> HttpResponse:
    """Go on after a saved page: to the next one that may be changed, or to what waits.

    A register may have found something against the page meanwhile (an unknown NIK): then it stays there.
    """
    saved = opened.state.page(key)
    if saved is not None and saved.problems:
        return see(page_href(opened, key))
    following = opened.state.next_page(key)
    while following is not None and not opened.may_change(following):
        following = opened.state.next_page(following.key)
    if following is None or (following.kind == CHECK and opened.state.lookups_due):
        return to_first_open(request, opened)
    return see(page_href(opened, following.key))


def to_first_open(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Go to the first open page; when only a register's answer is missing, say what waits."""
    stopped = opened.state.stopped
    target = stopped or opened.state.first_open
    if opened.state.lookups_due and (target is None or target.kind == CHECK):
        draft = opened.draft
        return redirect_to("casework:waiting", agency=draft.agency, code=draft.service, draft_id=draft.id)
    if opened.returned_for and (target is None or target.kind == CHECK):
        asked = next((at for at in opened.state.pages if at.id in opened.returned_for), None)
        target = (
            asked
            if request.resolver_match is not None and request.resolver_match.url_name == "resume"
            else target
        )
    last = opened.state.pages[-1]
    return see(page_href(opened, (target or last).key))


def to_receipt(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """A sent application leads to its receipt; what is not the person's does not exist."""
    receipt = queries.receipt_of_draft(actor_of(request), draft_id)
    if receipt is None:
        raise NoSuchDraft
    return redirect_to("casework:receipt", case_id=receipt.case_id)


def see(address: str) -> HttpResponse:
    """Send the browser there with a GET."""
    return HttpResponseRedirect(address, status=303)
