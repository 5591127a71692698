"""Who is in front of the page, and which part of a list they ask for."""

from uuid import UUID

from django.http import HttpRequest

from pendopo.foundation.http import actor_of
from pendopo.identity import api as identity
from pendopo.portal.errors import PageNotFound


def subject_of(request: HttpRequest) -> UUID:
    """Return the signed-in person; views of audience PERSON always have one."""
    subject_id = actor_of(request).subject_id
    if subject_id is None:
        raise identity.NotSignedIn
    return subject_id


def pseudonym_of(request: HttpRequest) -> str:
    """Return the name under which the access log knows the signed-in person."""
    return identity.pseudonym_of(subject_of(request))


def before(request: HttpRequest) -> UUID | None:
    """Return the keyset cursor ``?before=``; an impossible one is a page that does not exist."""
    given = request.GET.get("before", "")
    if not given:
        return None
    try:
        return UUID(given)
    except ValueError:
        raise PageNotFound from None
