"""Cookies of this room: one place for names, flags and lifetimes.

All carry the instance's name, so that two halls on one host do not sign each other out. Over https they have
the ``__Host-`` prefix, which demands Secure and the path ``/`` and forbids a domain; that is also why the
provider's cookie is kept apart by name, not by path.
"""

import secrets
from enum import StrEnum

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from pendopo.foundation.settings import current

TOKEN_BYTES = 32


class Cookie(StrEnum):
    """What each cookie is for."""

    HALL = "hall"
    PROVIDER = "id"
    BROWSER = "browser"
    ACTIVATION = "activation"
    PARKED = "parked"
    SIGN_IN = "signin"


def name_of(cookie: Cookie, suffix: str = "") -> str:
    """Return the cookie's name in this deployment."""
    settings = current()
    prefix = "__Host-" if settings.secure else ""
    return f"{prefix}pendopo_{settings.instance}_{cookie.value}{suffix}"


def new_token() -> str:
    """Return 256 random bits as 43 URL-safe characters."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def read(request: HttpRequest, cookie: Cookie, suffix: str = "") -> str:
    """Return the cookie's value or an empty string."""
    return request.COOKIES.get(name_of(cookie, suffix), "")


def put(response: HttpResponse, cookie: Cookie, value: str, *, seconds: int, suffix: str = "") -> None:
    """Set the cookie: HttpOnly, SameSite=Lax, Secure over https."""
    response.set_cookie(
        name_of(cookie, suffix),
        value,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=current().secure,
    )


def drop(response: HttpResponseBase, cookie: Cookie, suffix: str = "") -> None:
    """Make the browser forget the cookie."""
    response.delete_cookie(name_of(cookie, suffix), path="/", samesite="Lax")
