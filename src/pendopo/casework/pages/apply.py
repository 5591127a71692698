"""Filling in an application: one page at a time, saved at each step, without a line of script.

Every view is POST-redirect-GET. Whatever goes wrong, what was typed comes back into the fields, what was
saved stays, and a register that does not answer is said to be waited for, never hidden.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pendopo.casework import display, queries
from pendopo.casework.actions import complete as complete_action
from pendopo.casework.actions import drafts, submit
from pendopo.casework.actions.drafts import Opened
from pendopo.casework.display import Reader, Sheet
from pendopo.casework.errors import Incomplete, NoSuchDraft, NoSuchPage
from pendopo.casework.pages.fields import FieldView, field_views
from pendopo.casework.records import Source
from pendopo.catalogue import api as catalogue
from pendopo.catalogue.api import PageView, Problem, Service, ShownView
from pendopo.documents import api as documents
from pendopo.documents.api import StoredFile, UnsafeFile
from pendopo.foundation.formats import format_time
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
from pendopo.identity import api as identity

ASSURANCE = 2
SHORTEST_REMARK, LONGEST_REMARK = 3, 300
CHECK = "check"


@access(Audience.PERSON, assurance=ASSURANCE)
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, agency: str, code: str) -> HttpResponse:
    """Say what is needed and begin; unsent applications can be taken up again."""
    service = catalogue.service(agency, code)
    actor, language = actor_of(request), language_of(request)
    if request.method == "POST":
        draft_id = drafts.start(service, actor, language)
        drafts.read_registers(actor, draft_id)
        return _to_first_open(request, drafts.opened(actor, draft_id))
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
        return _to_receipt(request, draft_id)
    return _to_first_open(request, opened)


@access(Audience.PERSON, assurance=ASSURANCE)
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, agency: str, code: str, draft_id: UUID, key: str) -> HttpResponse:
    """Show or save one page."""
    try:
        opened = _opened(request, agency, code, draft_id)
    except NoSuchDraft:
        return _to_receipt(request, draft_id)
    shown = opened.state.page(key)
    if shown is None or not opened.may_change(shown):
        return _to_first_open(request, opened)
    if request.method == "GET":
        return _show_saved(request, opened, shown)
    if shown.kind == CHECK:
        return _send(request, opened, shown)
    return _save(request, opened, shown)


@access(Audience.PERSON, assurance=ASSURANCE)
@require_POST
def registers(request: HttpRequest, agency: str, code: str, draft_id: UUID) -> HttpResponse:
    """Ask the registers again."""
    opened = _opened(request, agency, code, draft_id)
    drafts.read_registers(actor_of(request), opened.draft.id)
    return _to_first_open(request, drafts.opened(actor_of(request), draft_id))


@access(Audience.PERSON, assurance=ASSURANCE)
@require_GET
def waiting(request: HttpRequest, agency: str, code: str, draft_id: UUID) -> HttpResponse:
    """Say that the application is saved and what it waits for."""
    opened = _opened(request, agency, code, draft_id)
    if not opened.state.lookups_due:
        return _to_first_open(request, opened)
    frame = _frame(request, opened, None, heading=t("casework.apply.waiting_heading", language_of(request)))
    return render(
        request, "casework/apply/waiting.html", frame | {"saved_at": opened.draft.saved_at, "waits": False}
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
    back = _page_href(opened, at.key)
    remark = request.POST.get("remark", opened.content.remarks.get(path, "")).strip()
    errors: dict[str, str] = {}
    if request.method == "POST":
        if not remark or SHORTEST_REMARK <= len(remark) <= LONGEST_REMARK:
            drafts.remark(actor_of(request), draft_id, path, remark)
            return _see(back)
        errors["remark"] = t("casework.apply.wrong_length", language)
    frame = _frame(request, opened, at, heading=t("casework.apply.wrong_heading", language))
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
    frame = _frame(request, opened, None, heading=t("casework.discard.heading", language_of(request)))
    back = reverse("casework:resume", args=[agency, code, draft_id])
    return render(request, "casework/apply/discard.html", frame | {"back_href": back})


def _opened(request: HttpRequest, agency: str, code: str, draft_id: UUID) -> Opened:
    opened = drafts.opened(actor_of(request), draft_id)
    if (opened.draft.agency, opened.draft.service) != (agency, code):
        raise NoSuchDraft
    return opened


def _save(request: HttpRequest, opened: Opened, shown: PageView) -> HttpResponse:
    actor, draft_id = actor_of(request), opened.draft.id
    files, refused = _uploads(request, shown)
    raw = _flat(request.POST)
    problems = drafts.save_page(actor, draft_id, shown.key, raw, files) if not refused else ()
    if problems or refused:
        if files:
            drafts.attach(actor, draft_id, shown.key, files)
        again = drafts.opened(actor, draft_id)
        return _render(request, again, again.page(shown.key), _Typed(raw, problems, refused), status=422)
    if drafts.opened(actor, draft_id).state.lookups_due:
        drafts.read_registers(actor, draft_id)
    return _to_next(request, drafts.opened(actor, draft_id), shown.key)


def _send(request: HttpRequest, opened: Opened, shown: PageView) -> HttpResponse:
    """Save what the check page itself asks, then send."""
    actor, draft_id = actor_of(request), opened.draft.id
    raw = _flat(request.POST)
    problems = drafts.save_page(actor, draft_id, shown.key, raw, {})
    if problems:
        return _render(request, opened, shown, _Typed(raw, problems, {}), status=422)
    try:
        act = complete_action.complete if opened.returned_for else submit.submit
        receipt = act(actor, draft_id)
    except Incomplete:
        return _to_first_open(request, drafts.opened(actor, draft_id))
    return redirect_to("casework:receipt", case_id=receipt.case_id)


def _uploads(request: HttpRequest, shown: PageView) -> tuple[dict[str, StoredFile], dict[str, str]]:
    """Store the page's uploads; return them and, by path, the sentences for those that were refused."""
    language, actor = language_of(request), actor_of(request)
    files: dict[str, StoredFile] = {}
    refused: dict[str, str] = {}
    for question in shown.questions:
        upload = request.FILES.get(question.path)
        if upload is None or question.type != "file" or actor.subject_id is None:
            continue
        name = upload.name or "file"
        purpose = f"evidence:{question.path}"
        try:
            files[question.path] = documents.store_upload(
                upload.read(), name, owner_subject_id=actor.subject_id, purpose=purpose
            )
        except UnsafeFile as error:
            refused[question.path] = t(error.text_key, language, **error.params)
    return files, refused


def _flat(posted: QueryDict) -> dict[str, str]:
    return {name: posted.get(name) or "" for name in posted}


@dataclass(frozen=True, slots=True)
class _Typed:
    """A form that was not saved: what was typed, and what is wrong with it. ``raw`` None: show the saved."""

    raw: Mapping[str, str] | None = None
    problems: Sequence[Problem] = ()
    refused: Mapping[str, str] | None = None


def _show_saved(request: HttpRequest, opened: Opened, shown: PageView) -> HttpResponse:
    parked = identity.take_parked(request)
    if parked is None:
        found = tuple(problem for problem in shown.problems if _is_answered(shown, problem.path))
        return _render(request, opened, shown, _Typed(problems=found))
    raw = {name: values[-1] for name, values in parked.fields.items() if values}
    return _render(request, opened, shown, _Typed(raw), notice=True)


def _is_answered(shown: PageView, path: str) -> bool:
    """Whether a question has an answer: only then a problem of it is told before the button is pressed."""
    return any(question.path == path and question.value not in (None, "") for question in shown.questions)


def _render(
    request: HttpRequest,
    opened: Opened,
    shown: PageView,
    typed: _Typed,
    *,
    status: int = 200,
    notice: bool = False,
) -> HttpResponse:
    language, service = language_of(request), opened.service
    questions = field_views(
        service,
        shown.questions,
        language,
        typed=typed.raw,
        problems=typed.problems,
        refused=typed.refused or {},
        files=queries.draft_files(opened.draft),
    )
    title = shown.title(language)
    frame = _frame(request, opened, shown, heading=title)
    context = frame | {
        "lead": shown.lead(language),
        "questions": questions,
        "solo": len(questions) == 1 and questions[0].label == title,
        "has_files": any(field.control == "file" for field in questions),
        "errors": _summary(service, questions, typed.problems, language),
        "restored": notice,
        **_extra(opened, shown, Reader(language)),
    }
    return render(request, f"casework/apply/{_TEMPLATES[shown.kind]}.html", context, status=status)


_TEMPLATES = {"questions": "questions", "confirm": "confirm", "stop": "stop", CHECK: CHECK}


def _summary(
    service: Service, questions: Sequence[FieldView], problems: Sequence[Problem], language: str
) -> list[tuple[str, str]]:
    """Return the error summary: every field with an error, then what belongs to no field of this page."""
    lines = [(field.first_id, field.error) for field in questions if field.error]
    names = {field.name for field in questions}
    rest = [problem for problem in problems if problem.path not in names]
    return lines + [("", catalogue.problem_text(service, problem, language)) for problem in rest]


def _extra(opened: Opened, shown: PageView, reader: Reader) -> dict[str, object]:
    if shown.kind == "confirm":
        boxes = _boxes(opened, shown, reader)
        following = opened.state.next_page(shown.key) if shown.waits_for else None
        return {
            "boxes": boxes,
            "remarked": any(row.remark for box in boxes for row in box.rows),
            "incomplete": bool(shown.waits_for),
            "later_href": _page_href(opened, following.key)
            if following and following.kind != CHECK
            else None,
        }
    if shown.kind == CHECK:
        return _check(opened, reader)
    return {}


@dataclass(frozen=True, slots=True)
class KnownRow:
    """A known datum, with the way to say that it is wrong."""

    label: str
    value: str
    wrong_href: str | None
    remark: str


@dataclass(frozen=True, slots=True)
class KnownBox:
    """Known data of one thing, from one source."""

    title: str | None
    rows: tuple[KnownRow, ...]
    source: Source | None


def _boxes(opened: Opened, shown: PageView, reader: Reader) -> tuple[KnownBox, ...]:
    """Group known data by the thing that it is about, where the definition names it; else one box."""
    groups: dict[str, list[ShownView]] = {}
    for entry in shown.shows:
        title = opened.service.optional_text(f"groups.{entry.name.group}.title", reader.language)
        groups.setdefault(title, []).append(entry)
    return tuple(_box(opened, title, entries, reader) for title, entries in groups.items())


def _box(opened: Opened, title: str, entries: Sequence[ShownView], reader: Reader) -> KnownBox:
    known = opened.content.known
    answers = [known[entry.provenance.lookup] for entry in entries if entry.provenance.lookup in known]
    return KnownBox(
        title=title or None,
        rows=tuple(_known_row(opened, entry, reader) for entry in entries),
        source=display.source_of(answers[0], reader) if answers else None,
    )


def _known_row(opened: Opened, entry: ShownView, reader: Reader) -> KnownRow:
    draft = opened.draft
    from_register = entry.provenance.lookup in opened.content.known
    place = [draft.agency, draft.service, draft.id, entry.path]
    return KnownRow(
        label=entry.label(reader.language),
        value=display.shown_text(opened.service, entry, opened.content, reader),
        wrong_href=reverse("casework:wrong", args=place) if from_register else None,
        remark=opened.content.remarks.get(entry.path, ""),
    )


def _check(opened: Opened, reader: Reader) -> dict[str, object]:
    files = queries.draft_files(opened.draft)
    return {
        "sections": display.sections(Sheet(opened.service, opened.state, opened.content, files, reader)),
        "change": {at.key: _page_href(opened, at.key) for at in opened.state.pages if opened.may_change(at)},
        "returned": bool(opened.returned_for),
        "fee": opened.service.identity.fee.amount,
    }


def _frame(
    request: HttpRequest, opened: Opened, shown: PageView | None, *, heading: str
) -> dict[str, object]:
    """Return what every page of an application shows around its middle."""
    language, service, draft = language_of(request), opened.service, opened.draft
    steps = list(dict.fromkeys(at.step for at in opened.state.pages))
    step = steps.index(shown.step) + 1 if shown is not None and shown.step in steps else 1
    place = [draft.agency, draft.service, draft.id]
    return {
        "service_title": service.name(language),
        "heading": heading,
        "back_href": _back(opened, shown),
        "step": step,
        "steps": len(steps),
        "caption": t(
            "casework.apply.caption",
            language,
            service=service.name(language),
            step=step,
            steps=len(steps),
            at=format_time(draft.saved_at, language),
        ),
        "errors": [],
        "restored": False,
        "waits": bool(draft.waits_for) and bool(opened.state.lookups_due),
        "retry_href": reverse("casework:registers", args=place),
        "discard_href": None if opened.returned_for else reverse("casework:discard", args=place),
        "returned_reason": queries.return_reason(actor_of(request), draft.id) if opened.returned_for else "",
    }


def _back(opened: Opened, shown: PageView | None) -> str:
    previous = opened.state.previous_page(shown.key) if shown is not None else None
    if previous is not None and opened.may_change(previous):
        return _page_href(opened, previous.key)
    return reverse("casework:start", args=[opened.draft.agency, opened.draft.service])


def _page_href(opened: Opened, key: str) -> str:
    return reverse("casework:page", args=[opened.draft.agency, opened.draft.service, opened.draft.id, key])


def _to_next(request: HttpRequest, opened: Opened, key: str) -> HttpResponse:
    """Go on after a saved page: to the next one that may be changed, or to what waits.

    A register may have found something against the page meanwhile (an unknown NIK): then it stays there.
    """
    saved = opened.state.page(key)
    if saved is not None and saved.problems:
        return _see(_page_href(opened, key))
    following = opened.state.next_page(key)
    while following is not None and not opened.may_change(following):
        following = opened.state.next_page(following.key)
    if following is None or (following.kind == CHECK and opened.state.lookups_due):
        return _to_first_open(request, opened)
    return _see(_page_href(opened, following.key))


def _to_first_open(request: HttpRequest, opened: Opened) -> HttpResponse:
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
    return _see(_page_href(opened, (target or last).key))


def _to_receipt(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """A sent application leads to its receipt; what is not the person's does not exist."""
    receipt = queries.receipt_of_draft(actor_of(request), draft_id)
    if receipt is None:
        raise NoSuchDraft
    return redirect_to("casework:receipt", case_id=receipt.case_id)


def _see(address: str) -> HttpResponse:
    return HttpResponseRedirect(address, status=303)
