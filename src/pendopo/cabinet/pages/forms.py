"""What the forms after a session share: ids, days, and a refusal shown on the page that was sent."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from pendopo.cabinet.errors import CabinetError, DoesNotFit
from pendopo.foundation.http import language_of
from pendopo.foundation.text import t

NOT_FOUND = 404
DIGITS = 6
YEARS = range(2000, 2200)
"""At the ends of the calendar a moment of the region is no moment of UTC, and a page that shows it breaks."""


def uuid_of(request: HttpRequest, field: str) -> UUID:
    """Read an id from a form; raise ``DoesNotFit``."""
    try:
        return UUID(request.POST.get(field, ""))
    except ValueError:
        raise DoesNotFit(field=field) from None


def whole(text: str) -> int:
    """Read a whole number of a few digits, -1 for anything else: Python refuses to read endless ones."""
    tidy = text.strip()
    return int(tidy) if tidy.isdecimal() and len(tidy) <= DIGITS else -1


def number_of(request: HttpRequest, field: str) -> int:
    """Read a whole number from a form; raise ``DoesNotFit``."""
    try:
        return int(request.POST.get(field, ""))
    except ValueError:
        raise DoesNotFit(field=field) from None


def fetched_ahead(request: HttpRequest) -> bool:
    """Say whether a browser fetches a page before anybody asked for it: that must not count as read.

    Such a request is answered 503, which makes the browser ask again when somebody does (Fetch standard,
    ``Sec-Purpose``).
    """
    return "prefetch" in request.headers.get("Sec-Purpose", "")


def answered(
    request: HttpRequest,
    act: Callable[[], HttpResponse],
    show: Callable[[str, int], HttpResponse],
) -> HttpResponse:
    """Act and return its answer; a refusal shows the page again with the sentence. Not found stays so."""
    try:
        return act()
    except CabinetError as error:
        if error.status == NOT_FOUND:
            raise
        return show(t(error.text_key, language_of(request)), error.status)
