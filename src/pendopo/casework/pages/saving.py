"""What a posted page of an application leads to: saved and on, or shown again with what was typed."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict

from pendopo.casework.actions import complete as complete_action
from pendopo.casework.actions import drafts, submit
from pendopo.casework.actions.drafts import CHECK, Opened
from pendopo.casework.errors import Incomplete, NoSuchDraft, NoSuchPage
from pendopo.casework.pages.showing import Typed, show
from pendopo.casework.pages.ways import to_first_open, to_next
from pendopo.casework.records import Receipt
from pendopo.catalogue.api import PageView
from pendopo.documents import api as documents
from pendopo.documents.api import StoredFile, UnsafeFile
from pendopo.foundation.http import actor_of, language_of, redirect_to
from pendopo.foundation.text import t


def save(request: HttpRequest, opened: Opened, shown: PageView) -> HttpResponse:
    """Save a page and go on; with a problem it comes back, and accepted uploads are kept."""
    actor, draft_id = actor_of(request), opened.draft.id
    files, refused = _uploads(request, shown)
    raw = _flat(request.POST)
    problems = drafts.save_page(actor, draft_id, shown.key, raw, files) if not refused else ()
    if problems or refused:
        if files:
            drafts.attach(actor, draft_id, shown.key, files)
        again = drafts.opened(actor, draft_id)
        return show(request, again, again.page(shown.key), Typed(raw, problems, refused), status=422)
    if drafts.opened(actor, draft_id).state.lookups_due:
        drafts.read_registers(actor, draft_id)
    return to_next(request, drafts.opened(actor, draft_id), shown.key)


def send(request: HttpRequest, agency: str, code: str, draft_id: UUID) -> HttpResponse | None:
    """Take the last page's answers and send, at once; None when the application is not at that point."""
    raw = _flat(request.POST)
    try:
        outcome = submit.send(actor_of(request), draft_id, raw, of=(agency, code))
    except (Incomplete, NoSuchDraft, NoSuchPage):
        return None
    if isinstance(outcome, Receipt):
        return redirect_to("casework:receipt", case_id=outcome.case_id)
    opened = drafts.opened(actor_of(request), draft_id)
    return show(request, opened, opened.page(CHECK), Typed(raw, outcome, {}), status=422)


def send_otherwise(request: HttpRequest, opened: Opened, shown: PageView) -> HttpResponse:
    """Save the last page, then send or complete; what still misses something is opened instead."""
    actor, draft_id = actor_of(request), opened.draft.id
    raw = _flat(request.POST)
    problems = drafts.save_page(actor, draft_id, shown.key, raw, {})
    if problems:
        return show(request, opened, shown, Typed(raw, problems, {}), status=422)
    try:
        act = complete_action.complete if opened.returned_for else submit.submit
        receipt = act(actor, draft_id)
    except Incomplete:
        return to_first_open(request, drafts.opened(actor, draft_id))
    return redirect_to("casework:receipt", case_id=receipt.case_id)


def _uploads(request: HttpRequest, shown: PageView) -> tuple[dict[str, StoredFile], dict[str, str]]:
    """Store the page's uploads; return them and, by path, the sentences for those that were refused."""
    language, actor = language_of(request), actor_of(request)
    files: dict[str, StoredFile] = {}
    refused: dict[str, str] = {}
    for question in shown.questions:
        upload = request.FILES.get(question.path)
        if upload is None or question.type != "file" or actor.subject_id is None:
            continue
        name = upload.name or "file"
        purpose = f"evidence:{question.path}"
        try:
            files[question.path] = documents.store_upload(
                upload.read(), name, owner_subject_id=actor.subject_id, purpose=purpose
            )
        except UnsafeFile as error:
            refused[question.path] = t(error.text_key, language, **error.params)
    return files, refused


def _flat(posted: QueryDict) -> dict[str, str]:
    return {name: posted.get(name) or "" for name in posted}
