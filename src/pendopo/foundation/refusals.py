"""A refused form comes back as a page: the sentence, the field that is meant, and all that was typed."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from pendopo.foundation.http import language_of
from pendopo.foundation.problems import sentence
from pendopo.kernel.errors import PendopoError

NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an act was refused; ``field`` is where in the form, empty for the form as a whole."""

    sentence: str
    field: str
    status: int
    code: str


def attempt(
    request: HttpRequest, act: Callable[[], HttpResponse], *kinds: type[PendopoError]
) -> HttpResponse | Refusal:
    """Act and return its answer, or why it was refused; errors of other kinds go on to the caller.

    What the reader may not know of stays not found, so that a refusal never tells that it is there.
    """
    try:
        return act()
    except kinds as error:
        if error.status == NOT_FOUND:
            raise
        return refusal(request, error)


def refusal(request: HttpRequest, error: PendopoError) -> Refusal:
    """Return an error as a page shows it."""
    told = sentence(error, language_of(request))
    return Refusal(told, str(error.params.get("field", "")), error.status, error.code)
