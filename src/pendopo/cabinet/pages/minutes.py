"""The minutes of a session: read, edit, approve, sign, take away."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from pendopo.cabinet.actions import exports, positions
from pendopo.cabinet.actions import minutes as actions
from pendopo.cabinet.actions.exports import File, Form
from pendopo.cabinet.actions.minutes import Words
from pendopo.cabinet.errors import DoesNotFit
from pendopo.cabinet.pages.forms import answered, number_of, uuid_of
from pendopo.cabinet.queries import minutes as queries
from pendopo.foundation.http import Audience, access, actor_of, language_of, redirect_to
from pendopo.foundation.pages import PRIVATE, render


@access(Audience.PERSON, assurance=2)
@require_GET
def minutes(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Show the last version."""
    return _show(request, session_id)


@access(Audience.PERSON, assurance=2)
@require_POST
def revise(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Write a new version."""

    def act() -> HttpResponse:
        debate = {
            key.removeprefix("debate-"): str(request.POST[key])
            for key in request.POST
            if key.startswith("debate-")
        }
        words = Words(debate, str(request.POST.get("remarks", "")))
        actions.revise(actor_of(request), session_id, words)
        return _back(session_id)

    return answered(request, act, lambda sentence, status: _show(request, session_id, sentence, status))


@access(Audience.PERSON, assurance=2)
@require_POST
def approve(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Approve a version for a seat, or say what is wrong with it."""

    def act() -> HttpResponse:
        seat, version = uuid_of(request, "seat"), number_of(request, "version")
        remark = str(request.POST.get("remark", ""))
        actions.approve(actor_of(request), session_id, seat, version=version, remark=remark)
        return _back(session_id)

    return answered(request, act, lambda sentence, status: _show(request, session_id, sentence, status))


@access(Audience.PERSON, assurance=2)
@require_POST
def sign(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Sign the last version."""

    def act() -> HttpResponse:
        actions.sign(actor_of(request), session_id, version=number_of(request, "version"))
        return _back(session_id)

    return answered(request, act, lambda sentence, status: _show(request, session_id, sentence, status))


@access(Audience.PERSON, assurance=2)
@require_GET
def pdf(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Hand out the sealed file of what the reader may read."""
    positions.record_session_read(actor_of(request), session_id)
    data = actions.hand_out(actor_of(request), session_id)
    return handed(File("risalah.pdf", "application/pdf", data))


@access(Audience.PERSON, assurance=2)
@require_GET
def export(request: HttpRequest, session_id: UUID, form: str) -> HttpResponse:
    """Hand out the session in a public format; that it left is recorded."""
    try:
        wanted = Form(form)
    except ValueError:
        raise DoesNotFit(field="form") from None
    file = exports.export(actor_of(request), session_id, wanted)
    if wanted is not Form.ICAL:
        positions.record_session_read(actor_of(request), session_id)
    return handed(file)


def handed(file: File) -> HttpResponse:
    """Return a file to be saved, never kept by caches."""
    return HttpResponse(
        file.data,
        content_type=file.media_type,
        headers={"Content-Disposition": f'attachment; filename="{file.name}"', "Cache-Control": PRIVATE},
    )


def _back(session_id: UUID) -> HttpResponse:
    return redirect_to("cabinet:minutes", session_id=session_id)


def _show(request: HttpRequest, session_id: UUID, sentence: str = "", status: int = 200) -> HttpResponse:
    language = language_of(request)
    view = queries.minutes(actor_of(request), session_id, language)
    if view is not None:
        positions.record_session_read(actor_of(request), session_id)
    context = {"view": view, "session_id": session_id, "refused": sentence, "forms": list(Form)}
    return render(request, "cabinet/minutes.html", context, status=status)
