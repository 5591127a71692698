"""Rendering: Jinja2 with ``StrictUndefined`` and the few names that every template knows."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import jinja2
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import get_template
from django.urls import reverse
from markupsafe import Markup

from pendopo.foundation import formats
from pendopo.foundation.http import actor_of, destination, has_destination, language_of, may_open, office_of
from pendopo.foundation.settings import current
from pendopo.foundation.static import address
from pendopo.foundation.text import has_text, t

PRIVATE = "private, no-store"
APPEARANCES = ("light", "dark")


def _url(route: str, **arguments: object) -> str:
    return reverse(route, kwargs=arguments or None)


def _csrf_input(request: HttpRequest) -> Markup:
    return Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">').format(get_token(request))


def environment(**options: Any) -> jinja2.Environment:  # Django's backend passes Jinja's own options
    """Build the environment for Django's Jinja2 backend."""
    env = jinja2.Environment(  # noqa: S701  # autoescape comes on with Django's options
        **(options | {"undefined": jinja2.StrictUndefined, "trim_blocks": True, "lstrip_blocks": True})
    )
    env.globals |= {
        "url": _url,
        "destination": destination,
        "has_destination": has_destination,
        "static": address,
    }
    return env


def _language_switch(request: HttpRequest) -> str:
    """Return the same page in the other language."""
    path = request.get_full_path()
    return path.removeprefix("/en") or "/" if language_of(request) == "en" else "/en" + path


def appearance_cookie() -> str:
    """Return the name of the cookie that keeps the chosen colours of this instance."""
    return f"pendopo_{current().instance}_appearance"


def appearance_of(request: HttpRequest) -> str:
    """Return ``light`` or ``dark`` when the person chose one, else ``auto``: as the device has it."""
    chosen = request.COOKIES.get(appearance_cookie(), "")
    return chosen if chosen in APPEARANCES else "auto"


def names(request: HttpRequest) -> dict[str, Any]:
    """Return what every template may use besides its own context."""
    language = language_of(request)
    settings = current()
    return {
        "t": lambda key, **parameters: t(key, language, **parameters),
        "has_text": partial(has_text, language="id"),
        "lang": language,
        "other_language_url": _language_switch(request),
        "address_here": request.get_full_path(),
        "appearance": appearance_of(request),
        "actor": actor_of(request),
        "may_open": partial(may_open, office_of(request)),
        "csrf_input": partial(_csrf_input, request)(),
        "csp_nonce": str(getattr(request, "csp_nonce", "")),
        "demo": settings.demo,
        "instance_name": t("foundation.instance_name", language),
        "format_date": lambda value, style="long": formats.format_date(value, language, style),
        "format_time": lambda value: formats.format_time(value, language),
        "format_datetime": lambda value: formats.format_datetime(value, language),
        "format_number": lambda value: formats.format_number(value, language),
        "format_percent": lambda value: formats.format_percent(value, language),
        "format_rupiah": lambda value: formats.format_rupiah(value, language),
    }


def render(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render a room's template. Pages of signed-in people are never kept by caches."""
    body = get_template(template, using="jinja2").render({**names(request), **(context or {})}, request)
    response = HttpResponse(body, status=status)
    if actor_of(request).signed_in:
        response["Cache-Control"] = PRIVATE
    return response
