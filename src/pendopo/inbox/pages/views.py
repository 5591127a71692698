"""List and single message. Both show only what belongs to the person who is signed in."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from pendopo.foundation.http import Audience, access, actor_of, language_of
from pendopo.foundation.pages import render
from pendopo.inbox import actions, queries
from pendopo.inbox.errors import MessageNotFound
from pendopo.inbox.records import message_view

PAGE = 20


def _reader(request: HttpRequest) -> UUID:
    subject_id = actor_of(request).subject_id
    if subject_id is None:  # the audience of these views makes this unreachable
        raise MessageNotFound
    return subject_id


def _before(request: HttpRequest) -> UUID | None:
    given = request.GET.get("before", "")
    if not given:
        return None
    try:
        return UUID(given)
    except ValueError:
        raise MessageNotFound from None


@access(Audience.PERSON)
@require_GET
def messages(request: HttpRequest) -> HttpResponse:
    """Show the person's messages, newest first."""
    rows = queries.page(_reader(request), before=_before(request), limit=PAGE + 1)
    shown = [message_view(row, language_of(request)) for row in rows[:PAGE]]
    older = shown[-1].id if len(rows) > PAGE else None
    return render(
        request,
        "inbox/messages.html",
        {"messages": shown, "older": older, "unread": queries.unread_count(_reader(request))},
    )


@access(Audience.PERSON)
@require_GET
def message(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Show one message; opening it is what makes it read."""
    row = actions.mark_read(actor_of(request), message_id)
    return render(request, "inbox/message.html", {"message": message_view(row, language_of(request))})
