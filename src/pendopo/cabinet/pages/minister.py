"""What a member sees before a session: what needs them, the agenda, a dossier; and where they say it.

A refusal comes back on the page from which it was sent, with its sentence in focus and what was typed kept.
"""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_GET, require_http_methods

from pendopo.cabinet import errors
from pendopo.cabinet.actions import positions
from pendopo.cabinet.actions.positions import Said
from pendopo.cabinet.pages.forms import fetched_ahead
from pendopo.cabinet.queries import agenda as agendas
from pendopo.cabinet.queries import course as courses
from pendopo.cabinet.queries import dossiers
from pendopo.cabinet.records.agenda import AgendaView, PaperChange
from pendopo.cabinet.records.bodies import BodyView
from pendopo.cabinet.values import Classification, Stance
from pendopo.foundation.http import Audience, access, actor_of, language_of, redirect_to
from pendopo.foundation.limits import rate_limit
from pendopo.foundation.pages import render
from pendopo.foundation.text import t
from pendopo.identity import api as identity
from pendopo.kernel.errors import TooManyRequests

GET_POST = ["GET", "POST"]
SPEAKS = {"speak": Stance.NO_OBJECTION, "object_and_speak": Stance.OBJECT}
"""Buttons that also ask for the floor, and the stance that they stand for."""
WORDS = {True: "vote", False: "position"}


@dataclass(frozen=True, slots=True)
class Refused:
    """What was refused: shown where it was sent, with what was typed."""

    item_id: UUID
    seat: str
    text: str
    sentence: str
    anchor: str
    form: str = "position"
    changes: tuple[PaperChange, ...] = ()


@access(Audience.PERSON, assurance=2)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits for the person and the sessions of their bodies."""
    return _home(request, None)


@access(Audience.PERSON, assurance=2)
@require_GET
def agenda(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Show one session's agenda, with the reasons why items are debated."""
    return agenda_page(request, session_id)


@access(Audience.PERSON, assurance=2)
@require_GET
def dossier(request: HttpRequest, dossier_id: UUID) -> HttpResponse:
    """Show a dossier. That it was opened is recorded and seen by the other members."""
    if fetched_ahead(request):
        return HttpResponse(status=503)
    return _dossier(request, dossier_id, None)


@access(Audience.PERSON, assurance=2)
@require_http_methods(GET_POST)
def position(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """State a position with one press. A GET comes back from a sign-in with what was typed, or goes home."""
    if request.method == "GET":
        return _after_sign_in(request, item_id)
    try:
        seat, said = _said(request.POST)
        rate_limit("cabinet.position", key=str(actor_of(request).subject_id), limit=300, seconds=3600)
        positions.state_position(actor_of(request), item_id, seat, said)
    except errors.NoSuchItem:
        raise
    except (errors.CabinetError, TooManyRequests) as error:
        return _refused(request, item_id, request.POST, _sentence(request, error), error.status)
    back = request.POST.get("back", "")
    if back.startswith("dossier:") and (named := _uuid(back.partition(":")[2])):
        return redirect_to("cabinet:dossier", {"done": "position"}, dossier_id=named)
    return redirect_to("cabinet:home", {"done": "position"})


@access(Audience.PERSON, assurance=2)
@require_http_methods(GET_POST)
def opinion(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Give a written opinion that others with the class read."""
    if request.method == "GET":
        return _after_sign_in(request, item_id)
    fields = request.POST
    try:
        rate_limit("cabinet.opinion", key=str(actor_of(request).subject_id), limit=60, seconds=3600)
        positions.give_opinion(
            actor_of(request),
            item_id,
            _required(fields.get("seat", "")),
            text=fields.get("text", ""),
            classification=_classification(fields.get("classification", "")),
            docset_hash=fields.get("papers", ""),
        )
    except errors.NoSuchItem:
        raise
    except (errors.CabinetError, TooManyRequests) as error:
        return _refused(request, item_id, fields, _sentence(request, error), error.status, form="opinion")
    named = _uuid(fields.get("back", "").partition(":")[2])
    if named is None:
        return redirect_to("cabinet:home", {"done": "opinion"})
    return redirect_to("cabinet:dossier", {"done": "opinion"}, dossier_id=named)


def agenda_page(
    request: HttpRequest, session_id: UUID, *, error: str = "", status: int = 200
) -> HttpResponse:
    """Render an agenda, with what went wrong if something did."""
    view = agendas.of_session(actor_of(request), session_id, language_of(request))
    return render(request, "cabinet/agenda.html", {"view": view, "error": error}, status=status)


def _home(request: HttpRequest, refused: Refused | None, status: int = 200) -> HttpResponse:
    language = language_of(request)
    found = agendas.home(actor_of(request), language)
    shown = {item.id for view in found.agendas for item in view.awaited}
    if refused is not None:
        shown.add(refused.item_id)
    is_open = [view for view in found.agendas if view.session.takes_positions or _holds(view, refused)]
    context = {
        "home": found,
        "open": is_open,
        "later": [view for view in found.agendas if view not in is_open],
        "heading": _heading(is_open, language),
        "awaited_and_refused": shown,
        "refused": refused,
        "done": _done(request, [view.session.body for view in is_open], language),
    }
    return render(request, "cabinet/home.html", context, status=status)


def _dossier(
    request: HttpRequest, dossier_id: UUID, refused: Refused | None, status: int = 200
) -> HttpResponse:
    positions.record_read(actor_of(request), dossier_id)  # also when a refused form comes back on it
    language = language_of(request)
    found = dossiers.dossier(actor_of(request), dossier_id, language)
    ceiling = max((one.value for one in Classification if one >= found.classification), default=0)
    context = {
        "dossier": found,
        "course": courses.course(actor_of(request), dossier_id),
        "refused": refused,
        "done": _done(request, [found.body], language),
        "classes": [
            (one.value, t(f"cabinet.classes.{one.name.lower()}", language))
            for one in Classification
            if found.classification <= one <= ceiling
        ],
    }
    return render(request, "cabinet/dossier.html", context, status=status)


def _holds(view: AgendaView, refused: Refused | None) -> bool:
    return refused is not None and any(item.id == refused.item_id for item in view.items)


def _heading(is_open: list[AgendaView], language: str) -> str:
    """Say how many items wait, in the word of the body when there is one word."""
    waiting = sum(len(view.awaited) for view in is_open)
    words = {WORDS[view.session.body.votes] for view in is_open}
    word = words.pop() if len(words) == 1 else "position"
    key = {0: "none", 1: "one"}.get(waiting, "many")
    return t(f"cabinet.minister.{word}.heading.{key}", language, n=waiting)


def _done(request: HttpRequest, bodies: list[BodyView], language: str) -> str:
    done = request.GET.get("done", "")
    if done not in {"position", "opinion"}:
        return ""
    if done == "opinion":
        return t("cabinet.minister.opinion.done", language)
    word = WORDS[bool(bodies) and all(body.votes for body in bodies)]
    return t(f"cabinet.minister.{word}.done", language)


def _sentence(request: HttpRequest, error: errors.CabinetError | TooManyRequests) -> str:
    told = error.params if isinstance(error, TooManyRequests) else {}
    return t(error.text_key, language_of(request), **told)


def _refused(
    request: HttpRequest,
    item_id: UUID,
    fields: QueryDict,
    sentence: str,
    status: int,
    *,
    form: str = "position",
) -> HttpResponse:
    refused = Refused(
        item_id=item_id,
        seat=fields.get("seat", ""),
        text=fields.get("text", ""),
        sentence=sentence,
        anchor=f"item-{item_id}",
        form=form,
        changes=_changes(request, item_id, fields),
    )
    back = fields.get("back", "")
    named = _uuid(back.partition(":")[2]) if back.startswith("dossier:") else None
    if named is not None:
        return _dossier(request, named, refused, status)
    return _home(request, refused, status)


def _changes(request: HttpRequest, item_id: UUID, fields: QueryDict) -> tuple[PaperChange, ...]:
    """Return what changed since the papers that the form was made for; nothing when it names none."""
    papers = fields.get("papers", "")
    return agendas.changes_since(actor_of(request), item_id, papers) if papers else ()


def _after_sign_in(request: HttpRequest, item_id: UUID) -> HttpResponse:
    parked = identity.take_parked(request)
    if parked is None:
        return redirect_to("cabinet:home")
    return _refused(
        request, item_id, parked.as_posted(), t("cabinet.minister.parked", language_of(request)), 200
    )


def _said(fields: QueryDict) -> tuple[UUID, Said]:
    pressed = fields.get("stance", "")
    try:
        stance = SPEAKS.get(pressed) or Stance(pressed)
    except ValueError as error:
        raise errors.DoesNotFit(field="stance") from error
    said = Said(stance, fields.get("papers", ""), pressed in SPEAKS, fields.get("text", ""))
    return _required(fields.get("seat", "")), said


def _classification(text: str) -> Classification:
    try:
        return Classification(int(text))
    except ValueError as error:
        raise errors.DoesNotFit(field="classification") from error


def _required(text: str) -> UUID:
    found = _uuid(text)
    if found is None:
        raise errors.NotYourSeat
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
