"""Decisions: the register, one decision with directives and publication, and what the public reads."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID
from xml.etree import ElementTree as ET  # only written here, never parsed

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pendopo.cabinet.actions import decisions, exports, positions
from pendopo.cabinet.actions.decisions import Order, Public
from pendopo.cabinet.errors import DoesNotFit
from pendopo.cabinet.pages.minutes import handed
from pendopo.cabinet.pages.planning_form import Moment
from pendopo.cabinet.pages.typed import attempt
from pendopo.cabinet.queries import decisions as queries
from pendopo.cabinet.records.after import Published
from pendopo.foundation.http import Audience, access, actor_of, language_of, redirect_to
from pendopo.foundation.pages import render
from pendopo.foundation.refusals import Refusal
from pendopo.foundation.settings import current
from pendopo.foundation.text import t

PUBLIC = "published decisions are for everybody"
ROWS_OF_TASKS = 3
FIELDS = {
    "decision": {"text": "text"},
    "direct": {
        "text": "order",
        "tasks": "task-0",
        "task": "task-0",
        "due_on": "due-0-day",
        "owner_seat": "owner-0",
        "budget_line": "budget-0",
    },
    "publish": {
        "text": "public_text",
        "title": "title",
        "title_en": "title_en",
        "text_en": "public_text_en",
        "embargo": "embargo-day",
    },
}
"""By form, where on the page a refused field is; the first is meant when none is named."""
MONTHS = frozenset(str(month) for month in range(1, 13))


@access(Audience.PERSON, assurance=2)
@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """Show the register of decisions."""
    page = page_of(request)
    lines, more = queries.register(actor_of(request), page=page)
    return render(request, "cabinet/register.html", {"lines": lines, "page": page, "more": more})


@access(Audience.PERSON, assurance=2)
@require_http_methods(["GET", "POST"])
def decision(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Show a decision; write it."""
    if request.method == "GET":
        return _show(request, item_id)

    def act() -> HttpResponse:
        decisions.write_decision(actor_of(request), item_id, str(request.POST.get("text", "")))
        return redirect_to("cabinet:decision", item_id=item_id)

    return _answer(request, item_id, "decision", act)


@access(Audience.PERSON, assurance=2)
@require_POST
def direct(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Turn a decision into a directive with tasks."""

    def act() -> HttpResponse:
        view = queries.decision(actor_of(request), item_id, language_of(request))
        if view.id is not None:
            text = str(request.POST.get("order", ""))
            decisions.direct(actor_of(request), view.id, text, _orders(request))
        return redirect_to("cabinet:decision", item_id=item_id)

    return _answer(request, item_id, "direct", act)


@access(Audience.PERSON, assurance=2)
@require_POST
def publish(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Publish a decision in words written for the public."""

    def act() -> HttpResponse:
        view = queries.decision(actor_of(request), item_id, language_of(request))
        if view.id is not None:
            decisions.publish(
                actor_of(request),
                view.id,
                Public(
                    title=str(request.POST.get("title", "")),
                    text=str(request.POST.get("public_text", "")),
                    title_en=str(request.POST.get("title_en", "")),
                    text_en=str(request.POST.get("public_text_en", "")),
                    embargo_until=_embargo(request),
                ),
            )
        return redirect_to("cabinet:decision", item_id=item_id)

    return _answer(request, item_id, "publish", act)


@access(Audience.PERSON, assurance=2)
@require_GET
def act_xml(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Hand out a decision as Akoma Ntoso."""
    file = exports.export_decision(actor_of(request), item_id)
    positions.record_decision_read(actor_of(request), item_id)
    return handed(file)


@access(Audience.PUBLIC, reason=PUBLIC)
@require_GET
def published(request: HttpRequest) -> HttpResponse:
    """Show what was published and whose embargo has ended."""
    page = page_of(request)
    lines, more = queries.published(page=page, language=language_of(request))
    return render(request, "cabinet/published.html", {"lines": lines, "page": page, "more": more})


@access(Audience.PUBLIC, reason=PUBLIC)
@require_GET
def one_published(request: HttpRequest, publication_id: UUID) -> HttpResponse:
    """Show one published decision."""
    found = queries.one_published(publication_id, language_of(request))
    return render(request, "cabinet/published_one.html", {"one": found})


@access(Audience.PUBLIC, reason=PUBLIC)
@require_GET
def published_json(request: HttpRequest) -> HttpResponse:
    """Return the published decisions as JSON, 50 a page."""
    lines, more = queries.published(page=page_of(request))
    rows = [
        {
            "number": one.number,
            "body": one.body,
            "specimen": one.specimen,
            "title": one.title,
            "text": one.text,
            "title_en": one.title_en or None,
            "text_en": one.text_en or None,
            "outcome": one.outcome.value,
            "decided_at": one.decided_at.isoformat(),
            "published_at": one.embargo_until.isoformat(),
            "url": _address(one),
        }
        for one in lines
    ]
    text = json.dumps({"decisions": rows, "more": more}, ensure_ascii=False)
    return HttpResponse(text, content_type="application/json")


@access(Audience.PUBLIC, reason=PUBLIC)
@require_GET
def published_rss(request: HttpRequest) -> HttpResponse:
    """Return the newest published decisions as RSS 2.0."""
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    language = language_of(request)
    for tag, text in (
        ("title", t("cabinet.board.public.title", language)),
        ("link", f"{current().base_url}{reverse('cabinet:published')}"),
        ("description", t("cabinet.board.public.lead", language)),
    ):
        ET.SubElement(channel, tag).text = text
    for one in queries.published()[0]:
        item = ET.SubElement(channel, "item")
        for tag, text in (
            ("title", f"{one.number}: {one.titled(language)[0]}"),
            ("link", _address(one)),
            ("guid", _address(one)),
        ):
            ET.SubElement(item, tag).text = text
        ET.SubElement(item, "pubDate").text = one.embargo_until.strftime("%a, %d %b %Y %H:%M:%S %z")
    data = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return HttpResponse(data, content_type="application/rss+xml")


def page_of(request: HttpRequest) -> int:
    """Return the page asked for, the first for anything else."""
    given = request.GET.get("page", "1")
    return max(1, int(given)) if given.isdecimal() and len(given) < 6 else 1  # noqa: PLR2004  # digits


def _address(one: Published) -> str:
    path = reverse("cabinet:published-one", kwargs={"publication_id": one.id})
    return f"{current().base_url}{path}"


def _orders(request: HttpRequest) -> list[Order]:
    found = []
    for place in range(ROWS_OF_TASKS):
        text = str(request.POST.get(f"task-{place}", "")).strip()
        if text:
            every = str(request.POST.get(f"every-{place}", ""))
            found.append(
                Order(
                    owner_seat=str(request.POST.get(f"owner-{place}", "")),
                    text=text,
                    due_on=_due(request, place),
                    report_every_months=int(every) if every in MONTHS else None,
                    budget_line=str(request.POST.get(f"budget-{place}", "")),
                )
            )
    return found


def _due(request: HttpRequest, place: int) -> dt.date:
    day = Moment.read(request.POST, f"due-{place}", "").day_of()
    if day is None:
        raise DoesNotFit(field="due_on")
    return day


def _embargo(request: HttpRequest) -> dt.datetime | None:
    """Return from when the public may read, None for now; a day without an hour begins at midnight."""
    typed = Moment.read(request.POST, "embargo", "embargo_time")
    if not any((typed.day, typed.month, typed.year)):
        return None
    moment = replace(typed, hour=typed.hour or "0").moment()
    if moment is None:
        raise DoesNotFit(field="embargo")
    return moment


def _answer(request: HttpRequest, item_id: UUID, form: str, act: Callable[[], HttpResponse]) -> HttpResponse:
    """Act; a refusal comes back on the page, and its sentence leads to the field that is meant."""
    found = attempt(request, act)
    if not isinstance(found, Refusal):
        return found
    fields = FIELDS[form]
    anchor = fields.get(found.field, next(iter(fields.values())))
    return _show(request, item_id, (anchor, found.sentence), found.status)


def _show(
    request: HttpRequest, item_id: UUID, refused: tuple[str, str] | None = None, status: int = 200
) -> HttpResponse:
    view = queries.decision(actor_of(request), item_id, language_of(request))
    positions.record_decision_read(actor_of(request), item_id)
    typed = request.POST
    context = {
        "view": view,
        "refused": refused,
        "typed": typed,
        "places": range(ROWS_OF_TASKS),
        "due": [Moment.read(typed, f"due-{place}", "") for place in range(ROWS_OF_TASKS)],
        "embargo": Moment.read(typed, "embargo", "embargo_time"),
    }
    return render(request, "cabinet/decision.html", context, status=status)
