"""Addresses of the provider, and its metadata (OpenID Connect Discovery 1.0 section 3, RFC 8414)."""

from pendopo.foundation.settings import current
from pendopo.identity.assurance import ACR_VALUES

AUTHORIZE = "/id/authorize"
TOKEN = "/id/token"  # noqa: S105  # an address
USERINFO = "/id/userinfo"
JWKS = "/id/jwks"
END_SESSION = "/id/end-session"
SCOPES = ("openid", "profile")


def issuer() -> str:
    """Return the issuer identifier."""
    return current().base_url + "/id"


def address(path: str) -> str:
    """Return the absolute address of an endpoint; endpoints have no language prefix."""
    return current().base_url + path


def metadata() -> dict[str, str | bool | list[str]]:
    """Return the metadata document; every member states what is really accepted."""
    return {
        "issuer": issuer(),
        "authorization_endpoint": address(AUTHORIZE),
        "token_endpoint": address(TOKEN),
        "userinfo_endpoint": address(USERINFO),
        "jwks_uri": address(JWKS),
        "end_session_endpoint": address(END_SESSION),
        "scopes_supported": list(SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["pairwise"],
        "acr_values_supported": list(ACR_VALUES),
        "id_token_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt", "none"],
        "token_endpoint_auth_signing_alg_values_supported": ["ES256"],
        "code_challenge_methods_supported": ["S256"],
        "claims_supported": ["sub", "name", "acr", "amr", "auth_time", "sid"],
        "claim_types_supported": ["normal"],
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "authorization_response_iss_parameter_supported": True,
        "prompt_values_supported": ["none", "login", "consent"],
        "ui_locales_supported": ["id", "en"],
    }
