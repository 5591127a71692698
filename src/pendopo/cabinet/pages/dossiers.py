"""Dossiers before a session: the list, a new one, its words, its way to the secretariat and back."""

from dataclasses import replace
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from pendopo.cabinet import errors
from pendopo.cabinet.actions import dossiers as acts
from pendopo.cabinet.actions.positions import record_closed_read
from pendopo.cabinet.pages.dossier_form import Choice, DossierForm, errors_of
from pendopo.cabinet.pages.typed import attempt, before_of, came_back, parked
from pendopo.cabinet.queries import preparation
from pendopo.cabinet.records.preparation import ItemTypeView, Opening, Verb, View, Work
from pendopo.cabinet.values import Classification
from pendopo.foundation.http import Audience, access, actor_of, language_of, redirect_to
from pendopo.foundation.pages import render
from pendopo.foundation.refusals import Refusal
from pendopo.foundation.text import t

GET_POST = ["GET", "POST"]
DONE = frozenset({"opened", "edited", "paper", "replaced", "removed", "submitted", "withdrawn", "returned"})
WRONG = 422


@access(Audience.PERSON, assurance=2)
@require_GET
def dossiers(request: HttpRequest) -> HttpResponse:
    """Show the dossiers that the reader may know of: their own, those that ask them, those that are ready."""
    try:
        view = View(request.GET.get("view", ""))
    except ValueError:
        view = None
    before = before_of(request)
    found = preparation.dossiers(actor_of(request), language_of(request), view, before)
    return render(request, "cabinet/dossiers/list.html", {"page": found, "is_first": before is None})


@access(Audience.PERSON, assurance=2)
@require_http_methods(GET_POST)
def new(request: HttpRequest) -> HttpResponse:
    """Choose the body if there are several, write the dossier, open it as a draft."""
    offers = preparation.openings(actor_of(request), language_of(request))
    typed = request.POST if request.method == "POST" else parked(request)
    form = DossierForm.read(typed) if typed is not None else DossierForm()
    chosen = form.body or request.GET.get("body", "")
    offer = next((one for one in offers if one.body_code == chosen), None)
    if offer is None and len(offers) == 1:
        offer = offers[0]
    if offer is None:
        return render(request, "cabinet/dossiers/body.html", {"offers": offers})
    if request.method == "GET" or request.POST.get("do") == "more":
        return _form(request, form, offer, None, was_parked=request.method == "GET" and typed is not None)
    kind = next((one for one in offer.types if one.code == form.item_type), None)
    wrong = form.wrong(offer, kind, language_of(request))
    if wrong:
        return _form(request, form, offer, None, wrong=wrong)

    def act() -> HttpResponse:
        made = acts.open_dossier(
            actor_of(request),
            offer.body_code,
            item_type=form.item_type,
            owner_seat=form.owner or offer.owners[0].code,
            text=form.text(),
        )
        return redirect_to("cabinet:dossier-work", {"done": "opened"}, dossier_id=made)

    answer = attempt(request, act)
    return _form(request, form, offer, None, refused=answer) if isinstance(answer, Refusal) else answer


@access(Audience.PERSON, assurance=2)
@require_http_methods(GET_POST)
def edit(request: HttpRequest, dossier_id: UUID) -> HttpResponse:
    """Change a dossier's words while it is with its owner."""
    work = preparation.work(actor_of(request), dossier_id, language_of(request))
    record_closed_read(actor_of(request), dossier_id)
    typed = request.POST if request.method == "POST" else parked(request)
    form = DossierForm.of(work) if typed is None else DossierForm.read(typed)
    if request.method == "GET" or request.POST.get("do") == "more":
        was_parked = request.method == "GET" and typed is not None
        return _form(request, form, work.offer, work, was_parked=was_parked)
    wrong = form.wrong(work.offer, work.kind, language_of(request))
    if wrong:
        return _form(request, form, work.offer, work, wrong=wrong)

    def act() -> HttpResponse:
        acts.edit_dossier(actor_of(request), dossier_id, form.text(), edition=form.edition)
        return redirect_to("cabinet:dossier-work", {"done": "edited"}, dossier_id=dossier_id)

    answer = attempt(request, act)
    return _form(request, form, work.offer, work, refused=answer) if isinstance(answer, Refusal) else answer


@access(Audience.PERSON, assurance=2)
@require_GET
def work(request: HttpRequest, dossier_id: UUID) -> HttpResponse:
    """Show what is done and what is next for those who write the dossier."""
    return show_work(request, dossier_id)


@access(Audience.PERSON, assurance=2)
@require_http_methods(GET_POST)
def submit(request: HttpRequest, dossier_id: UUID) -> HttpResponse:
    """Bring the dossier before its body. A GET, after a sign-in in between, shows where it is."""
    if request.method == "GET":
        return redirect_to("cabinet:dossier-work", dossier_id=dossier_id)

    def act() -> HttpResponse:
        acts.submit(actor_of(request), dossier_id, edition=str(request.POST.get("edition", "")))
        return redirect_to("cabinet:dossier-work", {"done": "submitted"}, dossier_id=dossier_id)

    answer = attempt(request, act)
    return show_work(request, dossier_id, answer) if isinstance(answer, Refusal) else answer


@access(Audience.PERSON, assurance=2)
@require_http_methods(GET_POST)
def withdraw(request: HttpRequest, dossier_id: UUID) -> HttpResponse:
    """Ask for the reason, then take the dossier back for good."""
    return _take_back(request, dossier_id, Verb.WITHDRAW)


@access(Audience.PERSON, assurance=2)
@require_http_methods(GET_POST)
def give_back(request: HttpRequest, dossier_id: UUID) -> HttpResponse:
    """Ask for the reason, then return the dossier to its owner: clerk and chair."""
    return _take_back(request, dossier_id, Verb.RETURN)


@access(Audience.PERSON, assurance=2)
@require_GET
def history(request: HttpRequest, dossier_id: UUID) -> HttpResponse:
    """Show who did what when, with the fingerprint of the papers then."""
    view = preparation.history_of(actor_of(request), dossier_id, language_of(request))
    record_closed_read(actor_of(request), dossier_id)
    return render(request, "cabinet/dossiers/history.html", {"view": view})


def show_work(request: HttpRequest, dossier_id: UUID, refused: Refusal | None = None) -> HttpResponse:
    """Show the work on a dossier, with a refusal and what was typed if there is one."""
    language = language_of(request)
    done = request.GET.get("done", "")
    context = {
        "work": preparation.work(actor_of(request), dossier_id, language),
        "refused": refused,
        "typed": request.POST,
        "done": t(f"cabinet.prepare.done.{done}", language) if done in DONE else "",
    }
    status = refused.status if refused else 200
    record_closed_read(actor_of(request), dossier_id)
    return render(request, "cabinet/dossiers/work.html", context, status=status)


def _take_back(request: HttpRequest, dossier_id: UUID, verb: Verb) -> HttpResponse:
    view = preparation.work(actor_of(request), dossier_id, language_of(request))
    typed, refused = came_back(request) or (request.POST, None)
    if request.method == "POST":

        def act() -> HttpResponse:
            reason, edition = str(request.POST.get("reason", "")), str(request.POST.get("edition", ""))
            take = acts.withdraw if verb is Verb.WITHDRAW else acts.return_to_owner
            take(actor_of(request), dossier_id, reason, edition=edition)
            done = "withdrawn" if verb is Verb.WITHDRAW else "returned"
            return redirect_to("cabinet:dossier-work", {"done": done}, dossier_id=dossier_id)

        answer = attempt(request, act)
        if not isinstance(answer, Refusal):
            return answer
        refused = answer
    elif verb not in view.verbs:
        raise errors.StateDoesNotAllow
    context = {"work": view, "verb": verb, "refused": refused, "reason": typed.get("reason", "")}
    status = refused.status if refused else 200
    return render(request, "cabinet/dossiers/take_back.html", context, status=status)


def _form(  # one page, new or not
    request: HttpRequest,
    form: DossierForm,
    offer: Opening,
    work: Work | None,
    *,
    wrong: dict[str, str] | None = None,
    refused: Refusal | None = None,
    was_parked: bool = False,
) -> HttpResponse:
    language = language_of(request)
    if request.POST.get("do") == "more":
        form = replace(form, choices=(*form.choices, Choice()))
    told = dict(wrong or {})
    if refused is not None:
        told[_FIELDS.get(refused.field, refused.field)] = refused.sentence
    context = {
        "form": form,
        "offer": offer,
        "work": work,
        "wrong": told,
        "was_parked": was_parked,
        "errors": errors_of(told),
        "meanwhile": work if refused is not None and refused.code == errors.EditedMeanwhile.code else None,
        "edition": work.edition if work else "",
        "typed_more": request.POST.get("do") == "more",
        "types": [(one.code, one.name, _about(one, language)) for one in offer.types],
        "classes": [
            (str(one.value), t(f"cabinet.classes.{one.name.lower()}", language))
            for one in Classification
            if one <= offer.ceiling
        ],
    }
    status = WRONG if wrong else refused.status if refused else 200
    return render(request, "cabinet/dossiers/form.html", context, status=status)


_FIELDS = {"alternatives": "choice-1", "recommended": "recommended-0"}


def _about(kind: ItemTypeView, language: str) -> str:
    """Say in one line what follows from choosing a kind."""
    told = [t(f"cabinet.prepare.kind.{'consent' if kind.consent else 'debated'}", language)]
    told.append(t("cabinet.prepare.kind.minutes", language, n=kind.minutes))
    if kind.alternatives:
        told.append(t("cabinet.prepare.kind.alternatives", language))
    if kind.classification:
        name = t(f"cabinet.classes.{kind.classification.name.lower()}", language)
        told.append(t("cabinet.prepare.kind.class", language, name=name))
    if kind.legal_form:
        told.append(t("cabinet.prepare.kind.form", language, name=kind.legal_form))
    return " ".join(told)
