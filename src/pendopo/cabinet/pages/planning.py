"""Sessions by page: the list, a plan, the desk on which an agenda is made, and its published versions."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_GET, require_http_methods

from pendopo.cabinet.actions import planning as arranging
from pendopo.cabinet.actions import sessions as acts
from pendopo.cabinet.errors import DoesNotFit
from pendopo.cabinet.pages import planning_acts
from pendopo.cabinet.pages.planning_form import Moment, PlanForm, errors_of
from pendopo.cabinet.pages.typed import attempt, before_of, came_back, parked
from pendopo.cabinet.queries import planning as queries
from pendopo.cabinet.queries import versions as published
from pendopo.cabinet.records.planning import Rules
from pendopo.cabinet.values import Classification, SessionKind
from pendopo.foundation.http import Audience, access, actor_of, language_of, redirect_to
from pendopo.foundation.pages import render
from pendopo.foundation.refusals import Refusal
from pendopo.foundation.text import t

GET_POST = ["GET", "POST"]
WRONG = 422
DONE = frozenset(
    {"planned", "replanned", "scheduled", "moved", "arranged", "unscheduled", "deferred", "pulled"}
    | {"published", "opened_positions", "locked", "reopened"}
)


@access(Audience.PERSON, assurance=2)
@require_GET
def sessions(request: HttpRequest) -> HttpResponse:
    """Show the sessions of the reader's bodies, the latest first."""
    before = before_of(request)
    found = queries.sessions(actor_of(request), language_of(request), before)
    return render(request, "cabinet/planning/sessions.html", {"page": found, "is_first": before is None})


@access(Audience.PERSON, assurance=2)
@require_http_methods(GET_POST)
def new(request: HttpRequest) -> HttpResponse:
    """Plan a session of a body whose clerk or chair the person is."""
    rules = queries.rules(actor_of(request), language_of(request))
    typed = request.POST if request.method == "POST" else parked(request)
    form = PlanForm.read(typed) if typed is not None else PlanForm()
    chosen = form.body or request.GET.get("body", "")
    of = next((one for one in rules if one.body_code == chosen), None)
    if of is None and len(rules) == 1:
        of = rules[0]
    if of is None:
        return render(request, "cabinet/planning/body.html", {"rules": rules})
    body = of.body_code
    if request.method == "GET":
        return _form(request, form, of, None, was_parked=typed is not None)

    def act() -> HttpResponse:
        made = acts.plan(actor_of(request), body, form.plan())
        return redirect_to("cabinet:plan", {"done": "planned"}, session_id=made)

    return _sent(request, form, of, None, act)


@access(Audience.PERSON, assurance=2)
@require_http_methods(GET_POST)
def edit(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Change when, where and how long a session meets."""
    desk = queries.desk(actor_of(request), session_id, language_of(request))
    typed = request.POST if request.method == "POST" else parked(request)
    form = PlanForm.of(desk) if typed is None else PlanForm.read(typed)
    if request.method == "GET":
        was_parked = typed is not None
        return _form(request, form, desk.rules, session_id, edition=desk.edition, was_parked=was_parked)

    def act() -> HttpResponse:
        arranging.replan(actor_of(request), session_id, form.plan(), edition=form.edition)
        return redirect_to("cabinet:plan", {"done": "replanned"}, session_id=session_id)

    return _sent(request, form, desk.rules, session_id, act, edition=desk.edition)


@access(Audience.PERSON, assurance=2)
@require_http_methods(GET_POST)
def desk(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Show the planning desk; each button is one act, given with the edition that the page showed."""
    if request.method == "GET":
        typed, refused = came_back(request) or (None, None)
        return _desk(request, session_id, refused, typed)
    queries.desk(actor_of(request), session_id, language_of(request))

    def act() -> HttpResponse:
        shown = planning_acts.do(request, session_id)
        answer = redirect_to("cabinet:plan", shown, session_id=session_id)
        if "item" in shown:
            answer["Location"] += f"#item-{shown['item']}"
        return answer

    answer = attempt(request, act)
    return _desk(request, session_id, answer) if isinstance(answer, Refusal) else answer


@access(Audience.PERSON, assurance=2)
@require_http_methods(GET_POST)
def reopen(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Open locked positions again, for a reason and until another moment."""
    view = queries.desk(actor_of(request), session_id, language_of(request))
    typed = request.POST if request.method == "POST" else parked(request)
    until = Moment.read(typed, "day", "time") if typed is not None else Moment.of(view.session.planned_start)
    wrong, status = dict[str, str](), 200
    if request.method == "POST":

        def act() -> HttpResponse:
            moment = until.moment()
            if moment is None:
                raise DoesNotFit(field="lock_at")
            acts.reopen(actor_of(request), session_id, str(request.POST.get("reason", "")), moment)
            return redirect_to("cabinet:plan", {"done": "reopened"}, session_id=session_id)

        answer = attempt(request, act)
        if not isinstance(answer, Refusal):
            return answer
        status = answer.status
        is_moment = answer.field == "lock_at"
        sentence = t("cabinet.prepare.wrong.lock_at", language_of(request)) if is_moment else answer.sentence
        wrong = {"day" if is_moment else answer.field: sentence}
    context = {
        "desk": view,
        "until": until,
        "wrong": wrong,
        "errors": errors_of(wrong),
        "reason": str(typed.get("reason", "")) if typed is not None else "",
    }
    return render(request, "cabinet/planning/reopen.html", context, status=status)


@access(Audience.PERSON, assurance=2)
@require_GET
def versions(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Show every published agenda of a session and what changed from one to the next."""
    view = published.versions(actor_of(request), session_id, language_of(request))
    return render(request, "cabinet/planning/versions.html", {"view": view})


def _desk(
    request: HttpRequest,
    session_id: UUID,
    refused: Refusal | None = None,
    typed: QueryDict | None = None,
) -> HttpResponse:
    sent = request.POST if typed is None else typed
    language, done = language_of(request), request.GET.get("done", "")
    context = {
        "desk": queries.desk(actor_of(request), session_id, language),
        "refused": refused,
        "typed": sent,
        "at": sent.get("item", "") or request.GET.get("item", ""),
        "way": request.GET.get("way", ""),
        "done": t(f"cabinet.prepare.done.{done}", language) if done in DONE else "",
    }
    status = refused.status if refused else 200
    return render(request, "cabinet/planning/desk.html", context, status=status)


def _sent(  # one form, two acts
    request: HttpRequest,
    form: PlanForm,
    rules: Rules,
    session_id: UUID | None,
    act: Callable[[], HttpResponse],
    *,
    edition: str = "",
) -> HttpResponse:
    wrong = form.wrong(rules, language_of(request))
    if wrong:
        return _form(request, form, rules, session_id, wrong=wrong, status=WRONG, edition=edition)
    answer = attempt(request, act)
    if not isinstance(answer, Refusal):
        return answer
    field = "day" if answer.field == "planned_start" else answer.field
    told = {field: answer.sentence}
    return _form(request, form, rules, session_id, wrong=told, status=answer.status, edition=edition)


def _form(  # one page, new or not
    request: HttpRequest,
    form: PlanForm,
    rules: Rules,
    session_id: UUID | None,
    *,
    wrong: dict[str, str] | None = None,
    status: int = 200,
    edition: str = "",
    was_parked: bool = False,
) -> HttpResponse:
    language = language_of(request)
    context = {
        "form": form,
        "rules": rules,
        "session_id": session_id,
        "wrong": wrong or {},
        "was_parked": was_parked,
        "errors": errors_of(wrong or {}),
        "edition": edition,
        "kinds": [
            (
                one.value,
                t(f"cabinet.prepare.session_kind.{one.value}", language),
                t(f"cabinet.prepare.session_kind_hint.{one.value}", language),
            )
            for one in SessionKind
        ],
        "classes": [
            (str(one.value), t(f"cabinet.classes.{one.name.lower()}", language))
            for one in Classification
            if one <= rules.ceiling
        ],
    }
    return render(request, "cabinet/planning/form.html", context, status=status)
