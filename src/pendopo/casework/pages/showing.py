"""What one page of an application shows: its frame, its questions, what registers know, what was typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from pendopo.casework import display, queries
from pendopo.casework.actions.drafts import CHECK, Opened
from pendopo.casework.display import Reader, Sheet
from pendopo.casework.lookups import POPULATION
from pendopo.casework.pages.fields import FieldView, field_views
from pendopo.casework.pages.ways import back, page_href
from pendopo.casework.records import Source
from pendopo.catalogue import api as catalogue
from pendopo.catalogue.api import PageView, Problem, Service, ShownView
from pendopo.foundation.formats import format_time
from pendopo.foundation.http import actor_of, language_of
from pendopo.foundation.pages import render
from pendopo.foundation.text import t
from pendopo.identity import api as identity


@dataclass(frozen=True, slots=True)
class Typed:
    """A form that was not saved: what was typed, and what is wrong with it. ``raw`` None: show the saved."""

    raw: Mapping[str, str] | None = None
    problems: Sequence[Problem] = ()
    refused: Mapping[str, str] | None = None


def show_saved(request: HttpRequest, opened: Opened, shown: PageView) -> HttpResponse:
    """Show a page with what is kept for it, or with what was typed when the session ended."""
    parked = identity.take_parked(request)
    if parked is None:
        found = tuple(problem for problem in shown.problems if _is_answered(shown, problem.path))
        return show(request, opened, shown, Typed(problems=found))
    raw = {name: values[-1] for name, values in parked.fields.items() if values}
    return show(request, opened, shown, Typed(raw), notice=True)


def _is_answered(shown: PageView, path: str) -> bool:
    """Whether a question has an answer: only then a problem of it is told before the button is pressed."""
    return any(question.path == path and question.value not in (None, "") for question in shown.questions)


def show(
    request: HttpRequest,
    opened: Opened,
    shown: PageView,
    typed: Typed,
    *,
    status: int = 200,
    notice: bool = False,
) -> HttpResponse:
    """Show a page of an application with a form; ``notice`` says that typed answers came back."""
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
    frame = frame_of(request, opened, shown, heading=title)
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
            "later_href": page_href(opened, following.key) if following and following.kind != CHECK else None,
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
        "change": {at.key: page_href(opened, at.key) for at in opened.state.pages if opened.may_change(at)},
        "returned": bool(opened.returned_for),
        "fee": opened.service.identity.fee.amount,
    }


def frame_of(
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
        "back_href": back(opened, shown),
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
        # A look-up that is due and was never tried (this process died in between) is waited for all the same.
        "waits": (draft.waits_for or POPULATION) if opened.state.lookups_due else "",
        "retry_href": reverse("casework:registers", args=place),
        "discard_href": None if opened.returned_for else reverse("casework:discard", args=place),
        "returned_reason": queries.return_reason(actor_of(request), draft.id) if opened.returned_for else "",
    }
