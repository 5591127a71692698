"""My security: passkeys, password and authenticator, the browsers I am signed in with, my contact address."""

import base64
import binascii
from collections.abc import Callable
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pendopo.foundation import crypto
from pendopo.foundation.clock import now
from pendopo.foundation.http import Audience, access, actor_of, language_of
from pendopo.foundation.text import t
from pendopo.identity import passkeys, qr, queries, totp
from pendopo.identity.actions import credentials as verbs
from pendopo.identity.actions import sessions as session_verbs
from pendopo.identity.actions import subjects as subject_verbs
from pendopo.identity.errors import (
    CodeRefused,
    InvalidEmail,
    LastCredential,
    NotSignedIn,
    PasskeyKnown,
    PasskeyRefused,
    PasswordTooWeak,
)
from pendopo.identity.middleware import presented_of
from pendopo.identity.pages.answers import label_of, options, say
from pendopo.identity.pages.ways import page, see_other
from pendopo.identity.policy import FRESH

UNPROCESSABLE = 422
NOTICES = frozenset({"passkey-added", "passkey-removed", "password", "ended", "contact"})

type View = Callable[..., HttpResponse]


def _fresh(view: View) -> View:
    """Let only a recent sign-in change how one signs in; otherwise ask for it again and come back."""

    def run(request: HttpRequest, **arguments: UUID) -> HttpResponse:
        session = presented_of(request).session
        if session is None:
            raise NotSignedIn
        if session.authenticated_at < now() - FRESH:
            back = request.path if request.method in {"GET", "HEAD"} else reverse("identity:security")
            return see_other(f"{reverse('identity:sign-in')}?{urlencode({'next': back, 'fresh': 1})}")
        return view(request, **arguments)

    return run


@require_safe
@access(Audience.PERSON, assurance=2)
def overview(request: HttpRequest) -> HttpResponse:
    """Everything in one place."""
    notice = request.GET.get("done", "")
    return _overview(request, notice=notice if notice in NOTICES else "")


@require_POST
@access(Audience.PERSON, assurance=2)
@_fresh
def passkey_challenge(request: HttpRequest) -> HttpResponse:
    """Hand the script what a further passkey is made with."""
    return options(passkeys.start_registration(queries.subject_row(_me(request))))


@require_http_methods(["GET", "HEAD", "POST"])
@access(Audience.PERSON, assurance=2)
@_fresh
def add_passkey(request: HttpRequest) -> HttpResponse:
    """Add a passkey."""
    errors = {}
    if request.method == "POST":
        try:
            verbs.add_passkey(
                request.POST.get("ceremony", ""),
                request.POST.get("credential", ""),
                label=label_of(request),
                actor=actor_of(request),
            )
            return _back("passkey-added")
        except (PasskeyRefused, PasskeyKnown) as error:
            errors = {"": say(request, error)}
    return page(request, "security_passkey.html", {"errors": errors}, status=UNPROCESSABLE if errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@access(Audience.PERSON, assurance=2)
@_fresh
def remove_passkey(request: HttpRequest, passkey_id: UUID) -> HttpResponse:
    """Ask, then remove one passkey."""
    mine = {entry.id: entry for entry in queries.passkeys_of(_me(request))}
    if passkey_id not in mine:
        return _back("")
    errors = {}
    if request.method == "POST":
        try:
            verbs.remove_passkey(passkey_id, actor=actor_of(request))
            return _back("passkey-removed")
        except LastCredential as error:
            errors = {"": say(request, error)}
    data = {"passkey": mine[passkey_id], "errors": errors}
    return page(request, "security_remove.html", data, status=409 if errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@access(Audience.PERSON, assurance=2)
@_fresh
def password(request: HttpRequest) -> HttpResponse:
    """Change the password; who has none yet sets up an authenticator in the same step."""
    has_password = verbs.has_password(_me(request))
    secret = None if has_password else _pending_secret(request)
    errors = {}
    if request.method == "POST":
        try:
            return _take_password(request, secret)
        except PasswordTooWeak as error:
            field = "password_again" if error.reason == "mismatch" else "password"
            errors = {field: t(f"identity.errors.password_{error.reason}", language_of(request))}
        except CodeRefused as error:
            errors = {"code": say(request, error)}
    data = {"errors": errors, **_setup(request, secret)}
    return page(request, "security_password.html", data, status=UNPROCESSABLE if errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@access(Audience.PERSON, assurance=2)
@_fresh
def authenticator(request: HttpRequest) -> HttpResponse:
    """Replace the authenticator app, for instance on a new phone."""
    if not verbs.has_password(_me(request)):
        return see_other(reverse("identity:security-password"))
    secret, errors = _pending_secret(request), {}
    if request.method == "POST":
        try:
            made = verbs.replace_totp(request.POST.get("code", ""), secret, actor=actor_of(request))
            return page(request, "security_codes.html", {"codes": made})
        except CodeRefused as error:
            errors = {"code": say(request, error)}
    data = {"errors": errors, **_setup(request, secret)}
    return page(request, "security_authenticator.html", data, status=UNPROCESSABLE if errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@access(Audience.PERSON, assurance=2)
@_fresh
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes and show them in this one answer; who only comes by is sent back."""
    if request.method != "POST":
        return _back("")
    made = verbs.renew_recovery_codes(actor=actor_of(request))
    return page(request, "security_codes.html", {"codes": made})


@require_POST
@access(Audience.PERSON, assurance=1)
def end_session(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Sign out one of my other browsers."""
    session_verbs.end_session(session_id, actor=actor_of(request))
    return _back("ended")


@require_http_methods(["GET", "HEAD", "POST"])
@access(Audience.PERSON, assurance=2)
@_fresh
def contact(request: HttpRequest) -> HttpResponse:
    """Change the contact address."""
    typed, errors = queries.email_of(_me(request)) or "", {}
    if request.method == "POST":
        typed = request.POST.get("email", "")
        try:
            subject_verbs.change_contact(typed, actor=actor_of(request))
            return _back("contact")
        except InvalidEmail as error:
            errors = {"email": say(request, error)}
    data = {"email": typed, "errors": errors}
    return page(request, "security_contact.html", data, status=UNPROCESSABLE if errors else 200)


def _overview(request: HttpRequest, *, notice: str) -> HttpResponse:
    me = _me(request)
    has_password = verbs.has_password(me)
    data = {
        "notice": notice,
        "passkeys": queries.passkeys_of(me),
        "sessions": queries.sessions_of(me),
        "this_session": actor_of(request).session_id,
        "has_password": has_password,
        "recovery_left": queries.unused_recovery_codes(me) if has_password else 0,
        "email": queries.email_of(me),
    }
    return page(request, "security.html", data)


def _take_password(request: HttpRequest, secret: bytes | None) -> HttpResponse:
    typed, again = request.POST.get("password", ""), request.POST.get("password_again", "")
    if secret is None:
        verbs.change_password(typed, again, actor=actor_of(request))
        return _back("password")
    made = verbs.set_password(typed, again, request.POST.get("code", ""), secret, actor=actor_of(request))
    return page(request, "security_codes.html", {"codes": made})


def _pending_secret(request: HttpRequest) -> bytes:
    """The secret that this page proposed, sealed to this session in the form itself; a new one if none."""
    try:
        sealed = base64.urlsafe_b64decode(request.POST.get("pending", ""))
        return crypto.open_bytes(sealed, context=_pending_context(request))
    except (binascii.Error, crypto.SealBrokenError):
        return verbs.new_totp_secret()


def _setup(request: HttpRequest, secret: bytes | None) -> dict[str, object]:
    if secret is None:
        return {"setup": False}
    sealed = crypto.seal(secret, context=_pending_context(request))
    made = qr.for_authenticator(secret, language_of(request))
    pending = base64.urlsafe_b64encode(sealed).decode()
    return {"setup": True, **made, "secret": totp.readable(secret), "pending": pending}


def _pending_context(request: HttpRequest) -> str:
    return f"identity.security.totp:{actor_of(request).session_id}"


def _me(request: HttpRequest) -> UUID:
    subject_id = actor_of(request).subject_id
    if subject_id is None:
        raise NotSignedIn
    return subject_id


def _back(notice: str) -> HttpResponse:
    address = reverse("identity:security")
    return see_other(f"{address}?{urlencode({'done': notice})}" if notice else address)
