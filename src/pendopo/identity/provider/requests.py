"""Authorization requests: from a query of unknown shape to a checked, frozen request."""

import re
from collections.abc import Mapping
from typing import Literal
from urllib.parse import urlencode, urlsplit

from pydantic import BaseModel, ConfigDict

from pendopo.identity.assurance import authentication_of
from pendopo.identity.errors import UnknownClient
from pendopo.identity.provider import clients
from pendopo.identity.provider.endpoints import SCOPES, issuer
from pendopo.identity.provider.errors import AuthorizationRefused

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_LONGEST = 500
_SINGLE = (
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "prompt",
    "max_age",
    "acr_values",
    "ui_locales",
    "response_mode",
    "request",
    "request_uri",
)

type Prompt = Literal["", "none", "login", "consent"]


class AuthorizationRequest(BaseModel):
    """A request that may be answered at ``redirect_uri``. ``authentication`` is the level asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    client_id: str
    redirect_uri: str
    scope: str
    state: str
    nonce: str
    code_challenge: str
    prompt: Prompt
    max_age: int | None
    authentication: int
    ui_locales: str

    @property
    def wants_english(self) -> bool:
        """Whether the first locale that we know is English."""
        known = (tag[:2].lower() for tag in self.ui_locales.split())
        return next((tag for tag in known if tag in {"id", "en"}), "id") == "en"


def parse(query: Mapping[str, list[str]]) -> tuple[AuthorizationRequest, clients.Asking]:
    """Check a request.

    Raises :class:`UnknownClient` when it must not be answered by a redirect (client or return address
    unknown), else :class:`AuthorizationRefused`.
    """
    given = {name: query[name][0] for name in _SINGLE if query.get(name)}
    client = clients.asking(given.get("client_id", ""))
    redirect_uri = given.get("redirect_uri", "")
    # Exact comparison of strings (RFC 9700 section 2.1): no prefix, no default.
    if client is None or redirect_uri not in client.redirect_uris:
        raise UnknownClient
    refuse = _Refuser(redirect_uri, given.get("state", ""))
    if any(len(query[name]) > 1 for name in _SINGLE if name in query):
        raise refuse("invalid_request", "a parameter is given twice")
    if any(len(value) > _LONGEST for value in given.values()):
        raise refuse("invalid_request", "a parameter is too long")
    _check_kind(given, refuse)
    return _checked(given, refuse), client


class _Refuser:
    """Makes refusals that know the way back."""

    def __init__(self, redirect_uri: str, state: str) -> None:
        self.redirect_uri = redirect_uri
        self.state = state if len(state) <= _LONGEST else ""

    def __call__(self, error: str, description: str) -> AuthorizationRefused:
        return AuthorizationRefused(error, description, redirect_uri=self.redirect_uri, state=self.state)


def _check_kind(given: Mapping[str, str], refuse: _Refuser) -> None:
    if "request" in given:
        raise refuse("request_not_supported", "request objects are not supported")
    if "request_uri" in given:
        raise refuse("request_uri_not_supported", "request_uri is not supported")
    if given.get("response_type") != "code":
        raise refuse("unsupported_response_type", "response_type must be code")
    if given.get("response_mode", "query") != "query":
        raise refuse("invalid_request", "response_mode must be query")
    if given.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(
        given.get("code_challenge", "")
    ):
        raise refuse("invalid_request", "PKCE with S256 is required")


def _checked(given: Mapping[str, str], refuse: _Refuser) -> AuthorizationRequest:
    scopes = given.get("scope", "").split()
    if "openid" not in scopes:
        raise refuse("invalid_scope", "scope must contain openid")
    return AuthorizationRequest(
        client_id=given["client_id"],
        redirect_uri=given["redirect_uri"],
        scope=" ".join(name for name in SCOPES if name in scopes),
        state=given.get("state", ""),
        nonce=given.get("nonce", ""),
        code_challenge=given["code_challenge"],
        prompt=_prompt(given.get("prompt", ""), refuse),
        max_age=_max_age(given.get("max_age"), refuse),
        authentication=_authentication(given.get("acr_values", "")),
        ui_locales=given.get("ui_locales", ""),
    )


def _prompt(value: str, refuse: _Refuser) -> Prompt:
    words = set(value.split())
    if "none" in words and len(words) > 1:
        raise refuse("invalid_request", "prompt none stands alone")
    if "none" in words:
        return "none"
    if "login" in words or "select_account" in words:
        return "login"
    return "consent" if "consent" in words else ""


def _max_age(value: str | None, refuse: _Refuser) -> int | None:
    if value is None:
        return None
    if not value.isdecimal():
        raise refuse("invalid_request", "max_age must be a whole number of seconds")
    return int(value)


def _authentication(acr_values: str) -> int:
    """The least level among the values that we know: ``acr_values`` lists what is acceptable."""
    known = [found for value in acr_values.split() if (found := authentication_of(value)) is not None]
    return min(known, default=0)


def answer(redirect_uri: str, parameters: Mapping[str, str]) -> str:
    """Return the address that answers the client; ``iss`` goes with every answer (RFC 9207)."""
    query = urlencode({name: value for name, value in parameters.items() if value} | {"iss": issuer()})
    return f"{redirect_uri}{'&' if urlsplit(redirect_uri).query else '?'}{query}"


def refusal(error: AuthorizationRefused) -> str:
    """Return the address that tells the client of a refusal."""
    parameters = {"error": error.error, "error_description": error.description, "state": error.state}
    return answer(error.redirect_uri, parameters)
