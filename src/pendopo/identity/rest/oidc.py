"""Token, userinfo, keys and metadata endpoints of the provider."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pendopo.foundation.http import Audience, access
from pendopo.identity.provider import clients, endpoints, grants, tokens
from pendopo.identity.provider.errors import TokenRefused
from pendopo.identity.provider.subjects import pairwise
from pendopo.identity.records import name_of
from pendopo.keys import api as keys

UNAUTHORIZED = 401
_SINGLE = ("grant_type", "code", "redirect_uri", "code_verifier", "client_id", "client_assertion")


@require_safe
@access(Audience.PUBLIC, reason="public metadata")
def metadata(_request: HttpRequest) -> HttpResponse:
    """What this provider can do."""
    return _public(endpoints.metadata())


@require_safe
@access(Audience.PUBLIC, reason="public keys")
def jwks(_request: HttpRequest) -> HttpResponse:
    """The keys with which ID tokens verify, also retired ones."""
    return _public(keys.jwks(tokens.PURPOSE))


@csrf_exempt  # no cookie counts here: the client proves itself with its assertion or with PKCE
@require_POST
@access(Audience.SERVICE, reason="the client authenticates in the request (private_key_jwt or PKCE)")
def token(request: HttpRequest) -> HttpResponse:
    """Exchange an authorization code (RFC 6749 section 4.1.3)."""
    try:
        given = _once(request)
        client = clients.authenticate(
            client_id=given["client_id"],
            assertion=given["client_assertion"],
            assertion_type=request.POST.get("client_assertion_type", ""),
        )
        made = grants.redeem(
            given["code"],
            client=client,
            redirect_uri=given["redirect_uri"],
            verifier=given["code_verifier"],
        )
    except TokenRefused as error:
        body = {"error": error.error, "error_description": error.description}
        return _private(body, status=error.http_status)
    return _private(
        {
            "access_token": made.access_token,
            "token_type": "Bearer",
            "expires_in": made.seconds,
            "scope": made.scope,
            "id_token": made.id_token,
        }
    )


@csrf_exempt  # the bearer token counts, no cookie does
@require_http_methods(["GET", "HEAD", "POST"])
@access(Audience.SERVICE, reason="the access token is checked in the view")
def userinfo(request: HttpRequest) -> HttpResponse:
    """The claims that the token's scope allows (OpenID Connect Core 5.3). Tokens in a query are not read."""
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    found = grants.person_of(bearer.strip()) if scheme.lower() == "bearer" else None
    if found is None:
        response = _private({"error": "invalid_token"}, status=UNAUTHORIZED)
        response["WWW-Authenticate"] = 'Bearer error="invalid_token"'
        return response
    access_token, subject = found
    claims = {"sub": pairwise(subject.id, access_token.client.sector)}
    if "profile" in access_token.scope.split():
        claims["name"] = name_of(subject)
    return _private(claims)


def _once(request: HttpRequest) -> dict[str, str]:
    for name in _SINGLE:
        if len(request.POST.getlist(name)) > 1:
            raise TokenRefused("invalid_request", "a parameter is given twice")
    if request.POST.get("grant_type") != "authorization_code":
        raise TokenRefused("unsupported_grant_type", "grant_type must be authorization_code")
    return {name: request.POST.get(name, "") for name in _SINGLE}


def _public(body: object) -> HttpResponse:
    response = JsonResponse(body)
    response["Cache-Control"] = "public, max-age=300"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _private(body: object, *, status: int = 200) -> HttpResponse:
    response = JsonResponse(body, status=status)
    response["Cache-Control"] = "no-store"
    return response
