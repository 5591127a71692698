"""How was it? One tap on the case's page or by its message, then nine questions that may be passed over.

The answer to the tap is the page with the nine; a reference to what was just answered stands in its form and
nowhere else, so that no address and no row leads from the case to the answer.
"""

from collections.abc import Callable, Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pendopo.casework import queries, survey, tracking
from pendopo.casework.actions import rate as actions
from pendopo.casework.errors import GradeMissing, SurveyNotOpen, SurveyOver
from pendopo.casework.pages import words
from pendopo.casework.pages.tracking import REFERRER
from pendopo.casework.records import CaseLine, TrackView
from pendopo.foundation.http import Audience, access, actor_of, language_of, redirect_to
from pendopo.foundation.pages import PRIVATE, render
from pendopo.foundation.text import t

ASSURANCE = 2
REASON = "the signed link of a receipt stands in place of a session; nothing personal is shown"
HANDLE_REASON = "the form holds a signed reference to an answer that nobody else knows; it names nobody"
THANKS_REASON = "a sentence of thanks is the same for everybody"

type Rate = Callable[[int], str | None]
type Decline = Callable[[], None]


@access(Audience.PERSON, assurance=ASSURANCE)
@require_http_methods(["GET", "POST"])
def own(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Ask about an own case, and keep what is said."""
    actor = actor_of(request)
    found = queries.own(actor, case_id, language_of(request))
    if request.method == "GET":
        return _ask(request, found.line, is_open=found.survey_open)
    return _take(
        request,
        found.line,
        lambda grade: actions.rate(actor, case_id, grade),
        lambda: actions.decline(actor, case_id),
    )


@access(Audience.PUBLIC, reason=REASON)
@require_http_methods(["GET", "POST"])
def tracked(request: HttpRequest, token: str) -> HttpResponse:
    """Ask about the case of a receipt, without signing in."""
    found = tracking.by_token(token)
    if request.method == "GET":
        answer = _ask(request, found, is_open=found.survey_open)
    else:
        answer = _take(
            request,
            found,
            lambda grade: actions.rate_tracked(token, grade),
            lambda: actions.decline_tracked(token),
        )
    return _private(answer)


@access(Audience.PUBLIC, reason=HANDLE_REASON)
@require_POST
def details(request: HttpRequest) -> HttpResponse:
    """Add the nine elements to what was just answered."""
    handle = request.POST.get("answer", "")
    typed = {name: request.POST.get(name, "") for name in survey.ELEMENTS}
    try:
        actions.add_elements(handle, survey.grades_of(typed))
    except GradeMissing:
        return _private(_nine(request, handle, typed, error=True))
    except SurveyOver:
        return redirect_to("casework:rating-thanks", {"over": "1"})
    return redirect_to("casework:rating-thanks")


@access(Audience.PUBLIC, reason=THANKS_REASON)
@require_GET
def thanks(request: HttpRequest) -> HttpResponse:
    """Say thank you."""
    return render(request, "casework/rating_thanks.html", {"over": "over" in request.GET})


def _ask(request: HttpRequest, line: CaseLine | TrackView, *, is_open: bool) -> HttpResponse:
    if not is_open:
        return redirect_to("casework:rating-thanks", {"over": "1"})
    return _question(request, line, "")


def _question(request: HttpRequest, line: CaseLine | TrackView, error: str) -> HttpResponse:
    context = {
        "number": line.number,
        "service_title": words.service_title(line.service_version_id, language_of(request)),
        "error": error,
    }
    return render(request, "casework/rating.html", context, status=422 if error else 200)


def _take(request: HttpRequest, line: CaseLine | TrackView, rate: Rate, decline: Decline) -> HttpResponse:
    if "decline" in request.POST:
        decline()
        return redirect_to("casework:rating-thanks", {"over": "1"})
    try:
        handle = rate(survey.grade_of(request.POST.get("overall", "")))
    except (GradeMissing, SurveyNotOpen) as error:
        return _question(request, line, t(error.text_key, language_of(request)))
    if handle is None:
        return redirect_to("casework:rating-thanks", {"over": "1"})
    return _nine(request, handle, {})


def _nine(
    request: HttpRequest, handle: str, typed: Mapping[str, str], *, error: bool = False
) -> HttpResponse:
    context = {"answer": handle, "elements": survey.ELEMENTS, "typed": typed, "error": error}
    answer = render(request, "casework/rating_nine.html", context, status=422 if error else 200)
    return _private(answer)


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = PRIVATE
    response["Referrer-Policy"] = REFERRER
    response["X-Robots-Tag"] = "noindex"
    return response
