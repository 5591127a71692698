"""The worklist and the search by case number."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from pendopo.casework import api as casework
from pendopo.casework.api import WorkLine, WorkView
from pendopo.desk.due import due
from pendopo.desk.pages.frame import frame
from pendopo.desk.permissions import ASSURANCE, READ
from pendopo.foundation.clock import now
from pendopo.foundation.formats import format_datetime
from pendopo.foundation.http import Audience, access, actor_of, language_of, redirect_to
from pendopo.foundation.pages import render
from pendopo.foundation.text import t

LONGEST_SHOWN = 40
STATE_KINDS = {
    "submitted": "info",
    "verifying": "warn",
    "returned": "soga",
    "approved": "info",
    "registered": "info",
    "refused": "bad",
    "issued": "ok",
}


@access(Audience.OFFICER, permission=READ, assurance=ASSURANCE)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show one view of the worklist."""
    return _show(request)


@access(Audience.OFFICER, permission=READ, assurance=ASSURANCE)
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Open the case with the typed number, or say that this body has none.

    What is typed is sent in the body: an address stands in logs, histories and bookmarks.
    """
    number = request.POST.get("number", "").strip()
    if not number:
        return redirect_to("desk:home")
    found = casework.find_case(actor_of(request), number)
    if found is not None:
        return redirect_to("desk:case", case_id=found)
    return _show(request, missing=number[:LONGEST_SHOWN])


def _show(request: HttpRequest, *, missing: str = "") -> HttpResponse:
    actor, language = actor_of(request), language_of(request)
    view = _view(request.GET.get("view", ""))
    found = casework.worklist(actor, view, cursor=request.GET.get("after"))
    context = frame(actor, language, view) | {
        "heading": t(f"desk.views.{view.value}", language),
        "view": view.value,
        "lines": [_line(line, language) for line in found.lines],
        "next_href": _address(view, found.next_cursor) if found.next_cursor else None,
        "first_href": _address(view) if request.GET.get("after") else None,
        "missing": missing,
    }
    return render(request, "desk/home.html", context)


def _view(text: str) -> WorkView:
    return WorkView(text) if text in set(WorkView) else WorkView.TODAY


def _address(view: WorkView, cursor: str = "") -> str:
    address = f"{reverse('desk:home')}?view={view.value}"
    return f"{address}&after={cursor}" if cursor else address


def _line(line: WorkLine, language: str) -> dict[str, object]:
    return {
        "id": line.id,
        "number": line.number,
        "service": casework.service_title(line.service_version_id, language),
        "applicant": line.applicant,
        "state": t(f"casework.states.{line.state.value}.short", language),
        "kind": "bad" if line.overdue else STATE_KINDS[line.state.value],
        "waits": bool(line.waits_for),
        "promise": due(line.promise_due_at, now(), language),
        "legal": due(line.legal_due_at, now(), language),
        "closed": None if line.closed_at is None else format_datetime(line.closed_at, language),
    }
