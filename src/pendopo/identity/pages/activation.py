"""The person's half of activation: one decision a page, no script needed but for a passkey."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pendopo.foundation.http import Audience, access, client_address, language_of
from pendopo.foundation.text import t
from pendopo.identity import cookies, passkeys, qr, totp
from pendopo.identity.actions import activation as verbs
from pendopo.identity.cookies import Cookie
from pendopo.identity.errors import (
    ActivationCodeRefused,
    ActivationExpired,
    CodeRefused,
    InvalidEmail,
    PasskeyKnown,
    PasskeyRefused,
    PasswordTooWeak,
)
from pendopo.identity.pages.answers import label_of, options, say
from pendopo.identity.pages.ways import page, problem, see_other, told_when
from pendopo.identity.policy import ACTIVATION
from pendopo.kernel.errors import TooManyRequests

REASON = "the activation code, then this browser's activation cookie, stand in for a session"

type View = Callable[[HttpRequest], HttpResponse]
type Step = Callable[[HttpRequest, verbs.Activation, str], HttpResponse]


def _step(view: Step) -> View:
    """Run a step of a running activation; without one, say so and lead to the start."""

    def run(request: HttpRequest) -> HttpResponse:
        token = cookies.read(request, Cookie.ACTIVATION)
        try:
            return view(request, verbs.running(token), token)
        except ActivationExpired as error:
            return problem(request, error, way_out=reverse("identity:activate"), action="activate")

    return run


@require_http_methods(["GET", "HEAD", "POST"])
@access(Audience.PUBLIC, reason=REASON)
def start(request: HttpRequest) -> HttpResponse:
    """Ask for the code from the counter."""
    if request.method != "POST":
        return page(request, "activate_code.html", {"errors": {}, "code": ""})
    typed = request.POST.get("code", "")
    try:
        token = verbs.redeem(typed, address=client_address(request))
    except (ActivationCodeRefused, TooManyRequests) as error:
        data = {"errors": {"code": say(request, error)}, "code": typed}
        return told_when(page(request, "activate_code.html", data, status=error.status), error)
    response = see_other(reverse("identity:activate-email"))
    cookies.put(response, Cookie.ACTIVATION, token, seconds=int(ACTIVATION.total_seconds()))
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@access(Audience.PUBLIC, reason=REASON)
@_step
def email(request: HttpRequest, running: verbs.Activation, token: str) -> HttpResponse:
    """Ask for the contact address."""
    errors, typed = {}, request.POST.get("email", "")
    if request.method == "POST":
        try:
            verbs.give_email(token, typed)
            return see_other(reverse("identity:activate-method"))
        except InvalidEmail as error:
            errors = {"email": say(request, error)}
    data = {"name": running.name, "errors": errors, "email": typed}
    return page(request, "activate_email.html", data, status=422 if errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@access(Audience.PUBLIC, reason=REASON)
@_step
def method(request: HttpRequest, _running: verbs.Activation, _token: str) -> HttpResponse:
    """Let the person choose how she will sign in."""
    chosen = request.POST.get("method", "")
    if chosen in {"passkey", "password"}:
        return see_other(reverse(f"identity:activate-{chosen}"))
    errors = {"method": t("identity.activate.method.missing", language_of(request))}
    asked = request.method == "POST"
    data = {"errors": errors if asked else {}}
    return page(request, "activate_method.html", data, status=422 if asked else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@access(Audience.PUBLIC, reason=REASON)
@_step
def passkey(request: HttpRequest, _running: verbs.Activation, token: str) -> HttpResponse:
    """Make the first passkey; the script brings the authenticator's answer."""
    errors = {}
    if request.method == "POST":
        try:
            verbs.finish_with_passkey(
                token,
                request.POST.get("ceremony", ""),
                request.POST.get("credential", ""),
                label=label_of(request),
            )
            return _done(request, codes_shown=())
        except (PasskeyRefused, PasskeyKnown) as error:
            errors = {"": say(request, error)}
    return page(request, "activate_passkey.html", {"errors": errors}, status=422 if errors else 200)


@require_POST
@access(Audience.PUBLIC, reason=REASON)
@_step
def passkey_challenge(_request: HttpRequest, running: verbs.Activation, _token: str) -> HttpResponse:
    """Hand the script what a new passkey is made with."""
    return options(passkeys.start_registration(running.subject))


@require_http_methods(["GET", "HEAD", "POST"])
@access(Audience.PUBLIC, reason=REASON)
@_step
def password(request: HttpRequest, _running: verbs.Activation, token: str) -> HttpResponse:
    """Choose a password."""
    errors = {}
    if request.method == "POST":
        try:
            typed, again = request.POST.get("password", ""), request.POST.get("password_again", "")
            verbs.choose_password(token, typed, again)
            return see_other(reverse("identity:activate-authenticator"))
        except PasswordTooWeak as error:
            field = "password_again" if error.reason == "mismatch" else "password"
            errors = {field: t(f"identity.errors.password_{error.reason}", language_of(request))}
    return page(request, "activate_password.html", {"errors": errors}, status=422 if errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@access(Audience.PUBLIC, reason=REASON)
@_step
def authenticator(request: HttpRequest, running: verbs.Activation, token: str) -> HttpResponse:
    """Set up the authenticator app and prove that it works."""
    if not running.has_password:
        return see_other(reverse("identity:activate-password"))
    errors = {}
    if request.method == "POST":
        try:
            made = verbs.finish_with_password(token, request.POST.get("code", ""))
            return _done(request, codes_shown=made)
        except CodeRefused as error:
            errors = {"code": say(request, error)}
    secret = verbs.propose_totp(token)
    data = {
        "errors": errors,
        **qr.for_authenticator(secret, language_of(request)),
        "secret": totp.readable(secret),
    }
    return page(request, "activate_authenticator.html", data, status=422 if errors else 200)


@require_safe
@access(Audience.PUBLIC, reason="says only that activation is finished")
def done(request: HttpRequest) -> HttpResponse:
    """Say that it worked, and lead to the first sign-in."""
    return page(request, "activate_done.html", {"codes": ()})


def _done(request: HttpRequest, *, codes_shown: tuple[str, ...]) -> HttpResponse:
    """Finish. Recovery codes exist in clear only in this one answer, which is why it does not redirect."""
    if codes_shown:
        response = page(request, "activate_done.html", {"codes": codes_shown})
    else:
        response = see_other(reverse("identity:activate-done"))
    cookies.drop(response, Cookie.ACTIVATION)
    return response
