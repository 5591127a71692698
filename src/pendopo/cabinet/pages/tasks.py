"""Follow-up: the board of tasks and one task with its reports."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pendopo.cabinet.actions import decisions
from pendopo.cabinet.pages.forms import answered, number_of
from pendopo.cabinet.queries import tasks as queries
from pendopo.foundation.http import Audience, access, actor_of, language_of, redirect_to
from pendopo.foundation.pages import render


@access(Audience.PERSON, assurance=2)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Show the tasks by due day, filtered by owner and state."""
    actor, language = actor_of(request), language_of(request)
    owner, state = request.GET.get("owner", ""), request.GET.get("state", "")
    context = {
        "lines": queries.tasks(actor, language, owner=owner, state=state),
        "owners": queries.owners(actor, language),
        "owner": owner,
        "state": state,
        "states": queries.STATES,
    }
    return render(request, "cabinet/follow.html", context)


@access(Audience.PERSON, assurance=2)
@require_http_methods(["GET", "POST"])
def task(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Show a task; report on it."""
    if request.method == "GET":
        return _show(request, task_id)

    def act() -> HttpResponse:
        progress = number_of(request, "progress")
        decisions.report(actor_of(request), task_id, str(request.POST.get("text", "")), progress)
        return redirect_to("cabinet:task", task_id=task_id)

    return answered(request, act, lambda sentence, status: _show(request, task_id, sentence, status))


@access(Audience.PERSON, assurance=2)
@require_POST
def close(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Close a task as done or dropped."""

    def act() -> HttpResponse:
        decisions.close_task(actor_of(request), task_id, done=request.POST.get("how") == "done")
        return redirect_to("cabinet:task", task_id=task_id)

    return answered(request, act, lambda sentence, status: _show(request, task_id, sentence, status))


def _show(request: HttpRequest, task_id: UUID, sentence: str = "", status: int = 200) -> HttpResponse:
    view = queries.task(actor_of(request), task_id, language_of(request))
    context = {"view": view, "refused": sentence, "typed": request.POST}
    return render(request, "cabinet/task.html", context, status=status)
