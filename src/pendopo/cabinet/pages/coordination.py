"""Coordination by page: ask other seats, answer for one, answer points, settle them or let them differ."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pendopo.cabinet import errors
from pendopo.cabinet.actions import coordination as acts
from pendopo.cabinet.actions.positions import record_read
from pendopo.cabinet.pages.typed import attempt, came_back, parked
from pendopo.cabinet.queries import coordination as queries
from pendopo.cabinet.records.preparation import Question
from pendopo.cabinet.values import Response, Verdict
from pendopo.foundation.http import Audience, access, actor_of, language_of, redirect_to
from pendopo.foundation.pages import render
from pendopo.foundation.refusals import Refusal
from pendopo.foundation.text import t

DONE = frozenset({"asked", "closed", "point", "settled", "said"})
FEWEST_ROWS = 3
WRONG = 422
ANSWERS = (Response.AGREE, Response.AGREE_IF, Response.OBJECT, Response.NO_INTEREST)


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """What a seat answers, as typed."""

    response: str = ""
    points: tuple[str, ...] = ()
    papers: str = ""
    edition: str = ""

    @classmethod
    def read(cls, fields: QueryDict) -> Self:
        """Read what was sent."""
        points = tuple(str(one) for one in fields.getlist("point"))[: acts.MOST_POINTS]
        papers, edition = str(fields.get("papers") or ""), str(fields.get("edition") or "")
        return cls(str(fields.get("response") or ""), points, papers, edition)

    @classmethod
    def of(cls, question: Question) -> Self:
        """Fill the form with what the seat has answered so far."""
        said = question.response if question.response in ANSWERS else None
        if question.again and said in acts.WITH_POINTS and not question.points:
            said = None  # what it was said for has been settled since
        response = said.value if said else ""
        return cls(response, question.points, question.docset_hash, question.edition)

    def rows(self, *, more: bool) -> tuple[str, ...]:
        """Return the fields for points: those typed and one more, at least a few."""
        wanted = max(FEWEST_ROWS, len(self.points) + 1 if more else len(self.points))
        return (*self.points, *("",) * (min(wanted, acts.MOST_POINTS) - len(self.points)))

    def wrong(self, language: str) -> dict[str, str]:
        """Return what is wrong, by field."""
        try:
            response = Response(self.response)
        except ValueError:
            return {"response": t("cabinet.prepare.wrong.response", language)}
        typed = any(point.strip() for point in self.points)
        if response in acts.WITH_POINTS and not typed:
            return {"point-1": t("cabinet.prepare.wrong.points", language)}
        if response not in acts.WITH_POINTS and typed:
            return {"response": t("cabinet.prepare.wrong.points_without", language)}
        return {}


@access(Audience.PERSON, assurance=2)
@require_GET
def board(request: HttpRequest, dossier_id: UUID) -> HttpResponse:
    """Show who was asked, what they said and what still differs."""
    return _board(request, dossier_id)


@access(Audience.PERSON, assurance=2)
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, dossier_id: UUID) -> HttpResponse:
    """Open a round."""

    def act() -> HttpResponse:
        acts.open_round(
            actor_of(request), dossier_id, _asked(request), edition=str(request.POST.get("edition", ""))
        )
        return _back(dossier_id, "asked")

    return _acted(request, dossier_id, act)


@access(Audience.PERSON, assurance=2)
@require_POST
def close(request: HttpRequest, dossier_id: UUID) -> HttpResponse:
    """Close the open round, once everybody who must has answered."""

    def act() -> HttpResponse:
        acts.close_round(actor_of(request), queries.open_round_of(actor_of(request), dossier_id))
        return _back(dossier_id, "closed")

    return _acted(request, dossier_id, act)


@access(Audience.PERSON, assurance=2)
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, dossier_id: UUID, difference_id: UUID) -> HttpResponse:
    """Let the owner say what becomes of a point."""

    def act() -> HttpResponse:
        try:
            verdict = Verdict(str(request.POST.get("verdict", "")))
        except ValueError:
            raise errors.DoesNotFit(field="verdict") from None
        said, seen = str(request.POST.get("answer", "")), str(request.POST.get("edition", ""))
        acts.answer(actor_of(request), difference_id, said, verdict, edition=seen)
        return _back(dossier_id, "point")

    return _acted(request, dossier_id, act, difference_id)


@access(Audience.PERSON, assurance=2)
@require_http_methods(["GET", "POST"])
def settle(request: HttpRequest, dossier_id: UUID, difference_id: UUID) -> HttpResponse:
    """Let the seat that raised a point, or the chair, say that it is settled."""

    def act() -> HttpResponse:
        said, seen = str(request.POST.get("resolution", "")), str(request.POST.get("edition", ""))
        read = str(request.POST.get("papers", ""))
        acts.resolve(actor_of(request), difference_id, said, docset_hash=read, edition=seen)
        return _back(dossier_id, "settled")

    return _acted(request, dossier_id, act, difference_id)


@access(Audience.PERSON, assurance=2)
@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Show what a seat is asked with everything that it needs, and take its answer."""
    found = queries.question(actor_of(request), request_id, language_of(request))
    typed = request.POST if request.method == "POST" else parked(request)
    form = AnswerForm.of(found) if typed is None else AnswerForm.read(typed)
    if request.method == "GET" or request.POST.get("do") == "more":
        return _question(request, found, form, was_parked=request.method == "GET" and typed is not None)
    wrong = form.wrong(language_of(request))
    if wrong:
        return _question(request, found, form, wrong, WRONG)

    def act() -> HttpResponse:
        points = form.points if Response(form.response) in acts.WITH_POINTS else ()
        response, seen = Response(form.response), form.edition
        acts.respond(actor_of(request), request_id, response, points, docset_hash=form.papers, edition=seen)
        return _back(found.dossier_id, "said")

    told = attempt(request, act)
    if isinstance(told, Refusal):
        now = queries.question(actor_of(request), request_id, language_of(request))
        field = "point-1" if told.field == "points" else told.field
        wrong, meanwhile = {field: told.sentence}, _meanwhile(told, now)
        return _question(request, now, form, wrong, told.status, meanwhile=meanwhile)
    return told


def _meanwhile(told: Refusal, now: Question) -> bool:
    """Say whether somebody of the same seat has answered since the page was opened."""
    return told.code == errors.EditedMeanwhile.code and now.response is not None


def _asked(request: HttpRequest) -> acts.Asked:
    """Read who is asked: each seat's field says whether its answer is awaited, welcome or not asked for."""
    chosen: dict[str, list[str]] = {"mandatory": [], "optional": []}
    for name, value in request.POST.items():
        if name.startswith("seat-") and value in chosen:
            chosen[str(value)].append(name.removeprefix("seat-"))
    if not (chosen["mandatory"] or chosen["optional"]):
        raise errors.NobodyAsked(field="seats")
    days = str(request.POST.get("days", ""))
    if not days.isdecimal() or len(days) > 3:  # noqa: PLR2004  # more than any deadline has
        raise errors.DoesNotFit(field="days")
    return acts.Asked(chosen["mandatory"], chosen["optional"], int(days))


def _acted(
    request: HttpRequest, dossier_id: UUID, act: Callable[[], HttpResponse], difference_id: UUID | None = None
) -> HttpResponse:
    """Act; a GET comes back from a sign-in with what was typed, or goes to the board."""
    if request.method == "GET":
        back = came_back(request)
        if back is None:
            return redirect_to("cabinet:coordination", dossier_id=dossier_id)
        return _board(request, dossier_id, back[1], difference_id, back[0])
    told = attempt(request, act)
    return _board(request, dossier_id, told, difference_id) if isinstance(told, Refusal) else told


def _board(
    request: HttpRequest,
    dossier_id: UUID,
    refused: Refusal | None = None,
    difference_id: UUID | None = None,
    typed: QueryDict | None = None,
) -> HttpResponse:
    language, done = language_of(request), request.GET.get("done", "")
    context = {
        "board": queries.board(actor_of(request), dossier_id, language),
        "refused": refused,
        "refused_at": difference_id,
        "typed": request.POST if typed is None else typed,
        "done": t(f"cabinet.prepare.done.{done}", language) if done in DONE else "",
    }
    status = refused.status if refused else 200
    record_read(actor_of(request), dossier_id, delivers=False)
    return render(request, "cabinet/coordination/board.html", context, status=status)


def _question(
    request: HttpRequest,
    found: Question,
    form: AnswerForm,
    wrong: dict[str, str] | None = None,
    status: int = 200,
    *,
    was_parked: bool = False,
    meanwhile: bool = False,
) -> HttpResponse:
    language = language_of(request)
    context = {
        "question": found,
        "was_parked": was_parked,
        "meanwhile": meanwhile,
        "form": form,
        "rows": form.rows(more=request.POST.get("do") == "more"),
        "most": acts.MOST_POINTS,
        "wrong": wrong or {},
        "answers": [
            (
                one.value,
                t(f"cabinet.prepare.answer.{one.value}", language),
                t(f"cabinet.prepare.answer_hint.{one.value}", language),
            )
            for one in ANSWERS
        ],
    }
    record_read(actor_of(request), found.dossier_id, delivers=False)
    return render(request, "cabinet/coordination/question.html", context, status=status)


def _back(dossier_id: UUID, done: str) -> HttpResponse:
    return redirect_to("cabinet:coordination", {"done": done}, dossier_id=dossier_id)
