"""The papers of a dossier in the hands of those who write it: add one, replace it, take it out."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from pendopo.cabinet import errors
from pendopo.cabinet.actions import dossiers as acts
from pendopo.cabinet.pages.dossiers import show_work
from pendopo.cabinet.pages.typed import attempt
from pendopo.cabinet.queries import preparation
from pendopo.cabinet.records.preparation import Work
from pendopo.foundation.http import Audience, access, actor_of, language_of, redirect_to
from pendopo.foundation.pages import render
from pendopo.foundation.refusals import Refusal


@access(Audience.PERSON, assurance=2)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, dossier_id: UUID) -> HttpResponse:
    """Add a paper under the name that was given, or the file's own. A GET shows the dossier."""
    if request.method == "GET":
        return redirect_to("cabinet:dossier-work", dossier_id=dossier_id)

    def act() -> HttpResponse:
        name, data = _upload(request)
        called = str(request.POST.get("name", "")).strip() or name.rpartition(".")[0] or name
        acts.add_document(actor_of(request), dossier_id, name=called, data=data, filename=name)
        return _back(dossier_id, "paper")

    preparation.work(actor_of(request), dossier_id, language_of(request))
    answer = attempt(request, act)
    return show_work(request, dossier_id, answer) if isinstance(answer, Refusal) else answer


@access(Audience.PERSON, assurance=2)
@require_http_methods(["GET", "POST"])
def replace(request: HttpRequest, dossier_id: UUID, paper_id: UUID) -> HttpResponse:
    """Say what a new version does to positions, then put it in the old one's place."""
    work, refused = _with_paper(request, dossier_id, paper_id), None
    if request.method == "POST":

        def act() -> HttpResponse:
            name, data = _upload(request)
            seen = str(request.POST.get("edition", ""))
            acts.replace_document(
                actor_of(request), dossier_id, paper_id, data=data, filename=name, edition=seen
            )
            return _back(dossier_id, "replaced")

        answer = attempt(request, act)
        if not isinstance(answer, Refusal):
            return answer
        refused = answer
    return _page(request, work, paper_id, "replace", refused)


@access(Audience.PERSON, assurance=2)
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, dossier_id: UUID, paper_id: UUID) -> HttpResponse:
    """Say what it means to take a paper out, then do it; its versions stay for the record."""
    work, refused = _with_paper(request, dossier_id, paper_id), None
    if request.method == "POST":

        def act() -> HttpResponse:
            seen = str(request.POST.get("edition", ""))
            acts.remove_document(actor_of(request), dossier_id, paper_id, edition=seen)
            return _back(dossier_id, "removed")

        answer = attempt(request, act)
        if not isinstance(answer, Refusal):
            return answer
        refused = answer
    return _page(request, work, paper_id, "remove", refused)


def _with_paper(request: HttpRequest, dossier_id: UUID, paper_id: UUID) -> Work:
    work = preparation.work(actor_of(request), dossier_id, language_of(request))
    if not any(one.id == paper_id and not one.removed for one in work.papers):
        raise errors.NoSuchDossier
    return work


def _upload(request: HttpRequest) -> tuple[str, bytes]:
    upload = request.FILES.get("file")
    if upload is None:
        raise errors.PaperMissing(field="file")
    return upload.name or "file", upload.read()


def _page(
    request: HttpRequest, work: Work, paper_id: UUID, verb: str, refused: Refusal | None
) -> HttpResponse:
    paper = next(one for one in work.papers if one.id == paper_id)
    context = {"work": work, "paper": paper, "verb": verb, "refused": refused}
    status = refused.status if refused else 200
    return render(request, "cabinet/dossiers/paper.html", context, status=status)


def _back(dossier_id: UUID, done: str) -> HttpResponse:
    return redirect_to("cabinet:dossier-work", {"done": done}, dossier_id=dossier_id)
