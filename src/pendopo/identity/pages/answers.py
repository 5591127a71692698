"""Small answers that several pages share."""

from django.http import HttpRequest, HttpResponse

from pendopo.foundation.http import language_of
from pendopo.foundation.text import t
from pendopo.identity.devices import describe
from pendopo.identity.records import Started
from pendopo.kernel.errors import PendopoError

DEFAULT_LABEL = "identity.security.passkey.label"


def say(request: HttpRequest, error: PendopoError) -> str:
    """Return an error's sentence in the reader's language."""
    return t(error.text_key, language_of(request), **error.params)


def label_of(request: HttpRequest) -> str:
    """Return what the person calls the new passkey, or the name of the device that she sits at."""
    device = describe(request.headers.get("User-Agent", ""))
    return request.POST.get("label", "").strip() or device or t(DEFAULT_LABEL, language_of(request))


def options(started: Started) -> HttpResponse:
    """Return a WebAuthn ceremony for the script; the library already made its options JSON."""
    body = f'{{"ceremony":"{started.id}","options":{started.options}}}'
    response = HttpResponse(body, content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response
