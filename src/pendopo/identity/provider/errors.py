"""Refusals in the words of OAuth: one for the browser's way back, one for the token endpoint."""

from pendopo.identity.errors import IdentityError


class AuthorizationRefused(IdentityError):
    """Goes back to the client as ``error`` (RFC 6749 section 4.1.2.1, OpenID Connect Core 3.1.2.6)."""

    code = "identity.authorization-refused"
    status = 400
    text_key = "identity.errors.sign_in_failed"

    def __init__(self, error: str, description: str, *, redirect_uri: str, state: str) -> None:
        """``error`` and ``description`` are fixed words; the return address was found registered."""
        super().__init__(error, reason=error)
        self.error = error
        self.description = description
        self.redirect_uri = redirect_uri
        self.state = state


class TokenRefused(IdentityError):
    """Answers a token request (RFC 6749 section 5.2). ``description`` is for the client's developer."""

    code = "identity.token-refused"
    status = 400
    text_key = "identity.errors.sign_in_failed"

    def __init__(self, error: str, description: str, *, http_status: int = 400) -> None:
        super().__init__(error, reason=error)
        self.error = error
        self.description = description
        self.http_status = http_status
