"""The provider's pages: the authorization endpoint, the sign-in form, consent, signing out there."""

from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.csp import CSP
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from pendopo.foundation.http import Audience, access, client_address, language_of
from pendopo.foundation.text import t
from pendopo.identity import cookies, limits, passkeys
from pendopo.identity.actions import sessions as session_verbs
from pendopo.identity.actions import sign_in as verbs
from pendopo.identity.cookies import Cookie
from pendopo.identity.devices import describe
from pendopo.identity.errors import IdentityError, SignInExpired, TooManyAttempts, UnknownClient
from pendopo.identity.pages.answers import options, say
from pendopo.identity.pages.ways import home, in_language, page, problem, see_other, told_when
from pendopo.identity.policy import ABSOLUTE, CHALLENGES_PER_REQUEST, INTERACTION, REQUESTS_PER_ADDRESS
from pendopo.identity.provider import clients, interactions, requests, sessions, tokens
from pendopo.identity.provider.errors import AuthorizationRefused
from pendopo.identity.provider.interactions import Waiting
from pendopo.kernel.nik import InvalidNik, Nik

PUBLIC_REASON = "the provider's pages come before any session of the hall"
SECONDS = int(ABSOLUTE.total_seconds())


@csrf_exempt  # a request of another site by design (OpenID Connect Core 3.1.2.1); it changes nothing of hers
@require_http_methods(["GET", "HEAD", "POST"])
@access(Audience.PUBLIC, reason=PUBLIC_REASON)
def authorize(request: HttpRequest) -> HttpResponse:
    """Answer at once when the browser is known and the request satisfied; else ask the person."""
    limits.count_request("authorize", client_address(request), REQUESTS_PER_ADDRESS)
    given = request.POST if request.method == "POST" else request.GET
    try:
        wanted, client = requests.parse(dict(given.lists()))
        answer = interactions.answer_silently(wanted, client, cookies.read(request, Cookie.PROVIDER))
    except UnknownClient as error:
        return problem(request, error, way_out=home(language_of(request)), action="home")
    except AuthorizationRefused as refused:
        return HttpResponseRedirect(requests.refusal(refused), status=303)
    if answer is not None:
        return HttpResponseRedirect(answer, status=303)
    browser = cookies.read(request, Cookie.BROWSER) or cookies.new_token()
    waiting = interactions.begin(wanted, client, browser)
    english = wanted.wants_english if wanted.ui_locales else language_of(request) == "en"
    target = in_language(reverse("identity:provider-sign-in"), english=english)
    response = see_other(f"{target}?{urlencode({'i': waiting})}")
    cookies.put(response, Cookie.BROWSER, browser, seconds=int(INTERACTION.total_seconds()))
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@access(Audience.PUBLIC, reason=PUBLIC_REASON)
def sign_in(request: HttpRequest) -> HttpResponse:
    """The form: NIK, password and code; above it, where the browser can, the passkey."""
    waiting = _waiting(request)
    if waiting is None:
        return problem(request, SignInExpired())
    if request.method != "POST":
        return _form(request, waiting)
    typed = request.POST.get("nik", "")
    try:
        nik = Nik.parse(typed)
    except InvalidNik as error:
        sentence = t(f"kernel.errors.nik_{error.reason.value}", language_of(request))
        return _form(request, waiting, errors={"nik": sentence}, status=422)
    try:
        token = verbs.with_password(
            nik,
            request.POST.get("password", ""),
            request.POST.get("code", ""),
            address=client_address(request),
            device=describe(request.headers.get("User-Agent", "")),
            replaces=cookies.read(request, Cookie.PROVIDER),
        )
    except IdentityError as error:
        return _form(request, waiting, errors={"nik": say(request, error)}, status=error.status)
    except TooManyAttempts as error:
        form = _form(request, waiting, errors={"": say(request, error)}, status=error.status)
        return told_when(form, error)
    return _signed_in(waiting, token)


@require_POST
@access(Audience.PUBLIC, reason=PUBLIC_REASON)
def passkey_challenge(request: HttpRequest) -> HttpResponse:
    """Hand the script a challenge for a passkey of whoever holds one."""
    waiting = _waiting(request)
    if waiting is None:
        return JsonResponse({"expired": True}, status=410)
    limits.count_request("challenge.address", client_address(request), REQUESTS_PER_ADDRESS)
    limits.count_request("challenge.request", str(waiting.id), CHALLENGES_PER_REQUEST)
    started = passkeys.start_authentication()
    return options(started)


@require_POST
@access(Audience.PUBLIC, reason=PUBLIC_REASON)
def passkey(request: HttpRequest) -> HttpResponse:
    """Take the authenticator's answer."""
    waiting = _waiting(request)
    if waiting is None:
        return problem(request, SignInExpired())
    try:
        token = verbs.with_passkey(
            request.POST.get("ceremony", ""),
            request.POST.get("credential", ""),
            address=client_address(request),
            device=describe(request.headers.get("User-Agent", "")),
            replaces=cookies.read(request, Cookie.PROVIDER),
        )
    except (IdentityError, TooManyAttempts) as error:
        form = _form(request, waiting, errors={"": say(request, error)}, status=error.status)
        return told_when(form, error)
    return _signed_in(waiting, token)


@require_http_methods(["GET", "HEAD"])
@access(Audience.PUBLIC, reason=PUBLIC_REASON)
def proceed(request: HttpRequest) -> HttpResponse:
    """After the form: answer the client, or ask for consent first."""
    waiting = _waiting(request)
    if waiting is None:
        return problem(request, SignInExpired())
    token = cookies.read(request, Cookie.PROVIDER)
    step = interactions.next_step(waiting, token)
    if step is interactions.Step.SIGN_IN:
        return see_other(_with("identity:provider-sign-in", waiting))
    if step is interactions.Step.CONSENT:
        return see_other(_with("identity:consent", waiting))
    return HttpResponseRedirect(interactions.complete(waiting, token), status=303)


@require_http_methods(["GET", "HEAD", "POST"])
@access(Audience.PUBLIC, reason=PUBLIC_REASON)
def consent(request: HttpRequest) -> HttpResponse:
    """Say what another body will learn, and let the person decide."""
    waiting = _waiting(request)
    if waiting is None or sessions.present(cookies.read(request, Cookie.PROVIDER)) is None:
        return problem(request, SignInExpired())
    if request.method == "POST":
        if request.POST.get("decision") != "allow":
            return HttpResponseRedirect(interactions.deny(waiting), status=303)
        interactions.allow(waiting)
        return see_other(_with("identity:proceed", waiting))
    data = {
        "client_name": waiting.client.name(language_of(request)),
        "scopes": waiting.request.scope.split(),
        "interaction": str(waiting.id),
    }
    return _leading_out(page(request, "consent.html", data), waiting)


@csrf_exempt  # another site may ask (RP-Initiated Logout 1.0 section 2); without our hint the person is asked
@require_http_methods(["GET", "HEAD", "POST"])
@access(Audience.PUBLIC, reason="signing out must work whether or not a session lives")
def end_session(request: HttpRequest) -> HttpResponse:
    """End the provider's session: at once with a hint of ours, else after asking."""
    given = request.POST if request.method == "POST" else request.GET
    session = sessions.present(cookies.read(request, Cookie.PROVIDER))
    hint = tokens.read_hint(given.get("id_token_hint", ""))
    back = _way_back(given.get("post_logout_redirect_uri", ""), given.get("client_id", ""), hint)
    if session is not None and (hint is None or hint.sid != str(session.id)):
        return page(request, "end_session.html", {"back": back})
    return _ended(request, back, given.get("state", ""))


@require_POST
@access(Audience.PUBLIC, reason="signing out must work whether or not a session lives")
def confirm_end_session(request: HttpRequest) -> HttpResponse:
    """End the provider's session after the person said so."""
    return _ended(request, "", "")


def _ended(request: HttpRequest, back: str, state: str) -> HttpResponse:
    session = sessions.present(cookies.read(request, Cookie.PROVIDER))
    if session is not None:
        session_verbs.sign_out_everywhere_from(session)
    target = back or home(language_of(request))
    if back and state:
        target += ("&" if urlsplit(back).query else "?") + urlencode({"state": state})
    response = HttpResponseRedirect(target, status=303)
    cookies.drop(response, Cookie.PROVIDER)
    return response


def _way_back(wanted: str, client_id: str, hint: tokens.Hint | None) -> str:
    """Return the address if the client that asks registered exactly it."""
    client = clients.asking(hint.client_id if hint is not None else client_id)
    return wanted if client is not None and wanted in client.post_logout_redirect_uris else ""


def _waiting(request: HttpRequest) -> Waiting | None:
    given = request.POST.get("i", "") or request.GET.get("i", "")
    return interactions.find(given, cookies.read(request, Cookie.BROWSER))


def _form(
    request: HttpRequest,
    waiting: Waiting,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    data: dict[str, Any] = {
        "interaction": str(waiting.id),
        "client_name": waiting.client.name(language_of(request)),
        "first_party": waiting.client.first_party,
        "again": interactions.asks_again(waiting, cookies.read(request, Cookie.PROVIDER)),
        "errors": errors or {},
        "nik": request.POST.get("nik", "") if request.method == "POST" else "",
    }
    return _leading_out(page(request, "provider_sign_in.html", data, status=status), waiting)


def _leading_out(response: HttpResponse, waiting: Waiting) -> HttpResponse:
    """Allow this page's forms to end, by redirects, at the client: ``form-action`` holds for those too."""
    parts = urlsplit(waiting.request.redirect_uri)
    policy = {**django_settings.SECURE_CSP, "form-action": [CSP.SELF, f"{parts.scheme}://{parts.netloc}"]}
    response._csp_config = policy  # type: ignore[attr-defined]  # noqa: SLF001  # what csp_override sets
    return response


def _signed_in(waiting: Waiting, token: str) -> HttpResponse:
    response = see_other(_with("identity:proceed", waiting))
    cookies.put(response, Cookie.PROVIDER, token, seconds=SECONDS)
    return response


def _with(route: str, waiting: Waiting) -> str:
    return f"{reverse(route)}?{urlencode({'i': waiting.id})}"
