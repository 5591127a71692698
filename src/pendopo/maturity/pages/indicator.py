"""One indicator: its page, a level, a remark, evidence."""

from collections.abc import Callable
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_GET, require_POST

from pendopo.foundation.http import Audience, access, actor_of, language_of, redirect_to
from pendopo.foundation.pages import PRIVATE, render
from pendopo.foundation.refusals import Refusal
from pendopo.foundation.text import t
from pendopo.maturity import refusals, visibility
from pendopo.maturity.actions import answers, comments, evidence
from pendopo.maturity.actions.answers import Said
from pendopo.maturity.pages.typed import attempt, number_of, parked
from pendopo.maturity.queries.evidence import item_of
from pendopo.maturity.queries.indicators import indicator as view_of
from pendopo.maturity.values import Stage

ASSURANCE = 2
DONE = frozenset({"answered", "remarked", "added", "read", "removed"})
ANSWER, REMARK, EVIDENCE = "answer", "remark", "evidence"


@access(Audience.OFFICER, permission=visibility.READ, assurance=ASSURANCE)
@require_GET
def indicator(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Show criteria, values, evidence, remarks and history, and the forms that the officer's part has."""
    return _show(request, item_id, typed=parked(request))


@access(Audience.OFFICER, permission=visibility.READ, assurance=ASSURANCE)
@require_POST
def answer(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Give a level."""

    def act() -> None:
        try:
            stage = Stage(request.POST.get("stage", ""))
        except ValueError:
            raise refusals.StageNotNow(state="") from None
        accepted = [number_of(one) for one in request.POST.getlist("accepted")]
        said = Said(
            level=request.POST.get("level", ""),
            reason=request.POST.get("reason", ""),
            accepted=frozenset(one for one in accepted if one is not None),
            revision=number_of(request.POST.get("revision", "")),
        )
        answers.give(actor_of(request), item_id, stage, said)

    return _done(request, item_id, act, "answered", ANSWER)


@access(Audience.OFFICER, permission=visibility.READ, assurance=ASSURANCE)
@require_POST
def remark(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Remark on the indicator or on one criterion."""
    level = number_of(request.POST.get("level", ""))
    return _done(
        request,
        item_id,
        lambda: comments.remark(actor_of(request), item_id, request.POST.get("text", ""), level),
        "remarked",
        REMARK,
    )


@access(Audience.OFFICER, permission=visibility.READ, assurance=ASSURANCE)
@require_POST
def add(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Add a file or a link as evidence for a level."""

    def act() -> None:
        actor, level = actor_of(request), _level(request)
        title, url = request.POST.get("title", ""), request.POST.get("url", "")
        upload = request.FILES.get("file")
        if isinstance(upload, UploadedFile):
            name = upload.name or "file"
            named = title if title.strip() else name.rpartition(".")[0] or name
            evidence.add_file(actor, item_id, level, title=named, data=upload.read(), filename=name)
        elif url.strip():
            evidence.add_link(actor, item_id, level, title=title, url=url)
        else:
            raise refusals.NothingToAdd(field="file")

    return _done(request, item_id, act, "added", EVIDENCE)


@access(Audience.OFFICER, permission=visibility.READ, assurance=ASSURANCE)
@require_POST
def read(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Bind a measure to a level and read it now."""
    measure = request.POST.get("measure", "")
    return _done(
        request,
        item_id,
        lambda: evidence.add_live(actor_of(request), item_id, _level(request), measure),
        "read",
        EVIDENCE,
    )


@access(Audience.OFFICER, permission=visibility.READ, assurance=ASSURANCE)
@require_POST
def read_again(request: HttpRequest, piece_id: UUID) -> HttpResponse:
    """Take a new reading."""
    item_id = item_of(actor_of(request), piece_id)
    return _done(request, item_id, lambda: evidence.read_again(actor_of(request), piece_id), "read", EVIDENCE)


@access(Audience.OFFICER, permission=visibility.READ, assurance=ASSURANCE)
@require_POST
def remove(request: HttpRequest, piece_id: UUID) -> HttpResponse:
    """Take evidence down."""
    item_id = item_of(actor_of(request), piece_id)
    return _done(request, item_id, lambda: evidence.remove(actor_of(request), piece_id), "removed", EVIDENCE)


@access(Audience.OFFICER, permission=visibility.READ, assurance=ASSURANCE)
@require_GET
def file(request: HttpRequest, piece_id: UUID) -> HttpResponse:
    """Hand over a file of evidence."""
    kept, data = evidence.open_file(actor_of(request), piece_id)
    response = HttpResponse(data, content_type=kept.media_type)
    response.headers["Content-Disposition"] = f'inline; filename="{piece_id}"'
    response.headers["Cache-Control"] = PRIVATE
    return response


def _level(request: HttpRequest) -> int:
    level = number_of(request.POST.get("level", ""))
    if level is None:
        raise refusals.NotALevel(field="level")
    return level


def _done(
    request: HttpRequest, item_id: UUID, act: Callable[[], object], done: str, form: str
) -> HttpResponse:
    def acted() -> HttpResponse:
        act()
        return redirect_to("maturity:indicator", {"done": done}, item_id=item_id)

    found = attempt(request, acted)
    if isinstance(found, Refusal):
        return _show(request, item_id, typed=request.POST, refused=found, form=form)
    return found


def _show(
    request: HttpRequest,
    item_id: UUID,
    *,
    typed: QueryDict | None = None,
    refused: Refusal | None = None,
    form: str = "",
) -> HttpResponse:
    """Show the page; a refused form keeps what was typed, also when it is no longer offered."""
    language = language_of(request)
    done = request.GET.get("done", "")
    context = {
        "view": view_of(actor_of(request), item_id, language),
        "typed": typed if typed is not None else QueryDict(),
        "form": form or (_form_of(typed) if typed is not None else ""),
        "refused": refused,
        "done": t(f"maturity.assess.indicator.done.{done}", language) if done in DONE else "",
    }
    status = refused.status if refused else 200
    return render(request, "maturity/assess/indicator.html", context, status=status)


def _form_of(typed: QueryDict) -> str:
    if "stage" in typed:
        return ANSWER
    return REMARK if "text" in typed else EVIDENCE
