"""A form sent after its session ended is parked, and shown again, filled in, after the next sign-in.

Only for the person whose session it was: a form from a browser that never was signed in, or of another
person, is not kept. Files are not parked; secrets are left out by name.
"""

import json

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from pydantic import TypeAdapter

from pendopo.foundation import crypto
from pendopo.foundation.clock import now
from pendopo.foundation.http import actor_of
from pendopo.identity import cookies, models
from pendopo.identity.cookies import Cookie
from pendopo.identity.policy import PARKED, PARKED_BYTES
from pendopo.identity.records import ParkedForm, context
from pendopo.identity.sessions import Presented

SECRET_FIELDS = frozenset({"csrfmiddlewaretoken", "password", "password_again", "code", "credential", "nik"})
_FIELDS = TypeAdapter(dict[str, tuple[str, ...]])


def park(request: HttpRequest, presented: Presented, response: HttpResponse) -> None:
    """Keep the typed fields of a refused POST and give the browser the key to them."""
    if request.method != "POST" or presented.past_subject is None:
        return
    typed = {name: request.POST.getlist(name) for name in request.POST if name not in SECRET_FIELDS}
    body = json.dumps(typed)
    if not typed or len(body) > PARKED_BYTES or len(request.path) > _longest_path():
        return
    key = cookies.new_token()
    row = models.ParkedForm(
        key_digest=crypto.fingerprint(key),
        subject_id=presented.past_subject,
        path=request.path,
        expires_at=now() + PARKED,
    )
    row.fields = crypto.seal(body, context=context("parked", "fields", row.id))
    row.save(force_insert=True)
    cookies.put(response, Cookie.PARKED, key, seconds=int(PARKED.total_seconds()))


def take(request: HttpRequest) -> ParkedForm | None:
    """Return what the same person had typed on this page, once; None when there is nothing.

    What another person left in this browser is destroyed at the first sight.
    """
    key, actor = cookies.read(request, Cookie.PARKED), actor_of(request)
    if not key or actor.subject_id is None:
        return None
    with transaction.atomic():
        row = models.ParkedForm.objects.select_for_update().filter(key_digest=crypto.fingerprint(key)).first()
        if row is None:
            return None
        if row.subject_id != actor.subject_id or row.expires_at <= now():
            row.delete()
            return None
        if row.path != request.path:
            return None
        body = crypto.open_text(row.fields, context=context("parked", "fields", row.id))
        row.delete()
    return ParkedForm(path=row.path, fields=_FIELDS.validate_json(body))


def _longest_path() -> int:
    return models.ParkedForm._meta.get_field("path").max_length or 0  # noqa: SLF001  # Django's public metadata
